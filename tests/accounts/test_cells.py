"""Our way of writing rows shows what django-tables2 itself would show."""

from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy

from accounts.cells import body_of
from accounts.columns import DayColumn, MomentColumn, StateColumn
from accounts.exported import chunks_of
from partners.models import Agreement
from tests.factories.partners import AgreementFactory, today

pytestmark = pytest.mark.django_db


class OddTable(tables.Table):
    title = tables.Column(linkify=True)
    agency = tables.Column(accessor="agency__name", attrs={"td": {"class": "wide"}})
    parent = tables.Column(accessor="agency__parent__name", default="tanpa induk")
    state = tables.Column(attrs={"td": {"data-state": lambda record: record.state}})
    said = tables.Column(accessor="title")
    asked = tables.Column(accessor="title", exclude_from_export=True)
    nothing = tables.Column(accessor="no_such_thing")
    filled = tables.TemplateColumn("<b>{{ record.title }}</b>")
    partner = tables.Column(accessor="agency", linkify=True)
    parent_of_it = tables.Column(accessor="agency__name", linkify=True)
    found = tables.Column(accessor="title", linkify=lambda record, value: f"?a={value}&b={record}")
    nowhere = tables.Column(accessor="title", linkify=lambda: None)
    named = tables.Column(
        accessor="title", linkify=("partners:agreement-detail", [tables.A("public_id")])
    )
    striking = tables.Column(accessor="title", linkify=True, attrs={"a": {"class": "wide"}})

    class Meta:
        model = Agreement
        fields = ("title", "state")

    def render_said(self, value, record, bound_column):
        return f"{value} {record.pk} {bound_column.name}"

    def render_asked(self, **known):
        return gettext_lazy("Belum ada data.") if known["value"] else ""


def lines_of(table):
    return [tuple(line) for chunk in chunks_of(table) for line in chunk]


@pytest.fixture
def table(facility):
    for title in ("<Las>", "Jahit"):
        AgreementFactory(facility=facility, title=title)
    return OddTable(Agreement.objects.order_by("pk"))


def test_each_cell_is_what_the_library_shows(table):
    html = body_of(table)
    assert html.count("<tr>") == 2
    assert html.count("data-state=") == 2
    assert html.count("<a ") == 2 * 6
    assert "&lt;Las&gt;" in html
    assert "<Las>" not in html
    for row in table.rows:
        for column, cell in row.items():
            assert f">{conditional_escape(cell)}</td>" in html, column.name


def test_an_export_holds_what_the_library_exports(table):
    assert lines_of(table)[1:] == [tuple(line) for line in table.as_values()][1:]
    assert lines_of(table)[0][:3] == ("Title", "State", "Agency")  # not the words of the model


def test_rows_may_be_of_any_kind():
    class Plain(tables.Table):
        name = tables.Column(accessor="whose__name")
        points = tables.Column()

    rows = [{"whose": {"name": "A & B"}, "points": 1234}, {"whose": None, "points": None}]
    html = body_of(Plain(rows))
    assert "A &amp; B</td>" in html
    assert "1234</td>" in html
    assert html.count("—</td>") == 2


def test_days_and_states_have_columns_of_their_own(facility):
    class Own(tables.Table):
        ends_on = DayColumn()
        created_at = MomentColumn()
        state = StateColumn()

    agreement = AgreementFactory(facility=facility, ends_on=today())
    table = Own([Agreement.objects.get(pk=agreement.pk), SimpleNamespace(state="")])
    html = body_of(table)
    assert f"{today():%d/%m/%Y}</td>" in html
    assert f'tag-quiet">{agreement.get_state_display()}</span>' in html
    assert lines_of(table)[1][0] == today().isoformat()
