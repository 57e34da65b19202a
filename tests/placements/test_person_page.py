"""One person's page: what is shown to whom, in how many queries, and that it is on record."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRecord
from inmates.models import (
    AptitudeAssessment,
    Circumstance,
    Consent,
    Document,
    Restriction,
    SkillProfile,
    Transfer,
)
from inmates.states import (
    CircumstanceKind,
    ConsentPurpose,
    CustodyEnd,
    DocumentKind,
    RestrictionKind,
    TransferState,
)
from placements.person import Person
from placements.timeline import Verdict
from tests.factories.accounts import FacilityFactory, PostingFactory
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    BatchFactory,
    CandidateFactory,
    CourseFactory,
    confirmed_batch,
    enrolled,
)
from training.models import WaitingEntry
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db

# Signing in aside; nothing on the page makes them more.
QUERIES = 10


@pytest.fixture
def inmate(facility):
    return inmate_at(facility, name="ANI")


def shown(client, inmate):
    answer = client.get(inmate.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def add_one_of_each(inmate, facility, agency, officer, number):
    """One more of whatever stands on the page, each at another time."""
    before = 100 * (number + 1)
    past = {"starts_on": today(-before - 40), "ends_on": today(-before), "seats_confirmed": 9}
    enrolled(
        confirmed_batch(facility, agency, **past),
        inmate,
        state=EnrolmentState.COMPLETED,
        entered_afterwards=True,
    )
    CandidateFactory(batch=confirmed_batch(facility, agency), inmate=inmate)
    BatchFactory(agreement__facility=facility)
    WaitingEntry.objects.create(
        inmate=inmate, facility=facility, course=CourseFactory(), asked_on=today(-before)
    )
    Restriction.objects.create(
        inmate=inmate,
        facility=facility,
        kind=RestrictionKind.DISCIPLINE,
        starts=today(-before),
        until=today(-before + 9),
        created_by=officer,
    )
    Circumstance.objects.create(
        inmate=inmate,
        facility=facility,
        kind=CircumstanceKind.DATES,
        effective=today(-before),
        source="register",
    )
    AptitudeAssessment.objects.create(
        inmate=inmate,
        facility=facility,
        assessed_on=today(-before),
        assessor="Psikolog",
        scores={"Teknik": 70 + number},
        created_by=officer,
    )
    Consent.objects.create(
        inmate=inmate,
        facility=facility,
        purpose=ConsentPurpose.values[number],
        signed_on=today(-before),
        scan="consents/uji.pdf",
    )
    Document.objects.create(
        inmate=inmate,
        facility=facility,
        kind=DocumentKind.values[number],
        seen_on=today(-before),
        scan="documents/uji.pdf",
    )
    elsewhere = FacilityFactory()
    CustodyFactory(
        inmate=inmate,
        facility=elsewhere,
        starts=today(-5000 - before),
        until=today(-4950 - before),
        ended_how=CustodyEnd.TRANSFERRED,
    )
    Transfer.objects.create(
        inmate=inmate,
        origin=elsewhere,
        destination=facility,
        moved_on=today(-4950 - before),
        state=TransferState.ACCEPTED,
    )
    InmateFactory(merged_into=inmate)


def test_all_that_is_held_is_shown_in_a_flat_number_of_queries(
    login, facility, agency, officer, inmate
):
    client = login(officer)
    SkillProfile.objects.create(inmate=inmate, interests=["Las"])
    counts = []
    add_one_of_each(inmate, facility, agency, officer, 0)
    shown(client, inmate)  # what is cached once is cached now
    for number in (1, 2):
        with CaptureQueriesContext(connection) as asked:
            page = shown(client, inmate)
        counts.append(len(asked))
        add_one_of_each(inmate, facility, agency, officer, number)
    with CaptureQueriesContext(connection) as asked:
        page = shown(client, inmate)
    counts.append(len(asked))
    assert counts == [QUERIES] * 3
    for words in (
        *("Psikolog", "Register F", "Tanggal bebas berubah", "Las", "Pelatihan bersama instansi"),
        *("KTP-el atau surat perekaman", "Ijazah terakhir", "LAMA-", "Mutasi", "Menunggu"),
    ):
        assert words in page, words


def test_a_person_is_shown_with_masked_nik_and_the_day_of_the_data(login, facility, officer):
    inmate = inmate_at(facility, name="ANI", nik_last4="0001", sentence={"as_of": date(2026, 3, 4)})
    Restriction.objects.create(
        inmate=inmate, facility=facility, kind=RestrictionKind.UNFIT, starts=date(2026, 1, 1)
    )
    page = shown(login(officer), inmate)
    for words in ("ANI", "••••0001", "Menurut SDP per 4 Maret 2026", "Belum laik kesehatan"):
        assert words in page


def test_a_date_that_the_app_computes_otherwise_is_remarked(login, facility, officer):
    sentence = {"detained_since": date(2024, 1, 1), "years": 3, "expires": date(2029, 1, 1)}
    page = shown(login(officer), inmate_at(facility, sentence=sentence))
    assert "hitungan aplikasi: 1 Januari 2027" in page


def test_it_is_written_down_once_who_was_shown(login, officer, inmate):
    shown(login(officer), inmate)
    record = AccessRecord.objects.get()
    assert (record.act, record.subjects) == ("view", [inmate.public_id])


def test_a_new_person_is_told_what_to_do_next(login, facility, officer):
    page = shown(login(officer), CustodyFactory(facility=facility).inmate)
    for words in (
        "Belum ada tanggal dari SDP",
        "Belum pernah diusulkan",
        "Belum ada asesmen",
        "Belum ada persetujuan",
        "Belum ada dokumen",
        "Tidak ada angkatan yang direncanakan",
    ):
        assert words in page, words


def test_what_is_deliberately_not_kept_is_said(login, officer, inmate):
    assert "Sengaja tidak disimpan" in shown(login(officer), inmate)


class TestRead:
    """The read shape, without a page around it."""

    def test_nothing_is_in_time_for_who_may_not_come(self, facility, officer):
        stated = dict.fromkeys(("two_thirds", "one_third", "one_half"))
        inmate = inmate_at(facility, sentence={**stated, "expires": today(400)})
        BatchFactory(agreement__facility=facility, starts_on=today(20), ends_on=today(40))
        assert Person(inmate, officer).planned[0].badge == ("Sempat", "good")
        held = Restriction.objects.create(
            inmate=inmate, facility=facility, kind=RestrictionKind.DISCIPLINE, starts=today(-1)
        )
        assert Person(inmate, officer).planned[0].badge == ("Register F", "bad")
        Restriction.objects.filter(pk=held.pk).update(until=today(19))
        assert Person(inmate, officer).planned[0].badge == ("Sempat", "good")

    def test_planned_batches_are_measured_against_the_release(self, facility, officer, agency):
        inmate = inmate_at(
            facility,
            sentence={
                "two_thirds": None,
                "one_third": None,
                "one_half": None,
                "expires": today(200),
            },
        )
        own = {"agreement__facility": facility}
        BatchFactory(starts_on=today(10), ends_on=today(170), **own)
        BatchFactory(starts_on=today(11), ends_on=today(171), **own)
        BatchFactory(starts_on=today(12), ends_on=today(201), **own)
        BatchFactory(
            starts_on=today(13), ends_on=today(171), course=CourseFactory(buffer_days=7), **own
        )
        BatchFactory(starts_on=today(14), ends_on=today(30))  # another prison's
        planned = Person(inmate, officer).planned
        assert [(each.fit.verdict, each.fit.days) for each in planned] == [
            (Verdict.FITS, 30),
            (Verdict.TIGHT, 29),
            (Verdict.LATE, -1),
            (Verdict.FITS, 29),
        ]
        assert planned[1].sentence == "29 hari sebelum perkiraan bebas, perlu 30 hari"
        assert planned[2].sentence == "1 hari sesudah perkiraan bebas"

    def test_a_batch_they_are_in_or_proposed_for_is_none_of_the_others(
        self, facility, agency, officer, inmate
    ):
        enrolled(confirmed_batch(facility, agency), inmate)
        apart = {"starts_on": today(90), "ends_on": today(95)}
        CandidateFactory(batch=confirmed_batch(facility, agency, **apart), inmate=inmate)
        person = Person(inmate, officer)
        assert person.planned == []
        assert [leg.row.state for leg in person.training] == ["proposed", "enrolled"]

    def test_without_sentence_dates_no_batch_is_judged(self, facility, officer):
        inmate = CustodyFactory(facility=facility).inmate
        BatchFactory(agreement__facility=facility)
        (planned,) = Person(inmate, officer).planned
        assert planned.fit.verdict == Verdict.UNKNOWN

    def test_the_picture_has_all_that_the_page_has(self, facility, agency, officer, inmate):
        add_one_of_each(inmate, facility, agency, officer, 0)
        picture = Person(inmate, officer).picture
        assert [lane.label for lane in picture.lanes] == [
            "Penempatan",
            "Pembatasan",
            "Pelatihan",
            "Angkatan mendatang",
        ]
        assert {flag.text.split(" (")[0] for flag in picture.flags} == {
            *("Mulai ditahan", "1/3", "1/2", "2/3", "Ekspirasi", "Perkiraan bebas", "Hari ini")
        }

    def test_records_that_were_merged_are_one_person(self, facility, agency, officer, inmate):
        merged = InmateFactory(merged_into=inmate)
        CustodyFactory(
            inmate=merged, facility=facility, starts=date(2020, 1, 1), until=date(2020, 9, 1)
        )
        past = {"starts_on": today(-90), "ends_on": today(-40)}
        enrolled(confirmed_batch(facility, agency, **past), merged)
        person = Person(inmate, officer)
        assert len(person.stays) == 2
        assert len(person.training) == 1

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"domicile_code": "36.72.01.1002"}, True),
            ({"domicile_code": "36.04", "city": "Kota Cilegon"}, False),
            ({"city": "Kota Cilegon"}, True),
            ({"city": "Serang"}, False),
        ],
    )
    def test_residency_goes_by_the_ktp_then_by_the_register(
        self, facility, officer, fields, expected
    ):
        facility.residence_code = "36.72"
        facility.save()
        inmate = inmate_at(facility, **fields)
        assert Person(inmate, officer).is_resident is expected


class TestScope:
    def test_people_of_other_prisons_are_not_found(self, login, inmate, outsider, liaison):
        for user in (outsider, liaison):
            assert login(user).get(inmate.get_absolute_url()).status_code == 404
        assert login(outsider).get(f"/inmates/{uuid.uuid4()}/").status_code == 404
        assert AccessRecord.objects.count() == 0

    def test_after_a_stay_only_name_key_and_what_this_prison_did(
        self, login, facility, agency, officer
    ):
        elsewhere = FacilityFactory(name="Lapas Rahasia")
        inmate = inmate_at(elsewhere, address="Jl. Rahasia", name="ANI")
        CustodyFactory(
            inmate=inmate,
            facility=facility,
            register_number="B.I 77/2023",
            until=date(2024, 5, 1),
            ended_how=CustodyEnd.TRANSFERRED,
        )
        SkillProfile.objects.create(inmate=inmate, interests=["Rahasia"])
        past = {"starts_on": today(-90), "ends_on": today(-40)}
        enrolled(confirmed_batch(facility, agency, name="Angkatan Sini", **past), inmate)
        enrolled(confirmed_batch(elsewhere, agency, name="Angkatan Rahasia"), inmate)
        for prison, purpose in ((facility, "training"), (elsewhere, "profile")):
            Consent.objects.create(
                inmate=inmate, facility=prison, purpose=purpose, signed_on=today(-9)
            )
        page = shown(login(officer), inmate)
        for words in ("ANI", inmate.person_key, "B.I 77/2023", "Angkatan Sini"):
            assert words in page
        assert "Pelatihan bersama instansi" in page
        for words in ("Rahasia", "Menurut SDP", "Profil untuk pemberi kerja", "Ekspirasi"):
            assert words not in page

    def test_the_new_prison_sees_what_moved_with_the_person(self, login, facility, agency, officer):
        elsewhere = FacilityFactory(name="Lapas Lama")
        inmate = inmate_at(facility)
        CustodyFactory(
            inmate=inmate,
            facility=elsewhere,
            starts=date(2021, 1, 1),
            until=date(2023, 12, 31),
            ended_how=CustodyEnd.TRANSFERRED,
        )
        past = {"starts_on": today(-900), "ends_on": today(-840)}
        enrolled(
            confirmed_batch(elsewhere, agency, name="Angkatan Lama", **past),
            inmate,
            state=EnrolmentState.COMPLETED,
            entered_afterwards=True,
        )
        page = shown(login(officer), inmate)
        assert "Angkatan Lama" in page
        assert "Lapas Lama" in page
        (leg,) = Person(inmate, officer).training
        assert (leg.url, leg.prison) == ("", "Lapas Lama")

    def test_what_was_said_of_a_candidate_stays_with_the_prison_that_said_it(
        self, facility, agency, officer
    ):
        elsewhere = FacilityFactory()
        inmate = inmate_at(facility)
        for prison in (facility, elsewhere):
            batch = confirmed_batch(prison, agency)
            CandidateFactory(batch=batch, inmate=inmate, note="Catatan", override_reason="Sebab")
        notes = {leg.is_own: (leg.note, leg.override) for leg in Person(inmate, officer).training}
        assert notes == {True: ("Catatan", "Sebab"), False: ("", "")}

    def test_a_post_that_may_not_see_people_widens_nothing(self, facility, officer, outsider):
        inmate = inmate_at(outsider.facility)
        CustodyFactory(inmate=inmate, facility=facility, until=date(2024, 5, 1))
        PostingFactory(user=officer, facility=outsider.facility, role_id="secretariat")
        officer = type(officer).objects.get(pk=officer.pk)
        assert Person(inmate, officer).current is None

    def test_a_merged_record_leads_to_the_one_that_is_used(self, login, facility, officer, inmate):
        merged = InmateFactory(merged_into=inmate)
        CustodyFactory(inmate=merged, facility=facility, until=date(2025, 1, 1))
        answer = login(officer).get(merged.get_absolute_url())
        assert answer["Location"] == inmate.get_absolute_url()

    def test_a_merged_record_whose_person_is_out_of_sight_stays_as_it_is(
        self, login, facility, officer, outsider
    ):
        used = inmate_at(outsider.facility, address="Jl. Rahasia")
        merged = InmateFactory(merged_into=used, name="CATATAN LAMA")
        CustodyFactory(inmate=merged, facility=facility, until=date(2025, 1, 1))
        page = shown(login(officer), merged)
        assert "CATATAN LAMA" in page
        assert "Rahasia" not in page


class TestButtons:
    def test_they_follow_what_one_may_do(self, login, officer, registrar, warden, inmate):
        pages = {user: shown(login(user), inmate) for user in (officer, registrar, warden)}
        correct = f"/inmates/{inmate.public_id}/correct/"
        skills = f"/inmates/{inmate.public_id}/skills/"
        consent = f"/inmates/{inmate.public_id}/consents/"
        found = {
            user: tuple(link in page for link in (correct, skills, consent))
            for user, page in pages.items()
        }
        assert found == {
            officer: (False, True, True),
            registrar: (True, False, True),
            warden: (False, False, False),
        }
