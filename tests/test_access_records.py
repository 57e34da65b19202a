"""Whoever is shown a person leaves a record of it: at every address, and in the admin.

The test reads what came back (pages, fragments, CSV, JSON, PDF): if a person's name or key stands
in it, that very response must have written an `AccessRecord` with the person's public id.
"""

import inspect
import io
import re
import sys
from functools import cache

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AccessRecord
from accounts.states import UserKind
from inmates.models import ImportRow, ImportRun, Inmate
from placements import documents
from tests.factories.accounts import PostingFactory, UserFactory, staff
from tests.factories.inmates import gone_from
from tests.factories.planted import planted_person
from tests.factories.planted_words import NAME
from tests.factories.training import decree_series
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    ROUTES,
    address_of,
    objects,
    partner,
    prison,
    users,
)
from training.models import Hearing
from training.services import decrees

pytestmark = pytest.mark.django_db

NOT_OF_PEOPLE = ("account_", "mfa_", "set_language", "healthz", "readyz", "favicon")
NAMED_PAGES = sorted(name for name in ROUTES if not name.startswith(NOT_OF_PEOPLE))
POSTS = ("officer", "head", "registrar", "security", "secretariat", "clinic")
HEADERS_BOX = b'id="find"'  # leads to a page of its own, wherever it stands
PART_OF_NAME = NAME[:-2]  # a search box repeats what was typed: that alone names nobody


@pytest.fixture(scope="module")
def planted(prison, partner, users):  # noqa: F811
    return planted_person(prison, partner, users["head"])


@pytest.fixture(scope="module")
def further(objects, prison, planted, users):  # noqa: F811
    """More things that name people, by the noun of their address."""
    facility = prison
    decree_series(facility)
    prepared = objects["decree"]
    issued = decrees.issue(decree=prepared, by=users["warden"])
    run = ImportRun.objects.create(
        facility=facility, file_name="register.xlsx", as_of="2026-01-01", state="ready",
        report={"new": 0, "updated": 1, "unchanged": 0, "duplicate_rows": [], "warning_rows": [],
                "error_rows": [], "remarks": []},
    )  # fmt: skip
    ImportRow.objects.create(
        run=run, number=1, outcome="updated", name=planted.name, person_key=planted.person_key
    )
    gone_from(facility)
    more = {
        "hearing": [issued.hearing, *Hearing.objects.filter(batch=planted.candidacies.get().batch)],
        "decree": [issued, planted.enrolments.get().decree],
        "letter": [issued.letter],
        "import": [run],
        "batch": [planted.candidacies.get().batch, issued.batch],
        "participant": [issued.batch],
        "candidate": list(planted.candidacies.all()),
        "certificate": list(planted.certificates.all()),
        "enrolment": list(planted.enrolments.all()),
    }
    for noun in ("inmate", "person", "departure"):
        more[noun] = [planted]
    for noun in ("consent", "document", "restriction", "transfer", "circumstance"):
        more[noun] = list(getattr(planted, f"{noun}s").all())
    more["assessment"] = list(planted.aptitudes.all())
    return more


def addresses_of(name, objects, further):  # noqa: F811
    noun = name.partition(":")[2].partition("-")[0]
    yield address_of(name, objects)
    if "public_id" in ROUTES[name]:
        for other in further.get(noun, further["inmate"] if "inmates/" in ROUTES[name] else ()):
            yield reverse(name, args=[other.public_id])


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"%PDF-"):
        try:
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
        except Exception:
            return ""  # an uploaded scan of the tests is no real PDF
    return body.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def before(further):
    """All whom a response could name, and the last record: each visit is undone."""
    last = AccessRecord.objects.aggregate(last=Max("pk"))["last"] or 0
    return list(Inmate.objects.all()), last


def unrecorded(before, client, method, address, query=None, headers=None):
    """What a response named without a record, and whether there is more to ask here."""
    people, last = before
    with transaction.atomic():
        response = getattr(client, method)(address, query or {}, headers=headers)
        text = text_of(response).lower()
        records = list(AccessRecord.objects.filter(pk__gt=last))
        transaction.set_rollback(True)
    seen = {subject for record in records for subject in record.subjects}
    missing = {
        (person.name, method, address)
        for person in people
        if person.public_id not in seen and _names(text, person)
    }
    wordless = {record.path for record in records if _has_no_words(record.path)}
    return missing | {("no words for", method, path) for path in wordless}, response


def further_ways(answer):
    """Queries and headers with which a page can be asked for more or for less of itself."""
    if answer.streaming or answer.status_code != 200:
        return
    if b"format=csv" in answer.content:
        yield {"format": "csv"}, {}
    if answer.content.count(b'name="q"') > answer.content.count(HEADERS_BOX) or _speaks_htmx(
        answer.resolver_match.func.__module__
    ):
        yield {"q": PART_OF_NAME}, {"HX-Request": "true"}


@cache
def _speaks_htmx(module):
    return "htmx" in inspect.getsource(sys.modules[module])


def _names(text, person):
    return any(
        word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        for word in (person.name.lower(), person.person_key.lower())
    )


def _has_no_words(path):
    return documents.page_in_words(path) == path


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture(scope="module")
def every_post(prison):  # noqa: F811
    """Somebody who sees whatever one of the posts of a prison shows."""
    user = staff(prison, POSTS[0])
    for role in POSTS[1:]:
        PostingFactory(user=user, facility=prison, role_id=role)
    return user


@pytest.mark.parametrize("who", ["every_post", "liaison"])
def test_whoever_is_named_is_on_record(who, users, every_post, objects, further, before):  # noqa: F811
    client, missing = signed_in(users.get(who, every_post)), set()
    for name in NAMED_PAGES:
        for address in dict.fromkeys(addresses_of(name, objects, further)):
            found, answer = unrecorded(before, client, "get", address)
            missing |= found
            for query, headers in further_ways(answer):
                missing |= unrecorded(before, client, "get", address, query, headers)[0]
            missing |= unrecorded(before, client, "post", address, {"typed": "nothing useful"})[0]
    assert missing == set()


def test_what_the_walk_looks_for_can_be_found(users, objects, further, planted):  # noqa: F811
    client = signed_in(users["registrar"])
    page = text_of(client.get(planted.get_absolute_url())).lower()
    assert _names(page, planted)
    pdf = text_of(client.get(reverse("placements:subject-file-pdf", args=[planted.public_id])))
    assert _names(pdf.lower(), planted)


def test_whoever_the_admin_names_is_on_record(users, objects, further, before):  # noqa: F811
    client = signed_in(UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True))
    missing = set()
    for model in admin.site._registry:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found = [reverse(f"{place}_changelist")]
        for row in model._base_manager.all()[:2]:
            found += [reverse(f"{place}_{page}", args=[row.pk]) for page in ("change", "history")]
        for address in found:
            missing |= unrecorded(before, client, "get", address)[0]
        missing |= unrecorded(before, client, "get", found[0], {"q": PART_OF_NAME})[0]
    assert missing == set()
