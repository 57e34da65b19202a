"""What one makes of one's notices, and what a prison makes of its rules."""

from datetime import timedelta

import pytest

from correspondence import kinds
from correspondence.models import Mail, Notice, ReminderPolicy, Silence
from correspondence.services import mail, notices, silences
from correspondence.services.sweep import sweep
from correspondence.states import MailState, NoticeState
from tests.factories.accounts import staff
from tests.factories.correspondence import NoticeFactory
from tests.factories.partners import SignedAgreementFactory, today

pytestmark = pytest.mark.django_db


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def snooze_url(notice):
    notice.refresh_from_db()
    return f"/notices/{notice.public_id}/snooze/"


class TestPuttingOff:
    def test_a_notice_goes_and_comes_back_with_its_reason(self, login, officer, postmaster):
        notice = NoticeFactory(recipient=officer)
        mail.queue_digests()
        mail.deliver()
        client = login(officer)
        terms = {"until": today(5), "reason": "Menunggu surat Disnaker"}
        assert client.post(snooze_url(notice), terms).status_code == 302
        assert not Notice.objects.waiting().exists()
        page = text_of(client.get("/notices/?tab=snoozed"))
        assert "Menunggu surat Disnaker" in page
        assert mail.queue_digests() == 0
        Notice.objects.update(snoozed_until=today())
        assert Notice.objects.waiting().get() == notice
        assert mail.queue_digests() == 1
        mail.deliver()
        assert len(postmaster.to(officer)) == 2

    @pytest.mark.parametrize(
        ("days", "reason", "words"),
        [
            (0, "alasan", "sesudah hari ini"),
            (31, "alasan", "paling lama sampai"),
            (5, "", "Bidang ini"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(self, login, officer, days, reason, words):
        notice = NoticeFactory(recipient=officer, due=today(30))
        terms = {"until": today(days), "reason": reason}
        answer = login(officer).post(snooze_url(notice), terms)
        assert words in text_of(answer, 422)
        notice.refresh_from_db()
        assert notice.snoozed_until is None

    def test_what_is_overdue_can_wait_a_week(self, login, officer):
        notice = NoticeFactory(recipient=officer, due=today(-3), offset_days=-1)
        client = login(officer)
        for days, status in ((8, 422), (7, 302)):
            terms = {"until": today(days), "reason": "x"}
            assert client.post(snooze_url(notice), terms).status_code == status

    def test_what_is_settled_cannot_be_put_off(self, login, officer):
        notice = NoticeFactory(recipient=officer, state=NoticeState.SUPERSEDED)
        terms = {"until": today(5), "reason": "x"}
        assert "sudah selesai" in text_of(login(officer).post(snooze_url(notice), terms), 422)

    def test_a_nearer_reminder_comes_all_the_same(self, officer):
        far = NoticeFactory(recipient=officer, due=today(30), offset_days=30)
        notices.snooze(notice=far, until=today(20), reason="x", by=officer)
        near = NoticeFactory(
            recipient=officer, object_id=far.object_id, due=far.due, offset_days=14
        )
        assert list(Notice.objects.waiting()) == [near]


def test_what_one_took_note_of_is_not_mailed_any_more(officer, postmaster):
    notice = NoticeFactory(recipient=officer)
    notices.acknowledge(notice=notice, by=officer)
    assert mail.queue_digests() == 0
    NoticeFactory(recipient=officer)
    mail.queue_digests()
    for one in Notice.objects.all():
        notices.acknowledge(notice=one, by=officer)
    assert mail.deliver()["cancelled"] == 1


def test_who_else_knows_is_shown_to_colleagues_only(login, facility, officer, head, liaison):
    shared = {"facility": facility, "object_id": 7, "due": today(9)}
    for person in (officer, head, liaison):
        NoticeFactory(recipient=person, **shared)
    notices.acknowledge(notice=Notice.objects.get(recipient=head), by=head)
    page = text_of(login(officer).get("/notices/"))
    assert f"{head.name} (sudah tahu)" in page
    assert liaison.name not in page
    assert head.name not in text_of(login(liaison).get("/notices/"))


class TestMailsOneDoesNotWant:
    def test_they_stay_away_and_the_notice_stands(self, login, officer, postmaster):
        client = login(officer)
        assert "Tindak lanjut" in text_of(client.get("/notices/mails/"))
        client.post("/notices/mails/", {"silenced": ["action_item"]})
        NoticeFactory(recipient=officer, kind="action_item", data={"agency": "BLK"})
        assert mail.queue_digests() == 0
        assert Notice.objects.waiting().count() == 1
        client.post("/notices/mails/", {})
        assert mail.queue_digests() == 1

    @pytest.mark.parametrize("kind", ["slots_proposed", "agreement_end"])
    def test_what_is_urgent_or_mandatory_always_comes(self, login, officer, kind):
        client = login(officer)
        assert client.post("/notices/mails/", {"silenced": [kind]}).status_code == 422
        Silence.objects.create(user=officer, kind=kind)
        NoticeFactory(recipient=officer, kind=kind)
        assert mail.queue_digests() == 1
        assert not kinds.get(kind).may_be_silenced

    def test_a_digest_names_the_page_and_opening_it_changes_nothing(
        self, login, officer, postmaster
    ):
        NoticeFactory(recipient=officer)
        mail.queue_digests()
        mail.deliver()
        sent = postmaster.to(officer)[0]
        assert sent["List-Unsubscribe"] == "<https://lapas.test/notices/mails/>"
        assert "https://lapas.test/notices/mails/" in sent.get_content()
        login(officer).get("/notices/mails/")
        assert silences.of(officer) == set()

    def test_ones_own_choice_only(self, officer, head):
        silences.choose(silenced=["action_item"], by=head)
        assert silences.of(officer) == set()


class TestRules:
    EDIT = "/reminders/edit/?kind=agreement_end"
    TERMS = {
        "offsets": "7, 45,7",
        "audience": ["officer", "warden"],
        "escalate_after": "3",
        "escalation": ["officer", "head"],
    }

    def test_the_head_sees_all_and_changes_one_for_the_own_prison(
        self, login, head, facility, outsider
    ):
        client = login(head)
        assert "180, 90, 60, 30, 14, 7, 1, -1" in text_of(client.get("/reminders/"))
        assert client.post(self.EDIT, self.TERMS).status_code == 302
        own = ReminderPolicy.objects.get(facility=facility)
        assert (own.offsets, own.audience) == ([45, 7], ["officer", "warden"])
        assert (own.escalate_after, own.escalation) == (3, ["officer", "head"])
        assert own.created_by == head
        assert "45, 7" in text_of(client.get("/reminders/"))
        assert "Riwayat" in text_of(client.get(self.EDIT))

    def test_the_rule_of_the_country_can_be_followed_again(self, login, head):
        client = login(head)
        client.post(self.EDIT, self.TERMS)
        for _ in range(2):
            assert client.post("/reminders/reset/?kind=agreement_end").status_code == 302
        assert not ReminderPolicy.objects.exclude(facility=None).exists()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"offsets": "tujuh"}, "offsets"),
            ({"offsets": "9999"}, "Paling banyak 730 hari sebelum"),
            ({"audience": []}, "audience"),
            ({"audience": ["raja"]}, "raja"),
            ({"escalate_after": ""}, "sesudah berapa hari"),
            ({"escalation": []}, "Pilih jabatan yang diberi tahu"),
            ({"audience": ["agency"]}, "jabatan lapas di antara penerima"),
        ],
    )
    def test_a_rule_that_cannot_be_is_said_and_nothing_is_lost(self, login, head, change, words):
        page = text_of(login(head).post(self.EDIT, self.TERMS | change), 422)
        assert words in page
        assert not ReminderPolicy.objects.exclude(facility=None).exists()

    def test_a_kind_that_is_not_there_is_not_found(self, login, head):
        assert login(head).get("/reminders/edit/?kind=nothing").status_code == 404

    @pytest.mark.parametrize("page", ["", "preview/", "log/", "edit/?kind=agreement_end"])
    def test_only_who_sets_the_rules_sees_them(self, login, officer, warden, liaison, page):
        for person in (officer, warden, liaison):
            assert login(person).get(f"/reminders/{page}").status_code == 403


