"""The draft of an agreement: articles of the country or the prison, filled from its facts."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader

from accounts.refusals import NotAllowed
from partners.documents import articles, contract
from partners.models import AgreementText
from partners.services import agreement_texts
from partners.states import AgreementKind
from tests.factories.partners import AgreementFactory

pytestmark = pytest.mark.django_db

TERMS = {
    "signed_on": date(2021, 2, 26),
    "place": "Cilegon",
    "our_name": "Hendra Prawiranata",
    "our_title": "Plh. Kepala Lapas",
    "our_decree": "Keputusan Menteri Nomor 7 Tahun 2020",
    "their_name": "",
    "their_title": "Kepala BLK",
    "their_decree": "",
    "legal_bases": "Undang-Undang Nomor 22 Tahun 2022",
    "plan": "Pelatihan las | 16 orang | Maret | PARA PIHAK\nMonev",
}


@pytest.fixture
def agreement(facility, agency):
    return AgreementFactory(
        facility=facility,
        agency=agency,
        title="Pelatihan Kerja Warga Binaan",
        scope="a. pelatihan;\nb. uji kompetensi.",
        starts_on=date(2021, 2, 26),
        ends_on=date(2023, 2, 25),
        seats_per_year=96,
    )


def words_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class TestWords:
    def test_a_day_in_words(self):
        assert contract.day_in_words(date(2021, 2, 26)) == (
            "Jumat tanggal dua puluh enam bulan Februari tahun dua ribu dua puluh satu (26-02-2021)"
        )

    @pytest.mark.parametrize(
        ("starts", "ends", "length"),
        [
            (date(2021, 2, 26), date(2023, 2, 25), "2 (dua) tahun"),
            (date(2024, 2, 29), date(2025, 2, 28), "1 (satu) tahun"),
            (date(2024, 1, 1), date(2025, 6, 30), "18 (delapan belas) bulan"),
            (date(2024, 1, 1), date(2024, 1, 10), "10 (sepuluh) hari"),
        ],
    )
    def test_a_term_in_words(self, starts, ends, length):
        agreement = AgreementFactory.build(starts_on=starts, ends_on=ends, facility__name="Lapas")
        assert contract.places(agreement)["years"] == length

    def test_typed_and_parsed_are_the_same(self):
        known = articles.standard("pks")
        assert articles.parsed(articles.typed(known)) == known

    @pytest.mark.parametrize("kind", AgreementKind.values)
    def test_the_countrys_articles_name_only_known_places(self, kind):
        known = articles.standard(kind)
        assert len(known) >= 8
        assert not [each for each in known if articles.unknown_places(each["body"])]


class TestDraft:
    def test_it_says_who_when_what_and_how_long(self, agreement, officer, liaison):
        words = words_of(agreement_texts.compose(agreement=agreement, by=officer, **TERMS))
        for part in (
            "PERJANJIAN KERJA SAMA ANTARA LAPAS KELAS IIA CILEGON DENGAN",
            "TENTANG PELATIHAN KERJA WARGA BINAAN",
            "Pada hari ini, Jumat tanggal dua puluh enam bulan Februari",
            "Hendra Prawiranata, Plh. Kepala Lapas, berdasarkan Keputusan Menteri Nomor 7",
            "Pasal 1",
            "96 (sembilan puluh enam) kursi",
            "2 (dua) tahun, terhitung mulai tanggal 26 Februari 2021",
            "paling lambat 3 (tiga) bulan sebelum berakhir",
            "PIHAK KEDUA: Narahubung BLK",
            "RENCANA KERJA",
            "Pelatihan las",
        ):
            assert part in words, part
        assert "{" not in words

    def test_what_is_not_known_yet_is_dotted(self, facility, agency, officer):
        empty = AgreementFactory(facility=facility, agency=agency)
        terms = dict.fromkeys(TERMS, "") | {"signed_on": None}
        words = words_of(agreement_texts.compose(agreement=empty, by=officer, **terms))
        assert "NOMOR: ……" in words
        assert "Lampiran Rencana" not in words

    def test_it_becomes_the_next_version(self, agreement, officer):
        first = agreement_texts.generate(agreement=agreement, by=officer, **TERMS)
        second = agreement_texts.generate(
            agreement=agreement, by=officer, **TERMS | {"place": "Serang"}, note="Tempat pindah"
        )
        assert [(d.kind, d.version) for d in (first, second)] == [("draft", 1), ("draft", 2)]

    def test_only_whoever_drafts_agreements(self, agreement, secretariat):
        with pytest.raises(PermissionDenied):
            agreement_texts.compose(agreement=agreement, by=secretariat, **TERMS)

    def test_markup_in_a_title_is_only_a_title(self, agreement, officer):
        agreement.title = "Las #let *x* $y$"
        content = agreement_texts.compose(agreement=agreement, by=officer, **TERMS)
        assert "LAS #LET *X* $Y$" in words_of(content)


class TestOwnText:
    def write(self, facility, by, text="# MAKSUD\n\nUntuk {agency}.", kind="pks"):
        return agreement_texts.write(facility=facility, kind=kind, text=text, by=by)

    def test_the_country_has_one_of_each_kind(self, facility):
        for kind in AgreementKind:
            assert agreement_texts.text_for(facility, kind).facility is None

    def test_the_prisons_own_goes_first(self, facility, head, agreement, officer):
        self.write(facility, head)
        words = words_of(agreement_texts.compose(agreement=agreement, by=officer, **TERMS))
        assert f"Untuk {agreement.agency.name}." in words
        assert "Pasal 2" not in words

    def test_and_can_be_given_up(self, facility, head):
        self.write(facility, head)
        agreement_texts.reset(facility=facility, kind="pks", by=head)
        assert agreement_texts.text_for(facility, "pks").facility is None
        assert AgreementText.objects.filter(kind="pks").count() == 1

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("# MAKSUD\n\nUntuk {instansi} dan {x}.", r"\{instansi\}, \{x\}"),
            ("Tanpa judul", "judul pasal"),
            ("# KOSONG\n\n# ISI\n\nAda", "KOSONG"),
            ("  ", "satu pasal"),
        ],
    )
    def test_what_cannot_be_filled_is_said(self, facility, head, text, sentence):
        with pytest.raises(NotAllowed, match=sentence) as refusal:
            self.write(facility, head, text)
        assert set(refusal.value.error_dict) == {"text"}

    def test_only_the_head_writes_it(self, facility, officer):
        with pytest.raises(PermissionDenied):
            self.write(facility, officer)

    def test_an_old_text_with_an_unknown_place_is_a_sentence_and_no_crash(
        self, facility, agreement, officer
    ):
        AgreementText.objects.create(
            facility=facility, kind="pks", articles=[{"title": "A", "body": "{apa}"}]
        )
        with pytest.raises(NotAllowed, match="apa"):
            agreement_texts.compose(agreement=agreement, by=officer, **TERMS)


class TestPages:
    def test_the_head_changes_the_text(self, login, head, facility):
        client = login(head)
        page = client.get("/agreements/text/?kind=mou").content.decode()
        assert "Naskah nasional" in page
        answer = client.post("/agreements/text/?kind=mou", {"text": "# SATU\n\n{agency}"})
        assert answer.status_code == 302
        assert agreement_texts.text_for(facility, "mou").facility == facility

    def test_a_mistake_is_said_beside_the_text_and_loses_nothing(self, login, head):
        answer = login(head).post("/agreements/text/?kind=pks", {"text": "# A\n\n{salah} tulis"})
        assert answer.status_code == 422
        assert "{salah} tulis" in answer.content.decode()

    def test_an_unknown_kind_is_not_found(self, login, head):
        assert login(head).get("/agreements/text/?kind=x").status_code == 404

    def test_looking_keeps_nothing_and_keeping_makes_a_version(self, login, officer, agreement):
        client = login(officer)
        address = f"/agreements/{agreement.public_id}/text/"
        assert "Rencana kerja" in client.get(address).content.decode()
        typed = TERMS | {"signed_on": "2021-02-26"}
        looked = client.post(address, typed | {"look": "1"})
        assert looked["Content-Type"] == "application/pdf"
        assert not agreement.documents.exists()
        assert client.post(address, typed | {"keep": "1"}).status_code == 302
        assert agreement.documents.get().version == 1
