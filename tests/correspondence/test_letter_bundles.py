"""Several letters at once: numbered from the secretariat's book, signed by their signatory."""

import re

import pytest

from accounts.refusals import Forbidden, NotAllowed
from correspondence.forms.letter_bundles import following
from correspondence.models import Letter, LetterSeries
from correspondence.services import letter_bundles
from correspondence.services import letters as letter_acts
from correspondence.states import LetterState
from tests.factories.correspondence import letter_draft
from tests.factories.partners import today

pytestmark = pytest.mark.django_db
NUMBER, SIGN = "/letters/number/", "/letters/sign/"


@pytest.fixture
def three(facility, officer, head):
    """Letters that wait for the number of the book."""
    LetterSeries.objects.create(facility=facility, kind="general", mode="book", pattern="")
    return [awaiting(letter_draft(facility, officer), officer, head) for _n in range(3)]


def awaiting(letter, officer, head):
    letter_acts.initial(letter=letter, by=officer)
    letter_acts.initial(letter=letter, by=head)
    return letter_acts.request_number(letter=letter, by=officer)


def states():
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def numbered(letters, by):
    numbers = {letter: f"W12-{place}" for place, letter in enumerate(letters, 7)}
    return letter_bundles.number(numbers=numbers, dated=today(), by=by)


@pytest.mark.parametrize(
    ("number", "next_one"),
    [
        ("WP.11.PAS-PK.01.04-0009", "WP.11.PAS-PK.01.04-0010"),
        ("560/99/2026", "560/100/2026"),
        ("tanpa angka", ""),
    ],
)
def test_the_number_that_follows(number, next_one):
    assert following(number, "2026") == next_one


class TestNumbering:
    def test_the_first_number_is_typed_the_others_follow(self, client, three, secretariat, warden):
        client.force_login(secretariat)
        first, second, third = (str(letter.public_id) for letter in three)
        typed = {"dated": f"{today()}", first: "W12-PK.01.04-0099", third: "W12-UM-7"}
        page = client.post(NUMBER, typed | {"fill": "1"}).content.decode()
        found = dict(re.findall(r'name="([0-9a-f-]{36})"[^>]*value="([^"]*)"', page))
        assert found == {first: "W12-PK.01.04-0099", second: "W12-PK.01.04-0100", third: "W12-UM-7"}
        assert states() == ["awaiting"] * 3
        client.post(NUMBER, {"dated": f"{today()}", **found})
        assert [letter.number for letter in Letter.objects.order_by("pk")] == list(found.values())

    def test_what_is_left_empty_waits(self, client, three, secretariat, warden):
        client.force_login(secretariat)
        client.post(NUMBER, {"dated": f"{today()}", str(three[1].public_id): "W12-1"})
        assert states() == ["awaiting", "numbered", "awaiting"]

    def test_a_number_twice_keeps_all_out_and_says_so_beside_it(
        self, client, three, secretariat, warden
    ):
        client.force_login(secretariat)
        typed = {str(letter.public_id): "W12-1" for letter in three[:2]}
        answer = client.post(NUMBER, {"dated": f"{today()}", **typed})
        assert answer.status_code == 422
        assert answer.content.decode().count("Nomor ini sudah dipakai") >= 1
        assert states() == ["awaiting"] * 3

    def test_is_for_the_secretariat(self, three, officer):
        with pytest.raises(Forbidden):
            numbered(three, officer)


class TestSigning:
    def test_all_that_wait_for_the_reader_in_one_press(self, client, three, secretariat, warden):
        numbered(three, secretariat)
        client.force_login(warden)
        page = client.get(SIGN).content.decode()
        assert page.count('type="checkbox"') == 3
        ticked = {str(letter.public_id): "on" for letter in three[:2]}
        client.post(SIGN, ticked)
        assert states() == ["signed", "signed", "numbered"]

    def test_nobody_signs_for_another(self, client, three, secretariat, warden, head):
        numbered(three, secretariat)
        client.force_login(head)
        assert 'type="checkbox"' not in client.get(SIGN).content.decode()
        client.post(SIGN, {str(letter.public_id): "on" for letter in three})
        assert states() == [LetterState.NUMBERED] * 3
        with pytest.raises(NotAllowed):
            letter_bundles.sign(waiting=three, by=head)
