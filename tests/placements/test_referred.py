"""What an agency may read of a person: each permitted fact, and nothing that was planted."""

from dataclasses import asdict

import pytest

from inmates import nik
from inmates.models import Inmate, SkillProfile
from placements import referred
from placements.employment import ReferralState
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.placements import consent_of, referral_of
from tests.factories.results import certificate_of
from tests.factories.training import confirmed_batch, enrolled
from training.models import Assessment, CompetencyUnit

pytestmark = pytest.mark.django_db
NIK = "3672011508900001"


def give_nik(person):
    sealed = nik.seal(NIK)
    Inmate.objects.filter(pk=person.pk).update(
        nik_cipher=sealed["cipher"].encode(),
        nik_digest=sealed["digest"],
        nik_key=sealed["key"],
        nik_last4=sealed["last4"],
    )


def test_each_permitted_fact_is_told(facility, agency, disnaker, person):
    give_nik(person)
    SkillProfile.objects.create(
        inmate=person, interests=["Las"], languages=["Sunda"], earlier_work="Kuli bangunan\nSopir"
    )
    participant = enrolled(confirmed_batch(facility, agency), person)
    certificate = certificate_of(participant, valid_until=today(90))
    unit = CompetencyUnit.objects.create(code="C.24LAS01", name="Mengelas pelat")
    Assessment.objects.create(
        facility=facility, agency=agency, enrolment=participant, kind="competency", unit=unit,
        result="K", assessor="Asesor", assessed_on=today(),
    )  # fmt: skip
    referral = referral_of(
        person, facility, disnaker, state=ReferralState.SENT, message="Rajin, mohon dicarikan."
    )
    seen = referred.one(referral)
    assert asdict(seen) == {
        "code": referral.person_code,
        "has_consented": True,
        "public_id": person.public_id,
        "name": "SLAMET RIYADI",
        "sex": "Laki-laki",
        "age": seen.age,
        "education": "SMA",
        "skills": ("Las",),
        "languages": ("Sunda",),
        "experience": ("Kuli bangunan", "Sopir"),
        "certificates": (
            {
                "kind": certificate.get_kind_display(),
                "course": certificate.course.name if certificate.course else certificate.title,
                "number": certificate.number,
                "valid_until": today(90),
                "units": ("Mengelas pelat",),
            },
        ),
        "returns_to": "Kota Cilegon",
        "available_from": referral.available_from,
        "message": "Rajin, mohon dicarikan.",
        "nik": NIK,
    }
    assert NIK not in repr(seen)


@pytest.mark.parametrize("state", [s for s in ReferralState if s != ReferralState.ACCEPTED])
def test_the_nik_is_read_only_while_the_referral_lies_with_disnaker(
    facility, disnaker, person, state
):
    give_nik(person)
    given = {"decline_reason": "other"} if state == ReferralState.DECLINED else {}
    referral = referral_of(person, facility, disnaker, state=state, **given)
    assert bool(referred.one(referral).nik) is referral.is_with_agency


def test_an_agency_that_is_no_disnaker_reads_no_nik(facility, agency, person):
    give_nik(person)
    referral = referral_of(person, facility, agency, state=ReferralState.SENT)
    assert referred.one(referral).nik == ""


def test_without_a_consent_only_the_code_is_told(facility, disnaker, person):
    give_nik(person)
    referral = referral_of(person, facility, disnaker, state=ReferralState.SENT)
    person.consents.update(withdrawn_on=today())
    seen = referred.one(referral)
    assert seen == referred.Referred(code=referral.person_code)
    consent_of(person, facility, signed_on=today())
    assert referred.one(referral).name == person.name


def test_a_consent_that_has_ended_counts_no_more(facility, disnaker, person):
    referral = referral_of(person, facility, disnaker, state=ReferralState.SENT)
    person.consents.update(until=today(-1), signed_on=today(-9))
    assert not referred.one(referral).has_consented


def test_a_merged_record_is_told_as_the_person_it_leads_to(facility, disnaker, person):
    twice = InmateFactory(name="SLAMET RIADI", merged_into=person)
    SkillProfile.objects.create(inmate=twice, interests=["Menjahit"])
    referral = referral_of(twice, facility, disnaker, state=ReferralState.SENT)
    seen = referred.one(referral)
    assert (seen.name, seen.skills) == ("SLAMET RIYADI", ("Menjahit",))
    assert seen.public_id == person.public_id


def test_the_district_comes_from_the_code_of_the_card_where_no_city_is_stated(facility, disnaker):
    person = inmate_at(facility, domicile_code="36.72.01.1002", city="Cilegon")
    referral = referral_of(person, facility, disnaker, state=ReferralState.SENT)
    district = referred.one(referral).returns_to
    assert district.startswith("Cibeber, ")
    assert "Kedaleman" not in district


def test_many_are_told_with_as_many_queries_as_one(
    facility, agency, disnaker, django_assert_num_queries
):
    batch = confirmed_batch(facility, agency)
    participants = [enrolled(batch) for _n in range(4)]
    for row in participants:
        certificate_of(row)
    rows = [
        referral_of(row.inmate, facility, disnaker, state=ReferralState.SENT)
        for row in participants
    ]
    for some in (rows[:1], rows):
        with django_assert_num_queries(2):
            assert len(referred.of(some)) == len(some)
