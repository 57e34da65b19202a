"""What was learned: recorded once, by whoever asks; vain tries kept; corrected and undone."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from placements.employment import ContactChannel, FollowUpOutcome
from placements.models import FollowUp
from placements.services import follow_up_answers
from tests.factories.partners import AgencyFactory, liaison_of, today
from tests.factories.placements import consent_of
from tests.placements.changes import told as notices_of
from tests.placements.followed import (
    again,
    agrees,
    free_follow_up,
    freed,
    given_to,
    out_of_work,
    recorded,
    sentence_over,
    series_of,
    states_of,
)

pytestmark = pytest.mark.django_db
WITHOUT_WORK = [
    outcome
    for outcome in FollowUpOutcome
    if outcome not in ("formal", "informal", "self_employed", "apprentice", "not_reached")
]


@pytest.fixture
def row(facility):
    return free_follow_up(facility)


@pytest.fixture
def theirs(facility, agency):
    return given_to(agency, facility)


class TestRecording:
    def test_keeps_what_was_told_and_who_asked(self, row, officer):
        recorded(row, officer, help_needed="Perlu modal")
        row = again(row)
        assert (row.state, row.outcome, row.employer) == ("done", "formal", "PT Contoh Karya")
        assert (row.pay_band, row.is_same_job, row.help_needed) == ("around", True, "Perlu modal")
        assert (row.done_by, row.state_by, row.done_on) == (officer.name, officer, today())

    def test_repeated_by_the_same_it_is_the_same(self, row, officer):
        assert recorded(row, officer) == recorded(row, officer)

    def test_by_another_or_otherwise_it_names_who_was_faster(self, row, officer, head):
        recorded(row, officer)
        with pytest.raises(AlreadyDone, match=officer.name):
            recorded(row, head)
        with pytest.raises(AlreadyDone, match=officer.name):
            recorded(row, officer, outcome="informal")

    def test_is_not_for_who_has_no_such_task(self, row, registrar, warden, outsider, liaison):
        for user in (registrar, warden, outsider, liaison):
            with pytest.raises(Forbidden):
                recorded(row, user)

    def test_of_what_was_called_off_there_is_nothing_to_say(self, row, officer):
        FollowUp.objects.update(state="cancelled")
        with pytest.raises(NotAllowed, match="tidak berlaku"):
            recorded(row, officer)

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("outcome", {"outcome": "rich"}),
            ("channel", {"channel": "pigeon"}),
            ("pay_band", {"pay_band": "secret"}),
            ("done_on", {"done_on": today(1)}),
            ("done_on", {"done_on": today(-41)}),
            ("done_on", {"done_on": today(-30)}),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, row, officer, field, changed):
        with pytest.raises(NotAllowed) as refused:
            recorded(row, officer, **changed)
        assert list(refused.value.error_dict) == [field]
        assert again(row).state == "due"

    @pytest.mark.parametrize("outcome", WITHOUT_WORK)
    def test_of_who_does_not_work_there_is_no_employer(self, row, officer, outcome):
        with pytest.raises(NotAllowed) as refused:
            recorded(row, officer, outcome=outcome)
        assert set(refused.value.error_dict) == {"employer", "pay_band", "is_same_job"}

    def test_two_weeks_early_is_early_enough(self, facility, officer, settings):
        row = free_follow_up(facility, due_on=today(settings.FOLLOW_UP_EARLY_DAYS))
        recorded(row, officer)
        later = free_follow_up(facility, due_on=today(settings.FOLLOW_UP_EARLY_DAYS + 1))
        with pytest.raises(NotAllowed, match="catat sebagai kabar"):
            recorded(later, officer)

    def test_earlier_months_without_an_answer_were_not_reached(
        self, facility, agency, registrar, officer
    ):
        inmate = freed(facility, agency, registrar, days_ago=100)
        first, third, *later = series_of(inmate)
        recorded(third, officer)
        assert (again(first).state, again(first).outcome) == ("done", "not_reached")
        assert "bulan ke-3" in again(first).reason
        assert {again(row).state for row in later} == {"due"}

    def test_help_that_is_needed_reaches_officer_and_head(self, theirs, liaison, officer, head):
        recorded(theirs, liaison, help_needed="Perlu tempat tinggal")
        for user in (officer, head):
            (notice,) = notices_of(user, "follow_up_help")
            assert "tinggal" not in notice.sentence
            assert theirs.inmate.name not in notice.sentence

    def test_the_officer_learns_of_an_agencys_answer(self, theirs, liaison, officer):
        recorded(theirs, liaison)
        assert notices_of(officer, "follow_up_answered")


class TestAgency:
    def test_its_liaison_records_what_it_was_given(self, theirs, liaison):
        recorded(theirs, liaison)
        assert again(theirs).state_by == liaison

    def test_the_prison_may_record_it_too(self, theirs, officer):
        recorded(theirs, officer)
        assert again(theirs).state == "done"

    def test_no_other_agency_may(self, theirs, other_liaison):
        with pytest.raises(Forbidden):
            recorded(theirs, other_liaison)

    def test_neither_may_the_agency_above(self, theirs, agency):
        agency.parent = AgencyFactory()
        agency.save()
        with pytest.raises(Forbidden):
            recorded(theirs, liaison_of(agency.parent))

    def test_it_does_not_write_down_who_is_detained(self, theirs, liaison):
        with pytest.raises(NotAllowed, match="Hubungi lapas"):
            follow_up_answers.record(
                follow_up=theirs, by=liaison, **out_of_work(outcome="detained")
            )


class TestConsent:
    @pytest.fixture
    def free(self, row):
        sentence_over(row.inmate, days_ago=5)
        return row

    @pytest.mark.parametrize("channel", ["call", "whatsapp", "visit"])
    def test_after_the_sentence_nobody_is_contacted_without_it(self, free, officer, channel):
        with pytest.raises(NotAllowed) as refused:
            recorded(free, officer, channel=channel)
        assert list(refused.value.error_dict) == ["channel"]

    @pytest.mark.parametrize("channel", ["probation", "family", "office"])
    def test_what_is_brought_is_written_down(self, free, officer, channel):
        recorded(free, officer, channel=channel)
        assert again(free).state == "done"

    @pytest.mark.parametrize("channel", ContactChannel.values)
    def test_with_it_every_way_is_open(self, facility, free, officer, channel):
        agrees(free.inmate, facility)
        recorded(free, officer, channel=channel)

    @pytest.mark.parametrize("channel", ContactChannel.values)
    def test_under_the_sentence_every_way_is_open(self, row, officer, channel):
        recorded(row, officer, channel=channel)

    def test_it_is_asked_on_the_day_of_the_contact(self, facility, free, officer):
        agrees(free.inmate, facility, signed_on=today(-2))
        with pytest.raises(NotAllowed):
            recorded(free, officer, done_on=today(-3))
        recorded(free, officer, done_on=today(-2))

    def test_of_whom_no_end_is_known_it_is_needed(self, row, officer):
        row.inmate.sentence.delete()
        with pytest.raises(NotAllowed):
            recorded(row, officer)

    def test_a_consent_to_something_else_is_none(self, facility, free, officer):
        consent_of(free.inmate, facility)
        with pytest.raises(NotAllowed):
            recorded(free, officer)


class TestVainTries:
    def tried(self, row, by, **changed):
        vain = out_of_work(outcome="not_reached")
        return follow_up_answers.record(follow_up=row, by=by, **(vain | changed))

    def test_leave_it_due_and_are_kept(self, row, officer):
        self.tried(row, officer, done_on=today(-2))
        self.tried(row, officer, done_on=today(-1), channel="whatsapp")
        assert again(row).state == "due"
        kept = row.attempts.values_list("tried_on", "channel", "tried_by")
        assert list(kept) == [
            (today(-2), "call", officer.name),
            (today(-1), "whatsapp", officer.name),
        ]

    def test_the_same_try_twice_is_one(self, row, officer, head):
        self.tried(row, officer)
        self.tried(row, officer)
        assert row.attempts.count() == 1
        with pytest.raises(AlreadyDone, match=officer.name):
            self.tried(row, head)

    def test_it_is_closed_only_after_enough_of_them(self, row, officer):
        self.tried(row, officer, done_on=today(-2))
        with pytest.raises(NotAllowed) as refused:
            self.tried(row, officer, done_on=today(-1), is_last=True)
        assert list(refused.value.error_dict) == ["is_last"]
        assert row.attempts.count() == 1
        self.tried(row, officer, done_on=today(-1))
        self.tried(row, officer, is_last=True)
        assert (again(row).state, again(row).outcome) == ("done", "not_reached")
        assert row.attempts.count() == 3

    def test_closing_twice_is_closing_once(self, row, officer):
        for days in (-2, -1):
            self.tried(row, officer, done_on=today(days))
        assert self.tried(row, officer, is_last=True) == self.tried(row, officer, is_last=True)

    def test_who_is_reached_later_is_recorded_all_the_same(self, row, officer):
        self.tried(row, officer, done_on=today(-2))
        recorded(row, officer)
        assert (again(row).outcome, row.attempts.count()) == ("formal", 1)

    def test_under_no_consent_nobody_is_tried(self, row, officer):
        sentence_over(row.inmate)
        with pytest.raises(NotAllowed):
            self.tried(row, officer)


class TestEnds:
    @pytest.mark.parametrize("outcome", ["died", "detained"])
    def test_the_rest_of_the_series_is_called_off(
        self, facility, agency, registrar, officer, outcome
    ):
        inmate = freed(facility, agency, registrar, days_ago=35)
        first, *rest = series_of(inmate)
        follow_up_answers.record(follow_up=first, by=officer, **out_of_work(outcome=outcome))
        assert states_of(inmate) == [
            (1, "done"), (3, "cancelled"), (6, "cancelled"), (12, "cancelled"),
        ]  # fmt: skip
        assert {again(row).outcome for row in rest} == {outcome}

    @pytest.mark.parametrize("how", ["undo", "correct"])
    def test_and_asked_again_if_it_was_wrong(self, facility, agency, registrar, officer, head, how):
        inmate = freed(facility, agency, registrar, days_ago=35)
        first, *rest = series_of(inmate)
        follow_up_answers.record(follow_up=first, by=officer, **out_of_work(outcome="detained"))
        if how == "undo":
            follow_up_answers.undo(follow_up=first, reason="Orang lain", by=head)
        else:
            follow_up_answers.correct(
                follow_up=first, reason="Orang lain", by=officer, **out_of_work()
            )
        assert {(again(row).state, again(row).outcome) for row in rest} == {("due", "")}
