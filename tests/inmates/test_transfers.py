"""Asking for, answering and sending people between two prisons."""

from correspondence.models import Notice
from inmates.models import Transfer
from inmates.services import transfers
from inmates.states import RegisterClass, TransferState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import today


def asked(inmate, origin, **fields):
    return {
        "inmate": inmate,
        "origin_id": origin.pk,
        "moved_on": today(-5),
        "register_number": "B.I 7/2026",
        "register_class": RegisterClass.B1,
        **fields,
    }


def test_a_register_full_of_people_from_elsewhere_asks_each_origin_once(
    facility, registrar, head, django_assert_max_num_queries
):
    destination = FacilityFactory(code="SRG")
    by = staff(destination, "registrar")
    people = [inmate_at(facility) for _ in range(20)]
    by_hand = [asked(person, facility) for person in people]
    with django_assert_max_num_queries(20):
        made = transfers.propose_many(destination=destination, people=by_hand, by=by)
    assert {one.state for one in made} == {TransferState.PROPOSED}
    assert {one.inmate_id for one in made} == {person.pk for person in people}
    told = Notice.objects.filter(kind="transfer_proposed")
    assert {notice.recipient for notice in told} == {registrar, head}
    assert {notice.data["count"] for notice in told} == {20}


def test_nobody_is_asked_for_twice_nor_from_where_they_are_not(facility, registrar):
    destination, third = FacilityFactory(code="SRG"), FacilityFactory()
    waiting, here, free = inmate_at(facility), inmate_at(destination), inmate_at(facility)
    free.custodies.update(until=today(), ended_how="released")
    CustodyFactory(inmate=waiting, facility=third, until=today(-900), starts=today(-999))
    people = [asked(person, facility) for person in (waiting, here, free)]
    first = transfers.propose_many(destination=destination, people=people, by=None)
    assert [one.inmate for one in first] == [waiting]
    assert transfers.propose_many(destination=destination, people=people, by=None) == []
    assert Transfer.objects.count() == 1


def test_a_move_in_days_to_come_is_asked_for_as_of_today(facility):
    people = [asked(inmate_at(facility), facility, moved_on=today(3))]
    (made,) = transfers.propose_many(destination=FacilityFactory(), people=people, by=None)
    assert made.moved_on == today()
