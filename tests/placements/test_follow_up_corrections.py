"""Follow-ups put right, undone, and news that comes outside the schedule."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from placements.employment import FollowUpOwner
from placements.models import FollowUp
from placements.services import follow_up_answers
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import today
from tests.placements.followed import (
    again,
    free_follow_up,
    freed,
    given_to,
    out_of_work,
    recorded,
    sentence_over,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(facility):
    return free_follow_up(facility)


@pytest.fixture
def theirs(facility, agency):
    return given_to(agency, facility)


class TestCorrecting:
    @pytest.fixture
    def done(self, row, officer):
        return recorded(row, officer)

    def correct(self, row, by, reason="Salah dengar", **changed):
        return follow_up_answers.correct(follow_up=row, reason=reason, by=by, **told(**changed))

    def test_changes_what_was_recorded_and_says_why(self, done, head):
        self.correct(done, head, employer="CV Lain")
        row = again(done)
        assert (row.employer, row.state) == ("CV Lain", "done")
        event = FollowUp.pgh_event_model.objects.filter(pgh_obj=row).latest("pgh_id")
        assert event.pgh_context["reason"] == "Salah dengar"

    def test_the_same_is_no_correction(self, done, head):
        self.correct(done, head, reason="")
        events = FollowUp.pgh_event_model.objects.filter(pgh_obj=done)
        assert events.count() == 2

    def test_needs_a_reason(self, done, officer):
        with pytest.raises(NotAllowed) as refused:
            self.correct(done, officer, reason=" ", employer="CV Lain")
        assert list(refused.value.error_dict) == ["reason"]

    def test_needs_something_recorded(self, row, officer):
        with pytest.raises(NotAllowed, match="belum dicatat"):
            self.correct(row, officer)

    def test_cannot_say_that_nobody_was_reached(self, done, officer):
        with pytest.raises(NotAllowed) as refused:
            follow_up_answers.correct(
                follow_up=done, reason="x", by=officer, **out_of_work(outcome="not_reached")
            )
        assert list(refused.value.error_dict) == ["outcome"]

    def test_a_liaison_corrects_only_what_the_agency_wrote(self, theirs, liaison, officer):
        recorded(theirs, officer)
        with pytest.raises(Forbidden, match="lapas"):
            self.correct(theirs, liaison, employer="CV Lain")

    def test_a_liaison_corrects_the_own(self, theirs, liaison):
        recorded(theirs, liaison)
        self.correct(theirs, liaison, employer="CV Lain")
        assert again(theirs).employer == "CV Lain"


class TestUndoing:
    def test_asks_again_and_forgets_what_was_told(self, row, officer, head):
        recorded(row, officer)
        follow_up_answers.undo(follow_up=row, reason="Salah orang", by=head)
        row = again(row)
        assert (row.state, row.outcome, row.employer, row.done_on) == ("due", "", "", None)

    def test_twice_is_once(self, row, officer, head):
        recorded(row, officer)
        undone = follow_up_answers.undo(follow_up=row, reason="Salah", by=head)
        assert follow_up_answers.undo(follow_up=row, reason="Salah", by=head) == undone

    def test_is_for_the_head_alone(self, row, officer, warden, outsider):
        recorded(row, officer)
        for user in (officer, warden, outsider):
            with pytest.raises(Forbidden):
                follow_up_answers.undo(follow_up=row, reason="Salah", by=user)

    def test_needs_a_reason_and_a_record(self, row, officer, head):
        with pytest.raises(NotAllowed, match="belum dicatat"):
            follow_up_answers.undo(follow_up=row, reason="Salah", by=head)
        recorded(row, officer)
        with pytest.raises(NotAllowed):
            follow_up_answers.undo(follow_up=row, reason=" ", by=head)


class TestNews:
    def brought(self, row, by, **changed):
        family = {"channel": "family", **changed}
        return follow_up_answers.tell_news_of(follow_up=row, by=by, **told(**family))

    def test_is_a_row_of_its_own(self, row, officer):
        news = self.brought(row, officer, done_on=today(-3))
        assert (news.months, news.state, news.counted_from) == (0, "done", today(-3))
        assert again(row).state == "due"

    def test_told_twice_is_told_once(self, row, officer, head):
        assert self.brought(row, officer) == self.brought(row, officer)
        with pytest.raises(AlreadyDone, match=officer.name):
            self.brought(row, head)

    def test_of_a_liaison_belongs_to_the_agency(self, theirs, liaison, agency):
        news = self.brought(theirs, liaison)
        assert (news.owner, news.agency) == (FollowUpOwner.AGENCY, agency)
        assert FollowUp.objects.visible_to(liaison).filter(pk=news.pk).exists()

    def test_of_nobody_reached_is_none(self, row, officer):
        with pytest.raises(NotAllowed):
            follow_up_answers.tell_news_of(
                follow_up=row, by=officer, **out_of_work(outcome="not_reached")
            )

    def test_taken_out_it_may_be_told_anew(self, row, officer, head):
        news = self.brought(row, officer)
        follow_up_answers.undo(follow_up=news, reason="Salah orang", by=head)
        assert again(news).state == "cancelled"
        assert self.brought(row, officer, employer="CV Lain") == news
        assert (again(news).state, again(news).employer) == ("done", "CV Lain")

    def test_of_a_death_ends_the_series(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar, days_ago=10)
        follow_up_answers.tell_news(
            inmate=inmate,
            facility=facility,
            by=officer,
            **out_of_work(outcome="died", channel="family"),
        )
        assert not FollowUp.objects.planned().filter(inmate=inmate).exists()

    def test_needs_consent_as_any_contact(self, row, officer):
        sentence_over(row.inmate)
        with pytest.raises(NotAllowed):
            self.brought(row, officer, channel="call")

    def test_of_who_is_in_custody_is_none(self, facility, officer):
        with pytest.raises(NotAllowed, match="ditempatkan"):
            follow_up_answers.tell_news(
                inmate=inmate_at(facility), facility=facility, by=officer, **told()
            )

    def test_an_agency_does_not_learn_that_somebody_is_back(self, facility, theirs, liaison):
        recorded(theirs, liaison)
        CustodyFactory(inmate=theirs.inmate, facility=facility, starts=today())
        with pytest.raises(NotAllowed, match="Hubungi lapas"):
            self.brought(theirs, liaison, done_on=today(-1))

    def test_is_no_task_of_others(self, row, facility, registrar, outsider, liaison):
        for user in (registrar, outsider, liaison):
            with pytest.raises(Forbidden):
                self.brought(row, user)
            with pytest.raises(Forbidden):
                follow_up_answers.tell_news(inmate=row.inmate, facility=facility, by=user, **told())
