"""What was promised at a visit: added, moved, ticked off, opened again, struck out."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services import notices
from partners import log
from partners.log import history_of_engagement
from partners.models import ActionItem
from partners.services import action_items
from tests.factories.accounts import staff
from tests.factories.partners import ActionItemFactory, EngagementFactory, today
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(facility, agency):
    return EngagementFactory(facility=facility, agency=agency)


@pytest.fixture
def item(engagement):
    return ActionItemFactory(engagement=engagement, owner_role_id="registrar")


def facts_of(item, **more):
    facts = {
        "what": item.what,
        "owner_role": item.owner_role_id,
        "owner": item.owner,
        "due": item.due,
    }
    return facts | more


class TestFinishing:
    def test_the_holder_of_the_post_ticks_it_off(self, item, registrar):
        done = action_items.finish(item=item, by=registrar)

        assert done.done_at
        assert done.done_by == registrar

    def test_so_does_whoever_keeps_the_log(self, item, officer):
        assert action_items.finish(item=item, by=officer).done_by == officer

    def test_twice_by_the_same_person_is_once(self, item, officer):
        first = action_items.finish(item=item, by=officer)
        second = action_items.finish(item=item, by=officer)

        assert second.done_at == first.done_at

    def test_somebody_else_learns_who_did_it(self, item, officer, head):
        action_items.finish(item=item, by=officer)

        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            action_items.finish(item=item, by=head)

    def test_another_post_or_prison_may_not(self, item, secretariat, outsider, liaison):
        for stranger in (secretariat, outsider, liaison):
            with pytest.raises(Forbidden):
                action_items.finish(item=item, by=stranger)

    def test_its_reminders_end(self, item, officer):
        notices.tell(
            kind="action_item", obj=item, recipients=[officer], data={}, link="/", due=item.due
        )

        action_items.finish(item=item, by=officer)

        assert not Notice.objects.live().exists()


class TestOpeningAgain:
    def test_a_wrong_tick_is_taken_back_with_a_reason(self, item, officer):
        action_items.finish(item=item, by=officer)

        again = action_items.reopen(item=item, reason="Salah klik", by=officer)

        assert again.done_at is None
        assert again.done_by is None
        told = log.history_of_engagement(item.engagement, officer)
        assert "Salah klik" in {entry.why for entry in told}

    def test_an_open_one_stays_as_it_is(self, item, officer):
        assert action_items.reopen(item=item, reason="", by=officer) == item

    def test_not_without_a_reason_and_not_by_another_post(self, item, officer, secretariat):
        action_items.finish(item=item, by=officer)

        with pytest.raises(NotAllowed):
            action_items.reopen(item=item, reason=" ", by=officer)
        with pytest.raises(Forbidden):
            action_items.reopen(item=item, reason="x", by=secretariat)


class TestAddingAndMoving:
    def test_a_promise_is_added_afterwards_with_its_person(self, engagement, officer, registrar):
        item = action_items.add(
            engagement=engagement,
            what="Kirim data",
            owner_role="registrar",
            owner=registrar,
            due=today(5),
            by=officer,
        )

        assert (item.facility, item.agency) == (engagement.facility, engagement.agency)
        assert item.owner == registrar

    def test_its_history_says_from_whom_to_whom_it_went(self, item, officer, registrar):
        action_items.change(item=item, by=officer, **facts_of(item, owner=registrar))

        entries = history_of_engagement(item.engagement, officer)
        (change,) = [change for entry in entries for change in entry.changes]
        assert (change.label, change.old, change.new) == ("orangnya", "", registrar.name)

    def test_the_person_has_to_hold_the_post(self, engagement, officer, head):
        with pytest.raises(NotAllowed) as refusal:
            action_items.add(
                engagement=engagement,
                what="Kirim data",
                owner_role="registrar",
                owner=head,
                due=today(5),
                by=officer,
            )

        assert list(refusal.value.error_dict) == ["owner"]

    def test_a_due_date_moves_with_a_reason(self, item, officer):
        moved = action_items.change(
            item=item, by=officer, **facts_of(item, due=today(30), reason="Kadis dinas luar")
        )

        assert moved.due == today(30)
        told = log.history_of_engagement(item.engagement, officer)
        assert "Kadis dinas luar" in {entry.why for entry in told}

    def test_without_a_reason_it_stays(self, item, officer):
        with pytest.raises(NotAllowed) as refusal:
            action_items.change(item=item, by=officer, **facts_of(item, due=today(30)))

        assert list(refusal.value.error_dict) == ["reason"]
        item.refresh_from_db()
        assert item.due == today(14)

    def test_its_words_need_none(self, item, officer):
        changed = action_items.change(item=item, by=officer, **facts_of(item, what="Kirim surat"))

        assert changed.what == "Kirim surat"

    def test_what_is_done_is_not_changed(self, item, officer):
        action_items.finish(item=item, by=officer)

        with pytest.raises(NotAllowed):
            action_items.change(item=item, by=officer, **facts_of(item, what="Lain"))

    @pytest.mark.parametrize("year", [1900, 2101])
    def test_a_year_out_of_reason_is_refused(self, item, officer, year):
        due = today().replace(year=year, month=1, day=1)
        with pytest.raises(NotAllowed) as refusal:
            action_items.change(item=item, by=officer, **facts_of(item, due=due, reason="x"))

        assert list(refusal.value.error_dict) == ["due"]

    def test_others_may_not(self, item, engagement, registrar, outsider, liaison):
        for stranger in (registrar, outsider, liaison):
            with pytest.raises(Forbidden):
                action_items.change(item=item, by=stranger, **facts_of(item))
            with pytest.raises(Forbidden):
                action_items.add(
                    engagement=engagement,
                    what="x",
                    owner_role="head",
                    due=today(1),
                    by=stranger,
                )


class TestStrikingOut:
    def test_it_goes_its_reminders_end_and_history_keeps_it(self, item, officer):
        notices.tell(
            kind="action_item", obj=item, recipients=[officer], data={}, link="/", due=item.due
        )

        action_items.remove(item=item, reason="Tercatat dua kali", by=officer)

        assert not ActionItem.objects.exists()
        assert not Notice.objects.live().exists()
        told = log.history_of_engagement(item.engagement, officer)
        assert ("Dihapus", "Tercatat dua kali") in {(entry.what, entry.why) for entry in told}

    def test_twice_is_once(self, item, officer):
        for _again in range(2):
            action_items.remove(item=item, reason="Dobel", by=officer)

    def test_what_is_done_stays(self, item, officer):
        action_items.finish(item=item, by=officer)

        with pytest.raises(NotAllowed):
            action_items.remove(item=item, reason="x", by=officer)

    def test_not_without_a_reason_nor_by_others(self, item, officer, registrar):
        with pytest.raises(NotAllowed):
            action_items.remove(item=item, reason="", by=officer)
        with pytest.raises(Forbidden):
            action_items.remove(item=item, reason="x", by=registrar)


class TestWhose:
    def test_mine_are_those_of_my_post_and_those_that_name_me(self, engagement, officer, head):
        staff(engagement.facility, "officer")
        of_post = ActionItemFactory(engagement=engagement, owner_role_id="officer")
        named = ActionItemFactory(engagement=engagement, owner_role_id="head", owner=officer)
        ActionItemFactory(engagement=engagement, owner_role_id="head")
        ActionItemFactory(engagement=engagement, owner_role_id="officer", owner=head)

        assert set(ActionItem.objects.owned_by(officer)) == {of_post, named}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_tick_it_off_at_once_are_told_apart(facility, agency, officer, head):
    item = ActionItemFactory(engagement=EngagementFactory(facility=facility, agency=agency))

    outcomes = race(
        lambda: action_items.finish(item=item, by=officer),
        lambda: action_items.finish(item=item, by=head),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["ActionItem", "AlreadyDone"]
