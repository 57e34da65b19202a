"""Letters about referrals: what they say, and what stands in none of them."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accounts.refusals import Forbidden, NotAllowed
from correspondence.models import Letter, LetterSeries
from correspondence.services import letter_papers, letters
from correspondence.states import LetterState
from inmates import nik
from inmates.models import Consent, Inmate
from inmates.rules import age_on
from inmates.states import ConsentPurpose
from placements.employment import ReferralState
from placements.models import CurriculumVitae, Referral
from placements.papers.referral import conduct_of
from placements.services import referral_answers, referral_letters, referrals
from reports.integrity import differences
from tests.factories.accounts import staff
from tests.factories.partners import scan_file, today
from tests.factories.placements import consent_of
from tests.factories.results import finished_batch
from tests.placements.referring import Desk, by_call, certified, now_of
from training.attended import Attended
from training.models import Enrolment

pytestmark = pytest.mark.django_db

NIK = "3672051705900003"
REGISTER_NUMBER = "B.I 4711/2024"
PRISON_ONLY = (
    *(NIK, REGISTER_NUMBER, "4711", "09-KUNCI", "Blok", "pidana", "perkara", "ekspirasi"),
    *("bersyarat", "bebas", "narapidana", "Jalan Rahasia", "Mei 1990", "Lahir"),
)
AGE = age_on(date(1990, 5, 17), today())


@pytest.fixture
def desk(facility, agency):
    return Desk(facility)


@pytest.fixture
def trained(desk, agency):
    """Somebody with a finished training, a certificate, and all that no letter may tell."""
    _batch, (enrolment,) = finished_batch(desk.facility, agency, people=1)
    Enrolment.objects.update(state="completed")
    person = enrolment.inmate
    sealed = nik.seal(NIK)
    Inmate.objects.filter(pk=person.pk).update(
        name="JAKA SAMPURNA",
        person_key="09-KUNCI",
        birth_place="Cilegon",
        return_city="Kota Cilegon",
        address="Jalan Rahasia 1",
        return_address="Jalan Rahasia 2",
        nik_cipher=sealed["cipher"].encode(),
        nik_key=sealed["key"],
        nik_digest=sealed["digest"],
        nik_last4=sealed["last4"],
    )
    person.custodies.update(register_number=REGISTER_NUMBER)
    certified(person, desk.facility, number="LSP-7788")
    Consent.objects.create(
        inmate=person,
        facility=desk.facility,
        purpose="referral",
        signed_on=today(-1),
        scan=scan_file(),
    )
    person.refresh_from_db()
    return person


def text_of(content):
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def printed(letter):
    with letter_papers.file_of(letter).pdf.open() as file:
        return text_of(file.read())


def assert_tells_nothing(text, row):
    for word in PRISON_ONLY:
        assert word.lower() not in text.lower(), word
    for day in (row.inmate.sentence.expires, row.inmate.sentence.two_thirds):
        assert str(day.year) + str(day.day) not in text
        assert f"{day.day} {day:%m} {day.year}" not in text


class TestRecommendation:
    def test_says_who_what_was_learned_and_from_which_month(self, desk, trained):
        row = desk.referral(ReferralState.APPROVED, trained, vacancy=desk.vacancy(title="Juru las"))
        text = printed(row.letter)
        batch = trained.enrolments.get().batch
        for said in (
            *("JAKA SAMPURNA", f"{AGE} tahun", "Laki-laki", "SMA", "Kota Cilegon"),
            *(batch.course.name, "240 JP", batch.agency.name, "hampir selalu hadir"),
            *("LSP-7788", "Las SMAW 3G", "berlaku sampai", "Juru las", row.person_code),
            *("Kalapas Rujukan", "197001011990031001", row.letter.number),
        ):
            assert said in text, said
        assert row.available_from.strftime("%Y") in text
        assert_tells_nothing(text, row)

    def test_is_numbered_and_signed_with_the_approval(self, desk, trained):
        row = desk.referral(ReferralState.APPROVED, trained)
        letter = row.letter
        assert (letter.state, letter.signed_by, letter.dated) == (
            LetterState.SIGNED,
            desk.warden,
            today(),
        )
        assert letter.number == "W12-PK.01.04-0001"
        assert letter.signatory["name"] == "Kalapas Rujukan"
        assert letter.data["subjects"] == [str(trained.public_id)]
        assert row.cover_letter is None

    def test_of_somebody_without_any_training(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        text = printed(row.letter)
        assert row.inmate.name in text
        assert "Sertifikat" not in text
        assert_tells_nothing(text, row)

    @pytest.mark.parametrize(
        ("attended", "words"),
        [(100, "hampir selalu"), (85, "rajin"), (50, "sebagian")],
    )
    def test_conduct_is_attendance_in_words(self, attended, words):
        assert words in conduct_of(Attended(attended, 100, 0, 0, 80))

    def test_unknown_attendance_says_nothing(self):
        assert conduct_of(Attended(0, 0, 0, 10, 80)) == ""


class TestTogether:
    @pytest.fixture
    def three(self, desk, trained):
        rows = [desk.draft(person) for person in (trained, desk.person(), desk.person())]
        referrals.submit(referrals=rows, by=desk.officer)
        referrals.approve(referrals=rows, by=desk.warden)
        return [now_of(row) for row in rows]

    def test_one_list_on_top_of_a_letter_each(self, desk, three):
        covers = {row.cover_letter for row in three}
        assert len(covers) == 1
        assert len({row.letter for row in three}) == 3
        assert Letter.objects.filter(series=desk.series).count() == 4
        text = printed(covers.pop())
        for row in three:
            assert row.inmate.name in text
            assert row.person_code in text
            assert_tells_nothing(text, row)
        assert "3 surat rekomendasi" in text
        assert "Las SMAW 3G" in text

    def test_numbers_have_no_gap_after_a_refusal(self, desk, three):
        rows = [desk.draft(), desk.draft()]
        referrals.submit(referrals=rows, by=desk.officer)
        Consent.objects.filter(inmate=rows[1].inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed):
            referrals.approve(referrals=rows, by=desk.warden)
        assert Letter.objects.filter(series=desk.series).count() == 4
        Consent.objects.filter(inmate=rows[1].inmate).update(withdrawn_on=None)
        referrals.approve(referrals=rows, by=desk.warden)
        numbers = desk.series.letters.values_list("sequence", flat=True)
        assert sorted(numbers) == list(range(1, 8))
        assert not dict(differences())["letters of an own series have no gap"]

    def test_one_that_falls_away_takes_the_list_with_it(self, desk, three):
        gone, *others = three
        cover = gone.cover_letter
        referrals.withdraw(referral=gone, reason="Berubah pikiran", by=desk.officer)
        cover.refresh_from_db()
        assert cover.state == LetterState.VOID
        for row in others:
            row = now_of(row)
            assert row.cover_letter is None
            assert row.letter.state == LetterState.SIGNED
        referrals.send(referrals=others, by=desk.officer)

    def test_with_the_referrals_their_letters_have_left(self, desk, three):
        referrals.send(referrals=three[:2], by=desk.officer)
        sent = {"state": "sent", "sent_on": today(), "sent_how": "lewat lapasprog"}
        left = {row.letter for row in three[:2]} | {three[0].cover_letter}
        assert set(Letter.objects.filter(**sent)) == left
        assert not Letter.objects.to_send().exclude(pk=three[2].letter.pk).exists()

    def test_to_an_agency_that_nobody_speaks_for_the_secretariat_sends_the_paper(self, desk, three):
        desk.disnaker.liaisons.update(until=today())
        referrals.send(referrals=three, by=desk.officer)
        assert Letter.objects.to_send().count() == 4

    def test_an_agency_reads_the_list_while_all_on_it_consent(self, desk, three):
        referrals.send(referrals=three, by=desk.officer)
        row = now_of(three[0])
        assert set(referral_letters.readable(row, desk.liaison)) == {"letter", "cover_letter"}
        Consent.objects.filter(inmate=three[2].inmate).update(withdrawn_on=today())
        assert set(referral_letters.readable(row, desk.liaison)) == {"letter"}
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        assert referral_letters.readable(row, desk.liaison) == {}
        assert set(referral_letters.readable(row, desk.officer)) == {"letter", "cover_letter"}


class TestBook:
    """Where the secretariat's register gives the numbers."""

    @pytest.fixture
    def approved(self, desk):
        LetterSeries.objects.update(mode="book")
        return desk.referral(ReferralState.APPROVED)

    def test_the_letter_waits_for_its_number_and_the_sending_for_the_signature(
        self, desk, approved
    ):
        secretariat = staff(desk.facility, "secretariat")
        letter = approved.letter
        assert letter.state == LetterState.AWAITING
        with pytest.raises(NotAllowed, match="belum bernomor"):
            referrals.send(referrals=[approved], by=desk.officer)
        letters.give_number(letter=letter, number="W12-77", dated=today(), by=secretariat)
        letters.sign(letter=letter, by=desk.warden)
        referrals.send(referrals=[approved], by=desk.officer)
        text = printed(now_of(approved).letter)
        assert "W12-77" in text
        assert "Kalapas Rujukan" in text
        assert approved.inmate.name in text

    def test_nobody_writes_or_discards_it(self, desk, approved):
        with pytest.raises(NotAllowed, match="halaman asalnya"):
            letters.rewrite(
                letter=approved.letter,
                subject="Lain",
                addressed_to="Lain",
                data={"text": "Lain"},
                by=desk.officer,
            )
        with pytest.raises(NotAllowed, match="halaman asalnya"):
            letters.discard(letter=approved.letter, by=desk.officer)

    def test_it_goes_with_a_referral_that_is_withdrawn(self, desk, approved):
        referrals.withdraw(referral=approved, reason="Batal", by=desk.officer)
        assert now_of(approved).letter is None
        assert not Letter.objects.exists()

    def test_of_several_the_list_goes_and_the_others_stay(self, desk):
        LetterSeries.objects.update(mode="book")
        rows = [desk.draft(), desk.draft()]
        referrals.submit(referrals=rows, by=desk.officer)
        referrals.approve(referrals=rows, by=desk.warden)
        referrals.withdraw(referral=rows[0], reason="Batal", by=desk.officer)
        other = now_of(rows[1])
        assert other.cover_letter is None
        assert other.letter.state == LetterState.AWAITING
        assert Letter.objects.get() == other.letter


