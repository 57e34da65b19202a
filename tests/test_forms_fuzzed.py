"""Every form of every page is sent with nonsense: never a crash, and what is refused wrote nothing.

`HYPOTHESIS_PROFILE=explore FUZZ=50` sends more.
"""

import os

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Facility
from partners.models import Agency
from tests.factories.accounts import PostingFactory, staff
from tests.factories.partners import scan_file, today
from tests.forms_on_pages import forms_of
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    EXPECTED,
    address_of,
    objects,
    partner,
    prison,
    users,
)
from tests.test_access_records import POSTS, signed_in, text_of

pytestmark = pytest.mark.django_db

FUZZ = int(os.environ.get("FUZZ", "1"))
NOT_OURS = ("account_", "mfa_", "sessions", "set_language")
STAFF = ("officer", "head", "warden", "registrar", "secretariat")


def _pages():
    for name, methods in sorted(EXPECTED.items()):
        if not name.startswith(NOT_OURS):
            if 200 in (methods["GET"][role] for role in STAFF):
                yield "every_post", name
            if methods["GET"]["liaison"] == 200:
                yield "liaison", name


ON_EVERY_PAGE = ("/logout/", "/search/", "/i18n/setlang/")
# What a refused act may write all the same: that somebody looked, how often a stranger asked.
WRITTEN_ANYWAY = ("django_session", "accounts_accessrecord", "cache", "usersessions_usersession")
NONSENSE = (
    "", " ", "\0", "a" * 5000, "=1+1", "@SUM(A1)", "<script>alert(1)</script>", "'; DROP TABLE x--",
    "%s%s{0}", "١٢٣", "\u202eabc", "\ud7ff", "𝕏" * 99, "-1", "0", "1", "1.5", "1e308", "NaN",
    "Infinity", "9" * 30, "-9223372036854775809", "2026-02-30", "0001-01-01", "9999-12-31",
    "31/12/2026", "2030-01-01", "99:99", "2030-01-01T25:61", "null", "[]", "{}", "true",
    "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "http://evil.test/", "x@y.test",
)  # fmt: skip
FILES = (
    ("leer.pdf", b""),
    ("kaputt.pdf", b"%PDF-1.7 kaputt"),
    ("tabel.xlsx", b"PK\x03\x04" + b"\0" * 64),
    ("tabel.csv", b"nama;nik\n=1+1;\0\n"),
    ("gambar.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("program.exe", b"MZ\x90\0"),
)


PLAUSIBLE = {
    "text": "Uji coba",
    "textarea": "Uji coba",
    "search": "Uji",
    "number": "3",
    "date": lambda: today().isoformat(),
    "datetime-local": lambda: f"{today().isoformat()}T09:00",
    "time": "09:00",
    "month": lambda: f"{today():%Y-%m}",
    "email": "seseorang@uji.test",
    "tel": "0812-3456-7890",
    "url": "https://uji.test/",
    "file": scan_file,
}


@pytest.fixture(scope="module")
def every_post(prison):  # noqa: F811
    user = staff(prison, POSTS[0])
    for role in (*POSTS[1:], "warden"):
        PostingFactory(user=user, facility=prison, role_id=role)
    return user


# Fields that no form has, or that this one has not: a program must not take what nobody asked.
OF_OTHERS = (
    *("facility", "facility_id", "prison", "prison_id", "agency", "agency_id", "batch_id"),
    *("inmate_id", "user", "user_id", "created_by", "created_by_id", "owner_id", "posting"),
)
PRIVILEGES = {
    **dict.fromkeys(("is_superuser", "is_staff", "is_active", "entered_afterwards"), "on"),
    "kind": "admin",
    "role": "warden",
    "role_id": "warden",
    "state": "signed",
    "password": "x",
}
POWER = """
SELECT count(*) FILTER (WHERE is_superuser), count(*) FILTER (WHERE is_staff),
       count(*) FILTER (WHERE kind = 'admin'),
       (SELECT count(*) FROM accounts_posting WHERE role_id = 'warden')
  FROM accounts_user
"""


@pytest.fixture(scope="module")
def strange(users):  # noqa: F811
    """`(fields, SQL of how many rows belong to others)`: another prison, another agency."""
    prison_id = users["outsider"].postings.get().facility_id
    agency_id = users["other_liaison"].liaisons.get().agency_id
    parts = [
        f"SELECT count(*) FROM {model._meta.db_table} WHERE {field.column} = {number}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for target, number in ((Facility, prison_id), (Agency, agency_id))
        if field.related_model is target and model._meta.managed
    ]
    theirs = {name: agency_id if "agency" in name else prison_id for name in OF_OTHERS}
    return PRIVILEGES | theirs, f"SELECT sum(count) FROM ({' UNION ALL '.join(parts)}) AS parts"


@pytest.fixture(scope="module")
def fingerprint(prison):  # noqa: F811
    """SQL of one number that any change of any row changes."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - set(WRITTEN_ANYWAY)
    parts = (
        f"SELECT count(*) + coalesce(sum(hashtext(row::text)::bigint), 0) FROM {table} AS row"
        for table in sorted(tables)
    )
    return f"SELECT sum(part) FROM ({' UNION ALL '.join(parts)}) AS all_of_it (part)"


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
        return row[0] if len(row) == 1 else row


@st.composite
def filled_in(draw, form):
    """Some of the fields hold nonsense, are gone or doubled; the others are plausible, or empty."""
    sent = form.filled_in(PLAUSIBLE) if draw(st.booleans()) else form.as_it_stands()
    fields = [each for each in form.fields if each.name != "csrfmiddlewaretoken"]
    for each in draw(st.lists(st.sampled_from(fields), max_size=3)) if fields else ():
        if each.kind == "file":
            name, content = draw(st.sampled_from(FILES))
            sent[each.name] = [SimpleUploadedFile(name, content)]
        else:
            words = st.sampled_from([*NONSENSE, *each.options[:8]])
            sent[each.name] = draw(st.lists(words, max_size=2))
    return sent


@pytest.mark.parametrize(("who", "name"), list(_pages()))
def test_nonsense_is_refused_in_words(who, name, users, every_post, objects, fingerprint, strange):  # noqa: F811
    fields, of_others = strange
    client = signed_in(users.get(who, every_post))
    address = address_of(name, objects)
    page = client.get(address)
    forms = forms_of(text_of(page)) if page.status_code == 200 else []
    if name != "reports:home":
        forms = [form for form in forms if form.action not in ON_EVERY_PAGE]

    @settings(
        max_examples=FUZZ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.data())
    def send(data):
        for form in forms:
            sent = fields | data.draw(filled_in(form))
            for each in form.fields:  # left out on purpose
                if each.name not in sent or sent[each.name] is fields.get(each.name):
                    sent.pop(each.name, None)
            before, theirs, power = asked(fingerprint), asked(of_others), asked(POWER)
            with transaction.atomic():
                answer = client.post(form.action or address, sent)
                status = answer.status_code
                assert status < 500, f"{form.action or address} {sent}"
                if status in (400, 403, 404, 405, 409, 422):
                    assert asked(fingerprint) == before, f"{form.action or address} {sent}"
                else:
                    names_another = any(each.name == "destination" for each in form.fields)
                    assert names_another or asked(of_others) == theirs, f"{address} {sent}"
                    assert asked(POWER) == power, f"{form.action or address} {sent}"
                transaction.set_rollback(True)

    if forms:
        send()
