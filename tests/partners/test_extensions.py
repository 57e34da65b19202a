"""An addendum moves the end, once for each end; taken back, the old end holds again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from partners.models import Agreement, Extension
from partners.services import agreements, extensions
from tests.factories.partners import SignedAgreementFactory, liaison_of, scan_file, today
from tests.partners.steps import fields_of
from tests.races import race

pytestmark = pytest.mark.django_db


def extend(agreement, by, **more):
    facts = {
        "old_end": agreement.ends_on,
        "signed_on": today(-1),
        "reason": "Pelatihan berlanjut",
        "number": "AD-1",
    }
    facts |= more
    facts.setdefault("new_end", facts["old_end"] + timedelta(days=365))
    facts.setdefault("scan", scan_file())
    return extensions.extend(agreement=agreement, by=by, **facts)


class TestExtending:
    def test_both_ends_are_kept_and_the_new_one_holds(self, signed, head, officer, liaison):
        old_end = signed.ends_on

        made = extend(signed, head)

        signed.refresh_from_db()
        assert (made.old_end, made.new_end) == (old_end, signed.ends_on)
        assert signed in Agreement.objects.in_force(old_end + timedelta(days=1))
        told = Notice.objects.live().filter(kind="agreement_extended")
        assert {notice.recipient for notice in told} == {officer, liaison}

    def test_the_warden_may_the_officer_and_the_agency_may_not(
        self, signed, warden, officer, liaison
    ):
        for other in (officer, liaison):
            with pytest.raises(Forbidden):
                extend(signed, other)

        assert extend(signed, warden).created_by == warden

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"new_end": today(500)}, "new_end"),
            ({"new_end": today(40_000)}, "new_end"),
            ({"signed_on": today(1)}, "signed_on"),
            ({"signed_on": today(-201)}, "signed_on"),
            ({"reason": " "}, "reason"),
            ({"scan": None}, "scan"),
            ({"scan": scan_file(b"teks")}, "scan"),
        ],
    )
    def test_what_makes_no_sense_is_refused_beside_its_field(self, signed, head, more, field):
        with pytest.raises(NotAllowed) as refusal:
            extend(signed, head, **more)

        assert fields_of(refusal) == {field}
        signed.refresh_from_db()
        assert signed.ends_on == today(500)

    def test_what_has_ended_is_not_extended_by_a_later_paper(self, facility, agency, head):
        ended = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(-10))

        with pytest.raises(NotAllowed, match="perjanjian baru"):
            extend(ended, head, signed_on=today(-9))

        assert extend(ended, head, signed_on=today(-10)), "signed on its last day, entered late"

    def test_a_draft_is_not_extended(self, draft, head):
        with pytest.raises(NotAllowed, match="draf"):
            extend(draft, head, old_end=today())

    def test_what_was_continued_is_not_extended(self, signed, head):
        SignedAgreementFactory(
            facility=signed.facility, agency=signed.agency, renews=signed, title="PKS Baru"
        )

        with pytest.raises(NotAllowed, match="PKS Baru"):
            extend(signed, head)

    def test_a_double_click_extends_once(self, signed, head):
        facts = {"old_end": today(500), "new_end": today(900)}
        first = extend(signed, head, **facts)

        assert extend(signed, head, **facts) == first
        assert Extension.objects.count() == 1

    def test_a_colleague_or_other_content_learns_who_was_faster(self, signed, head, warden):
        facts = {"old_end": today(500), "new_end": today(900)}
        extend(signed, head, **facts)

        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            extend(signed, warden, **facts)
        with pytest.raises(AlreadyDone):
            extend(signed, head, **(facts | {"reason": "Lain"}))

    def test_it_is_extended_again_from_the_new_end(self, signed, head):
        extend(signed, head)
        signed.refresh_from_db()
        extend(signed, head)

        assert Extension.objects.standing().count() == 2

    def test_a_signing_that_was_extended_is_not_undone(self, signed, head):
        extend(signed, head)

        with pytest.raises(NotAllowed, match="perpanjangan"):
            agreements.undo_signing(agreement=signed, reason="Salah", by=head)


class TestVoiding:
    def test_the_old_end_holds_again(self, signed, head, officer):
        made = extend(signed, head)

        extensions.void(extension=made, reason="Adendum batal", by=head)

        signed.refresh_from_db()
        assert signed.ends_on == made.old_end
        assert not Extension.objects.standing().exists()
        live = Notice.objects.live().filter(recipient=officer)
        assert {notice.kind for notice in live} == {"agreement_extension_voided"}

    def test_it_may_be_extended_anew_afterwards(self, signed, head):
        made = extend(signed, head)
        extensions.void(extension=made, reason="Adendum batal", by=head)
        signed.refresh_from_db()

        assert extend(signed, head, number="AD-2").old_end == made.old_end

    def test_only_the_newest_goes_back(self, signed, head):
        first = extend(signed, head)
        signed.refresh_from_db()
        extend(signed, head)

        with pytest.raises(NotAllowed, match="lebih baru"):
            extensions.void(extension=first, reason="Salah", by=head)

    def test_it_needs_a_reason_and_the_head(self, signed, head, warden, officer):
        made = extend(signed, head)
        with pytest.raises(NotAllowed) as refusal:
            extensions.void(extension=made, reason=" ", by=head)
        assert fields_of(refusal) == {"reason"}
        for other in (warden, officer):
            with pytest.raises(Forbidden):
                extensions.void(extension=made, reason="Salah", by=other)

    def test_twice_is_harmless_and_others_learn_who(self, signed, head, facility):
        made = extend(signed, head)
        first = extensions.void(extension=made, reason="Batal", by=head)

        assert extensions.void(extension=made, reason="Batal", by=head).pk == first.pk
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            extensions.void(extension=made, reason="Alasan lain", by=head)

    def test_not_once_it_was_terminated(self, signed, head):
        made = extend(signed, head)
        agreements.terminate(
            agreement=signed, terminated_on=today(), ground="mutual", reason="Pindah", by=head
        )

        with pytest.raises(NotAllowed, match="dihentikan"):
            extensions.void(extension=made, reason="Salah", by=head)


class TestReminders:
    def live(self, user):
        rows = Notice.objects.live().filter(recipient=user, kind="agreement_end")
        return {notice.due for notice in rows}

    def test_those_of_the_old_end_stop_and_those_of_the_new_end_come(
        self, facility, agency, head, officer
    ):
        row = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(20))
        sweep()
        assert self.live(officer) == {today(20)}

        made = extend(row, head, new_end=today(80))
        assert self.live(officer) == set(), "at once, before any sweep"
        sweep()
        assert self.live(officer) == {today(80)}

        extensions.void(extension=made, reason="Batal", by=head)
        sweep()
        assert self.live(officer) == {today(20)}, "told again"


def test_the_database_refuses_a_second_addendum_of_the_same_end(signed, head):
    made = extend(signed, head)

    with pytest.raises(IntegrityError, match="extension_once"), transaction.atomic():
        Extension.objects.create(
            agreement=signed,
            old_end=made.old_end,
            new_end=made.new_end,
            signed_on=today(),
            reason="Lagi",
            scan="x.pdf",
        )


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_extend_at_once_one_wins_and_one_is_told(facility, agency, head, warden):
    row = SignedAgreementFactory(facility=facility, agency=agency)
    liaison = liaison_of(agency)

    outcomes = race(
        lambda: extend(row, head, new_end=today(800)),
        lambda: extend(row, warden, new_end=today(900)),
    )

    losers = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    winners = [outcome for outcome in outcomes if isinstance(outcome, Extension)]
    assert (len(winners), len(losers)) == (1, 1), outcomes
    row.refresh_from_db()
    assert row.ends_on == winners[0].new_end
    assert str(winners[0].created_by) in losers[0].messages[0]
    assert Notice.objects.visible_to(liaison).count() == 1
