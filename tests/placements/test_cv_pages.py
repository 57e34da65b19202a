"""Pages of the CV: the preview, the writing, the approval, and the PDF with its record."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import SkillProfile
from inmates.states import ConsentPurpose
from placements.models import CurriculumVitae
from placements.services import consents
from tests.factories.partners import today
from tests.factories.placements import consent_of
from tests.factories.work import cv_of, leaving

pytestmark = pytest.mark.django_db

TYPED = {"summary": "Saya teliti.", "phone": "0812-1", "shares": ["age", "contact"]}


@pytest.fixture
def inmate(facility):
    return leaving(facility, name="ANI UJI")


def at(name, inmate, language="id"):
    return f"{reverse(f'placements:cv-{name}', args=[inmate.public_id])}?language={language}"


def test_from_a_first_word_to_the_pdf(client, officer, facility, inmate):
    client.force_login(officer)
    SkillProfile.objects.create(inmate=inmate, earlier_work="Penjahit")
    form = client.get(at("write", inmate)).context["form"]
    assert form["experience"].value() == "Penjahit"
    assert client.post(at("write", inmate), TYPED).url == at("detail", inmate)
    page = client.get(at("detail", inmate))
    assert len(page.context["in_the_way"]) == 2
    consent = reverse("placements:person-consent", args=[inmate.public_id])
    assert f"{consent}?purpose=profile" in page.content.decode()
    seen = page.context["version"]
    assert client.post(at("approve", inmate), {"on": today(), "seen": seen}).status_code == 302
    given = consent_of(inmate, facility, ConsentPurpose.PROFILE)
    assert not client.get(at("detail", inmate)).context["in_the_way"]
    answer = client.get(at("pdf", inmate))
    assert answer.content.startswith(b"%PDF-")
    assert "cv-ani-uji.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert AccessRecord.objects.get(act="export").subjects == [inmate.public_id]
    consents.withdraw(consent=given, on=today(), why="Tidak mau", by=officer)
    refused = client.get(at("pdf", inmate), follow=True)
    assert not refused.content.startswith(b"%PDF-")
    assert "profil untuk pemberi kerja" in refused.content.decode()
    assert AccessRecord.objects.filter(act="export").count() == 1


def test_a_word_that_must_not_go_out_stands_beside_its_field(client, officer, inmate):
    client.force_login(officer)
    answer = client.post(at("write", inmate), TYPED | {"experience": "Dapur lapas, 2024"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"experience"}
    page = answer.content.decode()
    assert "“lapas”" in page
    assert "Dapur lapas, 2024" in page
    assert not CurriculumVitae.objects.exists()


def test_each_language_is_a_text_of_its_own(client, officer, facility, inmate):
    cv_of(inmate, facility)
    client.force_login(officer)
    assert client.get(at("detail", inmate)).context["paper"].summary == "Saya teliti."
    assert client.get(at("detail", inmate, "en")).context["paper"] is None
    assert client.get(at("detail", inmate, "xx")).context["paper"].summary == "Saya teliti."
    client.post(at("write", inmate, "en"), TYPED | {"summary": "I am careful."})
    assert CurriculumVitae.objects.get(language="en").summary == "I am careful."


def test_what_another_wrote_meanwhile_is_not_overwritten_unseen(
    client, officer, head, facility, inmate
):
    cv_of(inmate, facility, written_by=head)
    client.force_login(officer)
    answer = client.post(at("write", inmate), TYPED | {"seen": "2020-01-01"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kasi Giatja" in page
    seen = page.split('name="seen" value="')[1].split('"')[0].replace("&#x2B;", "+")
    assert client.post(at("write", inmate), TYPED | {"seen": seen}).status_code == 302


def test_an_approval_of_nothing_gets_a_message(client, officer, inmate):
    client.force_login(officer)
    answer = client.post(at("approve", inmate), {"on": today()})
    assert answer.status_code == 422
    assert "belum ditulis" in answer.content.decode()


def test_it_is_removed_with_a_reason(client, officer, facility, inmate):
    cv_of(inmate, facility)
    client.force_login(officer)
    client.post(at("remove", inmate), {"reason": ""})
    assert CurriculumVitae.objects.exists()
    assert client.post(at("remove", inmate), {"reason": "Tidak mau"}).status_code == 302
    assert not CurriculumVitae.objects.exists()
    assert client.post(at("remove", inmate), {"reason": "Tidak mau"}).status_code == 302


def test_who_does_not_keep_readiness_reads_it_and_gets_no_pdf(client, warden, facility, inmate):
    consent_of(inmate, facility, ConsentPurpose.PROFILE)
    cv_of(inmate, facility)
    client.force_login(warden)
    page = client.get(at("detail", inmate))
    assert "Unduh PDF" not in page.content.decode()
    assert client.get(at("pdf", inmate)).status_code == 403


def test_a_consent_taken_back_says_what_follows(client, officer, facility, inmate):
    given = consent_of(inmate, facility, ConsentPurpose.PROFILE)
    cv_of(inmate, facility)
    client.force_login(officer)
    address = reverse("placements:consent-withdraw", args=[given.public_id])
    answer = client.post(address, {"on": today(), "why": "Tidak mau"}, follow=True)
    assert "Riwayat hidupnya tidak bisa diberikan lagi." in answer.content.decode()
