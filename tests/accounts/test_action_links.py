"""A link works once, for its act, until it expires, is revoked or its user is kept out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ActionLink
from accounts.refusals import AlreadyDone, NotAllowed
from accounts.services import action_links
from tests.factories.accounts import UserFactory
from tests.races import race

pytestmark = pytest.mark.django_db

ACT = "open_door"


@pytest.fixture
def user(db):
    return UserFactory()


@pytest.fixture
def token(user, facility, head):
    return action_links.create(user=user, act=ACT, obj=facility, days=7, by=head)


def test_only_a_hash_of_the_token_is_kept(token):
    link = ActionLink.objects.get()
    assert len(token) >= 43  # 256 bits
    assert token not in (link.token_hash, link.act, str(link.public_id))
    assert len(link.token_hash) == 64


def test_looking_changes_nothing(token, user):
    before = ActionLink.objects.values().get()
    for _again in range(3):
        assert action_links.peek(token, ACT).user == user
    assert ActionLink.objects.values().get() == before


def test_it_is_used_once(token, user):
    assert action_links.consume(token=token, act=ACT).user == user
    assert action_links.peek(token, ACT) is None
    with pytest.raises(AlreadyDone, match="sudah dipakai"):
        action_links.consume(token=token, act=ACT)


def test_it_is_for_its_own_act_only(token):
    assert action_links.peek(token, "burn_house") is None
    with pytest.raises(NotAllowed):
        action_links.consume(token=token, act="burn_house")
    assert action_links.peek(token, ACT)


@pytest.mark.parametrize("wrong", ["", "x", "' OR 1=1 --", "\x00", "é" * 500])
def test_a_token_that_was_never_given_opens_nothing(token, wrong):
    assert action_links.peek(wrong, ACT) is None
    with pytest.raises(NotAllowed, match="tidak berlaku"):
        action_links.consume(token=wrong, act=ACT)


def expire(user, facility):
    long_ago = timezone.now() - timedelta(days=9)
    ActionLink.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=7))


def keep_out(user, facility):
    user.is_active = False
    user.save()


@pytest.mark.parametrize(
    "death",
    [
        expire,
        keep_out,
        lambda user, facility: action_links.revoke_for(obj=facility),
        lambda user, facility: action_links.revoke_of(user=user),
    ],
)
def test_it_dies(token, user, facility, death):
    death(user, facility)
    assert action_links.peek(token, ACT) is None
    with pytest.raises(NotAllowed, match="tidak berlaku"):
        action_links.consume(token=token, act=ACT)
    assert ActionLink.objects.get().used_at is None


def test_revoking_spares_links_of_others_and_on_other_things(token, user, facility, head):
    other = action_links.create(user=head, act=ACT, obj=head, days=7, by=head)
    assert action_links.revoke_for(obj=facility) == 1
    assert action_links.revoke_for(obj=facility) == 0
    assert action_links.peek(other, ACT)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_who_use_it_at_once_one_gets_in(token):
    def use():
        return action_links.consume(token=token, act=ACT)

    outcomes = race(use, use)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ActionLink", "AlreadyDone"]
