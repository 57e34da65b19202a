"""How a list's file reads its rows: as tuples of what its columns show, where that is the same."""

import django_tables2 as tables
import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.columns import DayColumn, NameColumn, StateColumn, made_of
from accounts.exported import KEPT_MOST, _Kept, chunks_of
from partners.models import Agreement
from tests.factories.partners import AgencyFactory, AgreementFactory, today

pytestmark = pytest.mark.django_db


class StoredTable(tables.Table):
    title = tables.Column()
    agency = NameColumn()
    ends_on = DayColumn()
    state = StateColumn()
    term = tables.Column(accessor="title", empty_values=())

    class Meta:
        model = Agreement
        fields = ("title", "agency", "ends_on", "state")

    @made_of("starts_on", "ends_on")
    def value_term(self, record):
        return f"{record.starts_on} – {record.ends_on}"


class CountedTable(tables.Table):
    title = tables.Column()
    held = tables.Column()

    class Meta:
        model = Agreement
        fields = ("title",)


@pytest.fixture
def agreements(facility):
    agency = AgencyFactory(name="=BLK")
    for _number in range(2):
        AgreementFactory(
            facility=facility, agency=agency, title="Las", starts_on=today(), ends_on=today(30)
        )
    return Agreement.objects.select_related("agency").order_by("pk")


def lines_of(table):
    """(lines without the headers, what the database was asked)."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lines = [line for chunk in chunks_of(table) for line in chunk]
    return lines[1:], [query["sql"] for query in asked]


def test_only_what_the_columns_show_is_read(agreements):
    lines, asked = lines_of(StoredTable(agreements))
    word = agreements[0].get_state_display()
    term = f"{today()} – {today(30)}"
    assert lines == [("Las", "'=BLK", today(30).isoformat(), word, term)] * 2
    assert "our_number" not in "".join(asked)
    assert "city" not in "".join(asked)


def test_a_column_that_asks_for_more_gets_the_record(agreements):
    class Asking(StoredTable):
        def value_title(self, record):
            return record.our_number or "tanpa nomor"

    lines, asked = lines_of(Asking(agreements))
    assert [line[0] for line in lines] == ["tanpa nomor"] * 2
    assert "our_number" in "".join(asked)


def test_rows_that_are_alike_but_counted_up_stay_apart(agreements):
    lines, _asked = lines_of(CountedTable(agreements.annotate(held=Count("batches"))))
    assert [tuple(line) for line in lines] == [("Las", 0)] * 2


def test_rows_that_are_there_already_are_not_asked_again(agreements):
    len(agreements)
    lines, asked = lines_of(CountedTable(list(agreements)))
    assert len(lines) == 2
    assert asked == []


def test_only_so_many_values_are_kept():
    kept = _Kept(str)
    for number in range(KEPT_MOST + 5):
        assert kept[number] == str(number)
    assert len(kept) <= KEPT_MOST
