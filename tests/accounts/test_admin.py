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


class TestPostings:
    def test_a_new_one_is_made_here(self, admin, facility):
        user = UserFactory()
        typed = {"user": user.pk, "facility": facility.pk, "role": "officer"}
        typed |= {"title": "", "acting": "", "starts": "2026-01-01", "until": ""}
        assert admin.post(reverse("admin:accounts_posting_add"), typed).status_code == 302
        assert user.postings.get().role_id == "officer"

    def test_one_that_stands_is_not_ended_moved_or_deleted_here(self, admin, officer, head):
        posting = officer.postings.get()
        before = (posting.user_id, posting.role_id, posting.starts, posting.until)
        address = reverse("admin:accounts_posting_change", args=[posting.pk])
        assert "Diakhiri lewat serah terima" in admin.get(address).content.decode()
        typed = {"user": head.pk, "role": "warden", "title": "Kasubsi", "acting": ""}
        typed |= {"starts": "2021-01-01", "until": "2026-01-01"}
        assert admin.post(address, typed).status_code == 302
        posting.refresh_from_db()
        assert posting.title == "Kasubsi"
        assert (posting.user_id, posting.role_id, posting.starts, posting.until) == before
        delete = reverse("admin:accounts_posting_delete", args=[posting.pk])
        assert admin.post(delete, {"post": "yes"}).status_code == 403

    def test_nor_on_the_page_of_the_user(self, admin, officer):
        posting = officer.postings.get()
        address = reverse("admin:accounts_user_change", args=[officer.pk])
        typed = {
            "email": officer.email, "name": "Nama Baru", "kind": "staff", "language": "id",
            "is_active": "on", "postings-TOTAL_FORMS": 1, "postings-INITIAL_FORMS": 1,
            "postings-0-id": posting.pk, "postings-0-user": officer.pk,
            "postings-0-until": "2026-01-01", "postings-0-DELETE": "on",
        }  # fmt: skip
        assert admin.post(address, typed).status_code == 302
        officer.refresh_from_db()
        posting.refresh_from_db()
        assert (officer.name, posting.until) == ("Nama Baru", None)


def test_a_record_of_access_is_read_only(admin, officer):
    record = look(officer, uuid.uuid4())
    address = reverse("admin:accounts_accessrecord_change", args=[record.pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"path": "/else/"}).status_code == 403
    delete = reverse("admin:accounts_accessrecord_delete", args=[record.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 403
