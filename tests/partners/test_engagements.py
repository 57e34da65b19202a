"""Visits and what was promised at them."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services import notices
from partners.services import action_items, engagements
from tests.factories.accounts import staff
from tests.factories.partners import ActionItemFactory, AgencyFactory, EngagementFactory, today

pytestmark = pytest.mark.django_db


def record(facility, agency, by, **more):
    fields = {
        "held_on": today(-1),
        "delegation": "Kasi Giatja",
        "purpose": "Menjajaki pelatihan las",
    }
    return engagements.record(facility=facility, agency=agency, by=by, **(fields | more))


def test_the_officer_records_a_visit_and_its_promises(facility, agency, officer):
    promise = {"what": "Kirim surat penawaran", "owner_role": "head", "due": today(14)}

    engagement = record(facility, agency, officer, action_items=[promise])

    item = engagement.action_items.get()
    assert (item.what, item.owner_role_id, item.due) == (*promise.values(),)
    assert (item.facility, item.agency) == (facility, agency)
    assert engagement.created_by == officer


def test_a_visit_of_today_can_be_recorded(facility, agency, officer):
    assert record(facility, agency, officer, held_on=today()).held_on == today()


def test_a_visit_that_was_not_held_yet_is_refused_beside_its_date(facility, agency, officer):
    with pytest.raises(NotAllowed) as refusal:
        record(facility, agency, officer, held_on=today(1))

    assert list(refusal.value.error_dict) == ["held_on"]


def test_an_agency_that_is_no_partner_is_refused(facility, officer):
    with pytest.raises(NotAllowed) as refusal:
        record(facility, AgencyFactory(), officer)

    assert list(refusal.value.error_dict) == ["agency"]


@pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "security", "observer"])
def test_other_posts_do_not_record_visits(facility, agency, role):
    with pytest.raises(Forbidden):
        record(facility, agency, staff(facility, role))


def test_nobody_records_a_visit_for_another_prison(facility, agency, outsider, liaison):
    for stranger in (outsider, liaison):
        with pytest.raises(Forbidden):
            record(facility, agency, stranger)


class TestFinishing:
    @pytest.fixture
    def item(self, facility, agency):
        engagement = EngagementFactory(facility=facility, agency=agency)
        return ActionItemFactory(engagement=engagement, owner_role_id="registrar")

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
