"""Inviting, suspending and ending those who speak for an agency."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import ActionLink, User
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from accounts.services import action_links
from correspondence.models import Mail, Notice
from correspondence.services import feeds
from correspondence.services.sweep import sweep
from correspondence.states import MailState, NoticeState
from partners.models import Liaison
from partners.services import liaisons
from tests.factories.accounts import staff
from tests.factories.correspondence import NoticeFactory
from tests.factories.partners import (
    AgencyFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.races import race

pytestmark = pytest.mark.django_db

EMAIL = "sari@blk.test"


def invite(agency, by, **fields):
    return liaisons.invite(agency=agency, by=by, **{"name": "Sari", "email": EMAIL, **fields})


def token_of(mail):
    return re.search(r"/invitations/([^/]+)/", mail.body)[1]


def refused(call, error=NotAllowed):
    with pytest.raises(error) as caught:
        call()
    return " ".join(caught.value.messages)


class TestInvite:
    def test_makes_an_account_without_a_password_and_one_secret_mail(self, agency, head):
        row = invite(agency, head, title="Kepala Seksi", phone="0812-3456-7890")
        assert (row.standing, row.agency, row.created_by) == ("invited", agency, head)
        user = row.user
        assert (user.email, user.name, user.language, user.is_liaison) == (EMAIL, "Sari", "id", 1)
        assert not user.has_usable_password()
        mail = Mail.objects.get()
        assert (mail.recipient, mail.secret, mail.state) == (user, True, MailState.QUEUED)
        assert agency.name in mail.subject
        assert action_links.peek(token_of(mail), liaisons.ACCEPT).user == user

    @pytest.mark.parametrize("who", ["officer", "warden", "registrar", "liaison", "outsider"])
    def test_is_for_the_head_of_a_partner_prison(self, request, agency, who):
        by = request.getfixturevalue(who)
        with pytest.raises(Forbidden):
            invite(agency, by)
        assert not ActionLink.objects.exists()

    def test_another_prisons_head_needs_a_signed_agreement_too(self, agency, outsider):
        """A liaison reads what the agency has with every prison."""
        other_head = staff(outsider.facility, "head")
        with pytest.raises(Forbidden):
            invite(agency, other_head)
        PartnershipFactory(facility=outsider.facility, agency=agency)
        with pytest.raises(Forbidden):
            invite(agency, other_head)
        SignedAgreementFactory(facility=outsider.facility, agency=agency)
        assert invite(agency, User.objects.get(pk=other_head.pk))

    def test_twice_by_the_same_head_is_once(self, agency, head):
        assert invite(agency, head) == invite(agency, head, email=" SARI@blk.test ")
        assert (Liaison.objects.count(), Mail.objects.count()) == (1, 1)

    def test_by_another_head_is_told_so(self, agency, head, facility):
        invite(agency, head)
        sentence = refused(lambda: invite(agency, staff(facility, "head")), AlreadyDone)
        assert "sudah menjadi narahubung instansi ini (diundang)" in sentence

    def test_an_address_of_staff_is_refused(self, agency, head, officer):
        assert "akun petugas" in refused(lambda: invite(agency, head, email=officer.email))
        assert not Liaison.objects.exists()

    def test_who_is_open_elsewhere_is_refused_and_the_other_named_only_if_seen(
        self, agency, head, facility
    ):
        unseen = liaison_of(AgencyFactory(name="BLK Rahasia"))
        sentence = refused(lambda: invite(agency, head, email=unseen.email))
        assert "masih narahubung instansi lain" in sentence
        seen = liaison_of(PartnershipFactory(facility=facility).agency)
        sentence = refused(lambda: invite(agency, head, email=seen.email))
        assert seen.liaisons.get().agency.name in sentence

    def test_a_former_liaison_comes_back_under_the_same_account(self, agency, head, liaison):
        old = liaison.liaisons.get()
        liaisons.end(liaison=old, until=today(-1), by=head)
        other = PartnershipFactory(facility=head.facility).agency
        row = invite(other, head, email=liaison.email.upper(), name="Nama Baru")
        user = User.objects.get(pk=liaison.pk)
        assert (row.user, user.name, user.is_active) == (user, "Nama Baru", True)
        assert not user.has_usable_password()
        liaisons.accept(token=token_of(Mail.objects.last()), password="sandi-lain-9")
        assert Liaison.objects.get(pk=row.pk).standing == "active"
        assert Liaison.objects.get(pk=old.pk).standing == "ended"
        assert EmailAddress.objects.filter(user=user, verified=True).count() == 1

    def test_the_invited_hear_of_nothing_else_before_they_join(self, facility, agency, head):
        row = invite(agency, head)
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(5))
        sweep()
        assert not Notice.objects.filter(recipient=row.user).exists()
        assert not liaisons.of(agency.pk).exists()
        liaisons.accept(token=token_of(Mail.objects.get(secret=True)), password="sandi-lain-9")
        sweep()
        assert Notice.objects.live().filter(recipient=row.user, kind="agreement_end").exists()


class TestInvitationAgain:
    def test_the_old_link_is_dead_and_its_unsent_mail_cancelled(self, agency, head):
        row = invite(agency, head)
        old = Mail.objects.get()
        old_token = token_of(old)
        liaisons.invite_again(liaison=row, by=head)
        old.refresh_from_db()
        assert (old.state, old.body) == (MailState.CANCELLED, "")
        assert action_links.peek(old_token, liaisons.ACCEPT) is None
        new = Mail.objects.get(state=MailState.QUEUED)
        assert liaisons.accept(token=token_of(new), password="sandi-lain-9") == row

    def test_withdrawn_the_link_is_dead_and_the_mail_not_sent(self, agency, head):
        row = invite(agency, head)
        token = token_of(Mail.objects.get())
        assert liaisons.withdraw(liaison=row, by=head).standing == "ended"
        assert liaisons.withdraw(liaison=row, by=head).standing == "ended"
        assert Mail.objects.get().state == MailState.CANCELLED
        with pytest.raises(NotAllowed):
            liaisons.accept(token=token, password="sandi-lain-9")
        assert invite(agency, head).pk != row.pk

    def test_neither_is_for_somebody_who_joined(self, agency, head, liaison):
        row = liaison.liaisons.get()
        for act in (liaisons.invite_again, liaisons.withdraw):
            with pytest.raises(NotAllowed, match="aktif"):
                act(liaison=row, by=head)

    def test_expired_it_can_be_sent_again(self, agency, head):
        row = invite(agency, head)
        ago = timezone.now() - timedelta(days=8)
        ActionLink.objects.update(created_at=ago, expires_at=ago + timedelta(days=7))
        assert liaisons.look(token_of(Mail.objects.get())).end == "expired"
        assert liaisons.invited_until(row) is None
        liaisons.invite_again(liaison=row, by=head)
        assert liaisons.invited_until(row) > timezone.now()


class TestSuspend:
    @pytest.fixture
    def row(self, liaison):
        return liaison.liaisons.get()

    def test_the_session_dies_at_the_next_request(self, login, row, liaison, head):
        client = login(liaison)
        assert client.get("/").status_code == 200
        liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        assert client.get("/").status_code == 302
        assert client.post("/slots/").status_code == 302
        answer = client.post("/login/", {"login": liaison.email, "password": "kata-sandi-uji-7"})
        assert answer.status_code == 302
        assert client.get("/").status_code == 302

    def test_links_die_and_unsent_mails_are_not_sent(self, row, liaison, head):
        token = action_links.create(user=liaison, act="answer", obj=row, days=7, by=head)
        mail = Mail.objects.create(recipient=liaison)
        notice = NoticeFactory(recipient=liaison, mail=mail)
        liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        mail.refresh_from_db()
        notice.refresh_from_db()
        assert mail.state == MailState.CANCELLED
        assert (notice.state, notice.mail) == (NoticeState.LIVE, None)
        assert action_links.peek(token, "answer") is None

    def test_it_has_a_reason_and_says_who_was_first(self, row, head, facility):
        with pytest.raises(NotAllowed) as caught:
            liaisons.suspend(liaison=row, reason=" ", by=head)
        assert "reason" in caught.value.error_dict
        first = liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        assert liaisons.suspend(liaison=row, reason="HP hilang", by=head) == first
        other = staff(facility, "head")
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            liaisons.suspend(liaison=row, reason="HP hilang", by=other)

    def test_reinstated_they_sign_in_as_before(self, login, row, liaison, head):
        liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        assert liaisons.reinstate(liaison=row, by=head).standing == "active"
        assert liaisons.reinstate(liaison=row, by=head).suspended_why == ""
        assert login(liaison).get("/").status_code == 200

    def test_a_session_from_before_does_not_come_back_with_them(self, login, row, liaison, head):
        client = login(liaison)
        liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        liaisons.reinstate(liaison=row, by=head)
        assert client.get("/").status_code == 302

    def test_whom_the_admin_shut_out_the_head_does_not_let_in(self, row, liaison, head):
        User.objects.filter(pk=liaison.pk).update(is_active=False)
        with pytest.raises(NotAllowed, match="admin"):
            liaisons.reinstate(liaison=row, by=head)

    def test_the_suspended_are_told_nothing(self, facility, agency, row, head):
        liaisons.suspend(liaison=row, reason="HP hilang", by=head)
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(5))
        sweep()
        assert not Notice.objects.filter(recipient=row.user).exists()

    @pytest.mark.parametrize("act", ["suspend", "reinstate", "end", "withdraw", "invite_again"])
    def test_only_the_head_may(self, row, officer, act):
        more = {"suspend": {"reason": "x"}, "end": {"until": today()}}.get(act, {})
        with pytest.raises(Forbidden):
            getattr(liaisons, act)(liaison=row, by=officer, **more)


class TestEnd:
    def test_it_ends_access_and_live_notices(self, login, liaison, head):
        row, client = liaison.liaisons.get(), login(liaison)
        notice = NoticeFactory(recipient=liaison)
        liaisons.end(liaison=row, until=today(-1), by=head)
        notice.refresh_from_db()
        assert notice.state == NoticeState.CANCELLED
        assert client.get("/").status_code == 302
        assert liaisons.end(liaison=row, until=today(-1), by=head).until == today(-1)
        with pytest.raises(AlreadyDone):
            liaisons.end(liaison=row, until=today(), by=head)

    def test_their_calendar_address_is_not_their_successors(self, liaison, head):
        token = feeds.create(by=liaison)
        liaisons.end(liaison=liaison.liaisons.get(), until=today(), by=head)
        User.objects.filter(pk=liaison.pk).update(is_active=True)
        assert feeds.find(token) is None

    @pytest.mark.parametrize("days", [1, -101])
    def test_the_last_day_is_past_and_not_before_the_first(self, liaison, head, days):
        with pytest.raises(NotAllowed) as caught:
            liaisons.end(liaison=liaison.liaisons.get(), until=today(days), by=head)
        assert "until" in caught.value.error_dict


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestRaces:
    def test_two_heads_invite_the_same_address_to_two_agencies(self, facility, agency, head):
        other, second = PartnershipFactory(facility=facility).agency, staff(facility, "head")
        outcomes = race(lambda: invite(agency, head), lambda: invite(other, second))
        assert sum(isinstance(outcome, Liaison) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 1
        assert Liaison.objects.count() == 1

    def test_suspended_or_withdrawn_while_it_is_accepted(self, agency, head):
        row = invite(agency, head)
        token = token_of(Mail.objects.get())
        race(
            lambda: liaisons.accept(token=token, password="sandi-lain-9"),
            lambda: liaisons.withdraw(liaison=row, by=head),
        )
        row = Liaison.objects.select_related("user").get()
        link = ActionLink.objects.get()
        assert (row.standing, bool(link.used_at)) in [("active", True), ("ended", False)]
        assert row.user.is_active == (row.standing == "active")
