"""The whole history of a negotiation, as both sides read it."""

import pytest

from tests.factories.partners import scan_file, today
from tests.training.conftest import by_whatsapp, terms
from training.models import SlotProposal
from training.services import conversation, slots

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(planned, officer, liaison):
    """Asked, countered, countered again by letter, accepted; objected to."""
    asked = slots.propose(
        batch=planned, by=officer, message="Mohon kelas las", place="Bengkel", **terms()
    )
    answer = slots.counter(
        proposal=asked, by=liaison, reason="Alat hanya 12", **terms(seats=12, ends_on=today(80))
    )
    slots.extend(proposal=answer, respond_by=today(12), by=liaison)
    again = slots.counter(
        proposal=answer, by=officer, reason="Dana ada", **terms(seats=16, ends_on=today(80))
    )
    said = by_whatsapp(scan=scan_file())
    done = slots.accept(proposal=again, by=officer, recorded=said)
    slots.object_to(proposal=done, objection="Kami bilang 14", by=liaison)
    return planned


def test_each_round_says_what_it_changed(talk, officer):
    turns = conversation.of(talk, officer)
    assert [turn.round.seats for turn in turns] == [20, 12, 16]
    assert [turn.changed for turn in turns] == [set(), {"seats", "ends_on"}, {"seats"}]
    assert turns[2].before == turns[1].round


def test_more_time_is_told(talk, officer):
    first, second, third = conversation.of(talk, officer)
    (given,) = second.extensions
    assert (given.old, given.new) == (today(7), today(12))
    assert first.extensions == third.extensions == []


def test_a_round_that_nobody_answered_says_so(proposal, planned, officer):
    assert not conversation.of(planned, officer)[0].is_silent
    slots.expire(proposal=proposal, today=today(8))
    assert conversation.of(planned, officer)[0].is_silent


def test_in_one_query_whatever_its_length(talk, officer, liaison, django_assert_num_queries):
    assert officer.facility_ids
    with django_assert_num_queries(1):
        conversation.of(talk, officer)


def test_others_hear_nothing(talk, outsider, other_liaison):
    assert conversation.of(talk, outsider) == conversation.of(talk, other_liaison) == []


@pytest.mark.parametrize("role", ["officer", "liaison"])
def test_both_sides_read_it_on_the_batch_and_on_the_round(talk, role, login, request):
    client = login(request.getfixturevalue(role))
    for address in (talk.get_absolute_url(), talk.proposals.first().get_absolute_url()):
        page = client.get(address).content.decode()
        for words in (
            "Mohon kelas las",
            "Alat hanya 12",
            "<ins>12</ins>",
            "Batas jawab diperpanjang",
            "Dicatat oleh lapas",
            "Ibu Sari, BLK",
            "Kami bilang 14",
            "/proof/",
        ):
            assert words in page, (address, words)


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("liaison", 200), ("outsider", 404), ("other_liaison", 404)],
)
def test_the_proof_of_a_recorded_answer_is_for_both_sides(talk, role, status, login, request):
    recorded = SlotProposal.objects.exclude(recorded_channel="").get()
    answer = login(request.getfixturevalue(role)).get(f"{recorded.get_absolute_url()}proof/")
    assert answer.status_code == status
    if status == 200:
        assert "attachment" in answer["Content-Disposition"]
