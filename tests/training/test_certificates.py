"""Papers of what somebody learned: what may be written down, issued and revoked."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter, LetterSeries, Notice, Verification
from correspondence.states import LetterState
from tests.factories.partners import liaison_of, today
from tests.factories.results import PDF, attended, certificate_series, finished_batch
from tests.factories.training import MeetingFactory
from tests.training.conftest import told
from training.models import Certificate, Enrolment
from training.services import certificates, outcomes
from training.services.outcomes import Outcome
from training.states import EnrolmentState
from training.teaching import CertificateKind, CertificateState, MeetingState

pytestmark = pytest.mark.django_db
TRAINING, COMPETENCY = CertificateKind.TRAINING, CertificateKind.COMPETENCY


@pytest.fixture
def finished(facility, agency):
    return finished_batch(facility, agency)


@pytest.fixture
def person(finished):
    return finished[1][0]


def paper(**changed):
    usual = {"kind": TRAINING, "number": "BLK-1", "issued_on": today(-3)}
    return usual | changed


def completed(enrolment, head):
    outcomes.complete(batch=enrolment.batch, outcomes={enrolment: Outcome()}, by=head)
    return Enrolment.objects.get(pk=enrolment.pk)


def absent_once_more(enrolment):
    """Half of the lessons missed: 50 percent, of 80 that are asked."""
    meeting = MeetingFactory(
        batch=enrolment.batch, number=2, state=MeetingState.HELD, entered_afterwards=True
    )
    attended(meeting, enrolment, "A")


class TestRecord:
    def test_by_the_agencys_liaison(self, person, liaison, agency, head):
        row = certificates.record(enrolment=person, by=liaison, **paper(number="  BLK   1 "))
        assert (row.issuer, row.number, row.title) == (agency.name, "BLK 1", row.course.name)
        assert (row.inmate, row.agency, row.state) == (person.inmate, agency, "issued")
        assert head in told("certificates_recorded")

    def test_by_the_head(self, person, head):
        row = certificates.record(enrolment=person, by=head, **paper(issuer="LSP Las"))
        assert row.issuer == "LSP Las"
        assert not Notice.objects.filter(kind="certificates_recorded")

    def test_not_by_another_agency_or_the_officer(self, person, other_liaison, officer, warden):
        for user in (other_liaison, officer, warden):
            with pytest.raises(Forbidden):
                certificates.record(enrolment=person, by=user, **paper())

    def test_a_competency_certificate_has_a_scheme_and_an_end(self, person, liaison):
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=person, by=liaison, **paper(kind=COMPETENCY))
        assert set(refusal.value.error_dict) == {"scheme"}
        row = certificates.record(
            enrolment=person, by=liaison, **paper(kind=COMPETENCY, scheme="Plate Welder 2G")
        )
        assert row.valid_until == row.issued_on.replace(year=row.issued_on.year + 3)

    def test_both_kinds_stand_beside_each_other(self, person, liaison):
        certificates.record(enrolment=person, by=liaison, **paper())
        certificates.record(enrolment=person, by=liaison, **paper(kind=COMPETENCY, scheme="Las"))
        assert person.certificates.issued().count() == 2
        assert Certificate.objects.certified().count() == 2

    def test_the_same_again_is_the_same(self, person, liaison):
        first = certificates.record(enrolment=person, by=liaison, **paper())
        assert certificates.record(enrolment=person, by=liaison, **paper()) == first

    def test_a_second_of_the_course_is_refused_naming_the_first(self, person, liaison, head):
        certificates.record(enrolment=person, by=liaison, **paper())
        with pytest.raises(AlreadyDone, match=r"BLK-1.*Narahubung BLK"):
            certificates.record(enrolment=person, by=head, **paper(number="BLK-2"))

    def test_a_number_belongs_to_one_paper_of_an_issuer(self, finished, liaison):
        _batch, (one, other) = finished
        certificates.record(enrolment=one, by=liaison, **paper())
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=other, by=liaison, **paper(number="blk-1"))
        assert set(refusal.value.error_dict) == {"number"}
        certificates.record(enrolment=other, by=liaison, **paper(issuer="Disnaker"))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"number": "  "}, "number"),
            ({"issued_on": today(1)}, "issued_on"),
            ({"issued_on": today(-60)}, "issued_on"),
            ({"valid_until": today(-30)}, "valid_until"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_its_field(self, person, liaison, wrong, field):
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=person, by=liaison, **paper(**wrong))
        assert set(refusal.value.error_dict) == {field}

    def test_a_scan_is_judged_by_its_content(self, person, liaison):
        wrong = SimpleUploadedFile("sertifikat.pdf", b"MZ not a pdf")
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=person, by=liaison, scan=wrong, **paper())
        assert set(refusal.value.error_dict) == {"scan"}
        right = SimpleUploadedFile("nama orang.exe", PDF)
        row = certificates.record(enrolment=person, by=liaison, scan=right, **paper())
        assert row.scan.name.endswith(".pdf")
        assert "nama" not in row.scan.name

    def test_not_for_who_left_or_did_not_complete(self, person, liaison, head):
        absent = Outcome(EnrolmentState.NOT_COMPLETED, "absent")
        outcomes.complete(batch=person.batch, outcomes={person: absent}, by=head)
        with pytest.raises(NotAllowed, match="tidak selesai"):
            certificates.record(enrolment=person, by=liaison, **paper())

    @pytest.mark.parametrize("kind", [TRAINING, CertificateKind.PARTICIPATION])
    def test_none_of_the_course_before_the_training_is_over(
        self, facility, agency, liaison, head, kind
    ):
        _batch, (one,) = finished_batch(facility, agency, people=1, state="running")
        with pytest.raises(NotAllowed, match="dinyatakan selesai"):
            certificates.record(enrolment=one, by=head, **paper(kind=kind))
        certificates.record(enrolment=one, by=liaison, **paper(kind=COMPETENCY, scheme="Las"))

    @pytest.mark.parametrize("lpk", [False, True])
    def test_the_prisons_own_name_stands_on_what_it_issues_only(
        self, facility, person, head, liaison, lpk
    ):
        if lpk:
            facility.lpk_number, facility.lpk_starts_on = "560/1", today(-10)
            facility.save()
        own = f"penyelenggara  PELATIHAN kerja {facility.city}"
        for user in (head, liaison):
            with pytest.raises(NotAllowed) as refusal:
                certificates.record(enrolment=person, by=user, **paper(issuer=own))
            assert set(refusal.value.error_dict) == {"issuer"}

    def test_a_letter_of_participation_is_for_the_head_to_record(self, person, liaison, head):
        participation = paper(kind=CertificateKind.PARTICIPATION)
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=person, by=liaison, **participation)
        assert set(refusal.value.error_dict) == {"kind"}
        assert certificates.record(enrolment=person, by=head, **participation)

    def test_a_liaison_vouches_for_another_issuer_with_a_scan_only(self, finished, liaison, head):
        _batch, (one, other) = finished
        bnsp = paper(kind=COMPETENCY, issuer="BNSP")
        claimed = certificates.record(enrolment=one, by=liaison, scheme="Las", **bnsp)
        assert claimed.verification is None
        shown = certificates.record(
            enrolment=other,
            by=liaison,
            scheme="Las",
            scan=SimpleUploadedFile("bnsp.pdf", PDF),
            **bnsp | {"number": "2"},
        )
        by_head = certificates.record(
            enrolment=other, by=head, scheme="Bubut", **bnsp | {"number": "3"}
        )
        assert shown.verification
        assert by_head.verification

    def test_a_date_far_in_the_future_is_told(self, person, liaison):
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(
                enrolment=person,
                by=liaison,
                **paper(kind=COMPETENCY, scheme="Las", issued_on=date(9999, 1, 1)),
            )
        assert set(refusal.value.error_dict) == {"issued_on"}


class TestAttendanceGuard:
    def test_the_liaison_is_sent_to_the_head(self, person, liaison):
        absent_once_more(person)
        with pytest.raises(NotAllowed, match=r"50%.*80%.*Kepala Seksi"):
            certificates.record(
                enrolment=person, by=liaison, override_reason="Sudah dibahas", **paper()
            )

    def test_the_head_needs_a_reason_which_is_kept(self, person, head):
        absent_once_more(person)
        with pytest.raises(NotAllowed) as refusal:
            certificates.record(enrolment=person, by=head, **paper())
        assert set(refusal.value.error_dict) == {"override_reason"}
        row = certificates.record(
            enrolment=person, by=head, override_reason="Sakit di rumah sakit", **paper()
        )
        assert row.override_reason == "Sakit di rumah sakit"

    def test_a_reason_that_is_not_needed_is_not_kept(self, person, head):
        row = certificates.record(enrolment=person, by=head, override_reason="Jaga-jaga", **paper())
        assert row.override_reason == ""

    def test_competency_does_not_ask_for_attendance(self, person, liaison):
        absent_once_more(person)
        certificates.record(enrolment=person, by=liaison, **paper(kind=COMPETENCY, scheme="Las"))


class TestIssue:
    @pytest.fixture(autouse=True)
    def _series(self, facility, warden):
        certificate_series(facility)

    def test_a_letter_of_participation_while_the_prison_is_no_lpk(self, person, head, warden):
        row = certificates.issue(enrolment=completed(person, head), by=head)
        assert row.kind == CertificateKind.PARTICIPATION
        assert row.number == row.letter.number == f"SK-0001/{today().year}"
        assert row.letter.state == LetterState.SIGNED
        assert row.letter.signatory["name"] == warden.name
        assert row not in Certificate.objects.certified()

    def test_a_training_certificate_while_it_is_registered(self, facility, person, head):
        facility.lpk_number, facility.lpk_starts_on = "560/1", today(-10)
        facility.lpk_ends_on = today()
        facility.save()
        row = certificates.issue(enrolment=completed(person, head), by=head)
        assert (row.kind, row.letter.data["lpk_number"]) == (TRAINING, "560/1")

    def test_not_after_the_registration_ended(self, facility, person, head):
        facility.lpk_number, facility.lpk_starts_on = "560/1", today(-10)
        facility.lpk_ends_on = today(-1)
        facility.save()
        row = certificates.issue(enrolment=completed(person, head), by=head)
        assert row.kind == CertificateKind.PARTICIPATION

    def test_only_by_the_head(self, person, head, officer, liaison, warden):
        row = completed(person, head)
        for user in (officer, liaison, warden):
            with pytest.raises(Forbidden):
                certificates.issue(enrolment=row, by=user)

    def test_not_before_the_outcome(self, person, head):
        with pytest.raises(NotAllowed, match="peserta"):
            certificates.issue(enrolment=person, by=head)

    def test_twice_is_once_and_takes_one_number(self, person, head):
        row = completed(person, head)
        first = certificates.issue(enrolment=row, by=head)
        assert certificates.issue(enrolment=row, by=head) == first
        assert LetterSeries.objects.get(kind="certificate_participation").counter == 1

    def test_too_little_attendance_needs_a_reason(self, person, head):
        absent_once_more(person)
        row = completed(person, head)
        with pytest.raises(NotAllowed):
            certificates.issue(enrolment=row, by=head)
        made = certificates.issue(enrolment=row, by=head, override_reason="Keputusan rapat")
        assert made.override_reason == "Keputusan rapat"

    def test_all_of_a_batch_and_who_got_none(self, finished, head):
        batch, (one, other) = finished
        absent_once_more(one)
        for each in (one, other):
            completed(each, head)
        # The meeting that one missed took place for the other too.
        attended(batch.meetings.get(number=2), other)
        issued = certificates.issue_all(batch=batch, by=head)
        assert [each.enrolment for each in issued.certificates] == [other]
        assert [each for each, _why in issued.refused] == [one]
        assert "50%" in issued.refused[0][1]
        assert not certificates.issue_all(batch=batch, by=head).certificates

    def test_papers_from_elsewhere_keep_nobody_from_one(self, finished, facility, head):
        batch, (one, other) = finished
        Certificate.objects.create(
            facility=facility,
            inmate=one.inmate,
            kind=TRAINING,
            title="Menjahit",
            issuer="LPK Lama",
            number="1",
            issued_on=today(-900),
        )
        outcomes.complete_suggested(batch=batch, by=head)
        issued = certificates.issue_all(batch=batch, by=head)
        assert {each.enrolment for each in issued.certificates} == {one, other}

    def test_a_number_that_names_a_prison_is_refused(self, facility, person, head):
        facility.series.filter(kind="certificate_participation").update(
            pattern="LAPAS-{number}/{year}"
        )
        with pytest.raises(NotAllowed, match="menyebut lapas"):
            certificates.issue(enrolment=completed(person, head), by=head)
        assert not Certificate.objects.exists()

    def test_no_number_is_spent_on_papers_that_nobody_got(self, facility, finished, head):
        batch, _people = finished
        outcomes.complete_suggested(batch=batch, by=head)
        facility.series.filter(kind="certificate_participation").update(
            pattern="WP.11.PAS.1-{number:04d}/{year}"
        )
        issued = certificates.issue_all(batch=batch, by=head)
        assert (len(issued.certificates), len(issued.refused)) == (0, 2)
        assert not Letter.objects.filter(kind="certificate_participation")
        assert LetterSeries.objects.get(kind="certificate_participation").counter == 0

    def test_without_a_series_the_admin_is_named(self, facility, person, head):
        facility.series.all().delete()
        with pytest.raises(NotAllowed, match="admin"):
            certificates.issue(enrolment=completed(person, head), by=head)


class TestRevoke:
    def test_needs_a_reason(self, person, liaison):
        row = certificates.record(enrolment=person, by=liaison, **paper())
        with pytest.raises(NotAllowed):
            certificates.revoke(certificate=row, reason="  ", by=liaison)

    def test_the_agency_revokes_its_own_and_all_are_told(self, person, liaison, officer, head):
        row = certificates.record(enrolment=person, by=liaison, **paper())
        row = certificates.revoke(certificate=row, reason="Salah nama", by=liaison)
        assert (row.state, row.reason) == (CertificateState.REVOKED, "Salah nama")
        assert Verification.objects.get().revoked_at
        assert told("certificate_revoked") == {officer, head}
        again = certificates.record(enrolment=person, by=liaison, **paper())
        assert again.pk != row.pk

    def test_what_the_prison_issued_only_by_the_head(
        self, facility, warden, person, head, liaison, officer
    ):
        certificate_series(facility)
        row = certificates.issue(enrolment=completed(person, head), by=head)
        for user in (liaison, officer):
            with pytest.raises(Forbidden):
                certificates.revoke(certificate=row, reason="Salah", by=user)
        row = certificates.revoke(certificate=row, reason="Salah cetak", by=head)
        row.letter.refresh_from_db()
        assert (row.letter.state, row.letter.void_reason) == (LetterState.VOID, "Salah cetak")
        second = certificates.issue(enrolment=row.enrolment, by=head)
        assert second.number == f"SK-0002/{today().year}"

    def test_twice_by_the_same_is_once_by_another_is_told(self, person, liaison, head):
        row = certificates.record(enrolment=person, by=liaison, **paper())
        first = certificates.revoke(certificate=row, reason="Salah", by=liaison)
        assert certificates.revoke(certificate=row, reason="Salah", by=liaison) == first
        with pytest.raises(AlreadyDone, match="Narahubung BLK"):
            certificates.revoke(certificate=row, reason="Salah", by=head)

    def test_it_never_comes_back(self, person, liaison):
        row = certificates.record(enrolment=person, by=liaison, **paper())
        row = certificates.revoke(certificate=row, reason="Salah", by=liaison)
        row.state = CertificateState.ISSUED
        with pytest.raises(InternalError), transaction.atomic():
            row.save()

    def test_not_by_another_agencys_liaison(self, person, liaison):
        row = certificates.record(enrolment=person, by=liaison, **paper())
        with pytest.raises(Forbidden):
            certificates.revoke(certificate=row, reason="Salah", by=liaison_of(
                type(person.agency).objects.create(name="Lain", kind=person.agency.kind)
            ))  # fmt: skip


class TestWhatIsValid:
    def test_expired_expiring_and_for_ever(self, finished, liaison):
        _batch, (one, other) = finished
        scheme = {"kind": COMPETENCY, "scheme": "Las"}
        soon = certificates.record(
            enrolment=one, by=liaison, **paper(**scheme, valid_until=today(30))
        )
        over = certificates.record(
            enrolment=other, by=liaison, **paper(**scheme, number="2", valid_until=today(-1))
        )
        lasting = certificates.record(enrolment=one, by=liaison, **paper(number="3"))
        assert set(Certificate.objects.expiring()) == {soon}
        assert set(Certificate.objects.expired()) == {over}
        assert (soon.is_valid, over.is_valid, lasting.is_valid) == (True, False, True)
