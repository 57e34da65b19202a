"""The life of an agreement: each act when it is possible, again, too late, and by others."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from partners.models import Agreement
from partners.services import agreements
from partners.states import AgreementState
from tests.factories.accounts import staff
from tests.factories.partners import (
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    scan_file,
    today,
)
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(facility, agency):
    return AgreementFactory(facility=facility, agency=agency)


@pytest.fixture
def signed(facility, agency):
    return SignedAgreementFactory(facility=facility, agency=agency)


def sign(agreement, by, **more):
    facts = {
        "signed_on": today(-1),
        "starts_on": today(),
        "ends_on": today(729),
        "our_number": "W12.PAS-HH.05.01-12",
        "their_number": "560/77/BLK",
    }
    facts |= more
    facts.setdefault("signed_scan", scan_file())
    return agreements.sign(agreement=agreement, by=by, **facts)


def fields_of(refusal):
    return set(refusal.value.error_dict)


class TestDrafting:
    def test_the_officer_drafts_from_a_visit(self, facility, agency, officer):
        visit = EngagementFactory(facility=facility, agency=agency)

        draft = agreements.draft(
            facility=facility, agency=agency, title="PKS Las", engagement=visit, by=officer
        )

        assert draft.state == AgreementState.DRAFT
        assert draft.engagement == visit
        assert (draft.created_by, draft.state_by) == (officer, officer)

    def test_an_agreement_without_a_text_is_explored_first(self, facility, agency, officer):
        idea = agreements.draft(
            facility=facility, agency=agency, title="PKS Las", by=officer, exploring=True
        )
        assert idea.state == AgreementState.EXPLORING

        assert agreements.begin_draft(agreement=idea, by=officer).state == AgreementState.DRAFT

    def test_terms_that_make_no_sense_are_refused_beside_their_fields(
        self, facility, agency, officer
    ):
        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(
                facility=facility,
                agency=agency,
                title="PKS",
                starts_on=today(),
                ends_on=today(-1),
                notice_months=25,
                review_months=0,
                by=officer,
            )

        assert fields_of(refusal) == {"ends_on", "notice_months", "review_months"}

    def test_a_visit_to_another_agency_is_no_origin(self, facility, agency, officer):
        elsewhere = PartnershipFactory(facility=facility).agency
        visit = EngagementFactory(facility=facility, agency=elsewhere)

        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(
                facility=facility, agency=agency, title="PKS", engagement=visit, by=officer
            )

        assert fields_of(refusal) == {"agency"}

    def test_an_agency_that_is_no_partner_is_refused(self, facility, officer):
        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(facility=facility, agency=AgencyFactory(), title="PKS", by=officer)

        assert fields_of(refusal) == {"agency"}

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "observer"])
    def test_other_posts_do_not_draft(self, facility, agency, role):
        with pytest.raises(Forbidden):
            agreements.draft(
                facility=facility, agency=agency, title="PKS", by=staff(facility, role)
            )

    def test_nor_do_other_prisons_and_agencies(self, facility, agency, outsider, liaison):
        for stranger in (outsider, liaison):
            with pytest.raises(Forbidden):
                agreements.draft(facility=facility, agency=agency, title="PKS", by=stranger)


class TestEditing:
    def test_terms_may_change_until_the_signing(self, draft, officer):
        agreements.edit(agreement=draft, title="PKS Las SMAW", ends_on=today(400), by=officer)

        draft.refresh_from_db()
        assert (draft.title, draft.ends_on) == ("PKS Las SMAW", today(400))

    def test_a_signed_agreement_is_not_edited(self, signed, officer):
        with pytest.raises(NotAllowed, match="ditandatangani"):
            agreements.edit(agreement=signed, title="Lain", by=officer)

    def test_the_new_end_is_judged_with_the_old_start(self, draft, officer):
        agreements.edit(agreement=draft, starts_on=today(), by=officer)

        with pytest.raises(NotAllowed) as refusal:
            agreements.edit(agreement=draft, ends_on=today(-1), by=officer)

        assert fields_of(refusal) == {"ends_on"}

    def test_only_terms_can_be_edited(self, draft, officer):
        with pytest.raises(TypeError, match="state"):
            agreements.edit(agreement=draft, state="signed", by=officer)

    def test_the_warden_does_not_write_terms(self, draft, warden):
        with pytest.raises(Forbidden):
            agreements.edit(agreement=draft, title="Lain", by=warden)


class TestTheWayToTheSignature:
    def test_review_revision_and_ready(self, draft, officer):
        for service, state in (
            (agreements.send_for_review, "review"),
            (agreements.revise, "draft"),
            (agreements.send_for_review, "review"),
            (agreements.mark_ready, "ready"),
            (agreements.reopen, "review"),
        ):
            assert service(agreement=draft, by=officer).state == state

    def test_the_agency_is_told_when_the_text_is_on_the_table(self, draft, officer, liaison):
        agreements.send_for_review(agreement=draft, by=officer)

        notice = Notice.objects.visible_to(liaison).get()
        assert notice.kind == "agreement_in_review"
        assert notice.link == draft.get_absolute_url()

    def test_a_double_click_is_harmless(self, draft, officer, liaison):
        first = agreements.send_for_review(agreement=draft, by=officer)
        second = agreements.send_for_review(agreement=draft, by=officer)

        assert second.state_at == first.state_at
        assert Notice.objects.visible_to(liaison).live().count() == 1

    def test_a_colleague_learns_who_was_faster(self, draft, officer, head):
        agreements.send_for_review(agreement=draft, by=officer)

        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            agreements.send_for_review(agreement=draft, by=head)

    def test_a_second_click_on_reopen_does_not_fall_back_to_a_draft(self, draft, officer):
        agreements.send_for_review(agreement=draft, by=officer)
        agreements.mark_ready(agreement=draft, by=officer)
        agreements.reopen(agreement=draft, by=officer)

        assert agreements.reopen(agreement=draft, by=officer).state == AgreementState.REVIEW

    def test_a_draft_is_not_ready_before_its_review(self, draft, officer):
        with pytest.raises(NotAllowed, match="draf"):
            agreements.mark_ready(agreement=draft, by=officer)

    @pytest.mark.parametrize(
        "service",
        [
            agreements.begin_draft,
            agreements.send_for_review,
            agreements.revise,
            agreements.mark_ready,
            agreements.reopen,
        ],
    )
    def test_a_signed_or_cancelled_agreement_goes_nowhere_by_these_steps(
        self, signed, draft, officer, service
    ):
        """The head's corrections end in the same states: an act is more than its two states."""
        agreements.cancel(agreement=draft, reason="Mitra mundur", by=officer)

        for row in (signed, draft):
            with pytest.raises(NotAllowed):
                service(agreement=row, by=officer)


