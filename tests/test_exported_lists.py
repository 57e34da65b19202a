"""Every list's file holds, byte for byte, what django-tables2 exports and csv writes line by line.

Texts hold what a file stumbles over: the beginning of a formula, quotes, lines, an Indonesian
spreadsheet's separator; some are empty.
"""

import csv
import io
from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import RequestFactory
from django.utils import translation

from accounts import wall
from accounts.spreadsheets import BYTE_ORDER_MARK, FORMULA_STARTS, SPLITS
from inmates.models import Inmate
from partners.models import Agency, Agreement, Contact
from partners.sight import sight_of
from placements.models import Employer, Vacancy
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    ROUTES,
    objects,
    partner,
    prison,
    users,
)
from tests.test_exports import is_list, views
from training.models import Batch, Course

pytestmark = pytest.mark.django_db

TEXTS = {
    Inmate: {"name": '=1+1;"A"\n', "city": "@", "education": "-"},
    Agency: {"name": '+"B", C\r\n'},
    Agreement: {"title": "\tD"},
    Batch: {"name": "-E;"},
    Contact: {"name": "=F"},
    Course: {"name": "\rG, "},
    Employer: {"name": "=H;"},
    Vacancy: {"title": '"I"'},
}
ROLES = ("head", "officer", "registrar", "liaison")
LISTS = {
    name: view
    for name, view in sorted(views().items())
    if is_list(view) and "<" not in ROUTES[name]
}


@pytest.fixture(scope="module")
def odd(objects):  # noqa: F811
    for model, columns in TEXTS.items():
        changes = {name: Concat(Value(text), F(name)) for name, text in columns.items()}
        model.objects.update(**changes)
    Inmate.objects.filter(pk=Inmate.objects.earliest("pk").pk).update(city="", birth_date=None)
    return objects


def asked(view, user, query):
    """The file, and the table that the library would export itself."""
    request = RequestFactory().get("/", query)
    request.user, request.resolver_match, request.id = user, None, "a"
    kept = {}

    class Kept(view.view_class):
        def render_to_response(self, context, **kwargs):
            kept["table"] = self.get_table(**self.get_table_kwargs())
            return super().render_to_response(context, **kwargs)

    answer = Kept.as_view(**view.view_initkwargs)(request)
    return answer, kept.get("table")


def line_by_line(lines):
    whole = BYTE_ORDER_MARK
    for cells in lines:
        starts = [isinstance(cell, str) and cell.startswith(FORMULA_STARTS) for cell in cells]
        harmless = [f"'{cell}" if runs else cell for cell, runs in zip(cells, starts, strict=True)]
        line = _line(harmless, csv.QUOTE_MINIMAL)
        whole += _line(harmless, csv.QUOTE_ALL) if SPLITS in line else line
    return whole


def _line(cells, quoting):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting).writerow(cells)
    return text.getvalue()


def test_most_lists_hold_rows(odd, users):  # noqa: F811
    found = [_file(view, users["head"]) for view in LISTS.values()]
    assert sum(text.count("\n") > 1 for text in found) > 20
    assert any('\'=1+1;""A""\n' in text for text in found)


def _file(view, user):
    try:
        return b"".join(asked(view, user, {"format": "csv"})[0]).decode()
    except PermissionDenied:
        return ""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_exported_as_the_library_does(name, language, odd, users):  # noqa: F811
    read = [role for role in ROLES if _is_the_same(name, users[role], language)]
    assert read, "nobody reads this list"


def _is_the_same(name, user, language):
    """Whether it is a list of theirs that is exported here; then it has to be the library's."""
    is_around = wall.inside(sight_of(user)) if user.is_liaison else nullcontext()
    with is_around, translation.override(language):
        try:
            answer, table = asked(LISTS[name], user, {"format": "csv"})
        except PermissionDenied:
            return False
        if not answer.streaming or (user.is_liaison and name == "placements:follow-up-list"):
            return False
        expected = list(table.as_values())
        expected[0] = _headers(table)
        assert b"".join(answer).decode() == line_by_line(expected)
        return True


def _headers(table):
    """A column without words of its own is headed by its name."""
    columns = [each for each in table.columns.iterall() if not each.column.exclude_from_export]
    return [
        str(each.name.replace("_", " ").capitalize() if each.column.header is None else each.header)
        for each in columns
    ]
