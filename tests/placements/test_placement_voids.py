"""Work that was written down wrongly is void: it counts nowhere and gives back what it took."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.refusals import AlreadyDone, Forbidden
from correspondence.models import Notice
from placements.employment import FollowUpOutcome, FollowUpState
from placements.models import Placement, Referral, Vacancy
from placements.services import job_seekers, placement_corrections, placements
from reports.integrity import differences
from reports.monthly.work import placed
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, job_seeker_card
from tests.placements.followed import freed, series_of
from tests.placements.out_to_work import goes_out, out_today
from tests.placements.work import accepted, begin, begin_referred, refusal_of, released_from

pytestmark = pytest.mark.django_db
WHY = "Tertukar dengan orang bernama sama"


@pytest.fixture
def free(facility):
    """Released ten days ago."""
    return released_from(facility)


@pytest.fixture
def vacancy(facility):
    return VacancyFactory(employer=EmployerFactory(facility=facility), places=1)


@pytest.fixture
def work(free, facility, officer, vacancy):
    """The only place of a vacancy."""
    return begin(free, facility, officer, vacancy=vacancy)


def void(work, by, reason=WHY):
    return placement_corrections.void(placement=work, reason=reason, by=by)


def due(inmate):
    return [row for row in series_of(inmate) if row.state == FollowUpState.DUE]


class TestWhatItGivesBack:
    def test_the_row_stays_with_its_reason_and_its_history(self, work, head):
        void(work, head)
        work.refresh_from_db()
        assert (work.state, work.reason, work.state_by, work.ended_on) == ("void", WHY, head, None)
        assert work.events.order_by("pgh_id").last().pgh_context["reason"] == WHY

    def test_the_place_of_the_vacancy_goes_to_whom_it_belongs(
        self, work, head, officer, facility, vacancy
    ):
        void(work, head)
        assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 0
        other = begin(released_from(facility), facility, officer, vacancy=vacancy)
        assert other.vacancy == vacancy

    def test_the_person_may_be_written_down_anew_in_the_same_words(
        self, work, head, free, facility, officer, vacancy
    ):
        void(work, head)
        again = begin(free, facility, officer, vacancy=vacancy)
        assert again.pk != work.pk
        assert [row.placement for row in due(free)] == [again] * 4

    def test_a_referral_waits_for_work_again_and_its_agency_learns_it(
        self, free, facility, agency, officer, head, liaison
    ):
        referral = accepted(facility, agency, free)
        void(begin_referred(referral, officer), head)
        assert Referral.objects.to_place().get() == referral
        told = Notice.objects.get(recipient=liaison, kind="placement_voided")
        assert WHY not in str(told.data)
        assert begin_referred(referral, officer, job="Tukang kayu").referral == referral

    def test_the_card_that_it_ended_counts_again(self, free, facility, agency, officer, head):
        card = job_seeker_card(free, facility, agency)
        work = begin(free, facility, officer, employer=EmployerFactory(facility=facility))
        void(work, head)
        card.refresh_from_db()
        assert (card.ended_on, card.ended_why) == (None, "")

    def test_a_card_that_ended_otherwise_stays_ended(self, free, facility, agency, officer, head):
        card = job_seeker_card(free, facility, agency)
        work = begin(free, facility, officer, employer=EmployerFactory(facility=facility))
        job_seekers.reopen(card=card, reason="Masih lapor", by=head)
        job_seekers.end(card=card, on=today(), why="other", by=officer)
        void(work, head)
        card.refresh_from_db()
        assert card.ended_why == "other"

    @pytest.mark.parametrize("days_after_release", [0, 10])
    def test_what_was_asked_since_the_release_goes_on(
        self, facility, agency, officer, head, registrar, days_after_release
    ):
        person = freed(facility, agency, registrar)
        since = due(person)[0].counted_from
        asked = [(row.months, row.due_on) for row in due(person)]
        work = begin(
            person,
            facility,
            officer,
            employer=EmployerFactory(facility=facility),
            starts_on=today(days_after_release - 40),
        )
        void(work, head)
        assert [(row.months, row.due_on) for row in due(person)] == asked
        assert {(row.counted_from, row.placement) for row in due(person)} == {(since, None)}

    def test_work_release_is_called_off_at_the_gate(self, facility, officer, head):
        void(goes_out(facility, officer), head)
        assert Notice.objects.filter(recipient=officer, kind="work_release_voided").exists()

    def test_nothing_counts_it(self, client, work, head, vacancy):
        void(work, head)
        client.force_login(head)
        assert not Placement.objects.counted().exists()
        listed = client.get(reverse("placements:placement-list"))
        assert not list(listed.context["table"].rows)
        asked = client.get(reverse("placements:placement-list"), {"state": "void"})
        assert [row.record for row in asked.context["table"].rows] == [work]
        page = client.get(vacancy.get_absolute_url())
        assert page.context["numbers"]["placements"] == 0
        month = placed(work.facility, today(-40), today())
        begun = dict(row for row in month.rows if row[0].startswith("Mulai"))
        assert set(begun.values()) == {0}
        person = client.get(work.inmate.get_absolute_url()).content.decode()
        assert work.get_absolute_url() not in person
        assert not [check for check, ids in differences() if ids]


class TestRefusals:
    def test_only_the_head_and_with_a_reason(self, work, officer, warden, head):
        for by in (officer, warden):
            with pytest.raises(Forbidden):
                void(work, by)
        assert "alasan" in str(refusal_of(void, work, head, " ")).lower()

    def test_twice_is_once_and_another_reason_hears_the_first(self, work, head):
        assert void(work, head) == void(work, head)
        with pytest.raises(AlreadyDone, match=WHY):
            void(work, head, "Lain")

    def test_while_somebody_learned_what_became_of_it(self, work, head):
        work.follow_ups.filter(months=1).update(
            state=FollowUpState.DONE,
            outcome=FollowUpOutcome.FORMAL,
            done_on=today(),
            channel="call",
        )
        assert "1 hasil pemantauan" in str(refusal_of(void, work, head))

    def test_while_the_gate_wrote_down_that_they_went_out(self, facility, officer, head):
        work = goes_out(facility, officer)
        out_today(work)
        assert "Buku pintu" in str(refusal_of(void, work, head))

    def test_while_the_person_was_accepted_elsewhere_since(
        self, free, facility, agency, officer, head
    ):
        work = begin_referred(accepted(facility, agency, free), officer)
        placements.end(placement=work, ended_on=today(), reason="Sakit", by=officer)
        accepted(facility, agency, free, vacancy=VacancyFactory())
        assert "diterima" in str(refusal_of(void, work, head))

    def test_afterwards_nothing_else_is_done_to_it(self, work, head, officer):
        void(work, head)
        with pytest.raises(AlreadyDone):
            placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        with pytest.raises(AlreadyDone):
            placements.undo_end(placement=work, reason="x", by=head)
        with pytest.raises(AlreadyDone):
            placements.correct(placement=work, changes={"job": "Y"}, reason="x", by=officer)

    @pytest.mark.parametrize("wrong", [{"state": "running"}, {"ended_on": today()}, {"reason": ""}])
    def test_the_database_keeps_it_so(self, work, head, wrong):
        void(work, head)
        with pytest.raises(Exception, match=r"transition|placement_void"), transaction.atomic():
            Placement.objects.filter(pk=work.pk).update(**wrong)


class TestPage:
    def test_the_head_finds_it_and_says_why(self, client, work, head):
        client.force_login(head)
        assert "Batalkan catatan ini" in client.get(work.get_absolute_url()).content.decode()
        done = client.post(f"{work.get_absolute_url()}void/", {"reason": WHY}, follow=True)
        page = done.content.decode()
        assert WHY in page
        assert "Betulkan" not in page
        assert "Batalkan catatan ini" not in page

    def test_what_hangs_on_it_is_said_beforehand(self, client, facility, officer, head):
        work = goes_out(facility, officer)
        out_today(work)
        client.force_login(head)
        page = client.get(work.get_absolute_url()).content.decode()
        assert "Buku pintu" in page
        assert "Batalkan catatan ini" not in page

    def test_without_a_reason_nothing_happens(self, client, work, head):
        client.force_login(head)
        assert client.post(f"{work.get_absolute_url()}void/", {}).status_code == 422
        work.refresh_from_db()
        assert work.state == "running"
