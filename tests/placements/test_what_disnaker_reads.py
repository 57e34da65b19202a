"""Every byte that reaches Disnaker about a person of whom all that can be planted is planted."""

import io
import re

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import formats, translation
from pypdf import PdfReader

from correspondence.models import Mail
from correspondence.services import mail
from inmates.states import ConsentPurpose
from placements.employment import ReferralState
from placements.services import referral_answers, referrals
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, consent_of
from tests.factories.planted import planted_person
from tests.factories.planted_words import KEY, NAME, NIK, TEXTS, WORDS
from tests.factories.work import cv_of
from tests.placements.referring import Desk, now_of
from tests.test_access_matrix import ROUTES

pytestmark = pytest.mark.django_db

MESSAGE = "Mohon dicarikan tempat."
# What the agency may read of what was planted: the name, earlier work, on one page the NIK.
OF_PERSON = {NAME, NAME.lower(), TEXTS["work"]}
PAPERS = ("placements:referral-letter", "placements:referral-introduction")
LABELS = [
    *("Kode", "Nama", "NIK", "Jenis kelamin", "Umur", "Pendidikan", "Keterampilan"),
    *("Pengalaman kerja", "Daerah tujuan", "Tersedia mulai"),
]


@pytest.fixture
def desk(facility):
    return Desk(facility)


@pytest.fixture
def inmate(desk, facility, agency):
    person = planted_person(facility, agency, desk.head)
    consent_of(person, facility, signed_on=today())
    return person


@pytest.fixture
def sent(desk, inmate):
    return desk.referral(ReferralState.SENT, inmate=inmate, message=MESSAGE)


