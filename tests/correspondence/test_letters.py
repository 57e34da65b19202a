"""A letter is numbered once, frozen, and printed once, whoever comes first."""

import hashlib
import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from accounts.models import AccessRecord
from accounts.refusals import NotAllowed
from correspondence import tasks, typesetting
from correspondence.models import Letter, LetterFile, LetterSeries
from correspondence.services import letter_numbers, letter_papers, letters
from correspondence.states import LetterState
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.races import race

pytestmark = pytest.mark.django_db

DECREE = {
    "letterhead": ["KEMENTERIAN UJI", "LEMBAGA PEMASYARAKATAN UJI"],
    "address": "Jalan Uji 1",
    "office": "LEMBAGA PEMASYARAKATAN UJI",
    "facility": "Lapas Uji",
    "city": "Cilegon",
    "course": "Las SMAW",
    "batch": "Angkatan I",
    "agency": "BLK Kota",
    "jp": 240,
    "starts_on": "1 Desember 2026",
    "ends_on": "31 Januari 2027",
    "place": "",
    "legal_bases": ["Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan"],
    "agreement": None,
    "exception": "Kontrak DIPA 2026",
    "hearing": {"number": "BA-1/TPP", "held_on": "20 November 2026"},
    "participants": [{"name": "CONTOH *SATU* #let x", "register_number": "B.I 7/2024"}],
}


@pytest.fixture
def series(facility):
    return LetterSeries.objects.create(
        facility=facility, kind="decree", pattern="SK-{number:03d}/{year}"
    )


def issue(facility, warden, **changed):
    arguments = {
        "facility": facility,
        "kind": "decree",
        "subject": "Penetapan peserta",
        "template": "decree_v1",
        "data": DECREE,
        "signatory": letter_numbers.signatory_of(warden, facility.pk, "warden"),
        "by": warden,
        "dated": date(2026, 11, 24),
    }
    return letters.issue(**(arguments | changed))


@pytest.fixture
def letter(facility, series, warden):
    return issue(facility, warden)


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_numbers_follow_each_other(facility, series, warden):
    assert [issue(facility, warden).number for _n in range(3)] == [
        "SK-001/2026",
        "SK-002/2026",
        "SK-003/2026",
    ]


def test_a_rollback_gives_the_number_back(facility, series, warden):
    with transaction.atomic():
        issue(facility, warden)
        transaction.set_rollback(True)
    assert issue(facility, warden).sequence == 1


def test_no_series_is_a_sentence_for_the_admin(facility, warden):
    with pytest.raises(NotAllowed, match="minta admin"):
        issue(facility, warden)


@pytest.mark.parametrize("pattern", ["{nomor}", "{number:d}{", "{number.x}", "{0}"])
def test_a_broken_pattern_takes_no_number(facility, series, warden, pattern):
    LetterSeries.objects.update(pattern=pattern)
    with pytest.raises(NotAllowed, match="Pola nomor"):
        issue(facility, warden)
    assert LetterSeries.objects.get().counter == 0


def test_the_signatory_is_the_post_of_that_day(facility, warden):
    assert letter_numbers.signatory_of(warden, facility.pk, "warden") == {
        "name": "Kalapas",
        "nip": "197001011990031001",
        "title": "Kepala Lapas",
        "acting": "",
    }


@pytest.mark.parametrize("field", ["number", "data", "signatory", "dated", "sequence", "kind"])
def test_a_numbered_letter_is_frozen(letter, field):
    other = {"data": {}, "signatory": {}, "dated": date(2020, 1, 1), "sequence": 9}
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**{field: other.get(field, "lain")})


