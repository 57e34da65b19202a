"""Mails over a real SMTP server: one digest a person, retried with the same words, or failed."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from accounts.models import Holiday
from correspondence.models import Mail, Notice
from correspondence.services import mail, notices
from correspondence.services.sweep import sweep
from correspondence.states import MailState, NoticeState
from tests.factories.correspondence import NoticeFactory
from tests.factories.partners import SignedAgreementFactory, today

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
WEDNESDAY = datetime(2026, 7, 15, 8, 0, tzinfo=WIB)


def come_back_later():
    """As if every pause and lease were over."""
    past = timezone.now() - timedelta(seconds=1)
    Mail.objects.filter(state=MailState.QUEUED).update(not_before=past, claimed_until=None)


def test_a_sweep_ends_in_one_mail_for_each_recipient(
    facility, agency, officer, head, liaison, postmaster
):
    agreements = [
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(days))
        for days in (20, 45)
    ]
    sweep()
    assert mail.queue_digests() == 3
    assert mail.deliver() == {"sent": 3, "retried": 0, "failed": 0, "cancelled": 0}
    assert sorted(m["To"] for m in postmaster.mails) == sorted(
        person.email for person in (officer, head, liaison)
    )
    body = postmaster.to(officer)[0].get_content()
    for agreement in agreements:
        assert f"“{agreement.title}” dengan {agency.name}" in body
        assert f"https://lapas.test{agreement.get_absolute_url()}" in body
    assert "https://lapas.test/notices/" in body
    assert "4 pemberitahuan" in postmaster.to(officer)[0]["Subject"]
    assert postmaster.to(officer)[0]["Auto-Submitted"] == "auto-generated"
    sweep()
    assert mail.queue_digests() == 0
    assert mail.deliver()["sent"] == 0


def test_a_mail_speaks_its_readers_language_and_names_nobody(officer, postmaster):
    officer.language = "en"
    officer.save()
    NoticeFactory(recipient=officer, due=datetime(2026, 7, 15).date())
    mail.queue_digests()
    mail.deliver()
    body = postmaster.to(officer)[0].get_content()
    assert "July" in body or "Jul" in body
    assert officer.name not in body


def test_one_notice_names_its_kind_in_the_subject(officer, postmaster):
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    mail.deliver()
    assert postmaster.mails[0]["Subject"] == "[lapasprog] 1 pemberitahuan: Akhir perjanjian"


def test_a_temporary_refusal_is_tried_again_with_the_same_words_and_message_id(officer, postmaster):
    postmaster.answers = ["451 try again later", "421 too busy"]
    notice = NoticeFactory(recipient=officer)
    mail.queue_digests()
    assert mail.deliver() == {"sent": 0, "retried": 1, "failed": 0, "cancelled": 0}
    row = Mail.objects.get()
    assert row.state == MailState.QUEUED
    assert "451" in row.last_error
    first_pause = row.not_before - timezone.now()
    assert mail.deliver()["sent"] == 0, "the pause is kept"

    come_back_later()
    assert mail.deliver()["retried"] == 1
    row.refresh_from_db()
    assert row.not_before - timezone.now() > first_pause * 1.5, "pauses grow"

    Notice.objects.filter(pk=notice.pk).update(data={"title": "Judul lain", "agency": "Lain"})
    come_back_later()
    assert mail.deliver()["sent"] == 1
    assert len({m["Message-ID"] for m in postmaster.tried}) == 1
    assert len({m.get_content() for m in postmaster.tried}) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (MailState.SENT, 3, "")
    assert row.message_id == f"<mail-{row.public_id}@cilegon.test>"


def test_a_server_that_is_down_costs_nothing_but_time(officer, postmaster, settings):
    real, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    assert mail.deliver()["retried"] == 1
    settings.EMAIL_PORT = real
    come_back_later()
    assert mail.deliver()["sent"] == 1


@pytest.mark.parametrize(
    "refusal", [{"answers": ["554 no"]}, {"rcpt_answers": ["550 no such user"]}]
)
def test_a_permanent_refusal_fails_at_once_and_an_admin_may_retry(officer, postmaster, refusal):
    for name, value in refusal.items():
        setattr(postmaster, name, value)
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    assert mail.deliver() == {"sent": 0, "retried": 0, "failed": 1, "cancelled": 0}
    row = Mail.objects.failed().get()
    assert "no" in row.last_error
    come_back_later()
    assert mail.deliver()["sent"] == 0
    assert mail.retry(mails=Mail.objects.all()) == 1
    assert mail.deliver()["sent"] == 1
    assert mail.retry(mails=Mail.objects.all()) == 0, "a sent mail is not sent again"


def test_a_refused_recipient_with_4xx_is_only_late(officer, postmaster):
    postmaster.rcpt_answers = ["450 mailbox busy"]
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    assert mail.deliver()["retried"] == 1
    come_back_later()
    assert mail.deliver()["sent"] == 1


def test_after_the_last_attempt_a_mail_has_failed(officer, postmaster, settings):
    settings.MAIL_ATTEMPTS = 2
    postmaster.answers = ["451 later", "451 later"]
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    assert mail.deliver()["retried"] == 1
    come_back_later()
    assert mail.deliver()["failed"] == 1
    assert Mail.objects.failed().count() == 1


def test_a_mail_that_always_kills_its_sender_stops_after_its_attempts(
    officer, postmaster, settings
):
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    Mail.objects.update(attempts=settings.MAIL_ATTEMPTS, message_id="<x@y>")
    assert mail.deliver()["failed"] == 1
    assert postmaster.tried == []


def test_a_leased_mail_is_left_alone_until_the_lease_ends(officer, postmaster):
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    Mail.objects.update(claimed_until=timezone.now() + timedelta(seconds=60), attempts=1)
    assert mail.deliver()["sent"] == 0
    Mail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert mail.deliver()["sent"] == 1
    assert Mail.objects.get().attempts == 2


def test_a_settled_matter_is_not_mailed_any_more(officer, postmaster):
    agreement = SignedAgreementFactory()
    NoticeFactory(recipient=officer, object_id=agreement.pk)
    mail.queue_digests()
    assert notices.close_for(agreement) == 1
    assert Notice.objects.get().state == NoticeState.CANCELLED
    assert mail.deliver() == {"sent": 0, "retried": 0, "failed": 0, "cancelled": 1}
    assert Mail.objects.get().state == MailState.CANCELLED


def test_words_already_handed_to_the_server_are_superseded_not_cancelled(officer, postmaster):
    postmaster.answers = ["451 later"]
    agreement = SignedAgreementFactory()
    NoticeFactory(recipient=officer, object_id=agreement.pk)
    mail.queue_digests()
    mail.deliver()
    notices.close_for(agreement)
    assert Notice.objects.get().state == NoticeState.SUPERSEDED
    come_back_later()
    assert mail.deliver()["sent"] == 1, "retries send the stored text"


def test_closed_accounts_get_no_mail(officer, head, postmaster):
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    officer.is_active = False
    officer.save()
    assert mail.deliver()["cancelled"] == 1
    NoticeFactory(recipient=officer)
    assert mail.queue_digests() == 0


def test_a_deadline_told_twice_before_the_mail_stands_in_it_once(officer, postmaster):
    far = NoticeFactory(recipient=officer, offset_days=30)
    NoticeFactory(recipient=officer, object_id=far.object_id, due=far.due, offset_days=14)
    mail.queue_digests()
    mail.deliver()
    assert postmaster.mails[0].get_content().count("PKS Las") == 1


def test_a_broken_sentence_holds_up_nobody_elses_mail(officer, head, postmaster, monkeypatch):
    NoticeFactory(recipient=officer)
    NoticeFactory(recipient=head, kind="broken")
    from correspondence import kinds

    monkeypatch.setitem(kinds._kinds, "broken", kinds.Kind("broken", "Rusak", "%(due)d"))
    mail.queue_digests()
    assert mail.deliver() == {"sent": 1, "retried": 1, "failed": 0, "cancelled": 0}
    assert "TypeError" in Mail.objects.get(recipient=head).last_error


class TestOnceADay:
    @pytest.fixture(autouse=True)
    def _at_seven(self, settings):
        settings.DIGEST_AT = "07.00"

    def test_nothing_leaves_before_seven(self, officer):
        NoticeFactory(recipient=officer)
        assert mail.queue_digests(WEDNESDAY.replace(hour=6, minute=59)) == 0
        assert mail.queue_digests(WEDNESDAY.replace(hour=7, minute=0)) == 1

    def test_a_late_start_still_sends_the_days_digest(self, officer):
        NoticeFactory(recipient=officer)
        assert mail.queue_digests(WEDNESDAY.replace(hour=15)) == 1

    def test_what_comes_later_that_day_waits_for_the_next_working_day(self, officer):
        NoticeFactory(recipient=officer)
        assert mail.queue_digests(WEDNESDAY) == 1
        NoticeFactory(recipient=officer)
        assert mail.queue_digests(WEDNESDAY.replace(hour=15)) == 0
        assert mail.queue_digests(WEDNESDAY + timedelta(days=1)) == 1
        assert Mail.objects.count() == 2

    def test_no_digest_on_weekends_and_holidays(self, officer):
        NoticeFactory(recipient=officer)
        Holiday.objects.create(day=WEDNESDAY.date(), name="Libur")
        saturday = WEDNESDAY + timedelta(days=3)
        assert mail.queue_digests(WEDNESDAY) == 0
        assert mail.queue_digests(saturday) == 0
        assert mail.queue_digests(saturday + timedelta(days=2)) == 1

    def test_the_day_is_that_of_jakarta(self, officer):
        NoticeFactory(recipient=officer)
        mail.queue_digests(datetime(2026, 7, 15, 0, 30, tzinfo=ZoneInfo("UTC")))
        assert Mail.objects.get().digest_on == WEDNESDAY.date()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_four_workers_send_each_mail_once(postmaster, facility):
    people = NoticeFactory.create_batch(20)
    assert mail.queue_digests() == 20
    together, sent = threading.Barrier(4), []

    def work():
        together.wait()
        sent.append(mail.deliver()["sent"])
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 20
    assert len(postmaster.mails) == len({m["Message-ID"] for m in postmaster.mails}) == 20
    assert len({m["To"] for m in postmaster.mails}) == len(people)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_that_queue_digests_at_once_queue_one_each(officer, head):
    for person in (officer, head):
        NoticeFactory.create_batch(3, recipient=person)
    together, queued = threading.Barrier(2), []

    def run():
        together.wait()
        queued.append(mail.queue_digests())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(queued) == [0, 2]
    assert Notice.objects.filter(mail=None).count() == 0


class TestAMailWithWordsOfItsOwn:
    def test_it_is_sent_as_written_and_needs_no_notice(self, officer, postmaster):
        row = mail.write(recipient=officer, subject="Undangan", body="Silakan.")
        assert row.message_id == f"<mail-{row.public_id}@cilegon.test>"
        assert mail.deliver()["sent"] == 1
        assert postmaster.to(officer)[0]["Subject"] == "Undangan"
        assert postmaster.to(officer)[0].get_content().strip() == "Silakan."
        row.refresh_from_db()
        assert row.body == "Silakan."

    def test_a_secret_is_kept_for_the_retries_and_forgotten_once_sent(self, officer, postmaster):
        postmaster.answers = ["451 later"]
        row = mail.write(recipient=officer, subject="Undangan", body="/x/abc/", secret=True)
        assert mail.deliver()["retried"] == 1
        come_back_later()
        assert mail.deliver()["sent"] == 1
        assert postmaster.mails[0].get_content().strip() == "/x/abc/"
        row.refresh_from_db()
        assert (row.state, row.body) == (MailState.SENT, "")

    @pytest.mark.parametrize("how", ["refused", "exhausted"])
    def test_a_secret_that_failed_is_forgotten_and_never_sent_empty(
        self, officer, postmaster, settings, how
    ):
        row = mail.write(recipient=officer, subject="Undangan", body="/x/abc/", secret=True)
        if how == "refused":
            postmaster.answers = ["554 no"]
        else:
            Mail.objects.update(attempts=settings.MAIL_ATTEMPTS)
        assert mail.deliver()["failed"] == 1
        row.refresh_from_db()
        assert (row.state, row.body) == (MailState.FAILED, "")
        assert mail.retry(mails=Mail.objects.all()) == 0


class TestToSomebodyWithoutAnAccount:
    def test_it_goes_to_the_address_and_is_tried_again_there(self, postmaster):
        postmaster.answers = ["451 later"]
        row = mail.write(address="pk@bapas.test", subject="Kabar", body="/x/abc/", secret=True)
        assert mail.deliver()["retried"] == 1
        come_back_later()
        assert mail.deliver()["sent"] == 1
        assert [sent["To"] for sent in postmaster.mails] == ["pk@bapas.test"]
        row.refresh_from_db()
        assert (row.state, row.body, row.address) == (MailState.SENT, "", "")

    def test_one_that_failed_is_forgotten_too(self, postmaster):
        postmaster.answers = ["554 no"]
        row = mail.write(address="pk@bapas.test", subject="Kabar", body="/x/abc/", secret=True)
        assert mail.deliver()["failed"] == 1
        row.refresh_from_db()
        assert (row.state, row.body, row.address) == (MailState.FAILED, "", "")

    def test_called_back_it_stays_unsent(self, officer, postmaster):
        called = mail.write(address="pk@bapas.test", subject="Kabar", body="/x/abc/", secret=True)
        open_words = mail.write(recipient=officer, subject="Biasa", body="Halo.")
        assert mail.call_back_mails(mails=Mail.objects.all()) == 1
        mail.deliver()
        called.refresh_from_db()
        assert (called.state, called.body, called.address) == (MailState.CANCELLED, "", "")
        open_words.refresh_from_db()
        assert open_words.state == MailState.SENT

    def test_nobody_is_no_recipient_of_a_digest(self):
        with pytest.raises(IntegrityError):
            Mail.objects.create()
