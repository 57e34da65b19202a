"""The link of an invitation, from the real mail to the agency's home; and the head's pages."""

import re

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from accounts.models import ActionLink, User
from correspondence.services import mail
from partners.models import Liaison
from partners.services import liaisons
from tests.factories.partners import liaison_of

pytestmark = pytest.mark.django_db

SECRET = "jembatan-kuning-42"
TYPED = {"name": "Sari", "email": "sari@blk.test", "title": "Kepala Seksi", "phone": ""}


@pytest.fixture
def address(login, agency, head):
    """The path in the mail that really went out."""
    answer = login(head).post(reverse("partners:liaison-invite", args=[agency.public_id]), TYPED)
    assert answer.status_code == 302
    assert mail.deliver()["sent"] == 1
    (sent,) = outbox.outbox
    assert sent.to == ["sari@blk.test"]
    return re.search(r"https?://[^/]+(/invitations/\S+/)", sent.body)[1]


def state():
    return (
        list(ActionLink.objects.values()),
        list(User.objects.filter(email=TYPED["email"]).values()),
        list(Liaison.objects.values()),
    )


def join(client, address, password=SECRET, again=None):
    return client.post(address, {"password": password, "again": again or password})


class TestLink:
    def test_leads_from_the_mail_to_the_home_of_the_agency(self, address, agency):
        client = Client()
        page = client.get(address)
        assert page.status_code == 200
        assert agency.name in page.content.decode()
        answer = join(client, address)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert agency.name in client.get("/").content.decode()
        assert Client().post("/login/", {"login": TYPED["email"], "password": SECRET})[
            "Location"
        ] == ("/")

    def test_scanners_change_nothing_however_often_they_look(self, address):
        before = state()
        for method in ("get", "head", "get", "options", "head"):
            assert getattr(Client(), method)(address).status_code in (200, 405)
        assert state() == before
        assert join(Client(), address).status_code == 302

    def test_no_search_engine_cache_or_other_site_learns_of_it(self, address, caplog):
        for answer in (Client().get(address), join(Client(), address, "123", "124")):
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
            assert answer["Referrer-Policy"] == "strict-origin"
            assert "no-store" in answer["Cache-Control"]
        assert address not in caplog.text

    def test_a_weak_or_mistyped_password_is_refused_beside_the_field(self, address):
        for typed in (("12345", "12345"), (SECRET, "lain-sekali-5"), ("", ""), ("sari", "sari")):
            answer = join(Client(), address, *typed)
            assert answer.status_code == 422
            assert "invalid-feedback" in answer.content.decode()
        assert join(Client(), address).status_code == 302

    def test_used_it_says_so_and_leads_to_the_sign_in_page(self, address):
        join(Client(), address)
        for answer in (Client().get(address), join(Client(), address, "lain-sekali-5")):
            assert answer.status_code == 410
            assert "sudah dipakai" in answer.content.decode()
        assert not Client().login(email=TYPED["email"], password="lain-sekali-5")

    def test_withdrawn_it_says_whom_to_ask(self, address, head):
        liaisons.withdraw(liaison=Liaison.objects.get(), by=head)
        answer = join(Client(), address)
        assert answer.status_code == 410
        assert head.facility.name in answer.content.decode()

    def test_unknown_it_is_calm(self):
        answer = Client().get("/invitations/tidak-ada/")
        assert answer.status_code == 410
        assert "lapas mitra" in answer.content.decode()

    def test_in_a_browser_where_somebody_else_is_signed_in(self, login, address, officer):
        client = login(officer)
        assert officer.name in client.get(address).content.decode()
        join(client, address)
        assert client.get("/").context["user"].email == TYPED["email"]

    def test_guessing_is_limited_like_signing_in(self, address, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
        answers = [join(Client(), address, "123", "124").status_code for _try in range(4)]
        assert answers == [422, 422, 422, 429]


class TestPages:
    def test_the_agency_page_shows_who_is_how_far(self, login, agency, head, liaison):
        invited = liaisons.invite(agency=agency, by=head, name="Sari", email="sari@blk.test")
        suspended = liaison_of(agency, name="Tono").liaisons.get()
        liaisons.suspend(liaison=suspended, reason="HP hilang", by=head)
        html = login(head).get(agency.get_absolute_url()).content.decode()
        for words in (invited.user.name, "Diundang", "Ditangguhkan", "Aktif", "liaisons/invite/"):
            assert words in html

    def test_a_liaison_sees_colleagues_without_reasons_and_addresses(
        self, login, agency, head, liaison
    ):
        colleague = liaison_of(agency, name="Tono").liaisons.get()
        liaisons.suspend(liaison=colleague, reason="HP hilang", by=head)
        client = login(liaison)
        html = client.get(colleague.get_absolute_url()).content.decode()
        assert "Tono" in html
        for hidden in ("HP hilang", colleague.user.email, '<form method="post" action="/liaisons'):
            assert hidden not in html

    def test_the_head_suspends_and_ends_by_form(self, login, head, liaison):
        client, row = login(head), liaison.liaisons.get()
        page = row.get_absolute_url()
        assert client.post(f"{page}suspend/", {"reason": ""}).status_code == 422
        assert client.post(f"{page}suspend/", {"reason": "HP hilang"}).status_code == 302
        assert "HP hilang" in client.get(page).content.decode()
        assert client.post(f"{page}reinstate/").status_code == 302
        answer = client.post(f"{page}end/", {"until": "2999-01-01"})
        assert answer.status_code == 422
        assert "masa depan" in answer.content.decode()

    def test_what_was_typed_stays_when_the_address_is_taken(self, login, head, agency, officer):
        address = reverse("partners:liaison-invite", args=[agency.public_id])
        answer = login(head).post(address, {**TYPED, "email": officer.email})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "akun petugas" in html
        assert 'value="Kepala Seksi"' in html
