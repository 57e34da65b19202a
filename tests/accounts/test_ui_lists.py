import csv
import io

import django_filters
import pytest
from django.test import RequestFactory
from django.utils import translation

from accounts.columns import Table
from accounts.filters import FilterSet
from accounts.spreadsheets import csv_line, harmless
from accounts.views.lists import ScopedListView
from partners.models import Agency
from tests.factories.partners import AgencyFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


class AgencyTable(Table):
    caption = "Instansi mitra"

    class Meta:
        model = Agency
        fields = ("name", "kind")


class AgencyFilter(FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="Nama")

    class Meta:
        model = Agency
        fields = ("name",)


class AgencyList(ScopedListView):
    model = Agency
    table_class = AgencyTable
    filterset_class = AgencyFilter
    title = "Instansi"
    empty_text = "Belum ada instansi."
    empty_url = "/agencies/new/"
    empty_label = "Tambah instansi"
    empty_act = "record_engagement"


def ask(user, query=""):
    request = RequestFactory().get(f"/agencies/?{query}")
    request.user = user
    request.resolver_match = None
    return AgencyList.as_view()(request)


def page(user, query=""):
    return ask(user, query).render().content.decode()


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def partner(facility, **fields):
    return PartnershipFactory(facility=facility, agency=AgencyFactory(**fields)).agency


def test_a_list_shows_only_what_the_reader_may_see(officer, outsider, facility):
    partner(facility, name="BLK Kota")
    assert "BLK Kota" in page(officer)
    assert "BLK Kota" not in page(outsider)


def test_the_query_string_filters_and_orders(officer, facility):
    for name in ("BLK Kota", "LPK Las", "BLK Provinsi"):
        partner(facility, name=name)
    html = page(officer, "name=blk&sort=-name")
    assert "LPK Las" not in html
    assert html.index("BLK Provinsi") < html.index("BLK Kota")
    assert 'aria-sort="descending"' in html


def test_a_filter_that_finds_nothing_offers_to_clear_it(officer, facility):
    partner(facility, name="BLK Kota")
    html = page(officer, "name=zzz")
    assert "Tidak ada yang cocok" in html
    assert "Belum ada instansi." not in html


def test_an_empty_list_says_what_to_do_next_to_whoever_may(officer, secretariat):
    assert "Tambah instansi" in page(officer)
    html = page(secretariat)
    assert "Belum ada instansi." in html
    assert "Tambah instansi" not in html


def test_a_page_holds_25_rows_and_links_keep_the_filter(officer, facility):
    for number in range(30):
        partner(facility, name=f"BLK {number:02d}")
    html = page(officer, "name=BLK")
    assert html.count("<tr>") == 1 + 25
    assert "?name=BLK&amp;page=2" in html


@pytest.mark.parametrize(
    ("asked", "length"),
    [("10", 10), ("100", 100), ("100000", 100), ("0", 1), ("-7", 1), ("x", 25), ("", 25)],
)
def test_an_address_may_ask_for_a_page_of_another_length_within_reason(
    asked, length, officer, facility
):
    for number in range(101):
        partner(facility, name=f"BLK {number:03d}")
    assert page(officer, f"per_page={asked}").count("<tr>") == 1 + length


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(rows, officer, facility, django_assert_num_queries):
    for _row in range(rows):
        partner(facility)
    officer.current_postings, officer.facility_ids, officer.roles  # noqa: B018
    with django_assert_num_queries(3):  # count, page, unread notices
        page(officer)


def test_the_csv_holds_every_row_of_the_filtered_list(officer, facility):
    for number in range(30):
        partner(facility, name=f"BLK {number:02d}")
    partner(facility, name="LPK Las")
    answer = ask(officer, "name=BLK&sort=-name&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="instansi-')
    head, *body = rows_of(answer)
    assert head == ["Nama instansi", "Jenis"]
    assert [row[0] for row in body] == [f"BLK {n:02d}" for n in reversed(range(30))]


def test_a_file_is_in_the_language_of_its_reader(officer, facility):
    partner(facility, name="BLK Kota")
    with translation.override("en"):
        answer = ask(officer, "format=csv")
    head, row = rows_of(answer)
    assert head == ["Agency name", "Type"]
    assert row[1] == "Vocational training centre"


def test_the_csv_of_another_prison_is_empty(outsider, facility):
    partner(facility, name="BLK Kota")
    assert len(rows_of(ask(outsider, "format=csv"))) == 1


def test_a_cell_that_looks_like_a_formula_is_made_harmless(officer, facility):
    partner(facility, name='=HYPERLINK("http://jahat.test")')
    _head, row = rows_of(ask(officer, "format=csv"))
    assert row[0] == '\'=HYPERLINK("http://jahat.test")'


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_every_start_of_a_formula_is_known(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["BLK", "", -5, None, "a=b"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_no_formula_hides_behind_the_separator_of_an_indonesian_spreadsheet():
    assert csv_line(["A;=1+1;", "Las"]) == '"A;=1+1;","Las"\r\n'
    assert csv_line(["A", 5, None]) == "A,5,\r\n"
