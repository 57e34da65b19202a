"""What a person needs before work: read from where it stands, written down, and by whom."""

from datetime import date

import pghistory
import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates import rules
from inmates.models import Document, Inmate, Sentence
from placements import checklist
from placements.checklist import DOCUMENTS
from placements.employment import Readiness, ReadinessStanding
from placements.models import ReadinessItem
from placements.services import readiness
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import gone_from, merged_pair
from tests.factories.partners import today
from tests.factories.placements import consent_of
from tests.factories.work import cv_of, leaving, there

pytestmark = pytest.mark.django_db

THERE, WAIVED, MISSING = ReadinessStanding


@pytest.fixture
def inmate(facility):
    return leaving(facility, name="ANI")


def items_of(inmate):
    return {item.kind: item for item in checklist.items_of(checklist.of(inmate))}


class TestReading:
    def test_everything_is_missing_at_first_and_due_when_referrals_are_sent(self, inmate):
        items = items_of(inmate)
        assert list(items) == list(Readiness)
        assert {item.standing for item in items.values()} == {MISSING}
        assert {item.due for item in items.values()} == {rules.months_later(today(90), -3)}

    @pytest.mark.parametrize("kind", DOCUMENTS)
    def test_a_paper_is_there_once_it_was_seen(self, inmate, facility, kind):
        there(inmate, facility, kind)
        item = items_of(inmate)[kind]
        assert (item.standing, item.since) == (THERE, today(-3))

    def test_a_cv_is_there_once_its_person_approved_it(self, inmate, facility):
        cv = cv_of(inmate, facility, approved_on=None)
        item = items_of(inmate)[Readiness.CV]
        assert (item.standing, item.is_written) == (MISSING, True)
        cv.approved_on = today()
        cv.save()
        item = items_of(inmate)[Readiness.CV]
        assert (item.standing, item.since, item.is_written) == (THERE, today(), False)

    def test_what_a_merged_record_holds_counts(self, facility):
        pair = merged_pair(facility)
        for kind in Readiness:
            there(pair.loser, facility, kind)
        assert {item.standing for item in items_of(pair.winner).values()} == {THERE}
        assert Inmate.objects.filter(pk=pair.winner.pk).filter(checklist.is_there("bank")).exists()

    def test_a_day_of_ones_own_comes_before_the_usual_one(self, inmate, facility):
        ReadinessItem.objects.create(
            inmate=inmate, facility=facility, kind=Readiness.BANK, due_on=today(-1)
        )
        item = items_of(inmate)[Readiness.BANK]
        assert (item.due, item.is_late) == (today(-1), True)

    def test_without_a_release_nothing_is_due(self, facility):
        person = leaving(facility)
        person.sentence.delete()
        assert {item.due for item in items_of(person).values()} == {None}

    def test_the_list_opens_by_itself_six_months_before_release(self, settings, facility):
        soon, later = leaving(facility, 170), leaving(facility, 200)
        assert checklist.is_open(checklist.of(soon))
        assert not checklist.is_open(checklist.of(later))
        assert set(checklist.open_lists(today())) == {soon}
        settings.REFERRAL_BEGINS_MONTHS = 8
        assert set(checklist.open_lists(today())) == {soon, later}

    @pytest.mark.parametrize("kind", Readiness)
    @pytest.mark.parametrize("standing", ReadinessStanding)
    def test_lists_and_pages_say_the_same(self, inmate, facility, kind, standing):
        if standing == THERE:
            there(inmate, facility, kind)
        elif standing == WAIVED:
            ReadinessItem.objects.create(
                inmate=inmate, facility=facility, kind=kind, is_waived=True, note="Uji"
            )
        assert items_of(inmate)[kind].standing == standing
        people = Inmate.objects.filter(pk=inmate.pk)
        assert checklist.lacking(people, kind).exists() == (standing == MISSING)
        found = checklist.lists_to_complete(today()).get()
        assert (found.pk, found.missing) == (inmate.pk, 6 - (standing != MISSING))
        assert not checklist.complete(people).exists()

    def test_complete_is_who_lacks_nothing(self, inmate, facility):
        for kind in Readiness:
            there(inmate, facility, kind)
        people = Inmate.objects.filter(pk=inmate.pk)
        assert checklist.complete(people).exists()
        assert not checklist.lacking(people).exists()
        assert not checklist.lists_to_complete(today()).exists()

    def test_a_list_to_complete_counts_what_merged_records_hold(self, facility):
        pair = merged_pair(facility)
        Sentence.objects.filter(inmate=pair.winner).update(released_on=today(90))
        there(pair.loser, facility, Readiness.BANK)
        there(pair.loser, facility, Readiness.PHOTO)
        there(pair.winner, facility, Readiness.PHOTO)
        assert [each.missing for each in checklist.lists_to_complete(today())] == [4]

    def test_of_who_does_not_meet_a_condition_or_stays_nothing_is_to_complete(self, facility):
        trained, other, later = (leaving(facility, days) for days in (90, 90, 200))
        for each in (trained, later):
            consent_of(each, facility)
        rows = checklist.lists_to_complete(today(), checklist.referable(today()))
        assert list(rows) == [trained]
        assert set(checklist.lists_to_complete(today())) == {trained, other}


