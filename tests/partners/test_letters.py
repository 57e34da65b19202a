"""Letters that begin on a partner's pages, and what a liaison reads of them."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.refusals import NotAllowed
from correspondence.models import Letter
from correspondence.services import letters as life
from partners.documents import letters as words
from partners.letter_kinds import OF_AGREEMENT
from partners.services import letters
from tests.factories.correspondence import CONTENT, general_series
from tests.factories.partners import ActionItemFactory, AgencyFactory, SignedAgreementFactory, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        title="Pelatihan Las",
        our_number="W12-1",
        their_number="560/1",
        signed_on=date(2024, 2, 29),
        starts_on=date(2024, 2, 29),
        ends_on=date(2025, 2, 27),
    )


def begun(kind, about, facility, by, **changed):
    return letters.begin(
        kind=kind,
        about=about,
        facility=facility,
        by=by,
        subject="Perihal",
        addressed_to="Kepala BLK",
        data=CONTENT | changed,
    )


def sent(letter, officer, head, warden, secretariat):
    life.initial(letter=letter, by=head)
    life.request_number(letter=letter, by=officer)
    life.give_number(letter=letter, dated=today(), by=secretariat)
    life.sign(letter=letter, by=warden)
    return life.send(letter=letter, sent_on=today(), sent_how="Pos", by=secretariat)


class TestWords:
    def test_an_extension_names_both_numbers_the_end_and_the_next_term(self, agreement):
        text = words.of_agreement("extension", agreement)["text"]
        assert "“Pelatihan Las” Nomor W12-1 dan Nomor 560/1 tanggal 29 Februari 2024" in text
        assert "sampai dengan tanggal 27 Februari 2025" in text
        assert "paling lambat tanggal 27 November 2024" in text
        assert "28 Februari 2025 sampai dengan" in text

    def test_a_termination_counts_the_days_of_notice(self, agreement):
        text = words.of_agreement("termination", agreement)["text"]
        assert words.long_day(today(agreement.termination_days)) in text

    def test_a_visit_is_reported_from_its_log(self, visit):
        ActionItemFactory(engagement=visit, what="Kirim konsep", due=date(2026, 12, 1))
        found = words.of_engagement("visit_report", visit)
        assert found["addressed_to"] == "Kepala Lapas Kelas IIA Cilegon"
        for part in ("1. Kasi Giatja", "Siap membuka kelas las", "1. Kirim konsep"):
            assert part in found["text"]
        assert "paling lambat 1 Desember 2026" in found["text"]

    @pytest.mark.parametrize("kind", OF_AGREEMENT)
    def test_each_begins_also_without_dates_and_numbers(self, draft, kind):
        assert words.of_agreement(kind, draft)["text"]


class TestBeginning:
    @pytest.mark.parametrize(
        ("noun", "kind", "part"),
        [
            ("agency", "audience", "Permohonan Audiensi"),
            ("engagement", "visit_report", "Laporan"),
            ("agreement", "extension", "Usulan Perpanjangan"),
            ("agreement", "addendum", "Adendum"),
            ("agreement", "termination", "Penghentian"),
        ],
    )
    def test_a_page_opens_filled_and_keeps_the_letter_with_its_object(
        self, login, officer, agency, visit, agreement, noun, kind, part
    ):
        about = {"agency": agency, "engagement": visit, "agreement": agreement}[noun]
        client = login(officer)
        address = f"{reverse(f'partners:{noun}-letter', args=[about.public_id])}?kind={kind}"
        form = client.get(address).context["form"]
        assert part in form["subject"].value()
        typed = {name: form[name].value() or "" for name in form.fields}
        assert client.post(address, typed).status_code == 302
        letter = Letter.objects.get()
        assert (letter.kind, life.object_of(letter)) == (kind, about)
        assert letter.subject in client.get(about.get_absolute_url()).content.decode()

    def test_an_unknown_kind_is_not_found(self, login, officer, agreement):
        address = reverse("partners:agreement-letter", args=[agreement.public_id])
        assert login(officer).get(f"{address}?kind=visit_report").status_code == 404

    def test_only_to_partners_of_the_prison(self, facility, officer):
        with pytest.raises(NotAllowed):
            begun("audience", AgencyFactory(), facility, officer)

    def test_an_unknown_kind_begins_nothing(self, facility, agency, officer):
        with pytest.raises(NotAllowed, match="tidak dikenal"):
            begun("decree", agency, facility, officer)


class TestLiaison:
    @pytest.fixture
    def letter(self, facility, agreement, officer, head, warden, secretariat):
        general_series(facility)
        return sent(
            begun("extension", agreement, facility, officer), officer, head, warden, secretariat
        )

    def address(self, letter):
        return reverse("partners:letter-pdf", args=[letter.public_id])

    def test_a_sent_letter_is_on_the_agreements_page_and_can_be_read(
        self, letter, agreement, login, liaison
    ):
        client = login(liaison)
        assert self.address(letter) in client.get(agreement.get_absolute_url()).content.decode()
        answer = client.get(self.address(letter))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert client.get(letter.get_absolute_url()).status_code == 404

    def test_another_agency_does_not_know_it(self, letter, login, other_liaison):
        assert login(other_liaison).get(self.address(letter)).status_code == 404

    def test_a_draft_is_the_prisons_own(self, facility, agreement, officer, login, liaison):
        letter = begun("extension", agreement, facility, officer)
        client = login(liaison)
        assert client.get(self.address(letter)).status_code == 404
        assert "Perihal" not in client.get(agreement.get_absolute_url()).content.decode()

    def test_a_report_is_never_for_the_agency(
        self, facility, visit, officer, head, warden, secretariat, login, liaison
    ):
        general_series(facility)
        report = sent(
            begun("visit_report", visit, facility, officer), officer, head, warden, secretariat
        )
        assert login(liaison).get(self.address(report)).status_code == 404
