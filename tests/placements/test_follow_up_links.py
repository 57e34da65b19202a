"""The probation officer's form: made once, looked at by anybody, used once, neutral throughout."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Mail
from correspondence.services import mail
from correspondence.states import MailState
from placements.models import FollowUp, FollowUpLink
from placements.services import follow_up_answers, follow_up_links, follow_up_owners
from tests.factories.partners import today
from tests.placements.changes import told as notices_of
from tests.placements.followed import (
    again,
    free_follow_up,
    out_of_work,
    recorded,
    sentence_over,
)
from tests.races import race

pytestmark = pytest.mark.django_db
NAME = "JOKO PRASETYO"
SECRETS = (NAME, "Prasetyo", "Lapas", "lapas", "Cilegon", "narapidana", "Warga Binaan", "lapasprog")
WORDS = {
    "outcome": "informal",
    "done_on": today().isoformat(),
    "employer": "Bengkel",
    "pay_band": "below",
    "is_same_job": "",
    "help_needed": "",
    "name": "Ibu PK",
}


@pytest.fixture
def row(facility):
    return free_follow_up(facility, person={"name": NAME}, contact="0812-9999-0000")


@pytest.fixture
def made(row, officer):
    return follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer)


@pytest.fixture
def token(made):
    return token_in(made)


@pytest.fixture
def anyone():
    """A browser that is not signed in and insists on CSRF tokens."""
    return Client(enforce_csrf_checks=True)


def token_in(text):
    return re.search(r"/reply/([\w-]+)/", text)[1]


def address(token):
    return f"/reply/{token}/"


def answered(client, token, **changed):
    client.get(address(token))
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} | WORDS | changed
    return client.post(address(token), sent)


def text(answer):
    return answer.content.decode()


def answer(token, **changed):
    told = {"outcome": "formal", "done_on": today(), "name": "Ibu PK"}
    return follow_up_links.answer(token=token, **(told | changed))


class TestMaking:
    def test_only_the_hash_of_a_token_is_kept(self, token):
        link = FollowUpLink.objects.get()
        assert token not in (link.token_hash, link.sent_to)
        assert len(link.token_hash) == 64

    def test_the_address_is_that_of_the_neutral_host(self, row, officer, settings):
        settings.PUBLIC_VERIFY_URL = "https://kabar.example"
        url = follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer)
        assert url.startswith("https://kabar.example/reply/")

    def test_a_new_one_ends_the_one_before(self, row, token, officer):
        follow_up_links.create(follow_up=row, sent_to="Pak PK", by=officer)
        assert follow_up_links.look(token).end == "revoked"
        assert FollowUpLink.objects.alive().count() == 1

    def test_is_not_for_who_has_no_such_task(self, row, warden, outsider, liaison):
        for user in (warden, outsider, liaison):
            with pytest.raises(Forbidden):
                follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=user)

    def test_of_what_was_answered_there_is_none(self, row, officer):
        recorded(row, officer)
        with pytest.raises(NotAllowed, match="tidak lagi menunggu"):
            follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer)

    @pytest.mark.parametrize(
        ("field", "given"), [("sent_to", {"sent_to": " "}), ("address", {"address": "no mail"})]
    )
    def test_says_what_is_wrong(self, row, officer, field, given):
        with pytest.raises(NotAllowed) as refused:
            follow_up_links.create(
                follow_up=row, by=officer, **({"sent_to": "Ibu PK", "address": ""} | given)
            )
        assert list(refused.value.error_dict) == [field]

    def test_works_without_consent_and_after_the_sentence(self, row, officer):
        sentence_over(row.inmate)
        token = token_in(follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer))
        assert answer(token).state == "done"


class TestMail:
    @pytest.fixture
    def sent(self, row, officer):
        follow_up_links.create(follow_up=row, sent_to="Ibu PK", address="pk@bapas.test", by=officer)
        return Mail.objects.get(address="pk@bapas.test")

    def test_goes_to_who_has_no_account_and_names_nobody(self, sent, row):
        mail.deliver()
        (letter,) = outbox.outbox
        assert letter.to == ["pk@bapas.test"]
        assert token_in(letter.body)
        for word in ("JOKO", "PRASETYO", "J.P.", "Lapas", "Cilegon", "0812"):
            assert word not in letter.body + letter.subject

    def test_once_sent_it_keeps_neither_link_nor_address(self, sent):
        mail.deliver()
        sent.refresh_from_db()
        assert (sent.state, sent.body, sent.address) == (MailState.SENT, "", "")

    def test_answered_before_it_left_it_does_not_leave(self, sent, row, officer):
        recorded(row, officer)
        mail.deliver()
        sent.refresh_from_db()
        assert (outbox.outbox, sent.state, sent.body) == ([], MailState.CANCELLED, "")

    def test_the_link_knows_its_mail(self, sent):
        assert FollowUpLink.objects.get().mail == sent


class TestLooking:
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_changes_nothing_however_often(self, token, anyone, method):
        for _time in range(3):
            assert getattr(anyone, method)(address(token)).status_code == 200
        link = FollowUpLink.objects.get()
        assert (link.used_at, link.revoked_at) == (None, None)

    def test_shows_initials_a_code_and_the_question(self, row, token, anyone):
        page = text(anyone.get(address(token)))
        assert "J.P." in page
        assert f"K-{str(row.public_id)[:6].upper()}" in page
        assert "1 bulan" in page

    def test_shows_nothing_else_of_anybody(self, row, token, anyone, officer, facility):
        page = text(anyone.get(address(token)))
        register = row.inmate.custodies.get().register_number
        hidden = (
            *SECRETS, row.inmate.person_key, register, officer.name, facility.name, "0812",
            str(row.public_id), str(row.inmate.public_id),
        )  # fmt: skip
        assert [word for word in hidden if word in page] == []

    def test_is_kept_from_caches_referrers_and_robots(self, token, anyone):
        answer = anyone.get(address(token))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer["X-Robots-Tag"]

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, token, method):
        assert getattr(Client(), method)(address(token)).status_code == 405

    def test_who_asks_too_often_waits_and_the_link_lives(self, token, anyone, settings):
        settings.VERIFY_PER_MINUTE = 2
        statuses = [anyone.get(address(token)).status_code for _time in range(4)]
        assert 429 in statuses
        assert follow_up_links.look(token).end == ""


class TestAnswering:
    def test_records_and_uses_the_link_up(self, row, token, anyone, officer):
        answered(anyone, token)
        row = again(row)
        assert (row.state, row.outcome, row.employer) == ("done", "informal", "Bengkel")
        assert (row.channel, row.done_by, row.state_by) == ("probation", "Ibu PK", None)
        assert FollowUpLink.objects.get().end == "used"
        assert notices_of(officer, "follow_up_answered")

    def test_thanks_and_says_nothing_of_the_person(self, token, anyone):
        assert answered(anyone, token).status_code == 302
        page = anyone.get(address(token))
        assert page.status_code == 200
        assert "Terima kasih" in text(page)
        assert [word for word in (*SECRETS, "J.P.") if word in text(page)] == []

    def test_twice_is_once(self, row, token, anyone):
        answered(anyone, token)
        assert answered(anyone, token, employer="Lain").status_code == 200
        assert again(row).employer == "Bengkel"
        with pytest.raises(AlreadyDone, match="sudah dipakai"):
            answer(token)

    def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(self, row, token, anyone):
        page = answered(anyone, token, done_on=today(1).isoformat())
        assert page.status_code == 422
        assert "Bengkel" in text(page)
        assert "masa depan" in text(page)
        assert again(row).state == "due"
        assert follow_up_links.look(token).end == ""

    def test_in_vain_it_is_a_try_and_the_link_is_used(self, row, token, anyone):
        answered(anyone, token, outcome="not_reached", employer="", pay_band="")
        assert again(row).state == "due"
        assert row.attempts.get().tried_by == "Ibu PK"
        assert follow_up_links.look(token).end == "used"

    def test_it_may_say_that_somebody_is_detained(self, row, token):
        answer(token, outcome="detained")
        assert again(row).outcome == "detained"


class TestDead:
    def end_of(self, anyone, token):
        page = anyone.get(address(token))
        assert page.status_code == 410
        assert anyone.post(address(token), WORDS).status_code in (403, 410)
        assert [word for word in (*SECRETS, "J.P.") if word in text(page)] == []
        return text(page)

    def test_unknown(self, anyone, db):
        assert "tidak dikenal" in self.end_of(anyone, "tidak-ada")

    def test_expired(self, row, token, anyone):
        FollowUpLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert "Masa berlakunya" in self.end_of(anyone, token)
        with pytest.raises(NotAllowed):
            answer(token)
        assert again(row).state == "due"

    def test_revoked(self, row, token, anyone, officer):
        assert follow_up_links.revoke(follow_up=row, by=officer) == 1
        assert "tidak perlu" in self.end_of(anyone, token)
        with pytest.raises(NotAllowed):
            answer(token)

    def test_only_the_prison_revokes(self, row, token, outsider):
        with pytest.raises(Forbidden):
            follow_up_links.revoke(follow_up=row, by=outsider)

    def test_answered_otherwise(self, row, token, anyone, officer):
        recorded(row, officer)
        assert "tidak perlu" in self.end_of(anyone, token)

    def test_called_off(self, row, token, anyone, registrar, facility):
        from placements.services import departures

        departures.come_back(inmate=row.inmate, facility=facility, starts=today(-1), by=registrar)
        assert "tidak perlu" in self.end_of(anyone, token)

    def test_given_to_somebody_else(self, row, token, anyone, officer):
        follow_up_owners.assign(follow_up=row, owner="probation", by=officer)
        assert "tidak perlu" in self.end_of(anyone, token)

    def test_undone_it_stays_dead(self, row, token, anyone, officer, head):
        recorded(row, officer)
        follow_up_answers.undo(follow_up=row, reason="Salah", by=head)
        self.end_of(anyone, token)

    def test_a_vain_try_of_the_officer_leaves_it_alive(self, row, token, officer):
        follow_up_answers.record(follow_up=row, by=officer, **out_of_work(outcome="not_reached"))
        assert follow_up_links.look(token).end == ""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestRaces:
    def test_two_answers_by_one_link_are_one(self, row, token):
        outcomes = race(
            lambda: answer(token, employer="Bengkel A"),
            lambda: answer(token, employer="Bengkel B"),
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDone", "FollowUp"]
        winner = next(one for one in outcomes if isinstance(one, FollowUp))
        assert again(row).employer == winner.employer

    def test_the_link_and_the_officer_are_one_answer(self, row, token, officer):
        outcomes = race(lambda: answer(token), lambda: recorded(row, officer))
        assert sum(isinstance(one, FollowUp) for one in outcomes) == 1
        assert sum(isinstance(one, NotAllowed) for one in outcomes) == 1
        assert again(row).state == "done"
