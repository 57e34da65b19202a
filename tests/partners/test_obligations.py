"""Duties of each side: written, done with evidence, dropped, opened again."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from partners.models import Obligation
from partners.services import agreements, obligations
from partners.states import Party
from tests.factories.partners import ObligationFactory, liaison_of, scan_file, today
from tests.partners.steps import fields_of
from tests.races import race

pytestmark = pytest.mark.django_db


def duty(party="agency", what="Tetapkan instruktur", due=None):
    return {"party": party, "what": what, "due": due or today(10)}


@pytest.fixture
def ours(signed):
    return ObligationFactory(agreement=signed, party=Party.PRISON)


@pytest.fixture
def theirs(signed):
    return ObligationFactory(agreement=signed, party=Party.AGENCY)


class TestWriting:
    def test_several_at_once_and_none_twice(self, signed, officer):
        first = obligations.add(agreement=signed, duties=[duty(), duty("prison")], by=officer)

        again = obligations.add(agreement=signed, duties=[duty(), duty(what="Lain")], by=officer)

        assert again[0] == first[0]
        assert Obligation.objects.count() == 3

    def test_none_at_all_and_senseless_dates_are_refused(self, signed, officer):
        for duties in ([], [duty(due=today(40_000))]):
            with pytest.raises(NotAllowed):
                obligations.add(agreement=signed, duties=duties, by=officer)

    def test_a_cancelled_agreement_has_none(self, draft, officer):
        agreements.cancel(agreement=draft, reason="Mundur", by=officer)

        with pytest.raises(NotAllowed, match="dibatalkan"):
            obligations.add(agreement=draft, duties=[duty()], by=officer)

    def test_the_warden_and_the_agency_do_not_write_them(self, signed, warden, liaison):
        for other in (warden, liaison):
            with pytest.raises(Forbidden):
                obligations.add(agreement=signed, duties=[duty()], by=other)


class TestDoing:
    def test_the_officer_records_either_side(self, ours, theirs, officer):
        for row in (ours, theirs):
            done = obligations.finish(
                obligation=row, done_on=today(-1), evidence=scan_file(), by=officer
            )
            assert (done.done_on, done.done_by) == (today(-1), officer)
            assert done.evidence.name.endswith(".pdf")
        assert not Notice.objects.filter(kind="obligation_reported").exists()

    def test_the_agency_reports_its_own_and_the_prison_is_told(
        self, theirs, ours, liaison, officer, head
    ):
        obligations.finish(obligation=theirs, done_on=today(), by=liaison)

        told = Notice.objects.live().filter(kind="obligation_reported")
        assert {notice.recipient for notice in told} == {officer, head}
        with pytest.raises(Forbidden):
            obligations.finish(obligation=ours, done_on=today(), by=liaison)

    def test_another_agency_and_another_prison_may_not(self, theirs, other_liaison, outsider):
        for stranger in (other_liaison, outsider):
            with pytest.raises(Forbidden):
                obligations.finish(obligation=theirs, done_on=today(), by=stranger)

    def test_a_day_to_come_or_a_text_as_evidence_is_refused(self, ours, officer):
        with pytest.raises(NotAllowed) as refusal:
            obligations.finish(
                obligation=ours, done_on=today(1), evidence=scan_file(b"teks"), by=officer
            )

        assert fields_of(refusal) == {"done_on", "evidence"}

    def test_again_is_harmless_and_others_learn_who(self, ours, officer, head):
        first = obligations.finish(obligation=ours, done_on=today(), by=officer)

        assert obligations.finish(obligation=ours, done_on=today(), by=officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            obligations.finish(obligation=ours, done_on=today(), by=head)

    def test_it_is_late_until_it_is_done(self, signed, officer):
        row = ObligationFactory(agreement=signed, due=today(-1))
        assert row.is_late
        assert row in Obligation.objects.late()

        done = obligations.finish(obligation=row, done_on=today(), by=officer)

        assert not done.is_late
        assert row not in Obligation.objects.late()


class TestTakingBack:
    def test_reopened_it_is_open_and_the_agency_that_reported_it_is_told(
        self, theirs, liaison, officer
    ):
        obligations.finish(obligation=theirs, done_on=today(), evidence=scan_file(), by=liaison)

        again = obligations.reopen(obligation=theirs, reason="Bukti keliru", by=officer)

        assert (again.done_on, again.done_by, again.evidence.name) == (None, None, "")
        assert Notice.objects.live().get(recipient=liaison).kind == "obligation_reopened"

    def test_two_reopened_on_one_day_are_both_told(self, signed, liaison, officer):
        for days in (10, 20):
            row = ObligationFactory(agreement=signed, party="agency", due=today(days))
            obligations.finish(obligation=row, done_on=today(), evidence=scan_file(), by=liaison)
            obligations.reopen(obligation=row, reason="Bukti keliru", by=officer)

        told = Notice.objects.live().filter(recipient=liaison, kind="obligation_reopened")
        assert {notice.data["obligation_due"] for notice in told} == {
            today(10).isoformat(),
            today(20).isoformat(),
        }

    def test_the_agency_does_not_reopen_or_drop(self, theirs, liaison):
        for service in (obligations.reopen, obligations.drop):
            with pytest.raises(Forbidden):
                service(obligation=theirs, reason="x", by=liaison)

    def test_dropped_it_stands_no_more_and_cannot_be_done(self, theirs, officer, head):
        obligations.drop(obligation=theirs, reason="Salah tulis", by=officer)

        assert theirs not in Obligation.objects.open()
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            obligations.finish(obligation=theirs, done_on=today(), by=head)
        assert obligations.drop(obligation=theirs, reason="Salah tulis", by=officer)
        with pytest.raises(AlreadyDone):
            obligations.drop(obligation=theirs, reason="Salah tulis", by=head)

    def test_a_done_one_is_not_dropped_and_both_need_reasons(self, theirs, officer):
        for service in (obligations.reopen, obligations.drop):
            with pytest.raises(NotAllowed) as refusal:
                service(obligation=theirs, reason="", by=officer)
            assert fields_of(refusal) == {"reason"}
        obligations.finish(obligation=theirs, done_on=today(), by=officer)
        with pytest.raises(NotAllowed, match="dipenuhi"):
            obligations.drop(obligation=theirs, reason="x", by=officer)


class TestReminders:
    def reminded(self):
        rows = Notice.objects.live().filter(kind="obligation")
        return {(row.object_id, row.recipient) for row in rows}

    def test_each_side_is_reminded_of_its_own(self, ours, theirs, officer, head, liaison):
        sweep()

        assert self.reminded() == {(ours.pk, officer), (theirs.pk, liaison)}

    def test_done_or_dropped_it_goes_quiet(self, ours, theirs, officer, liaison):
        sweep()
        obligations.finish(obligation=theirs, done_on=today(), by=liaison)
        obligations.drop(obligation=ours, reason="Salah", by=officer)
        sweep()

        assert self.reminded() == set()

    def test_not_under_an_agreement_that_is_over(self, ours, signed, head):
        agreements.terminate(
            agreement=signed, terminated_on=today(), ground="mutual", reason="x", by=head
        )
        sweep()

        assert self.reminded() == set()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_finish_at_once(facility, agency, officer, head):
    row = ObligationFactory(agreement__facility=facility, agreement__agency=agency)
    liaison_of(agency)

    outcomes = race(
        lambda: obligations.finish(obligation=row, done_on=today(), by=officer),
        lambda: obligations.finish(obligation=row, done_on=today(), by=head),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDone", "Obligation"]