class TestSigning:
    @pytest.mark.parametrize("role", ["head", "warden"])
    @pytest.mark.parametrize("state", ["draft", "review", "ready"])
    def test_head_and_warden_record_it_from_every_open_state(self, facility, agency, role, state):
        row = AgreementFactory(facility=facility, agency=agency, state="draft")
        for step in {"draft": [], "review": ["review"], "ready": ["review", "ready"]}[state]:
            row.state = step
            row.save(update_fields=["state"])

        signed = sign(row, staff(facility, role))

        signed.refresh_from_db()
        assert signed.state == AgreementState.SIGNED
        assert signed in Agreement.objects.in_force()
        assert signed.signed_scan.read() == b"%PDF-1.7 naskah"

    def test_the_stored_name_says_nothing(self, draft, head):
        signed = sign(draft, head, signed_scan=scan_file(name="../../pks rahasia.pdf"))

        assert "rahasia" not in signed.signed_scan.name
        assert signed.signed_scan.name.startswith("agreements/")
        assert signed.signed_scan.name.endswith(".pdf")

    def test_everything_that_is_missing_is_named_beside_its_field(self, draft, head):
        with pytest.raises(NotAllowed) as refusal:
            sign(
                draft,
                head,
                signed_on=None,
                starts_on=None,
                ends_on=None,
                our_number=" ",
                their_number="",
                signed_scan=None,
            )

        assert fields_of(refusal) == {
            "signed_on",
            "starts_on",
            "ends_on",
            "our_number",
            "their_number",
            "signed_scan",
        }
        draft.refresh_from_db()
        assert draft.state == AgreementState.DRAFT

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"signed_on": today(1)}, "signed_on"),
            ({"ends_on": today(-1)}, "ends_on"),
            ({"signed_scan": scan_file(b"MZ\x90\x00 program", "naskah.pdf")}, "signed_scan"),
            ({"signed_scan": scan_file(b"", "kosong.pdf")}, "signed_scan"),
        ],
    )
    def test_what_cannot_be_is_refused(self, draft, head, more, field):
        with pytest.raises(NotAllowed) as refusal:
            sign(draft, head, **more)

        assert fields_of(refusal) == {field}

    @pytest.mark.parametrize("start", [b"%PDF-1.4", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
    def test_pdf_jpeg_and_png_are_scans_whatever_their_name(self, draft, head, start):
        assert sign(draft, head, signed_scan=scan_file(start + b"...", "x.bin")).signed_scan

    def test_a_scan_that_is_too_large_is_refused(self, draft, head, settings):
        settings.UPLOAD_MAX_BYTES = 10

        with pytest.raises(NotAllowed) as refusal:
            sign(draft, head)

        assert fields_of(refusal) == {"signed_scan"}

    @pytest.mark.parametrize("role", ["officer", "registrar", "secretariat", "observer"])
    def test_other_posts_do_not_sign(self, facility, draft, role):
        with pytest.raises(Forbidden):
            sign(draft, staff(facility, role))

    def test_nor_does_the_head_of_another_prison(self, draft, outsider):
        with pytest.raises(Forbidden):
            sign(draft, staff(outsider.facility, "head"))

    def test_both_sides_are_told_and_the_head_who_did_it_is_not(
        self, draft, head, officer, liaison, other_liaison
    ):
        sign(draft, head)

        told = Notice.objects.filter(kind="agreement_signed").live()
        assert {notice.recipient for notice in told} == {officer, liaison}
        assert told.first().data["ends_on"] == today(729).isoformat()

    def test_the_same_again_is_harmless(self, draft, head, officer):
        first = sign(draft, head)
        second = sign(draft, head)

        assert second.signed_scan.name == first.signed_scan.name
        assert Notice.objects.visible_to(officer).count() == 1

    def test_other_facts_or_another_person_learn_who_was_first(self, draft, head, warden):
        sign(draft, head)

        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            sign(draft, warden)
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            sign(draft, head, ends_on=today(30))

    def test_a_cancelled_agreement_is_not_signed(self, draft, head):
        agreements.cancel(agreement=draft, reason="Mitra mundur", by=head)

        with pytest.raises(NotAllowed, match="batal"):
            sign(draft, head)


class TestCorrecting:
    def test_the_head_takes_a_signing_back_with_a_reason(self, draft, head, officer, liaison):
        sign(draft, head)

        undone = agreements.undo_signing(agreement=draft, reason="Salah berkas", by=head)

        assert undone.state == AgreementState.READY
        assert (undone.signed_on, undone.signed_scan.name) == (None, "")
        assert undone not in Agreement.objects.in_force()
        live = Notice.objects.live()
        assert {notice.kind for notice in live} == {"agreement_signing_undone"}
        assert {notice.recipient for notice in live} == {officer, liaison}

    def test_it_can_be_signed_again_afterwards(self, draft, head):
        sign(draft, head)
        agreements.undo_signing(agreement=draft, reason="Salah berkas", by=head)

        again = sign(draft, head)

        assert again.state == AgreementState.SIGNED
        assert again.reason == ""

    def test_without_a_reason_nothing_goes_back(self, signed, head):
        with pytest.raises(NotAllowed) as refusal:
            agreements.undo_signing(agreement=signed, reason=" ", by=head)

        assert fields_of(refusal) == {"reason"}

    def test_only_the_head_corrects(self, signed, officer, warden, liaison):
        for other in (officer, warden, liaison):
            with pytest.raises(Forbidden):
                agreements.undo_signing(agreement=signed, reason="Salah", by=other)

    def test_a_termination_and_a_cancellation_go_back_too(self, signed, draft, head):
        agreements.terminate(agreement=signed, terminated_on=today(), reason="Salah", by=head)
        agreements.cancel(agreement=draft, reason="Salah", by=head)

        back = agreements.undo_termination(agreement=signed, reason="Keliru", by=head)
        assert (back.state, back.terminated_on) == (AgreementState.SIGNED, None)
        assert back in Agreement.objects.in_force()
        draft = agreements.undo_cancellation(agreement=draft, reason="Keliru", by=head)
        assert draft.state == AgreementState.DRAFT

    def test_undoing_a_termination_does_not_sign_a_draft(self, draft, head):
        with pytest.raises(NotAllowed):
            agreements.undo_termination(agreement=draft, reason="Keliru", by=head)


class TestEnding:
    def test_terminated_on_is_the_first_day_without_it(self, signed, head):
        agreements.terminate(agreement=signed, terminated_on=today(5), reason="Pindah", by=head)

        assert signed in Agreement.objects.in_force(today(4))
        assert signed not in Agreement.objects.in_force(today(5))

    def test_both_sides_are_told_and_older_notices_end(self, draft, head, officer, liaison):
        sign(draft, head)

        agreements.terminate(agreement=draft, terminated_on=today(), reason="Pindah", by=head)

        live = Notice.objects.live()
        assert {notice.kind for notice in live} == {"agreement_terminated"}
        assert {notice.recipient for notice in live} == {officer, liaison}

    @pytest.mark.parametrize("days", [-201, 501])
    def test_a_day_outside_its_term_is_refused(self, signed, head, days):
        with pytest.raises(NotAllowed) as refusal:
            agreements.terminate(
                agreement=signed, terminated_on=today(days), reason="Pindah", by=head
            )

        assert fields_of(refusal) == {"terminated_on"}

    def test_an_unsigned_agreement_is_not_terminated_but_cancelled(self, draft, head, officer):
        with pytest.raises(NotAllowed, match="draf"):
            agreements.terminate(agreement=draft, terminated_on=today(), reason="-", by=head)

        cancelled = agreements.cancel(agreement=draft, reason="Mitra mundur", by=officer)
        assert cancelled.state == AgreementState.CANCELLED

    def test_a_cancellation_needs_a_reason(self, draft, officer):
        with pytest.raises(NotAllowed) as refusal:
            agreements.cancel(agreement=draft, reason="", by=officer)

        assert fields_of(refusal) == {"reason"}

    def test_the_officer_does_not_terminate_and_nobody_cancels_what_is_signed(
        self, signed, officer, head
    ):
        with pytest.raises(Forbidden):
            agreements.terminate(agreement=signed, terminated_on=today(), reason="x", by=officer)
        with pytest.raises(NotAllowed):
            agreements.cancel(agreement=signed, reason="x", by=head)


class TestThePast:
    def record(self, facility, agency, by, **more):
        facts = {
            "title": "PKS lama",
            "signed_on": today(-800),
            "starts_on": today(-800),
            "ends_on": today(-70),
            "our_number": "W12-1",
            "their_number": "560/1",
            "signed_scan": scan_file(),
        }
        return agreements.record_existing(facility=facility, agency=agency, by=by, **(facts | more))

    def test_the_head_enters_it_signed_and_nobody_is_told(self, facility, agency, head, liaison):
        row = self.record(facility, agency, head)

        row.refresh_from_db()
        assert (row.state, row.entered_afterwards) == (AgreementState.SIGNED, True)
        assert not Notice.objects.exists()

    def test_it_needs_all_that_a_signed_agreement_has(self, facility, agency, head):
        with pytest.raises(NotAllowed) as refusal:
            self.record(facility, agency, head, their_number="", signed_scan=None)

        assert fields_of(refusal) == {"their_number", "signed_scan"}

    def test_only_the_head_may(self, facility, agency, officer, warden, outsider):
        for other in (officer, warden, outsider):
            with pytest.raises(Forbidden):
                self.record(facility, agency, other)


class TestTheDatabaseAlone:
    def test_refuses_a_move_outside_the_table(self, draft, signed):
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Agreement.objects.filter(pk=signed.pk).update(state="draft")
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Agreement.objects.filter(pk=draft.pk).update(state="ready")

    def test_refuses_a_signed_agreement_that_is_not_complete(self, draft):
        with pytest.raises(IntegrityError, match="agreement_signed_complete"):
            Agreement.objects.filter(pk=draft.pk).update(state="signed")

    def test_refuses_one_born_signed_unless_entered_afterwards(self, facility, agency):
        with pytest.raises(IntegrityError, match="cannot be born"):
            SignedAgreementFactory(facility=facility, agency=agency, entered_afterwards=False)

    def test_refuses_to_call_it_entered_afterwards_later(self, draft):
        with pytest.raises(IntegrityError, match="never changes"):
            Agreement.objects.filter(pk=draft.pk).update(entered_afterwards=True)

    def test_refuses_an_end_before_the_start(self, signed):
        with pytest.raises(IntegrityError, match="agreement_ends_after_start"):
            Agreement.objects.filter(pk=signed.pk).update(ends_on=today(-201))

    def test_remembers_who_moved_it(self, draft, officer):
        agreements.send_for_review(agreement=draft, by=officer)

        assert list(draft.events.order_by("pgh_id").values_list("state", flat=True)) == [
            "draft",
            "review",
        ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_sign_at_once_one_wins_and_one_is_told(facility, agency, head, warden):
    draft = AgreementFactory(facility=facility, agency=agency)
    liaison = liaison_of(agency)

    outcomes = race(lambda: sign(draft, head), lambda: sign(draft, warden))

    losers = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    winners = [outcome for outcome in outcomes if isinstance(outcome, Agreement)]
    assert (len(winners), len(losers)) == (1, 1), outcomes
    draft.refresh_from_db()
    assert draft.state_by == winners[0].state_by
    assert str(draft.state_by) in losers[0].messages[0]
    assert Notice.objects.visible_to(liaison).count() == 1