class TestPreviewAndLog:
    def test_the_preview_shows_filters_and_downloads(self, login, facility, agency, officer, head):
        agreement = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(100))
        client = login(head)
        page = text_of(client.get("/reminders/preview/"))
        assert agreement.title in page
        assert officer.name in page
        narrowed = text_of(client.get(f"/reminders/preview/?person={head.public_id}"))
        assert f"<td >{officer.name}" not in narrowed
        sheet = b"".join(client.get("/reminders/preview/?format=csv").streaming_content).decode()
        assert agreement.title in sheet

    def test_the_preview_marks_what_climbs_only_if_nobody_takes_note(
        self, login, facility, agency, officer, head, warden
    ):
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(100))
        client = login(head)
        unsure = ">bila belum ditandai</td>"
        whole, sure, climbing = (
            client.get(f"/reminders/preview/{query}").content.decode()
            for query in ("", "?sure=yes", "?sure=no")
        )
        assert unsure in whole
        assert unsure not in sure
        assert unsure in climbing
        assert "<td >pasti</td>" not in climbing

    def test_the_log_tells_what_became_of_each(
        self, login, facility, agency, officer, head, liaison, outsider, postmaster
    ):
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(20))
        postmaster.rcpt_answers = ["550 no such user"]
        sweep()
        mail.queue_digests()
        mail.deliver()
        SignedAgreementFactory(facility=outsider.facility, agency=agency, ends_on=today(20))
        sweep()
        client = login(head)
        page = text_of(client.get("/reminders/log/"))
        assert "terkirim" in page
        assert "550" in page
        assert liaison.name in page
        assert outsider.name not in page
        failed = text_of(client.get(f"/reminders/log/?mail={MailState.FAILED}"))
        assert "550" in failed
        sheet = b"".join(client.get("/reminders/log/?format=csv").streaming_content).decode()
        assert liaison.name in sheet
        assert Mail.objects.failed().count() == 1

    def test_an_escalated_notice_says_from_whom(self, login, facility, agency, officer, head):
        ReminderPolicy.objects.filter(kind="agreement_end").update(
            audience=["officer"], escalate_after=2
        )
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(20))
        sweep(today())
        sweep(today() + timedelta(days=2))
        staff(facility, "warden")
        assert "Diteruskan" in text_of(login(head).get("/notices/"))
