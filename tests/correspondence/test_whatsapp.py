"""The link that opens WhatsApp with the words already written."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import Context, Template

from correspondence import kinds
from correspondence.models import Mail
from correspondence.states import MailState
from placements.kinds import CircumstanceKind
from tests.factories.accounts import UserFactory
from tests.factories.partners import SignedAgreementFactory

pytestmark = pytest.mark.django_db


def link(phone, text="PKS Las: 12 Desember & lanjut?", path="/agreements/"):
    words = Template("{% load reminders %}{% whatsapp phone text path who %}")
    return words.render(Context({"phone": phone, "text": text, "path": path, "who": "BLK"}))


@pytest.mark.parametrize(
    "phone", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "(0812) 3456.7890"]
)
def test_a_number_written_any_way_becomes_one_that_whatsapp_knows(phone):
    assert "https://wa.me/6281234567890?text=" in link(phone)


@pytest.mark.parametrize("phone", ["", None, "021-5551234", "12", "bukan nomor", "08"])
def test_what_is_no_mobile_number_gets_no_link(phone):
    assert link(phone).strip() == ""


def test_the_text_arrives_as_written_with_the_address(settings):
    settings.SITE_URL = "https://lapas.test"
    href = link("081234567890").split('href="')[1].split('"')[0].replace("&amp;", "&")
    text = parse_qs(urlsplit(href).query)["text"][0]
    assert text == "PKS Las: 12 Desember & lanjut? https://lapas.test/agreements/"


def test_an_agreements_page_offers_it_to_staff_only(login, facility, agency, officer, liaison):
    liaison.phone = "0812-3456-7890"
    liaison.save()
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    for page in (agreement, agency):
        shown = login(officer).get(page.get_absolute_url()).content.decode()
        assert "https://wa.me/6281234567890?text=" in shown
        text = shown.split("wa.me/6281234567890?text=")[1].split('"')[0]
        assert "Narahubung" not in text
        assert "wa.me" not in login(liaison).get(page.get_absolute_url()).content.decode()


def test_a_code_in_a_notice_is_said_in_the_language_of_its_reader():
    code = CircumstanceKind.TRANSFERRED
    said = kinds.words_of("circumstance_waiting", None, {"what": code.value})
    assert str(code.label) in said


def test_an_admin_sees_how_many_mails_failed(login, officer):
    admin = UserFactory(kind="admin", is_staff=True, is_superuser=True)
    Mail.objects.create(recipient=officer, state=MailState.FAILED)
    assert "1 surel gagal dikirim" in login(admin).get("/").content.decode()
