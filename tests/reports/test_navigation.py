import pytest
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from correspondence.models import Notice
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, liaison_of, today

pytestmark = pytest.mark.django_db

OFFICER = {
    "": ["Beranda"],
    "Angka": [
        *("Alur", "Angka pelatihan", "Angka perjanjian", "Angka kerja", "Laporan kota"),
        "Laporan bulanan",
    ],
    "Orang": ["Warga Binaan", "Perubahan keadaan"],
    "Mitra": ["Perjanjian", "Instansi", "Kunjungan"],
    "Pelatihan": [
        *("Angkatan", "Kuota", "Sidang TPP", "Pertemuan", "Daftar harian", "Sertifikat"),
        *("Program", "Rencana"),
    ],
    "Kerja": [
        *("Rujukan", "Lowongan", "Pemberi kerja", "Kesiapan kerja", "Kartu AK-1", "Penempatan"),
        *("Asimilasi kerja", "Pemantauan"),
    ],
    "Surat": ["Surat"],
}


def labels(answer):
    return [str(item.label) for item in answer.context["menu"].items]


def test_the_menu_follows_what_one_may_do(login, officer, registrar, warden):
    groups = login(officer).get("/").context["menu"].groups
    seen = {str(group.label): [str(item.label) for item in group.items] for group in groups}
    assert seen == OFFICER
    assert "Impor register" in labels(login(registrar).get("/"))
    assert "Kuota" not in labels(login(registrar).get("/"))
    assert "Surat" in labels(login(warden).get("/"))


def test_a_liaison_has_a_short_menu(login, liaison):
    assert labels(login(liaison).get("/")) == [
        *("Kuota", "Pertemuan", "Sertifikat", "Perjanjian", "Pemberitahuan")
    ]


def test_a_labour_office_has_its_work_too(login, facility):
    office = PartnershipFactory(facility=facility, agency__kind="disnaker").agency
    known = labels(login(liaison_of(office)).get("/"))
    assert known[-4:] == ["Rujukan kerja", "Lowongan", "Pemberi kerja", "Pemantauan"]


def test_every_entry_of_every_menu_opens(login, facility, liaison):
    roles = ["officer", "head", "warden", "registrar", "secretariat", "observer", "security"]
    office = PartnershipFactory(facility=facility, agency__kind="disnaker").agency
    for user in [*(staff(facility, role) for role in roles), liaison, liaison_of(office)]:
        client = login(user)
        for item in client.get("/").context["menu"].items:
            answer = client.get(reverse(item.name))
            assert answer.status_code == 200, (user, item.name)
            assert 'aria-current="page"' in answer.content.decode(), item.name


def test_the_page_one_is_on_is_marked(login, officer):
    answer = login(officer).get("/agreements/")
    current = [item for item in answer.context["menu"].items if item.is_current]
    assert [str(item.label) for item in current] == ["Perjanjian"]


def test_a_person_belongs_to_the_people(login, facility, officer):
    answer = login(officer).get(inmate_at(facility).get_absolute_url())
    current = [item for item in answer.context["menu"].items if item.is_current]
    assert [str(item.label) for item in current] == ["Warga Binaan"]


def test_the_group_one_is_in_is_open_and_one_entry_stands_by_itself(login, officer, secretariat):
    groups = login(officer).get("/agreements/").context["menu"].groups
    assert [str(group.label) for group in groups if group.is_current] == ["Mitra"]
    answer = login(secretariat).get("/letters/")
    assert [group.is_single for group in answer.context["menu"].groups if group.is_current]
    assert answer.content.decode().count("Surat</a>") >= 1


def test_unread_notices_are_counted(login, officer, head):
    for number in range(2):
        Notice.objects.create(
            recipient=officer, kind="x", object_type="x", object_id=number, due=today()
        )
    assert login(officer).get("/").context["menu"].unread == 2
    assert login(head).get("/").context["menu"].unread == 0


def test_the_sign_in_page_asks_nothing_of_the_database_for_its_menu(client, db):
    answer = client.get("/login/")
    assert answer.status_code == 200
    assert "<nav" not in answer.content.decode()


class TestLanguage:
    def test_a_switch_is_remembered_for_mails(self, login, officer):
        client = login(officer)
        answer = client.post("/i18n/setlang/", {"language": "en", "next": "/"})
        assert answer.status_code == 302
        officer.refresh_from_db()
        assert officer.language == "en"

    def test_it_works_before_signing_in(self, client):
        answer = client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
        assert answer["Location"] == "/login/"
        assert 'lang="en"' in client.get("/login/").content.decode()

    def test_an_unknown_language_changes_nothing(self, login, officer):
        login(officer).post("/i18n/setlang/", {"language": "xx", "next": "/"})
        officer.refresh_from_db()
        assert officer.language == "id"

    def test_it_leads_to_no_other_site(self, client):
        answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://x.test/"})
        assert "x.test" not in answer["Location"]


class TestSignInPage:
    def test_it_has_labels_and_no_way_to_sign_up(self, client, db):
        html = client.get("/login/").content.decode()
        assert 'name="login"' in html
        assert 'name="password"' in html
        assert "/signup/" not in html

    def test_a_wrong_password_is_said_in_words(self, client, officer):
        answer = client.post("/login/", {"login": officer.email, "password": "salah"})
        assert answer.status_code == 200
        assert "alert-danger" in answer.content.decode()

    def test_signing_out_takes_a_post(self, login, officer):
        client = login(officer)
        assert client.get("/logout/").status_code == 200
        assert client.get("/").status_code == 200
        client.post("/logout/")
        assert client.get("/").status_code == 302

    @pytest.mark.parametrize("path", ["/password/change/", "/account/mfa/"])
    def test_account_pages_wear_the_house_look(self, login, officer, path):
        assert "css/site.css" in login(officer).get(path).content.decode()


class TestErrorPages:
    def test_a_page_that_is_not_there(self, login, officer):
        answer = login(officer).get("/nothing/")
        assert answer.status_code == 404
        assert "Halaman tidak ditemukan" in answer.content.decode()

    def test_a_form_without_its_token(self, officer):
        answer = Client(enforce_csrf_checks=True).post("/login/", {"login": "x"})
        assert answer.status_code == 403
        assert "kedaluwarsa" in answer.content.decode()

    def test_a_broken_page_needs_no_request_to_say_so(self, rf):
        answer = server_error(rf.get("/"))
        assert answer.status_code == 500
        assert "Ada yang tidak beres" in answer.content.decode()
