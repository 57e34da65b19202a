"""The inbox of notices: one's own only, GET changes nothing, POST marks and leads on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import User
from correspondence.models import Mail, Notice
from correspondence.services import mail
from correspondence.states import MailState, NoticeState
from tests.factories.accounts import PASSWORD, FacilityFactory
from tests.factories.correspondence import NoticeFactory
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_officer(login, officer):
    return login(officer)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_inbox_needs_a_sign_in(client):
    assert client.get("/notices/")["Location"].startswith("/login/")


def test_an_empty_inbox_says_so(client_of_officer):
    assert "Tidak ada yang menunggu Anda" in text_of(client_of_officer.get("/notices/"))
    assert "Belum ada pemberitahuan" in text_of(client_of_officer.get("/notices/?tab=all"))
    assert "Belum ada surel" in text_of(client_of_officer.get("/notices/?tab=mail"))


def test_one_sees_ones_own_notices_with_the_days_left(client_of_officer, officer, head):
    NoticeFactory(recipient=officer, data={"title": "PKS Las", "agency": "BLK"}, due=today(9))
    NoticeFactory(recipient=head, data={"title": "PKS Rahasia", "agency": "BLK"})
    page = text_of(client_of_officer.get("/notices/"))
    assert "“PKS Las” dengan BLK" in page
    assert "9 hari lagi" in page
    assert "PKS Rahasia" not in page


def test_a_long_inbox_narrows_to_one_kind(client_of_officer, officer):
    NoticeFactory(recipient=officer, data={"title": "PKS Las", "agency": "BLK"})
    NoticeFactory(recipient=officer, kind="letter_received", data={"number": "W7-1"})
    page = text_of(client_of_officer.get("/notices/?kind=agreement_end"))
    assert "Akhir perjanjian (1)" in page
    assert "PKS Las" in page
    assert "PKS Las" not in text_of(client_of_officer.get("/notices/?kind=letter_received"))
    assert "PKS Las" in text_of(client_of_officer.get("/notices/?kind=nonsense"))


@pytest.mark.parametrize("tab", ["", "&tab=all", "&tab=snoozed"])
def test_a_long_inbox_has_further_pages_whatever_it_is_narrowed_to(login, officer, head, tab):
    until = today(3) if "snoozed" in tab else None
    for place in range(27):
        NoticeFactory(
            recipient=officer, data={"title": f"PKS {place:02}"}, due=today(9), snoozed_until=until
        )
    NoticeFactory(recipient=head)
    client = login(officer)
    for asked in (f"?{tab}", f"?kind=agreement_end{tab}"):
        first = text_of(client.get(f"/notices/{asked}"))
        second = text_of(client.get(f"/notices/{asked}&page=2"))
        beyond = text_of(client.get(f"/notices/{asked}&page=99"))
        told = [sum(f"“PKS {n:02}”" in page for n in range(27)) for page in (first, second, beyond)]
        assert told == [25, 2, 2]


def test_each_tab_says_how_many_it_holds(client_of_officer, officer, head):
    NoticeFactory.create_batch(3, recipient=officer)
    NoticeFactory.create_batch(2, recipient=officer, snoozed_until=today(3), read_at=now())
    NoticeFactory(recipient=officer, acknowledged_at=now(), kind="letter_received")
    NoticeFactory(recipient=officer, state=NoticeState.SUPERSEDED)
    NoticeFactory(recipient=head)
    page = text_of(client_of_officer.get("/notices/"))
    assert "Menunggu (3)" in page
    assert "Ditunda (2)" in page
    assert "Tandai semua terbaca" in page
    assert "Akhir perjanjian (6)" in text_of(client_of_officer.get("/notices/?tab=all"))
    Notice.objects.update(read_at=now())
    assert "Tandai semua terbaca" not in text_of(client_of_officer.get("/notices/"))


class TestWhoElseKnows:
    @pytest.fixture
    def notice(self, officer, facility):
        return NoticeFactory(recipient=officer, facility=facility, due=today(9))

    def told(self, notice, recipient, **further):
        same = {"facility": notice.facility, "object_id": notice.object_id, "due": notice.due}
        return NoticeFactory(recipient=recipient, **(same | further))

    def test_colleagues_are_named_and_whether_they_took_note(
        self, client_of_officer, notice, head, warden
    ):
        self.told(notice, warden)
        self.told(notice, head, acknowledged_at=now())
        page = text_of(client_of_officer.get("/notices/"))
        assert f"Juga diberitahu: {head.name} (sudah tahu), {warden.name}<" in page

    @pytest.mark.parametrize(
        "other", [{"object_id": 999}, {"due": today(10)}, {"state": NoticeState.CANCELLED}]
    )
    def test_not_those_who_were_told_of_something_else(
        self, client_of_officer, notice, head, other
    ):
        self.told(notice, head, **other)
        assert "Juga diberitahu" not in text_of(client_of_officer.get("/notices/"))

    def test_not_of_a_notice_from_another_prison(self, client_of_officer, notice, head):
        Notice.objects.update(facility=FacilityFactory())
        self.told(notice, head)
        assert "Juga diberitahu" not in text_of(client_of_officer.get("/notices/"))


def test_of_one_deadline_only_the_nearest_notice_waits(client_of_officer, officer):
    far = NoticeFactory(recipient=officer, offset_days=30)
    NoticeFactory(recipient=officer, offset_days=14, object_id=far.object_id, due=far.due)
    assert list(Notice.objects.waiting().values_list("offset_days", flat=True)) == [14]
    assert Notice.objects.unread().count() == 1
    assert text_of(client_of_officer.get("/notices/?tab=all")).count("Saya tahu") == 2


def test_reading_the_list_changes_nothing(client_of_officer, officer):
    NoticeFactory(recipient=officer)
    for tab in ("", "?tab=all", "?tab=mail", "?tab=nonsense&page=99"):
        text_of(client_of_officer.get(f"/notices/{tab}"))
    assert Notice.objects.get().read_at is None


def test_opening_marks_read_and_leads_to_the_matter(client_of_officer, officer):
    notice = NoticeFactory(recipient=officer, link="/agreements/")
    url = f"/notices/{Notice.objects.get().public_id}/open/"
    assert client_of_officer.get(url).status_code == 405
    response = client_of_officer.post(url)
    assert response["Location"] == "/agreements/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_link_never_leads_off_the_site(client_of_officer, officer):
    NoticeFactory(recipient=officer, link="//evil.test/")
    response = client_of_officer.post(f"/notices/{Notice.objects.get().public_id}/open/")
    assert response["Location"] == "/notices/"


def test_taking_note_empties_the_waiting_list_and_twice_is_harmless(client_of_officer, officer):
    NoticeFactory(recipient=officer)
    url = f"/notices/{Notice.objects.get().public_id}/acknowledge/"
    for _ in range(2):
        assert client_of_officer.post(url)["Location"] == "/notices/"
    assert not Notice.objects.waiting().exists()
    assert Notice.objects.get().read_at is not None
    assert "sudah diketahui" in text_of(client_of_officer.get("/notices/?tab=all"))


def test_all_can_be_marked_read_and_others_stay_unread(client_of_officer, officer, head):
    NoticeFactory.create_batch(3, recipient=officer)
    NoticeFactory(recipient=head)
    client_of_officer.post("/notices/read/")
    assert Notice.objects.unread().count() == 1


@pytest.mark.parametrize("act", ["open", "acknowledge"])
def test_notices_of_others_do_not_exist(login, outsider, officer, act):
    NoticeFactory(recipient=officer)
    url = f"/notices/{Notice.objects.get().public_id}/{act}/"
    assert login(outsider).post(url).status_code == 404
    assert Notice.objects.get().read_at is None


def test_superseded_is_struck_through_and_cancelled_is_gone(client_of_officer, officer):
    NoticeFactory(recipient=officer, state=NoticeState.SUPERSEDED, data={"title": "Lama"})
    NoticeFactory(recipient=officer, state=NoticeState.CANCELLED, data={"title": "Batal"})
    page = text_of(client_of_officer.get("/notices/?tab=all"))
    assert "<s>" in page
    assert "“Lama”" in page
    assert "“Batal”" not in page


def test_the_mail_tab_shows_the_words_that_were_sent(client_of_officer, officer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    NoticeFactory(recipient=officer, data={"title": "<b>PKS</b>", "agency": "BLK"})
    mail.queue_digests()
    assert "Belum ada surel" in text_of(client_of_officer.get("/notices/?tab=mail"))
    mail.deliver()
    page = text_of(client_of_officer.get("/notices/?tab=mail"))
    assert "Terkirim" in page
    assert "“&lt;b&gt;PKS&lt;/b&gt;” dengan BLK" in page


@pytest.mark.parametrize("tab", ["waiting", "all", "mail"])
def test_the_number_of_queries_does_not_grow_with_rows(
    client_of_officer, officer, tab, django_assert_num_queries
):
    def one_more():
        NoticeFactory(recipient=officer)
        Mail.objects.create(recipient=officer, message_id="<x@y>", state=MailState.SENT)

    one_more()
    client_of_officer.get("/notices/")
    with CaptureQueriesContext(connection) as for_one:
        client_of_officer.get(f"/notices/?tab={tab}")
    one_more()
    one_more()
    with django_assert_num_queries(len(for_one)):
        client_of_officer.get(f"/notices/?tab={tab}")


class TestAdmin:
    @pytest.fixture
    def admin(self, client, db):
        User.objects.create_superuser("admin@uji.test", PASSWORD, name="Admin")
        client.login(email="admin@uji.test", username="admin@uji.test", password=PASSWORD)
        return client

    def test_failed_mails_can_be_found_and_retried(self, admin, officer):
        failed = Mail.objects.create(
            recipient=officer, state=MailState.FAILED, attempts=10, last_error="550 no"
        )
        sent = Mail.objects.create(recipient=officer, state=MailState.SENT)
        url = "/admin/correspondence/mail/"
        assert "550 no" in text_of(admin.get(f"{url}?state__exact=failed"))
        form = {"action": "retry", "_selected_action": [failed.pk, sent.pk]}
        assert "1 surel" in text_of(admin.post(url, form, follow=True))
        states = set(Mail.objects.values_list("pk", "state"))
        assert states == {(failed.pk, MailState.QUEUED), (sent.pk, MailState.SENT)}

    @pytest.mark.parametrize("model", ["notice", "mail", "sweeprun", "letter"])
    def test_what_was_told_is_searchable_and_read_only(self, admin, model):
        assert admin.get(f"/admin/correspondence/{model}/").status_code == 200
        assert admin.get(f"/admin/correspondence/{model}/add/").status_code == 403

    def test_a_policy_is_chosen_from_what_the_apps_know(self, admin, facility):
        url = "/admin/correspondence/reminderpolicy/add/"
        page = text_of(admin.get(url))
        assert "Akhir perjanjian" in page
        assert "narahubung instansi" in page
        form = {
            "facility": facility.pk,
            "kind": "agreement_end",
            "offsets": "60,-1",
            "audience": ["officer", "agency"],
        }
        assert admin.post(url, form).status_code == 302
        assert admin.post(url, {**form, "audience": ["nobody"]}).status_code == 200
        assert admin.post(url, {**form, "kind": "unknown"}).status_code == 200
