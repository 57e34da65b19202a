"""The register for supervision: its page, its workbook, its paper, and the texts it asks for."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from partners import register, rules
from partners.models import Agreement
from partners.services import register as texts
from tests.factories.partners import AgreementFactory, SignedAgreementFactory, today
from tests.partners.steps import body, page

pytestmark = pytest.mark.django_db

TEXTS = {
    "background": "Kebutuhan tenaga las di Cilegon",
    "implementation": "Dua angkatan selesai",
    "benefit": "32 orang bersertifikat",
}


def sheet_of(answer):
    content = b"".join(answer.streaming_content)
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


class TestTexts:
    def test_they_are_written_after_the_signing_too(self, login, officer, signed):
        client = login(officer)
        assert client.get(page("agreement-report", signed)).status_code == 200

        answer = client.post(page("agreement-report", signed), TEXTS)

        assert answer.url == signed.get_absolute_url()
        signed.refresh_from_db()
        assert {name: getattr(signed, name) for name in TEXTS} == TEXTS
        assert register.lacking(signed) == []

    def test_a_cancelled_agreement_has_no_report(self, officer, draft):
        Agreement.objects.filter(pk=draft.pk).update(state="cancelled")

        with pytest.raises(Exception, match="dibatalkan"):
            texts.describe(agreement=draft, by=officer, **TEXTS)

    @pytest.mark.parametrize("role", ["warden", "registrar"])
    def test_it_is_the_work_of_those_who_draft(self, login, request, role, signed):
        client = login(request.getfixturevalue(role))

        assert client.get(page("agreement-report", signed)).status_code == 403
        assert client.post(page("agreement-report", signed), TEXTS).status_code == 403

    def test_a_text_that_is_too_long_keeps_what_was_typed(self, login, officer, signed):
        answer = login(officer).post(
            page("agreement-report", signed), {**TEXTS, "benefit": "x" * 4001}
        )

        assert answer.status_code == 422
        assert TEXTS["background"] in body(answer)


class TestPage:
    def test_without_a_filter_it_holds_the_running_pks(self, login, officer, facility, agency):
        SignedAgreementFactory(facility=facility, agency=agency, title="PKS Jalan", **TEXTS)
        SignedAgreementFactory(
            facility=facility, agency=agency, title="PKS Usai", ends_on=today(-1)
        )
        SignedAgreementFactory(facility=facility, agency=agency, title="MoU Payung", kind="mou")

        answer = login(officer).get(page("agreement-register"))

        assert [row.title for row, *_rest in answer.context["lines"]] == ["PKS Jalan"]

    def test_with_a_filter_it_holds_what_the_list_holds(self, login, officer, facility, agency):
        SignedAgreementFactory(facility=facility, agency=agency, title="MoU Payung", kind="mou")
        SignedAgreementFactory(facility=facility, agency=agency, title="PKS Jalan")

        answer = login(officer).get(page("agreement-register") + "?kind=mou")

        assert [row.title for row, *_rest in answer.context["lines"]] == ["MoU Payung"]

    def test_what_is_not_written_yet_is_named(self, login, officer, signed):
        text = body(login(officer).get(page("agreement-register")))

        assert "latar belakang" in text
        assert page("agreement-report", signed) in text

    def test_another_prison_has_its_own(self, login, outsider, signed):
        assert signed.title not in body(login(outsider).get(page("agreement-register")))

    def test_it_is_no_business_of_a_liaison(self, login, liaison, signed):
        for more in ("", "?format=xlsx", "?format=pdf"):
            assert login(liaison).get(page("agreement-register") + more).status_code == 403


class TestWorkbook:
    def test_days_are_days_and_texts_are_no_formulas(self, login, officer, facility, agency):
        made = SignedAgreementFactory(
            facility=facility,
            agency=agency,
            title="=HYPERLINK(1)",
            starts_on=date(2021, 2, 26),
            ends_on=today(200),
            seats_per_year=32,
            **TEXTS,
        )

        head, row = sheet_of(login(officer).get(page("agreement-register") + "?format=xlsx"))

        cells = dict(zip(head, row, strict=True))
        assert cells["Judul"] == "'=HYPERLINK(1)"
        assert cells["Berlaku mulai"] == date(2021, 2, 26)
        assert cells["Berlaku sampai"] == made.ends_on
        assert cells["Kursi per tahun"] == 32
        assert cells["Sisa hari"] == 200
        assert cells["Pihak kedua"] == agency.name
        assert cells["Manfaat"] == TEXTS["benefit"]

    def test_it_has_the_filtered_rows_and_as_many_queries_for_many(
        self, login, officer, facility, agency, django_assert_max_num_queries
    ):
        for number in range(7):
            SignedAgreementFactory(
                facility=facility, agency=agency, ends_on=today(20 + number), kind="pks"
            )
        client = login(officer)
        with django_assert_max_num_queries(8):
            rows = sheet_of(client.get(page("agreement-register") + "?ending=23&format=xlsx"))

        assert len(rows) == 1 + 4

    def test_a_draft_without_dates_is_a_line_too(self, login, officer, draft):
        rows = sheet_of(
            login(officer).get(page("agreement-register") + "?status=unsigned&format=xlsx")
        )

        assert "PKS Las" in rows[1]


class TestPaper:
    def test_it_is_a_paper_of_the_office(self, login, officer, facility, agency):
        for number in range(40):
            SignedAgreementFactory(
                facility=facility,
                agency=agency,
                title=f"PKS #{number} $x$ *tebal* <b>",
                **{name: text * 30 for name, text in TEXTS.items()},
            )

        answer = login(officer).get(page("agreement-register") + "?format=pdf")

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert "register-perjanjian" in answer["Content-Disposition"]

    def test_nothing_is_not_printed(self, login, officer, facility):
        answer = login(officer).get(page("agreement-register") + "?format=pdf", follow=True)

        assert answer.status_code == 200
        assert "Tidak ada perjanjian untuk dicetak" in body(answer)

    def test_its_words_are_plain_data(self, facility, agency):
        made = SignedAgreementFactory(
            facility=facility,
            agency=agency,
            starts_on=date(2021, 2, 26),
            ends_on=date(2023, 2, 25),
            signed_on=date(2021, 2, 26),
        )
        row = Agreement.objects.with_status().select_related("facility", "agency").get(pk=made.pk)

        (line,) = register.paper([row], {"facility": "Lapas"}, today())["agreements"]

        assert line["term"] == "2 tahun"
        days = [line[name].replace("\u00a0", " ") for name in ("starts_on", "ends_on")]
        assert days == ["26 Februari 2021", "25 Februari 2023"]
        assert line["status"] == "berakhir"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), "1 tahun"),
        (date(2024, 3, 31), date(2024, 5, 15), "1 bulan 16 hari"),
        (date(2024, 1, 1), date(2025, 6, 30), "1 tahun 6 bulan"),
        (date(2024, 1, 1), date(2024, 1, 1), "1 hari"),
        (None, date(2024, 1, 1), ""),
    ],
)
def test_the_term_in_words(starts_on, ends_on, words):
    assert register.term_in_words(Agreement(starts_on=starts_on, ends_on=ends_on)) == words


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)), st.integers(1, 10))
def test_a_usual_term_is_whole_years(starts_on, years):
    made = Agreement(starts_on=starts_on, ends_on=rules.suggested_end(starts_on, years))

    assert register.term_in_words(made) == f"{years} tahun"


def test_a_row_without_dates_can_be_printed(facility, agency):
    made = AgreementFactory(facility=facility, agency=agency)
    row = Agreement.objects.with_status().select_related("facility", "agency").get(pk=made.pk)

    (line,) = register.paper([row], {}, today())["agreements"]

    assert line["term"] == line["starts_on"] == ""
