"""What a list shows by SQL made once is what its queryset gives, for each role and each choice."""

from contextlib import nullcontext
from functools import lru_cache

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.forms import ChoiceField, ModelChoiceField
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_filters import CharFilter

from accounts import prepared, wall
from accounts.filters import FilterSet
from accounts.listed import PAGE, Rows, chosen_in
from accounts.words import WHOLE, mark
from inmates import nik
from inmates.models import Custody, Inmate
from inmates.rules import search_name
from inmates.states import Sex
from partners.sight import sight_of
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import InmateFactory, inmate_at
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    objects,
    partner,
    prison,
    users,
)
from tests.test_exported_lists import LISTS

pytestmark = pytest.mark.django_db

NIK = "3672011508900001"
ROLES = ("head", "officer", "registrar", "liaison", "observer")


def shown(view, user, query):
    """The list's rows, and the form of its filter."""
    request = RequestFactory().get("/", query)
    request.user, request.resolver_match, request.id = user, None, "a"
    _kept(view.view_class).as_view(**view.view_initkwargs)(request)
    return request.rows, request.form


@lru_cache
def _kept(view_class):
    """One class for each view: what is made once is made for a class."""

    class Kept(view_class):
        def render_to_response(self, context, **kwargs):
            self.request.rows, self.request.form = self.object_list, self.filterset.form
            return super().render_to_response(context, **kwargs)

    return Kept


def said(rows):
    """All that is known of each row, of the related ones, too."""
    return [_facts(row) for row in rows]


def _facts(row, depth=0):
    known = row._state.fields_cache.items() if depth < 3 else ()
    related = {name: _facts(one, depth + 1) for name, one in known if one}
    return {key: value for key, value in vars(row).items() if key != "_state"} | related


@pytest.fixture
def other_prison(db):
    return FacilityFactory()


def choices_of(form):
    for name, field in form.fields.items():
        if isinstance(field, ChoiceField | ModelChoiceField):
            for value, _label in list(field.choices)[:6]:
                if value not in ("", None):
                    yield {name: str(getattr(value, "value", value))}


@pytest.mark.parametrize("name", LISTS)
def test_a_page_and_its_number_are_those_of_the_queryset(name, objects, users):  # noqa: F811
    for role in ROLES:
        user = users[role]
        with wall.inside(sight_of(user)) if user.is_liaison else nullcontext():
            try:
                rows, form = shown(LISTS[name], user, {})
            except (PermissionDenied, AttributeError):  # a page that leads elsewhere
                continue
            assert is_made_once(rows), role
            for query in [{}, *choices_of(form)]:
                rows, _form = shown(LISTS[name], user, query)
                if isinstance(rows, Rows):
                    assert rows.count() == rows.real().count(), (role, query)
                    assert said(rows[0:25]) == said(rows.real()[0:25]), (role, query)


def is_made_once(rows):
    return isinstance(rows, Rows) and rows._made_once()[0] is not None


def test_readers_with_the_same_rights_read_their_own(objects, users, other_prison):  # noqa: F811
    people = LISTS["inmates:inmate-list"]
    other = inmate_at(other_prison)
    elsewhere = staff(other_prison, "officer")
    own = {row.pk for row in shown(people, users["officer"], {})[0][0:25]}
    theirs = {row.pk for row in shown(people, elsewhere, {})[0][0:25]}
    assert theirs == {other.pk}
    assert own
    assert not own & theirs


def test_what_depends_on_the_hour_is_asked_anew(objects, users):  # noqa: F811
    query = {"attendance": "missing"}
    rows, _form = shown(LISTS["training:meeting-list"], users["officer"], query)
    assert not is_made_once(rows)
    assert rows.count() == rows.real().count()


TYPED = [
    *(
        "a",
        "an",
        "%",
        "_",
        "\\",
        "'",
        '"',
        "%a%",
        "n_a",
        "\\%",
        "5%_x\\y'\"",
        "a nga",
        "xqjz",
        "xqjz qj",
    ),
    *("1", "12", "B.I 1/2026", "R-", "\u00c9LVIN \u0130", "w" * 200, "1" * 16, NIK),
    *(WHOLE, mark(0, 6), mark(20), f"{mark(0, 3)} {mark(1, 1)}"),
]
SAID = {"name", "title", "number", "subject", "what", "purpose", "person_key", "person_code"}
PEOPLE = ("12 ADI WIJAYA", "Adi Nugroho, S.H.", "Si Bangkong")