class TestPrinting:
    def test_the_paper_says_what_was_decreed(self, letter):
        stored = letter_papers.file_of(letter)
        words = text_of(stored.pdf.read())
        for part in (
            "KEPUTUSAN KEPALA LEMBAGA PEMASYARAKATAN UJI",
            "NOMOR SK-001/2026",
            "MEMUTUSKAN",
            "Ditetapkan di Cilegon",
            "24 November 2026",
            "NIP 197001011990031001",
            "B.I 7/2024",
            "Kontrak DIPA 2026",
        ):
            assert part in words

    def test_markup_in_a_name_is_only_a_name(self, letter):
        assert "CONTOH *SATU* #let x" in text_of(letter_papers.render(letter))

    def test_once_and_with_its_fingerprint(self, letter):
        first = letter_papers.file_of(letter)
        assert letter_papers.file_of(letter) == first
        assert first.sha256 == hashlib.sha256(first.pdf.read()).hexdigest()
        assert LetterFile.objects.count() == 1

    def test_printed_again_it_is_the_same_to_the_byte(self, letter):
        assert letter_papers.render(letter) == letter_papers.render(
            Letter.objects.get(pk=letter.pk)
        )

    def test_the_worker_prints_by_id_and_twice_is_once(self, letter):
        tasks.render_letter(letter.pk)
        tasks.render_letter(letter.pk)
        assert LetterFile.objects.get().letter == letter

    def test_a_draft_is_not_printed(self, facility):
        draft = Letter.objects.create(facility=facility, kind="decree", subject="Konsep")
        with pytest.raises(NotAllowed, match="belum bernomor"):
            letter_papers.file_of(draft)

    def test_only_the_fonts_of_the_package_are_used(self, letter):
        fonts = set()
        for page in PdfReader(io.BytesIO(letter_papers.render(letter))).pages:
            for font in page["/Resources"]["/Font"].values():
                fonts.add(font.get_object()["/BaseFont"].split("+")[1])
        assert fonts
        assert all(font.startswith("LibertinusSerif") for font in fonts)

    def test_the_file_is_an_archive_pdf_with_a_title(self, letter):
        content = letter_papers.render(letter)
        assert b"pdfaid" in content
        assert PdfReader(io.BytesIO(content)).metadata.title == "Keputusan nomor SK-001/2026"

    def test_a_sign_that_no_font_has_keeps_no_letter_from_being_printed(
        self, facility, warden, series
    ):
        data = DECREE | {"exception": "Kontrak \U0001f600 中 Genjé"}
        content = letter_papers.render(issue(facility, warden, data=data))
        assert b"pdfaid" in content
        assert "Kontrak ? ? Genjé" in text_of(content)

    def test_every_template_of_a_letter_is_there(self):
        assert (typesetting.FOLDER / "decree_v1.typ").exists()


class TestReading:
    @pytest.fixture
    def about(self, facility, series, warden):
        return issue(facility, warden, people=[inmate_at(facility)])

    def url(self, letter):
        return f"/letters/{letter.public_id}/pdf/"

    def test_a_reader_gets_the_pdf_and_the_record_names_whom_it_lists(self, about, login, head):
        answer = login(head).get(self.url(about))
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        record = AccessRecord.objects.get()
        assert (record.user_email, record.act, record.path) == (
            head.email,
            "export",
            self.url(about),
        )
        assert [str(s) for s in record.subjects] == about.data["subjects"]

    def test_the_secretariat_reads_letters_too(self, about, login, secretariat):
        assert login(secretariat).get(self.url(about)).status_code == 200

    @pytest.mark.parametrize("role", ["liaison", "outsider"])
    def test_others_do_not_know_it_exists(self, about, login, role, request):
        answer = login(request.getfixturevalue(role)).get(self.url(about))
        assert answer.status_code == 404

    def test_an_observer_reads_no_names(self, about, login, facility):
        observer = staff(facility, "observer", name="Kanwil")
        assert login(observer).get(self.url(about)).status_code == 403

    def test_the_list_shows_number_and_subject(self, about, login, secretariat):
        page = login(secretariat).get("/letters/").content.decode()
        assert "SK-001/2026" in page
        assert "Penetapan peserta" in page

    def test_the_list_of_another_prison_is_empty(self, about, login, outsider):
        assert "SK-001/2026" not in login(outsider).get("/letters/").content.decode()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_first_readers_get_the_same_file(facility, series, warden):
    letter = issue(facility, warden)
    first, second = race(
        lambda: letter_papers.file_of(letter), lambda: letter_papers.file_of(letter)
    )
    assert first.sha256 == second.sha256
    assert LetterFile.objects.count() == 1
    assert LetterFile.objects.get().pdf.read().startswith(b"%PDF")
    assert letter.state == LetterState.SIGNED
