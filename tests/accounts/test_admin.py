"""What the admin asks of the access records: who saw this person, what did this user see."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from accounts.states import UserKind
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:accounts_accessrecord_changelist")


@pytest.fixture
def admin(login):
    return login(UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True))


def look(user, *people):
    return AccessRecord.objects.create(
        user_email=user.email, act="view", path="/inmates/", subjects=people
    )


def found(client, **query):
    return list(client.get(ADDRESS, query).context["cl"].queryset)


def test_a_persons_public_id_finds_who_saw_them(admin, officer, head):
    person, other = uuid.uuid4(), uuid.uuid4()
    seen = look(officer, other, person)
    look(head, other)
    assert found(admin, q=str(person)) == [seen]


def test_a_users_page_leads_to_what_the_user_saw(admin, officer, head):
    seen = look(officer, uuid.uuid4())
    look(head, uuid.uuid4())
    page = admin.get(reverse("admin:accounts_user_change", args=[officer.pk])).content.decode()
    link = f"{ADDRESS}?user_email__exact={officer.email.replace('@', '%40')}"
    assert link in page
    assert found(admin, user_email__exact=officer.email) == [seen]
    assert found(admin, q=officer.email) == [seen]


def test_a_record_of_access_is_read_only(admin, officer):
    record = look(officer, uuid.uuid4())
    address = reverse("admin:accounts_accessrecord_change", args=[record.pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"path": "/else/"}).status_code == 403
    delete = reverse("admin:accounts_accessrecord_delete", args=[record.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 403
