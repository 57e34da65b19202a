"""What a list shows by SQL made once is what its queryset gives, for each role and each choice."""

from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField, ModelChoiceField
from django.test import RequestFactory
from django.utils import timezone

from accounts import wall
from accounts.listed import Rows
from inmates.models import Inmate
from partners.sight import sight_of
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    objects,
    partner,
    prison,
    users,
)
from tests.test_exported_lists import LISTS

pytestmark = pytest.mark.django_db

ROLES = ("head", "officer", "registrar", "liaison", "observer")


def shown(view, user, query):
    """The list's rows, and the form of its filter."""
    request = RequestFactory().get("/", query)
    request.user, request.resolver_match, request.id = user, None, "a"
    kept = {}

    class Kept(view.view_class):
        def render_to_response(self, context, **kwargs):
            kept["rows"], kept["form"] = self.object_list, self.filterset.form
            return super().render_to_response(context, **kwargs)

    Kept.as_view(**view.view_initkwargs)(request)
    return kept["rows"], kept["form"]


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
            except (PermissionDenied, KeyError):  # a page that leads elsewhere
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


def test_what_somebody_typed_is_asked_anew(objects, users):  # noqa: F811
    rows, _form = shown(LISTS["inmates:inmate-list"], users["officer"], {"q": "a"})
    assert not isinstance(rows, Rows)


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
