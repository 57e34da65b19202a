"""A promise by name names the next holder once the last day of the one before has passed."""

import pytest

from accounts.models import Posting
from partners.models import ActionItem
from reports.services import handover
from reports.tasks import move_promises
from tests.factories.accounts import PostingFactory, UserFactory, staff
from tests.factories.partners import ActionItemFactory, EngagementFactory, today

pytestmark = pytest.mark.django_db


def end(posting, by, **fields):
    return handover.end(posting=posting, by=by, **{"last_day": today(), **fields})


@pytest.fixture
def named(facility, agency, officer):
    visit = EngagementFactory(facility=facility, agency=agency)
    return ActionItemFactory(engagement=visit, owner=officer)


def owner_of(item):
    return ActionItem.objects.get(pk=item.pk).owner


def test_by_name_they_go_to_the_successor_on_the_day_after_the_last(
    named, posting, head, officer, successor
):
    end(posting, head, last_day=today(3), successor=successor)
    assert owner_of(named) == officer, "still in office"
    assert handover.move_promises(today=today(3)) == 0, "the last day counts"
    assert owner_of(named) == officer
    assert handover.move_promises(today=today(4)) == 1
    assert owner_of(named) == successor


def test_recorded_afterwards_they_go_at_once(named, posting, head, successor):
    end(posting, head, last_day=today(-1), successor=successor)
    assert owner_of(named) == successor


def test_moved_again_nothing_happens(named, posting, head, successor):
    end(posting, head, successor=successor)
    assert [handover.move_promises(today=today(day)) for day in (1, 1, 2)] == [1, 0, 0]
    colleague = staff(posting.facility, "officer")
    ActionItem.objects.filter(pk=named.pk).update(owner=colleague)
    assert handover.move_promises(today=today(3)) == 0
    assert owner_of(named) == colleague


def test_who_came_back_to_the_post_keeps_what_they_promised_since(
    named, posting, head, officer, successor
):
    end(posting, head, last_day=today(-1), successor=successor)
    PostingFactory(user=officer, facility=posting.facility, role_id="officer", starts=today())
    ActionItem.objects.filter(pk=named.pk).update(owner=officer)
    assert handover.move_promises() == 0
    assert owner_of(named) == officer


def test_promised_between_the_hand_over_and_the_last_day_they_go_too(
    named, posting, head, officer, successor
):
    end(posting, head, last_day=today(3), successor=successor)
    later = ActionItemFactory(engagement=named.engagement, owner=officer)
    assert handover.move_promises(today=today(4)) == 2
    assert owner_of(later) == successor


def test_a_clock_that_stood_still_follows_the_row_of_successors(named, posting, head, successor):
    end(posting, head, last_day=today(1), successor=successor)
    last = UserFactory(name="Penerus Kedua")
    end(successor.postings.get(), head, last_day=today(5), successor=last)
    for _again in range(2):
        handover.move_promises(today=today(6))
    assert owner_of(named) == last


def test_without_a_successor_up_to_who_is_head_on_that_day(named, posting, head, warden, facility):
    done = end(posting, head)
    head.postings.update(until=today(-1))
    newcomer = staff(facility, "head", name="Kasi Baru")
    handover.move_promises(today=today(1))
    assert owner_of(named) == newcomer
    assert done.data["receiver"]["name"] == head.name


def test_the_clock_moves_them(named, posting, head, successor):
    end(posting, head, last_day=today(2), successor=successor)
    Posting.objects.filter(pk=posting.pk).update(starts=today(-9), until=today(-1))
    move_promises()
    assert owner_of(named) == successor


def test_of_another_post_they_stay(named, posting, head, facility, officer, successor):
    PostingFactory(user=officer, facility=facility, role_id="registrar")
    ActionItem.objects.filter(pk=named.pk).update(owner_role_id="registrar")
    end(posting, head, last_day=today(-1), successor=successor)
    assert handover.move_promises() == 0
    assert owner_of(named) == officer


def test_those_kept_and_those_of_another_prison_stay(named, posting, head, successor):
    ActionItem.objects.filter(pk=named.pk).update(done_at="2026-01-01T00:00Z")
    elsewhere = ActionItemFactory(owner=posting.user)
    end(posting, head, last_day=today(-1), successor=successor)
    assert set(ActionItem.objects.values_list("owner", flat=True)) == {posting.user_id}
    assert elsewhere.facility != posting.facility


def test_at_a_vacant_post_they_show_on_the_heads_home(login, named, posting, head):
    end(posting, head, last_day=today(-1))
    html = login(head).get("/").content.decode()
    assert named.what in html
    assert "Jabatan kosong" in html
