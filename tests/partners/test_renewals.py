"""A successor: written from the agreement, once, or linked to it afterwards."""

from datetime import date, timedelta

import pytest
from django.utils.formats import date_format

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from partners.models import Agreement
from partners.services import agreements, renewals
from partners.states import AgreementState
from tests.factories.partners import (
    AgreementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.partners.steps import body, fields_of, page, sign
from tests.partners.test_extensions import extend
from tests.races import race

pytestmark = pytest.mark.django_db


class TestContinuing:
    def test_the_draft_says_what_the_agreement_says_for_as_long_again(
        self, facility, agency, officer
    ):
        row = SignedAgreementFactory(
            facility=facility,
            agency=agency,
            starts_on=date(2024, 3, 1),
            ends_on=date(2026, 2, 28),
            scope="Las",
            seats_per_year=32,
            termination_days=60,
        )

        draft = renewals.renew(agreement=row, by=officer)

        assert (draft.starts_on, draft.ends_on) == (date(2026, 3, 1), date(2028, 2, 29))
        assert (draft.scope, draft.seats_per_year, draft.termination_days) == ("Las", 32, 60)
        assert (draft.state, draft.our_number) == (AgreementState.DRAFT, "")
        assert (draft.renews, row.successor) == (row, draft)

    def test_extensions_do_not_make_the_next_term_longer(self, facility, agency, head, officer):
        row = SignedAgreementFactory(
            facility=facility, agency=agency, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
        )
        extend(row, head, new_end=date(2027, 3, 31))
        row.refresh_from_db()

        draft = renewals.renew(agreement=row, by=officer)

        assert (draft.starts_on, draft.ends_on) == (date(2027, 4, 1), date(2028, 3, 31))

    def test_what_is_typed_goes_before_what_is_suggested(self, signed, officer):
        draft = renewals.renew(agreement=signed, title="PKS II", ends_on=today(800), by=officer)

        assert (draft.title, draft.ends_on) == ("PKS II", today(800))

    def test_an_agreement_is_continued_once(self, signed, officer, head):
        first = renewals.renew(agreement=signed, by=officer)

        assert renewals.renew(agreement=signed, by=officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            renewals.renew(agreement=signed, by=head)

    def test_a_percent_sign_in_a_title_is_only_that(self, signed, officer, head):
        renewals.renew(agreement=signed, title="100% las %s", by=officer)

        with pytest.raises(AlreadyDone, match="100% las %s"):
            renewals.renew(agreement=signed, by=head)

    def test_a_successor_that_was_cancelled_makes_room(self, signed, officer):
        first = renewals.renew(agreement=signed, by=officer)
        agreements.cancel(agreement=first, reason="Ditunda", by=officer)

        second = renewals.renew(agreement=signed, by=officer)

        first.refresh_from_db()
        assert (first.renews, second.renews) == (None, signed)

    def test_drafts_and_terminated_ones_are_not_continued(self, draft, signed, officer, head):
        agreements.terminate(
            agreement=signed, terminated_on=today(), ground="breach", reason="x", by=head
        )
        for row in (draft, signed):
            with pytest.raises(NotAllowed, match="keadaan"):
                renewals.renew(agreement=row, by=officer)

    def test_the_warden_and_the_agency_do_not_write_it(self, signed, warden, liaison):
        for other in (warden, liaison):
            with pytest.raises(Forbidden):
                renewals.renew(agreement=signed, by=other)

    def test_once_it_is_signed_the_old_end_is_settled(self, facility, agency, officer, head):
        row = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(20))
        successor = renewals.renew(agreement=row, by=officer)
        sweep()
        ending = Notice.objects.live().filter(kind="agreement_end")
        assert ending.exists(), "a draft settles nothing"

        sign(successor, head, starts_on=today(21), ends_on=today(750))

        assert not ending.exists()
        sweep()
        assert not ending.filter(object_id=row.pk).exists()

    def test_it_is_not_signed_with_a_term_that_ends_before_the_old_one(self, signed, officer, head):
        successor = renewals.renew(agreement=signed, by=officer)
        with pytest.raises(NotAllowed) as refused:
            sign(successor, head, starts_on=today(1), ends_on=signed.ends_on)
        assert "ends_on" in refused.value.error_dict


class TestLinkingAfterwards:
    @pytest.fixture
    def older(self, facility, agency):
        return SignedAgreementFactory(
            facility=facility, agency=agency, starts_on=today(-900), ends_on=today(-201)
        )

    def link(self, agreement, predecessor, by, reason="Ternyata lanjutan"):
        return renewals.link_predecessor(
            agreement=agreement, predecessor=predecessor, reason=reason, by=by
        )

    def test_both_know_each_other_and_the_history_says_why(self, signed, older, head):
        linked = self.link(signed, older, head)

        assert older.successor == linked
        assert signed.events.last().pgh_context["reason"] == "Ternyata lanjutan"

    def test_it_can_be_let_go_with_a_reason(self, signed, older, head):
        self.link(signed, older, head)

        alone = renewals.unlink(agreement=signed, reason="Keliru", by=head)

        assert alone.renews is None
        with pytest.raises(NotAllowed) as refusal:
            renewals.unlink(agreement=signed, reason="", by=head)
        assert fields_of(refusal) == {"reason"}

    def test_before_letting_go_one_reads_which_of_two_with_the_same_title(
        self, signed, older, head, login
    ):
        self.link(signed, older, head)
        Agreement.objects.filter(pk=older.pk).update(title=signed.title)

        shown = body(login(head).get(page("agreement-unlink", signed)))

        assert older.our_number in shown
        assert date_format(older.ends_on) in shown

    def test_twice_is_harmless(self, signed, older, head):
        self.link(signed, older, head)

        assert self.link(signed, older, head).renews == older

    def test_a_signed_one_is_linked_by_head_and_warden_a_draft_by_its_writer(
        self, signed, draft, older, officer, warden
    ):
        with pytest.raises(Forbidden):
            self.link(signed, older, officer)
        with pytest.raises(Forbidden):
            self.link(draft, older, warden)

        assert self.link(draft, older, officer).renews == older

    def test_another_agency_other_dates_drafts_and_oneself_are_refused(
        self, facility, signed, older, draft, head
    ):
        elsewhere = SignedAgreementFactory(
            facility=facility,
            agency=PartnershipFactory(facility=facility).agency,
            starts_on=today(-900),
            ends_on=today(-300),
        )
        later = SignedAgreementFactory(
            facility=facility, agency=signed.agency, starts_on=today(-100), ends_on=today(600)
        )
        for wrong in (elsewhere, later, draft, signed):
            with pytest.raises(NotAllowed) as refusal:
                self.link(signed, wrong, head)
            assert fields_of(refusal) == {"predecessor"}

    def test_no_circles(self, facility, agency, older, head):
        """Also not through drafts that have no dates yet."""
        middle = AgreementFactory(facility=facility, agency=agency, renews=older)
        Agreement.objects.filter(pk=older.pk).update(starts_on=today(-900))

        with pytest.raises(NotAllowed) as refusal:
            self.link(older, middle, head)

        assert fields_of(refusal) == {"predecessor"}

    def test_one_that_is_continued_already_is_not_taken_again(self, signed, older, draft, head):
        self.link(signed, older, head)

        with pytest.raises(NotAllowed, match="PKS Menjahit"):
            self.link(draft, older, head)

    def test_one_that_continues_another_is_not_moved_silently(
        self, facility, agency, signed, older, head
    ):
        other = SignedAgreementFactory(
            facility=facility, agency=agency, starts_on=today(-1500), ends_on=today(-901)
        )
        self.link(signed, older, head)

        with pytest.raises(AlreadyDone):
            self.link(signed, other, head)


def test_parents_stand_above(facility, agency, officer):
    """An umbrella: a Nota Kesepahaman of the same agency or of one above it."""
    umbrella = SignedAgreementFactory(facility=facility, agency=agency, kind="mou")
    below = agreements.draft(
        facility=facility, agency=agency, title="PKS", parent=umbrella, by=officer
    )
    assert list(umbrella.children.all()) == [below]

    pks = SignedAgreementFactory(facility=facility, agency=agency)
    elsewhere = SignedAgreementFactory(
        facility=facility, agency=PartnershipFactory(facility=facility).agency, kind="mou"
    )
    for wrong in (pks, elsewhere):
        with pytest.raises(NotAllowed) as refusal:
            agreements.edit(agreement=below, parent=wrong, by=officer)
        assert fields_of(refusal) == {"parent"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_continue_at_once_write_one_draft(facility, agency, officer, head):
    row = SignedAgreementFactory(facility=facility, agency=agency)

    outcomes = race(
        lambda: renewals.renew(agreement=row, by=officer),
        lambda: renewals.renew(agreement=row, by=head),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Agreement", "AlreadyDone"]
    assert Agreement.objects.filter(renews=row).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_link_the_same_one_at_once(facility, agency, head, warden):
    old = SignedAgreementFactory(
        facility=facility, agency=agency, starts_on=today(-900), ends_on=today(-201)
    )
    first = SignedAgreementFactory(facility=facility, agency=agency)
    second = SignedAgreementFactory(facility=facility, agency=agency)

    def link(row, by):
        return renewals.link_predecessor(agreement=row, predecessor=old, reason="Lanjutan", by=by)

    outcomes = race(lambda: link(first, head), lambda: link(second, warden))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Agreement", "NotAllowed"]


def test_a_signing_that_was_continued_is_not_undone(signed, head, officer):
    successor = renewals.renew(agreement=signed, by=officer)
    sign(
        successor,
        head,
        starts_on=signed.ends_on + timedelta(days=1),
        ends_on=today(900),
        signed_scan=scan_file(),
    )

    with pytest.raises(NotAllowed, match="dilanjutkan"):
        agreements.undo_signing(agreement=signed, reason="Salah", by=head)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_signed_and_extended_at_once_nothing_is_extended_after_it_was_continued(
    facility, agency, officer, head
):
    row = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(100))
    successor = renewals.renew(agreement=row, by=officer)

    signing, extending = race(
        lambda: sign(successor, head, starts_on=today(101), ends_on=today(800)),
        lambda: extend(row, head, new_end=today(150)),
    )

    row.refresh_from_db()
    assert signing.state == AgreementState.SIGNED
    if isinstance(extending, NotAllowed):
        assert "dilanjutkan" in str(extending)
        assert row.ends_on == today(100)
    else:
        assert row.ends_on == today(150)
        assert extending.created_at < signing.state_at
