"""The link in the mail about a round: one mail, looked at by anybody, used once by an answer."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from accounts.models import ActionLink
from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.models import Mail, Notice
from correspondence.services import mail
from correspondence.states import MailState
from partners.services import liaisons
from tests.factories.partners import SignedAgreementFactory, liaison_of, today
from tests.factories.training import BatchFactory
from tests.training.conftest import by_whatsapp, change, now_of, terms
from training.models import SlotProposal
from training.services import batches, slot_links, slots
from training.states import BatchState, ProposalState

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(facility, agency, liaison):
    """Asked of an agency whose liaison is there to be told."""
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    return BatchFactory(agreement=agreement, name="Angkatan Uji")


def token_for(user):
    """The token in the newest mail to the user."""
    letter = Mail.objects.filter(recipient=user, secret=True).order_by("-pk").first()
    return re.search(r"/slots/link/([\w-]+)/", letter.body)[1]


@pytest.fixture
def token(proposal, liaison):
    return token_for(liaison)


@pytest.fixture
def anyone():
    """A browser that is not signed in and insists on CSRF tokens."""
    return Client(enforce_csrf_checks=True)


def address(token):
    return f"/slots/link/{token}/"


def answered(client, token, **sent):
    """Open the page and send one of its forms, as a browser does."""
    client.get(address(token))
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} | sent
    return client.post(address(token), sent)


def text(answer):
    return answer.content.decode()


class TestTheMail:
    def test_each_liaison_gets_one_mail_and_one_notice(self, proposal, liaison, agency):
        (letter,) = Mail.objects.filter(recipient=liaison)
        assert (letter.secret, letter.state) == (True, MailState.QUEUED)
        (notice,) = Notice.objects.filter(recipient=liaison)
        assert (notice.kind, notice.mail) == ("slots_proposed", letter)
        mail.deliver()
        mail.queue_digests()
        mail.deliver()
        assert [sent.to for sent in outbox.outbox] == [[liaison.email]]

    def test_it_names_the_terms_and_nobody(self, proposal, planned, officer, liaison):
        (letter,) = Mail.objects.filter(recipient=liaison)
        assert "20" in letter.subject
        for words in (planned.course.name, planned.name, planned.facility.name):
            assert words in letter.body
        for name in (officer.name, liaison.name):
            assert name not in letter.body

    def test_once_sent_it_keeps_no_link(self, proposal, liaison):
        mail.deliver()
        assert Mail.objects.get(recipient=liaison).body == ""

    def test_two_liaisons_have_a_link_each(self, planned, agency, liaison, officer):
        colleague = liaison_of(agency, name="Rekan")
        slots.propose(batch=planned, by=officer, **terms())
        assert token_for(liaison) != token_for(colleague)

    def test_answered_before_the_mail_left_it_does_not_leave(self, proposal, liaison):
        slots.accept(proposal=proposal, by=liaison)
        mail.deliver()
        assert [liaison.email] not in [sent.to for sent in outbox.outbox]
        (letter,) = Mail.objects.filter(recipient=liaison)
        assert (letter.state, letter.body) == (MailState.CANCELLED, "")

    def test_a_counter_of_the_prison_brings_a_new_link(self, proposal, liaison, officer):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        slots.counter(proposal=mine, by=officer, reason="Dana", **terms(seats=14))
        linked = slot_links.look(token_for(liaison))
        assert (linked.proposal.seats, linked.end) == (14, "")

    def test_a_change_round_too(self, proposal, planned, liaison, officer):
        slots.accept(proposal=proposal, by=liaison)
        change(now_of(planned), officer, seats=9)
        slot_links.accept(token=token_for(liaison))
        assert now_of(planned).seats_confirmed == 9


class TestLooking:
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_changes_nothing_however_often(self, proposal, planned, token, anyone, method):
        before = ActionLink.objects.get()
        for _time in range(3):
            assert getattr(anyone, method)(address(token)).status_code == 200
        after = ActionLink.objects.get()
        assert (
            (after.used_at, after.revoked_at)
            == (before.used_at, before.revoked_at)
            == (
                None,
                None,
            )
        )
        assert now_of(planned).state == BatchState.NEGOTIATING

    def test_shows_the_round_and_no_person(self, proposal, planned, officer, liaison, token):
        SlotProposal.objects.update(instructor="Pak Joko", message="Hubungi Bu Tuti")
        page = text(Client().get(address(token)))
        assert "Terima 20 kursi" in page
        assert planned.course.name in page
        for name in (officer.name, liaison.name, "Pak Joko", "Bu Tuti"):
            assert name not in page

    def test_is_kept_from_caches_referrers_and_robots(self, proposal, token, anyone):
        answer = anyone.get(address(token))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer["X-Robots-Tag"]

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, proposal, token, method):
        assert getattr(Client(), method)(address(token)).status_code == 405

    def test_an_unknown_link_says_so(self, db, anyone):
        answer = anyone.get(address("tidak-dikenal"))
        assert answer.status_code == 410
        assert "tidak dikenal" in text(answer)

    def test_an_invitation_is_no_answer(self, db, proposal, liaison, token):
        ActionLink.objects.update(act="accept_invitation")
        assert slot_links.look(token) is None
        with pytest.raises(NotAllowed):
            slot_links.accept(token=token)


class TestAnswering:
    def test_two_taps_open_and_confirm(self, proposal, planned, liaison, officer, token, anyone):
        answer = answered(anyone, token, answer="accept")
        assert answer.status_code == 302
        page = anyone.get(answer.url)
        assert page.status_code == 200
        assert "jawaban Anda sudah kami terima" in text(page)
        batch = now_of(planned)
        assert (batch.state, batch.seats_confirmed) == (BatchState.CONFIRMED, 20)
        assert SlotProposal.objects.get().answered_by == liaison
        assert "sessionid" not in anyone.cookies

    def test_the_history_names_the_liaison(self, proposal, planned, liaison, token, anyone):
        answered(anyone, token, answer="accept")
        event = SlotProposal.pgh_event_model.objects.order_by("-pgh_id").first()
        assert event.pgh_context["name"] == liaison.name

    def test_without_a_csrf_token_nothing_happens(self, proposal, planned, token, anyone):
        assert anyone.post(address(token), {"answer": "accept"}).status_code == 403
        assert now_of(planned).state == BatchState.NEGOTIATING

    @pytest.mark.parametrize("sent", [{}, {"answer": ""}, {"answer": "nonsense"}])
    def test_a_scanner_that_posts_changes_nothing(self, proposal, planned, token, anyone, sent):
        assert answered(anyone, token, **sent).status_code == 200
        assert now_of(planned).state == BatchState.NEGOTIATING
        assert slot_links.look(token).end == ""

    def test_countering(self, proposal, liaison, token, anyone):
        typed = {name: str(value) for name, value in terms(seats=12).items()}
        answer = answered(anyone, token, answer="counter", reason="Alat hanya 12", **typed)
        assert answer.status_code == 302
        following = SlotProposal.objects.get(round=2)
        assert (following.seats, following.created_by) == (12, liaison)

    def test_a_counter_without_sense_keeps_the_words_and_the_link(self, proposal, token, anyone):
        typed = {name: str(value) for name, value in terms(seats=0).items()}
        answer = answered(anyone, token, answer="counter", reason="Alat hanya 12", **typed)
        assert answer.status_code == 422
        assert "Alat hanya 12" in text(answer)
        assert '<details class="mt-3" open>' in text(answer)
        assert slot_links.look(token).end == ""

    def test_declining_needs_a_reason(self, proposal, planned, token, anyone):
        assert answered(anyone, token, answer="decline").status_code == 422
        assert answered(anyone, token, answer="decline", reason="Cuti").status_code == 302
        assert now_of(planned).state == BatchState.PLANNED

    def test_the_same_link_again_says_thanks_and_does_nothing(
        self, proposal, planned, token, anyone
    ):
        answered(anyone, token, answer="accept")
        again = answered(anyone, token, answer="decline", reason="Eh tidak jadi")
        assert again.status_code == 200
        assert "sudah kami terima" in text(again)
        assert now_of(planned).state == BatchState.CONFIRMED
        with pytest.raises(AlreadyDone):
            slot_links.decline(token=token, reason="Eh tidak jadi")

    def test_a_refusal_of_the_act_leaves_the_link_alive(
        self, proposal, planned, liaison, officer, full, token, anyone
    ):
        small = change(full, officer, seats=1)
        key = token_for(liaison)
        answer = answered(anyone, key, answer="accept")
        assert answer.status_code == 422
        assert "1 peserta akan kehilangan kursi" in text(answer)
        small.refresh_from_db()
        assert small.state == ProposalState.OPEN
        assert slot_links.look(key).end == ""


class TestDead:
    def gone(self, token, words):
        answer = Client().get(address(token))
        assert answer.status_code == 410
        assert words in text(answer)
        with pytest.raises(NotAllowed):
            slot_links.accept(token=token)

    def test_when_a_colleague_answered(self, proposal, agency, token):
        colleague = liaison_of(agency, name="Rekan Cepat")
        slots.accept(proposal=proposal, by=colleague)
        self.gone(token, "sudah dijawab (diterima)")
        assert "Rekan Cepat" not in text(Client().get(address(token)))
        with pytest.raises(AlreadyDone, match="Rekan Cepat"):
            slot_links.accept(token=token)

    def test_when_the_prison_wrote_the_answer_down(self, proposal, officer, token):
        slots.accept(proposal=proposal, by=officer, recorded=by_whatsapp())
        self.gone(token, "sudah dijawab")

    def test_when_the_prison_took_it_back(self, proposal, officer, token):
        slots.withdraw(proposal=proposal, by=officer)
        self.gone(token, "menarik usulan ini")

    def test_when_the_batch_was_cancelled(self, proposal, planned, officer, token):
        batches.cancel(batch=planned, reason="Dana", by=officer)
        self.gone(token, "menarik usulan ini")

    def test_when_nobody_answered_in_time(self, proposal, token):
        slots.expire(proposal=proposal, today=today(8))
        self.gone(token, "Batas jawabnya sudah lewat")

    def test_when_its_time_is_over(self, proposal, token):
        ActionLink.objects.update(
            created_at=timezone.now() - timedelta(days=9),
            expires_at=timezone.now() - timedelta(minutes=1),
        )
        self.gone(token, "Batas jawabnya sudah lewat")

    def test_when_the_liaison_is_suspended(self, proposal, agency, head, liaison, token):
        liaisons.suspend(liaison=liaison.liaisons.get(), reason="Cuti", by=head)
        self.gone(token, "Akun Anda tidak bisa")
        assert proposal.batch.proposals.open().exists()
        assert Mail.objects.get(recipient=liaison).state == MailState.CANCELLED

    def test_when_the_liaison_left(self, proposal, agency, head, liaison, token):
        liaisons.end(liaison=liaison.liaisons.get(), until=today(), by=head)
        self.gone(token, "Akun Anda tidak bisa")

    def test_when_an_admin_shut_the_account(self, proposal, liaison, token):
        liaison.is_active = False
        liaison.save()
        self.gone(token, "Akun Anda tidak bisa")


def test_more_time_lets_the_link_live_longer(proposal, officer, token):
    slots.extend(proposal=proposal, respond_by=today(20), by=officer)
    link = ActionLink.objects.get()
    assert timezone.localdate(link.expires_at) >= today(20)
    assert slot_links.look(token).end == ""
