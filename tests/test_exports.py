"""Every CSV and workbook there is, by its address: harmless, streamed, of the reader's own rows.

Names of everything begin with `=`, so that a cell which a spreadsheet would run is found in any
file; that CSVs which name people are on record is walked in `test_access_records.py`.
"""

import csv
import inspect
import io
import re
import sys

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import get_resolver
from python_calamine import CalamineWorkbook

from accounts.models import AccessRecord
from accounts.spreadsheets import FORMULA_STARTS
from accounts.views.lists import ScopedListView
from inmates.models import Inmate
from partners.models import Agency, Agreement, Contact
from placements.models import Employer, Vacancy
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    EXPECTED,
    ROUTES,
    address_of,
    objects,
    partner,
    prison,
    users,
)
from tests.test_access_records import signed_in
from training.models import Batch

pytestmark = pytest.mark.django_db

TRAP = '=HYPERLINK("http://x.test")'
PRIVATE = {Inmate: "name", Agency: "name", Agreement: "title", Batch: "name", Contact: "name"}
OTHERS = {Employer: "name", Vacancy: "title"}
CSV, XLSX = "text/csv", "spreadsheetml"
# Empty forms to fill in, which hold nothing of anybody.
BLANK = ("-template", "-sheet")


def views():
    """`{name: view}` of all our addresses."""
    found = dict(_named(get_resolver()))
    return {name: view for name, view in found.items() if name in ROUTES}


def _named(resolver, namespace=None):
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from _named(each, each.namespace or namespace)
        else:
            yield f"{namespace}:{each.name}", each.callback


def is_list(view):
    of_list = getattr(view, "view_class", None)
    return bool(of_list) and issubclass(of_list, ScopedListView)


def formats_of(view):
    """What the view's own words offer to take along."""
    if is_list(view):
        return ["csv"]
    source = inspect.getsource(sys.modules[inspect.unwrap(view).__module__])
    return [word for word in ("csv", "xlsx") if f'"{word}"' in source or f".{word}" in source]


OFFERED = {
    name: formats_of(view) for name, view in sorted(views().items()) if not name.endswith(BLANK)
}


@pytest.fixture(scope="module")
def trapped(objects):  # noqa: F811
    for model, column in (PRIVATE | OTHERS).items():
        model.objects.update(**{column: Concat(Value(TRAP), F(column))})
    return objects


@pytest.fixture(scope="module")
def files(trapped, users):  # noqa: F811
    """`{(role, name, format): (cells, answer, people on record)}` of all that is downloaded."""
    found = {}
    for role in ("head", "liaison", "outsider"):
        client = signed_in(users[role])
        allowed = [name for name in OFFERED if EXPECTED[name]["GET"][role] == 200]
        for name in allowed:
            for wanted in OFFERED[name]:
                before = AccessRecord.objects.count()
                answer = client.get(address_of(name, trapped), {"format": wanted})
                kind = answer.get("Content-Type", "")
                if answer.status_code != 200 or not (CSV in kind or XLSX in kind):
                    continue
                body = b"".join(answer) if answer.streaming else answer.content
                told = AccessRecord.objects.order_by("pk")[before:]
                subjects = {each for record in told for each in record.subjects}
                found[role, name, wanted] = (list(cells(body, kind)), answer, subjects)
    return found


def cells(body, kind):
    if CSV in kind:
        for line in csv.reader(io.StringIO(body.decode("utf-8-sig"))):
            yield from line
        return
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    for name in book.sheet_names:
        for line in book.get_sheet_by_name(name).to_python():
            yield from line


def test_the_walk_finds_what_there_is(files):
    formats = {(name, wanted) for _role, name, wanted in files}
    assert {name for name, _wanted in formats} >= {
        *("inmates:inmate-list", "partners:agreement-list", "training:batch-list"),
        *("placements:follow-up-list", "reports:participant-list", "reports:report-list"),
    }
    assert formats >= {
        (name, wanted)
        for name in (
            *("partners:agreement-register", "training:plan-overview"),
            *("reports:city-report", "reports:prisons-dashboard"),
        )
        for wanted in ("csv", "xlsx")
    }


def test_no_cell_runs(files):
    running = {
        (key, cell)
        for key, (found, _answer, _subjects) in files.items()
        for cell in found
        if isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    }
    assert running == set()
    assert any(TRAP in str(cell) for found, *_rest in files.values() for cell in found)


def test_every_table_is_streamed(files):
    held = {
        name for (_role, name, _wanted), (_c, answer, _s) in files.items() if not answer.streaming
    }
    assert held <= {"training:participant-list-xlsx"}  # of one batch


def test_another_prisons_file_holds_nothing_of_this_one(files):
    """A trap's name with what stood there: what others may read of all (vacancies) aside."""
    own = {
        value.removeprefix(TRAP)
        for model, column in PRIVATE.items()
        for value in model.objects.values_list(column, flat=True)
    }
    strange = {
        (key, name)
        for key, (found, _answer, _subjects) in files.items()
        if key[0] == "outsider"
        for name in own
        if any(f"{TRAP}{name}" in str(cell) for cell in found)
    }
    assert strange == set()


def test_whoever_a_workbook_names_is_on_record(files):
    missing = {
        (key, person.name)
        for key, (found, _answer, subjects) in files.items()
        for person in Inmate.objects.all()
        if person.public_id not in subjects
        and any(re.search(rf"{re.escape(person.name)}(?!\w)", str(cell)) for cell in found)
    }
    assert missing == set()
