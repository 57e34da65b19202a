"""A session is found as Django's own store finds it; a user by the id alone, too."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore as Djangos
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.session_store import SessionStore
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    session = SessionStore()
    session["seen"] = 7
    session.save()
    return session.session_key


def test_it_is_the_sites_store():
    assert SessionStore.__module__ == settings.SESSION_ENGINE


@pytest.mark.parametrize("store", [SessionStore, Djangos])
def test_a_session_is_found_by_its_key(store, key):
    other = SessionStore()
    other["seen"] = 8
    other.save()
    assert dict(store(key)) == {"seen": 7}
    assert dict(store(other.session_key)) == {"seen": 8}


@pytest.mark.parametrize("store", [SessionStore, Djangos])
@pytest.mark.parametrize("wrong", ["unknown" * 4, "' OR 1=1 --", "%", "a\\b"])
def test_of_an_unknown_key_there_is_nothing_and_the_key_is_not_kept(store, wrong, key):
    session = store(wrong)
    assert dict(session.load()) == {}
    assert session.session_key is None


@pytest.mark.parametrize("store", [SessionStore, Djangos])
def test_a_session_that_is_over_is_not_found(store, key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert dict(store(key).load()) == {}


def test_what_was_changed_or_ended_is_seen_at_once(key):
    session = SessionStore(key)
    session["seen"] = 9
    session.save()
    assert SessionStore(key)["seen"] == 9
    session.delete()
    assert dict(SessionStore(key).load()) == {}


def test_a_user_is_found_by_the_id_alone():
    one, other = UserFactory(name="Budi"), UserFactory(name="Ani")
    for user in (one, other):
        with CaptureQueriesContext(connection) as captured:
            found = User.objects.get(pk=user.pk)
        assert (found, found.name, len(captured)) == (user, user.name, 1)
    User.objects.filter(pk=one.pk).update(name="Candra")
    assert User.objects.get(pk=one.pk).name == "Candra"
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=-1)


def test_any_other_way_to_ask_for_a_user_is_djangos():
    user = UserFactory(name="Budi", email="budi@example.org")
    assert User.objects.get(email="budi@example.org") == user
    assert User.objects.get(pk=str(user.pk)) == user
    assert User.objects.filter(name="Budi").get(pk=user.pk) == user
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=user.pk, name="Ani")
    UserFactory()
    with pytest.raises(User.MultipleObjectsReturned):
        User.objects.get()


def test_those_of_a_group_are_looked_for_in_the_group():
    user, group = UserFactory(), Group.objects.create(name="Tim")
    with pytest.raises(User.DoesNotExist):
        group.user_set.get(pk=user.pk)
    group.user_set.add(user)
    assert group.user_set.get(pk=user.pk) == user