def bytes_of(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"%PDF-"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


def days_of(inmate):
    """The exact days of the sentence, as pages and machines write them."""
    stated = ("one_third", "one_half", "two_thirds", "expires", "released_on", "detained_since")
    with translation.override("id"):
        for day in (getattr(inmate.sentence, name) for name in stated):
            for style in ("j F Y", "d/m/Y", "j M Y", "Y-m-d") if day else ():
                yield formats.date_format(day, style)


def secrets_of(inmate):
    stay = inmate.custodies.get()
    return (
        WORDS
        | {KEY, stay.register_number, "Register F", "Bebas murni", "Pembebasan Bersyarat"}
        | set(days_of(inmate))
    ) - OF_PERSON


def pages_of(referral):
    """Every address that a liaison can open: all without an object, all of the referral."""
    for name, route in ROUTES.items():
        if "<" not in route:
            yield name, f"/{route}"
        elif "referrals/<uuid" in route:
            yield name, reverse(name, args=[referral.public_id])


def read_all(client, referral):
    """`{(address name, address): text}` of whatever answers 200, lists also as CSV."""
    client.raise_request_exception = False
    found = {}
    for name, address in pages_of(referral):
        for asked in (address, f"{address}?format=csv"):
            answer = client.get(asked)
            if answer.status_code == 200:
                found[name, asked] = bytes_of(answer)
    return found


@pytest.mark.parametrize(
    "state", [ReferralState.SENT, ReferralState.FORWARDED, ReferralState.ACCEPTED]
)
def test_no_page_file_or_paper_tells_more_than_is_permitted(login, desk, inmate, state):
    referral = desk.referral(state, inmate=inmate, message=MESSAGE)
    read = read_all(login(desk.liaison), referral)
    names = {name for name, _address in read}
    assert {"placements:referral-inbox", "placements:referral-detail", *PAPERS[:1]} <= names
    assert (PAPERS[1] in names) is (state != ReferralState.SENT)
    for (name, address), text in read.items():
        allowed = {NIK} if name == "placements:referral-detail" else set()
        told = {word for word in secrets_of(inmate) - allowed if word in text}
        assert told == set(), address


def test_the_page_shows_exactly_the_permitted_facts(login, desk, sent):
    shown = login(desk.liaison).get(sent.get_absolute_url()).text
    assert re.findall(r"<dt>(.*?)</dt>", shown) == LABELS
    for fact in (NAME, NIK, TEXTS["work"], "Tata boga", "Perempuan", "Kota Cilegon", MESSAGE):
        assert fact in shown, fact


def test_staff_read_what_disnaker_reads_with_a_masked_nik(login, desk, sent):
    shown = login(desk.officer).get(sent.get_absolute_url()).text
    assert NIK not in shown
    assert f"••••{NIK[-4:]}" in shown


def test_the_file_has_exactly_the_permitted_columns(login, desk, sent):
    lines = b"".join(login(desk.liaison).get("/referrals/inbox/?format=csv"))
    (heading, row) = lines.decode("utf-8-sig").splitlines()
    assert heading == (
        "Kode,Keadaan,Dari,Nama,Jenis kelamin,Umur,Pendidikan,Keterampilan,Sertifikat,"
        "Daerah tujuan,Tersedia mulai,Lowongan,Pemberi kerja,Dijawab sampai,Sebab ditolak"
    )
    assert NIK not in row


def test_mails_and_notices_carry_the_code_and_no_name(desk, inmate, settings):
    settings.DIGEST_AT = "now"
    referral = desk.referral(ReferralState.SENT, inmate=inmate, message=MESSAGE)
    mail.deliver()
    referrals.withdraw(referral=referral, reason=TEXTS["referral"], by=desk.officer)
    mail.deliver()
    texts = [f"{sent.subject} {sent.body}" for sent in outbox.outbox]
    texts += [f"{row.subject} {row.body}" for row in Mail.objects.all()]
    assert any(referral.person_code in text for text in texts)
    for word in secrets_of(inmate) | OF_PERSON:
        assert not any(word in text for text in texts), word


def test_what_the_prison_says_when_it_withdraws_is_not_read(login, desk, sent):
    referrals.withdraw(referral=sent, reason="Masuk Register F", by=desk.officer)
    client = login(desk.liaison)
    for address in (sent.get_absolute_url(), "/referrals/inbox/", "/"):
        assert "Masuk Register F" not in client.get(address).text
    assert "Ditarik" in client.get(sent.get_absolute_url()).text


@pytest.mark.parametrize("state", [ReferralState.SENT, ReferralState.FORWARDED])
def test_after_the_consent_is_withdrawn_nothing_of_the_person_is_left(login, desk, inmate, state):
    referral = desk.referral(state, inmate=inmate, message=MESSAGE)
    inmate.consents.filter(withdrawn_on=None).update(withdrawn_on=today())
    read = read_all(login(desk.liaison), referral)
    assert {name for name, _address in read}.isdisjoint(PAPERS)
    assert any(referral.person_code in text for text in read.values())
    for (_name, address), text in read.items():
        assert {w for w in secrets_of(inmate) | OF_PERSON | {MESSAGE} if w in text} == set(), (
            address
        )


def test_an_answer_after_the_consent_was_withdrawn_names_nobody(login, desk, inmate):
    referral = desk.referral(ReferralState.RECEIVED, inmate=inmate)
    inmate.consents.filter(withdrawn_on=None).update(withdrawn_on=today())
    employer = EmployerFactory(facility=None, agency=desk.disnaker)
    address = reverse("placements:referral-forward", args=[referral.public_id])
    answer = login(desk.liaison).post(address, {"employer": employer.public_id})
    assert answer.status_code == 422
    assert "tidak berlaku lagi" in answer.text
    assert NAME not in answer.text
    assert now_of(referral).state == ReferralState.RECEIVED


def test_who_was_accepted_elsewhere_is_told_without_saying_where(login, desk, inmate):
    first = desk.referral(ReferralState.FORWARDED, inmate=inmate)
    second = desk.referral(ReferralState.SENT, inmate=inmate, vacancy=desk.vacancy())
    referral_answers.accept(referral=first, by=desk.liaison)
    shown = login(desk.liaison).get(second.get_absolute_url()).text
    assert "Rujukan ini menunggu" in shown
    inbox = login(desk.liaison).get("/referrals/inbox/").text
    assert "sudah diterima di tempat lain" in inbox
    assert "Terima rujukan" not in inbox


def test_the_introduction_of_somebody_with_a_cv_is_printed_from_it(login, desk, facility):
    referral = desk.referral(ReferralState.FORWARDED)
    consent_of(referral.inmate, facility, purpose=ConsentPurpose.PROFILE, signed_on=today())
    cv_of(referral.inmate, facility)
    answer = login(desk.liaison).get(reverse(PAPERS[1], args=[referral.public_id]))
    assert referral.inmate.name in bytes_of(answer)
