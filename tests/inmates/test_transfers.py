"""Asking for, answering and sending people between two prisons."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.kinds import sentence_of
from correspondence.models import Notice
from inmates.models import Circumstance, Inmate, Transfer
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


@pytest.fixture
def serang(db):
    return FacilityFactory(code="SRG", name="Lapas Serang")


@pytest.fixture
def asker(serang):
    return staff(serang, "registrar", name="Register Serang")


@pytest.fixture
def asked_for(facility, registrar, head, serang, asker):
    """Serang has asked Cilegon for somebody."""
    (transfer,) = transfers.propose_many(
        destination=serang, people=[asked(inmate_at(facility), facility)], by=asker
    )
    return transfer


def kinds_of(user):
    return sorted(Notice.objects.live().filter(recipient=user).values_list("kind", flat=True))


def test_one_person_is_asked_for_by_key(facility, serang, asker, registrar):
    inmate = inmate_at(facility)
    said = {"person_key": f"'{inmate.person_key}", "moved_on": today(-1), "by": asker}
    made = transfers.propose(destination=serang, **said)
    assert transfers.propose(destination=serang, **said) == made
    assert (made.origin, made.inmate) == (facility, inmate)
    with pytest.raises(AlreadyDone, match="sudah diusulkan"):
        transfers.propose(destination=serang, **said | {"moved_on": today()})
    assert kinds_of(registrar) == ["transfer_proposed"]


def test_who_is_nowhere_or_here_cannot_be_asked_for(facility, serang, asker):
    here, gone = inmate_at(serang), inmate_at(facility)
    gone.custodies.update(until=today(), ended_how="released")
    for key in ("0000", here.person_key, gone.person_key):
        with pytest.raises(NotAllowed) as refused:
            transfers.propose(destination=serang, person_key=key, moved_on=today(), by=asker)
        assert set(refused.value.error_dict) == {"person_key"}
    with pytest.raises(NotAllowed) as refused:
        transfers.propose(
            destination=serang,
            person_key=inmate_at(facility).person_key,
            moved_on=today(1),
            by=asker,
        )
    assert set(refused.value.error_dict) == {"moved_on"}


def test_only_the_registrar_asks(facility, serang):
    officer = staff(serang, "officer")
    with pytest.raises(Forbidden):
        transfers.propose_many(destination=serang, people=[], by=officer)
    with pytest.raises(Forbidden):
        transfers.propose(destination=serang, person_key="1", moved_on=today(), by=officer)


@pytest.mark.parametrize("role", ["registrar", "head"])
def test_the_origin_lets_the_person_go(facility, serang, asker, asked_for, role):
    by = staff(facility, role)
    accepted = transfers.accept(transfer=asked_for, by=by)
    old, new = accepted.inmate.custodies.all()
    assert (old.facility, old.until, old.ended_how) == (facility, today(-5), "transferred")
    assert old.moved_to == serang.name
    assert (new.facility, new.starts, new.until) == (serang, today(-5), None)
    assert (new.register_number, new.register_class) == ("B.I 7/2026", RegisterClass.B1)
    noted = Circumstance.objects.get()
    assert (noted.kind, noted.facility, noted.source) == ("transferred", facility, "transfer")
    assert kinds_of(asker) == ["transfer_answered"]
    assert kinds_of(by) == []
    assert transfers.accept(transfer=asked_for, by=by) == accepted
    assert Circumstance.objects.count() == 1


def test_the_new_prison_sees_the_record_and_the_old_one_still_does(facility, asked_for, registrar):
    by = staff(asked_for.destination, "officer")
    people = Inmate.objects.filter(pk=asked_for.inmate_id)
    assert not people.visible_to(by).exists()
    transfers.accept(transfer=asked_for, by=registrar)
    assert people.visible_to(by).exists()
    assert people.visible_to(registrar).exists()
    assert people.get().prison == asked_for.destination


def test_the_origin_corrects_the_day(asked_for, registrar):
    accepted = transfers.accept(transfer=asked_for, by=registrar, moved_on=today(-1))
    assert accepted.moved_on == today(-1)
    assert [stay.starts for stay in accepted.inmate.custodies.open()] == [today(-1)]


@pytest.mark.parametrize("days", [1, -3000])
def test_a_day_that_cannot_be_is_refused_beside_its_field(asked_for, registrar, days):
    with pytest.raises(NotAllowed) as refused:
        transfers.accept(transfer=asked_for, by=registrar, moved_on=today(days))
    assert set(refused.value.error_dict) == {"moved_on"}
    asked_for.refresh_from_db()
    assert asked_for.state == TransferState.PROPOSED


def test_a_second_answer_learns_who_was_first(asked_for, registrar, head):
    transfers.accept(transfer=asked_for, by=registrar)
    for late in (
        lambda: transfers.accept(transfer=asked_for, by=head),
        lambda: transfers.accept(transfer=asked_for, by=registrar, moved_on=today(-1)),
        lambda: transfers.refuse(transfer=asked_for, reason="Masih di sini", by=head),
    ):
        with pytest.raises(AlreadyDone, match="diterima oleh Petugas Register"):
            late()


def test_a_refusal_says_why_and_leaves_all_as_it_was(asked_for, registrar, asker):
    with pytest.raises(NotAllowed) as refused:
        transfers.refuse(transfer=asked_for, reason=" ", by=registrar)
    assert set(refused.value.error_dict) == {"reason"}
    no = transfers.refuse(transfer=asked_for, reason="Masih di sini", by=registrar)
    assert transfers.refuse(transfer=asked_for, reason="Masih di sini", by=registrar) == no
    assert no.inmate.custodies.get().until is None
    assert (kinds_of(asker), kinds_of(registrar)) == (["transfer_answered"], [])
    with pytest.raises(AlreadyDone, match="ditolak oleh lapas asal"):
        transfers.withdraw(transfer=asked_for, by=asker)


def test_the_asking_prison_takes_its_question_back(asked_for, asker, registrar):
    gone = transfers.withdraw(transfer=asked_for, by=asker)
    assert transfers.withdraw(transfer=asked_for, by=asker) == gone
    assert kinds_of(registrar) == []
    with pytest.raises(AlreadyDone, match="ditarik oleh Register Serang"):
        transfers.accept(transfer=asked_for, by=registrar)


def test_nobody_answers_or_withdraws_for_the_other_side(asked_for, registrar, asker, officer):
    for by in (asker, officer):
        with pytest.raises(Forbidden):
            transfers.accept(transfer=asked_for, by=by)
        with pytest.raises(Forbidden):
            transfers.refuse(transfer=asked_for, reason="Tidak", by=by)
    with pytest.raises(Forbidden):
        transfers.withdraw(transfer=asked_for, by=registrar)


def test_the_origins_notice_stays_until_its_last_answer(facility, serang, asker, registrar):
    people = [asked(inmate_at(facility), facility) for _ in range(2)]
    first, second = transfers.propose_many(destination=serang, people=people, by=asker)
    transfers.accept(transfer=first, by=registrar)
    assert kinds_of(registrar) == ["transfer_proposed"]
    transfers.refuse(transfer=second, reason="Bukan orangnya", by=registrar)
    assert kinds_of(registrar) == []


def test_who_has_left_for_that_prison_already_is_only_taken_in(asked_for, registrar, facility):
    inmate = asked_for.inmate
    inmate.custodies.update(until=today(-2), ended_how="transferred")
    transfers.accept(transfer=asked_for, by=registrar)
    assert [(stay.facility_id, stay.starts) for stay in inmate.custodies.open()] == [
        (asked_for.destination_id, today(-2))
    ]


def test_who_was_released_is_not_handed_over(asked_for, registrar):
    asked_for.inmate.custodies.update(until=today(-2), ended_how="released")
    with pytest.raises(NotAllowed, match="sudah tercatat bebas"):
        transfers.accept(transfer=asked_for, by=registrar)


def test_who_is_in_the_new_book_by_now_is_there_already(asked_for, registrar, serang):
    asked_for.inmate.custodies.update(until=today(-2), ended_how="transferred")
    CustodyFactory(inmate=asked_for.inmate, facility=serang, starts=today(-1))
    accepted = transfers.accept(transfer=asked_for, by=registrar)
    assert accepted.inmate.custodies.count() == 2


def test_who_went_to_a_third_prison_is_not_handed_over(asked_for, registrar):
    asked_for.inmate.custodies.update(until=today(-2), ended_how="transferred")
    CustodyFactory(inmate=asked_for.inmate, starts=today(-1))
    with pytest.raises(NotAllowed, match="di lapas lain"):
        transfers.accept(transfer=asked_for, by=registrar)


def sent(inmate, facility, serang, by, **said):
    said = {"moved_on": today(-1), **said}
    return transfers.send(inmate=inmate, origin=facility, destination=serang, by=by, **said)


def test_the_origin_sends_without_being_asked(facility, serang, asker, registrar):
    inmate = inmate_at(facility)
    made = sent(inmate, facility, serang, registrar)
    assert sent(inmate, facility, serang, registrar) == made
    assert made.state == TransferState.ACCEPTED
    stay = inmate.custodies.open().get()
    assert (stay.facility, stay.starts, stay.register_number) == (serang, today(-1), "")
    assert stay.register_class == RegisterClass.B1
    assert kinds_of(asker) == ["transfer_arrived"]
    with pytest.raises(AlreadyDone, match="diterima oleh Petugas Register"):
        sent(inmate, facility, serang, staff(facility, "registrar"))


def test_sending_is_refused_where_it_makes_no_sense(facility, serang, registrar, asked_for):
    inmate = inmate_at(facility)
    for said, field in (
        ({"moved_on": today(1)}, "moved_on"),
        ({"moved_on": today(-3000)}, "moved_on"),
    ):
        with pytest.raises(NotAllowed) as refused:
            sent(inmate, facility, serang, registrar, **said)
        assert set(refused.value.error_dict) == {field}
    with pytest.raises(NotAllowed) as refused:
        sent(inmate, facility, facility, registrar)
    assert set(refused.value.error_dict) == {"destination"}
    with pytest.raises(NotAllowed, match="sudah meminta"):
        sent(asked_for.inmate, facility, serang, registrar)
    with pytest.raises(NotAllowed, match="tidak tercatat di lapas ini"):
        sent(inmate_at(serang), facility, serang, registrar)
    with pytest.raises(Forbidden):
        sent(inmate, facility, serang, staff(facility, "head"))


def test_until_a_yes_the_asking_prison_reads_no_name_and_no_origin(asked_for, asker, registrar):
    theirs, ours = transfers.seen(asked_for, asker), transfers.seen(asked_for, registrar)
    assert (theirs.name, theirs.origin) == ("", "lapas lain")
    assert theirs.person_key == asked_for.inmate.person_key
    assert (ours.name, ours.origin) == (asked_for.inmate.name, asked_for.origin.name)
    accepted = transfers.accept(transfer=asked_for, by=registrar)
    assert transfers.seen(accepted, asker).name == asked_for.inmate.name


def test_no_notice_names_anybody(asked_for, registrar, asker):
    transfers.accept(transfer=asked_for, by=registrar)
    for notice in Notice.objects.filter(kind__startswith="transfer"):
        assert asked_for.inmate.name not in str(notice.data) + sentence_of(notice)