def test_without_a_series_nothing_is_approved(desk):
    row = desk.referral(ReferralState.SUBMITTED)
    LetterSeries.objects.all().delete()
    with pytest.raises(NotAllowed, match="Nomor surat belum diatur"):
        referrals.approve(referrals=[row], by=desk.warden)
    assert now_of(row).state == ReferralState.SUBMITTED


def test_a_letter_that_was_voided_stops_the_sending(desk):
    row = desk.referral(ReferralState.APPROVED)
    letters.annul(letter=row.letter, reason="Salah nama", by=desk.warden)
    with pytest.raises(NotAllowed, match="dibatalkan"):
        referrals.send(referrals=[row], by=desk.officer)


class TestIntroduction:
    """The agency's own letter to the employer names no prison either."""

    @pytest.fixture
    def forwarded(self, desk, trained):
        row = desk.referral(ReferralState.RECEIVED, trained, vacancy=desk.vacancy(title="Juru las"))
        return referral_answers.forward(
            referral=row, number="560/118/2026", introduced_on=today(), by=desk.liaison
        )

    def test_says_who_comes_with_what(self, desk, forwarded):
        text = text_of(referral_letters.introduction(referral=forwarded, by=desk.liaison))
        for said in ("JAKA SAMPURNA", "Juru las", "560/118/2026", "LSP-7788", "DISNAKER"):
            assert said in text, said
        assert_tells_nothing(text, forwarded)
        for word in ("lapas", "pemasyarakatan", "Kalapas", "rutan"):
            assert word not in text.lower(), word

    def test_number_and_date_are_dotted_while_they_are_missing(self, desk, trained):
        row = desk.referral(ReferralState.RECEIVED, trained, vacancy=desk.vacancy())
        text = text_of(referral_letters.introduction(referral=row, by=desk.liaison))
        assert "Nomor : ………" in text

    def test_an_employer_reads_what_the_person_agreed_to_show(self, desk, forwarded, facility):
        def letter():
            return text_of(referral_letters.introduction(referral=forwarded, by=desk.liaison))

        personal = ("Umur", "Jenis kelamin", "Pendidikan terakhir", "Daerah tujuan")
        assert not [said for said in personal if said in letter()]
        cv = CurriculumVitae.objects.create(
            facility=facility,
            inmate=forwarded.inmate,
            language="id",
            shares=["education", "district"],
            written_at=timezone.now(),
            approved_on=today(),
        )
        assert "LSP-7788" in letter()  # without a consent to a profile the CV says nothing
        consent_of(forwarded.inmate, facility, ConsentPurpose.PROFILE)
        text = letter()
        assert [said for said in personal if said in text] == [
            "Pendidikan terakhir",
            "Daerah tujuan",
        ]
        assert "LSP-7788" not in text
        CurriculumVitae.objects.filter(pk=cv.pk).update(shares=["age", "training"])
        text = letter()
        assert [said for said in personal if said in text] == ["Umur"]
        assert "LSP-7788" in text

    def test_a_paper_whose_issuer_is_a_prison_is_left_out(self, desk, forwarded):
        certified(
            forwarded.inmate,
            desk.facility,
            number="LP-1",
            issuer="Lapas Kelas IIA Cilegon",
            kind="training",
        )
        text = text_of(referral_letters.introduction(referral=forwarded, by=desk.liaison))
        assert "LP-1" not in text

    def test_is_the_agencys_own_and_needs_employer_and_consent(self, desk, trained):
        row = desk.referral(ReferralState.RECEIVED, trained)
        with pytest.raises(Forbidden):
            referral_letters.introduction(referral=row, by=desk.officer)
        with pytest.raises(NotAllowed, match="pemberi kerja"):
            referral_letters.introduction(referral=row, by=desk.liaison)
        row = desk.referral(ReferralState.FORWARDED, desk.person(), vacancy=desk.vacancy())
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match="tidak berlaku lagi"):
            referral_letters.introduction(referral=row, by=desk.liaison)


def test_an_answer_by_call_leaves_the_letters_as_they_are(desk):
    row = desk.referral(ReferralState.SENT)
    before = row.letter.content_mark
    referral_answers.receive(referral=row, by=desk.officer, recorded=by_call())
    assert Referral.objects.get().letter.content_mark == before