class TestRecord:
    def record(self, inmate, by, kind="bank", standing=THERE, **given):
        given = {"on": today(-1)} | given
        return readiness.record(inmate=inmate, kind=kind, standing=standing, by=by, **given)

    @pytest.mark.parametrize("kind", [Readiness.BANK, Readiness.POLICE])
    def test_it_is_there_since_a_day(self, inmate, officer, kind):
        item = self.record(inmate, officer, kind)
        assert (item.standing, item.since) == (THERE, today(-1))

    def test_a_paper_is_noted_as_seen_and_not_kept_twice(self, inmate, officer):
        item = self.record(inmate, officer, Readiness.IDENTITY)
        assert item.since == today(-1)
        assert Document.objects.get(inmate=inmate).seen_on == today(-1)
        assert ReadinessItem.objects.get().done_on is None

    def test_it_is_not_needed_for_a_reason(self, inmate, officer):
        item = self.record(inmate, officer, standing=WAIVED, on=None, note=" Usaha sendiri ")
        assert (item.standing, item.note) == (WAIVED, "Usaha sendiri")

    def test_it_is_to_be_done_by_a_day(self, inmate, officer):
        assert self.record(inmate, officer, standing=MISSING, on=today(9)).due == today(9)
        usual = self.record(inmate, officer, standing=MISSING, on=None).due
        assert usual == rules.months_later(today(90), -3)

    def test_a_wrong_word_is_taken_back(self, inmate, officer):
        self.record(inmate, officer)
        assert self.record(inmate, officer, standing=MISSING, on=None).standing == MISSING
        assert ReadinessItem.objects.get().done_on is None

    def test_twice_writes_once(self, inmate, officer):
        self.record(inmate, officer)
        self.record(inmate, officer)
        assert ReadinessItem.objects.get().events.count() == 1

    def test_what_another_changed_meanwhile_is_named_and_stays(self, inmate, officer, head):
        seen = items_of(inmate)[Readiness.BANK].version
        with pghistory.context(user=officer.pk, name="Budi"):
            self.record(inmate, officer)
        with pytest.raises(AlreadyDone, match=r"Budi.*ada"):
            self.record(inmate, head, standing=WAIVED, on=None, note="Tidak mau", seen=seen)
        assert items_of(inmate)[Readiness.BANK].standing == THERE

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("on", {"on": None}),
            ("on", {"on": today(1)}),
            ("note", {"standing": WAIVED, "on": None}),
            ("standing", {"kind": Readiness.CV}),
        ],
    )
    def test_what_is_lacking_stands_beside_its_field(self, inmate, officer, field, given):
        with pytest.raises(NotAllowed) as refusal:
            self.record(inmate, officer, **given)
        assert set(refusal.value.error_dict) == {field}

    @pytest.mark.parametrize("kind", [Readiness.DIPLOMA, Readiness.CV])
    def test_what_was_seen_is_taken_back_where_it_stands(self, inmate, facility, officer, kind):
        there(inmate, facility, kind)
        with pytest.raises(NotAllowed) as refusal:
            self.record(inmate, officer, kind, standing=MISSING, on=None)
        assert set(refusal.value.error_dict) == {"standing"}

    def test_only_by_who_keeps_it_where_they_are_held(self, inmate, warden, registrar, liaison):
        elsewhere = staff(FacilityFactory(), "officer")
        for by in (warden, registrar, liaison, elsewhere):
            with pytest.raises(Forbidden):
                self.record(inmate, by)

    def test_not_of_who_is_in_no_prison(self, facility, officer):
        with pytest.raises(NotAllowed):
            self.record(gone_from(facility, months=1), officer)

    def test_every_change_stays_in_the_history(self, inmate, officer):
        self.record(inmate, officer)
        self.record(inmate, officer, standing=MISSING, on=date(2030, 1, 1))
        assert readiness.history_of(inmate).count() == 2