def texts_in(facts):
    """What one might look for, of what is known of a row."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from texts_in(value)
        elif key in SAID and isinstance(value, str) and len(value) > 3:
            first, *others = value.split()
            yield from (value, value[:-2] + value[-1] + value[-2], " ".join([*others, first[:2]]))


@pytest.fixture(scope="module")
def sought(objects, prison):  # noqa: F811
    """People who are found by a merged record, by what stands in the objects of the matrix, or by
    another spelling."""
    for name in PEOPLE:
        inmate_at(prison, name=name, search_name=search_name(name))
    kept, merged = Inmate.objects.order_by("pk")[:2]
    merged_record = {"name": "XQJZ QJX", "search_name": "xqjz qjx", "person_key": "XQ77"}
    InmateFactory(**merged_record, merged_into=kept)
    Inmate.objects.filter(pk=merged.pk).update(nik_digest=nik.digest(NIK))
    return [*PEOPLE, "XQ77", *Custody.objects.values_list("register_number", flat=True)[:2]]


def is_typed(view):
    fields = (
        view.view_class.filterset_class.base_filters.values()
        if hasattr(view.view_class, "filterset_class")
        else ()
    )
    return any(isinstance(each, CharFilter) for each in fields)


@pytest.mark.parametrize("name", [name for name in LISTS if is_typed(LISTS[name])])
@pytest.mark.parametrize("role", ["officer", "liaison", "observer"])
def test_what_is_typed_finds_what_its_queryset_finds(name, role, objects, users, sought):  # noqa: F811
    user = users[role]
    with wall.inside(sight_of(user)) if user.is_liaison else nullcontext():
        try:
            rows, _form = shown(LISTS[name], user, {})
        except (PermissionDenied, AttributeError):
            return
        known = [text for facts in said(rows[0:3]) for text in texts_in(facts)]
        found = set()
        for text in dict.fromkeys([*TYPED, *sought, *known[:9]]):
            rows, _form = shown(LISTS[name], user, {"q": text})
            assert is_made_once(rows), text
            assert rows.count() == rows.real().count(), text
            assert said(rows[0:25]) == said(rows.real()[0:25]), text
            found.add(rows.count())
        assert len(found) > 1 or not known


def test_a_text_beside_a_choice_or_a_year_is_put_in(objects, users, sought):  # noqa: F811
    people = LISTS["inmates:inmate-list"]
    for query in [
        {"q": "adi", "age_from": "18"},
        {"q": "xqjz", "sex": Sex.FEMALE},
        {"age_to": "70"},
    ]:
        rows, _form = shown(people, users["officer"], query)
        assert is_made_once(rows)
        assert said(rows[0:25]) == said(rows.real()[0:25])
        assert rows.count() == rows.real().count()


def test_texts_of_a_kind_are_asked_by_the_same_sql(users, sought):  # noqa: F811
    people = LISTS["inmates:inmate-list"]
    one, other, longer = (
        shown(people, users["officer"], {"q": text})[0]._made_once()[0]
        for text in ("wijaya", "nugroho", "adi nugroho")
    )
    assert one is other
    assert one is not longer


def test_a_filter_that_does_not_say_what_stands_for_a_text_is_asked_anew(users, rf):  # noqa: F811
    class ByName(FilterSet):
        q = CharFilter(field_name="name")

    request = rf.get("/", {"q": "a"})
    request.user = users["officer"]
    filterset = ByName(request.GET, Inmate.objects.all(), request=request)
    assert filterset.is_valid()
    assert chosen_in(filterset) == (None, {})


def build_of(**asked):
    """A list that asks something of its request."""
    return lambda request: Inmate.objects.filter(
        **{key: ask(request) for key, ask in asked.items()}
    )


@pytest.mark.parametrize(
    "build",
    [
        build_of(name=lambda request: request.GET.get("name")),
        build_of(name=lambda request: request.user.name),
        build_of(city=lambda request: request.user.facility.city),
        build_of(pk__in=lambda request: list(Inmate.objects.values_list("pk", flat=True))),
        build_of(created_at__lt=lambda request: timezone.now()),
        build_of(name=lambda request: request.path),
    ],
)
def test_a_list_that_asks_for_more_than_rights_is_built_for_each(build, users, rf):  # noqa: F811
    request = rf.get("/", {"name": "A"})
    request.user = users["officer"]
    rows = Rows(Inmate, request, (build,), build)
    assert not is_made_once(rows)
    assert rows.count() == build(request).count()


def test_a_part_of_the_query_string_may_be_named(users, rf):  # noqa: F811
    request = rf.get("/", {"name": "A"})
    request.user = users["officer"]
    build = build_of(name=lambda request: request.GET.get("name"))
    assert is_made_once(Rows(Inmate, request, "named", build, asked={"name": "A"}))


@pytest.fixture
def room():
    """For plans, however many other tests had the connection keep."""
    prepared._kept.pop(connection.connection, None)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@pytest.mark.usefixtures("room")
def test_the_first_page_has_one_plan_whoever_reads_and_however_many_rows(rf):
    """A paginator asks for no more rows than there are."""

    def build(request):
        return Inmate.objects.in_prisons(request.user.facility_ids).order_by("pk")

    asked = []
    for number in (0, 3, 1, PAGE + 2):
        place = FacilityFactory()
        people = [inmate_at(place) for _n in range(number)]
        request = rf.get("/")
        request.user = staff(place, "officer")
        rows = Rows(Inmate, request, "first", build)
        end = min(rows.count(), PAGE)
        with CaptureQueriesContext(connection) as statements:
            assert rows[0:end] == people[:PAGE]
        asked.append([each["sql"].split(" (")[0] for each in statements])
    nothing, three, one, full = asked
    assert nothing == []
    assert three == one == full
    assert three[0].startswith("EXECUTE kept_")


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("way", ["of_many_tables", "in_index_order"])
def test_further_pages_have_one_plan_wherever_they_begin(rf, way):
    place = FacilityFactory()
    people = [inmate_at(place) for _n in range(PAGE + 3)]
    request = rf.get("/")
    request.user = staff(place, "officer")

    def build(request):
        return Inmate.objects.in_prisons(request.user.facility_ids).order_by("pk")

    rows = Rows(Inmate, request, way, build, **{way: True})
    assert rows.count() == len(people)
    with CaptureQueriesContext(connection) as statements:
        assert rows[PAGE : PAGE + 3] == people[PAGE:]
        assert rows[10:14] == people[10:14]
    further, other = (each["sql"].split(" (")[0] for each in statements)
    assert further == other
    assert further.startswith("EXECUTE kept_")
    assert rows.order_by("-pk")[PAGE : PAGE + 3] == people[2::-1]
