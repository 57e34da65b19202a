"""What follows a signature: corrections, the end, and agreements of the past."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from partners.models import Agreement
from partners.services import agreements
from partners.states import AgreementState
from tests.factories.accounts import staff
from tests.factories.partners import (
    scan_file,
    today,
)
from tests.partners.steps import fields_of, sign

pytestmark = pytest.mark.django_db


def end(agreement, **facts):
    """Terminated by agreement of both sides, so that no days of notice are waited for."""
    return agreements.terminate(agreement=agreement, ground="mutual", **facts)


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
        end(agreement=signed, terminated_on=today(), reason="Salah", by=head)
        agreements.cancel(agreement=draft, reason="Salah", by=head)

        back = agreements.undo_termination(agreement=signed, reason="Keliru", by=head)
        assert (back.state, back.terminated_on) == (AgreementState.SIGNED, None)
        assert back in Agreement.objects.in_force()
        kinds = Notice.objects.live().values_list("kind", flat=True)
        assert set(kinds) <= {"agreement_termination_undone"}
        draft = agreements.undo_cancellation(agreement=draft, reason="Keliru", by=head)
        assert draft.state == AgreementState.DRAFT

    def test_undoing_a_termination_does_not_sign_a_draft(self, draft, head):
        with pytest.raises(NotAllowed):
            agreements.undo_termination(agreement=draft, reason="Keliru", by=head)


class TestEnding:
    def test_terminated_on_is_the_first_day_without_it(self, signed, head):
        end(agreement=signed, terminated_on=today(5), reason="Pindah", by=head)

        assert signed in Agreement.objects.in_force(today(4))
        assert signed not in Agreement.objects.in_force(today(5))

    def test_both_sides_are_told_and_older_notices_end(self, draft, head, officer, liaison):
        sign(draft, head)

        end(agreement=draft, terminated_on=today(), reason="Pindah", by=head)

        live = Notice.objects.live()
        assert {notice.kind for notice in live} == {"agreement_terminated"}
        assert {notice.recipient for notice in live} == {officer, liaison}

    @pytest.mark.parametrize("days", [-201, 501])
    def test_a_day_outside_its_term_is_refused(self, signed, head, days):
        with pytest.raises(NotAllowed) as refusal:
            end(agreement=signed, terminated_on=today(days), reason="Pindah", by=head)

        assert fields_of(refusal) == {"terminated_on"}

    def test_an_unsigned_agreement_is_not_terminated_but_cancelled(self, draft, head, officer):
        with pytest.raises(NotAllowed, match="draf"):
            end(agreement=draft, terminated_on=today(), reason="-", by=head)

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
            end(agreement=signed, terminated_on=today(), reason="x", by=officer)
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

    def test_clicked_twice_it_is_entered_once(self, facility, agency, head):
        row = self.record(facility, agency, head)
        assert self.record(facility, agency, head) == row
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            self.record(facility, agency, staff(facility, "head"))
        assert Agreement.objects.count() == 1
