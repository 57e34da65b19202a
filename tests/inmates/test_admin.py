"""The admin reads people, changes nothing, and each look is on record."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from accounts.states import UserKind
from inmates.models import AptitudeAssessment, Consent, Document, SkillProfile
from tests.factories.accounts import UserFactory
from tests.factories.inmates import absent_from, inmate_at, transfer_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(login):
    return login(UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True))


@pytest.fixture
def person(facility):
    return inmate_at(facility, name="ORANG YANG DICARI")


@pytest.mark.parametrize("model", ["inmate", "custody", "sentence", "restriction"])
def test_every_list_of_people_opens_and_records_whom_it_named(admin, person, model):
    assert admin.get(reverse(f"admin:inmates_{model}_changelist")).status_code == 200
    named = [record.subjects for record in AccessRecord.objects.all()]
    assert named == ([] if model == "restriction" else [[person.public_id]])


def test_skills_and_papers_are_read_and_recorded_without_their_scans(admin, person, facility):
    rows = [
        SkillProfile.objects.create(inmate=person, interests=["Las"]),
        AptitudeAssessment.objects.create(
            inmate=person, facility=facility, assessed_on="2026-01-01", assessor="Psikolog"
        ),
        Consent.objects.create(
            inmate=person,
            facility=facility,
            purpose="training",
            signed_on="2026-01-01",
            scan="consents/rahasia.pdf",
        ),
        Document.objects.create(
            inmate=person,
            facility=facility,
            kind="photo",
            seen_on="2026-01-01",
            scan="documents/rahasia.pdf",
        ),
    ]
    for row in rows:
        name = f"admin:inmates_{row._meta.model_name}"
        assert admin.get(reverse(f"{name}_changelist"), {"q": "dicari"}).status_code == 200
        page = admin.get(reverse(f"{name}_change", args=[row.pk])).content.decode()
        assert "rahasia" not in page
        assert 'name="_save"' not in page
    assert AccessRecord.objects.filter(subjects=[person.public_id]).count() == 2 * len(rows)


def test_moves_and_absences_are_read_and_not_changed(admin, facility):
    for row in (transfer_from(facility), absent_from(facility)):
        name = f"admin:inmates_{row._meta.model_name}"
        key = {"q": row.inmate.person_key}
        assert row.inmate.name in admin.get(reverse(f"{name}_changelist"), key).text
        page = reverse(f"{name}_change", args=[row.pk])
        assert 'name="_save"' not in admin.get(page).text
        looked = AccessRecord.objects.filter(subjects=[row.inmate.public_id])
        assert set(looked.values_list("path", flat=True)) == {reverse(f"{name}_changelist"), page}
        assert admin.post(page, {}).status_code == 403


def test_a_search_finds_the_person(admin, person, facility):
    inmate_at(facility, name="ORANG LAIN")
    page = admin.get(reverse("admin:inmates_inmate_changelist"), {"q": "dicari"})
    assert [row.name for row in page.context["cl"].result_list] == ["ORANG YANG DICARI"]


def test_one_person_is_read_recorded_and_not_changed(admin, person):
    address = reverse("admin:inmates_inmate_change", args=[person.pk])
    assert admin.get(address).status_code == 200
    assert AccessRecord.objects.get().subjects == [person.public_id]
    assert admin.post(address, {"name": "LAIN"}).status_code == 403
    person.refresh_from_db()
    assert person.name == "ORANG YANG DICARI"


def test_nobody_but_an_admin_gets_in(login, officer, person):
    answer = login(officer).get(reverse("admin:inmates_inmate_changelist"))
    assert answer.status_code in (302, 403)
