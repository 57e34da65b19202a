"""Every table has its history by trigger, and every thing shows it to those who may open it."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from pghistory.models import Event

from accounts import privacy
from accounts.models import AccessRecord
from reports import histories
from tests.factories.accounts import FacilityFactory, UserFactory
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    ask,
    objects,
    partner,
    prison,
    session_of,
    sessions,
    users,
)
from tests.test_access_records import signed_in

pytestmark = pytest.mark.django_db

OURS = {"accounts", "correspondence", "inmates", "partners", "training", "placements", "reports"}
# Tables that change and have no history, with the reason.
WITHOUT = {
    "accounts.ActionLink": "a key that is used or dies: its row says when",
    "accounts.Holiday": "the calendar of the country, from a package",
    "accounts.Pulse": "a sign of life of a process",
    "accounts.User_groups": "not used: rights come with a post",
    "accounts.User_user_permissions": "changed in the admin only, whose log tells it",
    "correspondence.CalendarFeed": "a key, renewed by its user",
    "correspondence.Mail": "each try stands in the row",
    "correspondence.Notice": "each step stands in the row: read, acknowledged, ended",
    "correspondence.Silence": "a reader's own choice of what to hear",
    "correspondence.SweepRun": "counts of a run",
    "inmates.Absence": "decided once; who and when stand in the row",
    "inmates.ColumnMapping": "what the last import called its columns",
    "inmates.ImportRow": "what a file said; never changed by people",
    "inmates.ImportRun": "each step stands in the row",
    "placements.FollowUpAttempt": "added, never changed",
    "placements.FollowUpLink": "a key that is used or dies: its row says when",
    "reports.KeptCount": "counted by the program, again and again",
    "reports.KeptGroup": "counted by the program, again and again",
    "reports.KeptLength": "counted by the program, again and again",
    "reports.Report": "counted by the program; what people add stands in its letter",
    "training.CompetencyUnit": "a national list",
    "training.Trade": "a list of words",
}
# Whose history is read with something else, with the reason.
ELSEWHERE = {
    "accounts.User": "an admin reads it in the admin",
    "correspondence.Verification": "is issued and revoked with its paper, whose history tells it",
}


def tables():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and not model._meta.proxy and not issubclass(model, Event)
    ]


def test_every_table_that_changes_has_its_history():
    changing = {model for model in tables() if not getattr(model, "append_only", False)}
    lacking = {model._meta.label for model in changing if not privacy.history_of(model)}
    assert lacking == set(WITHOUT)


def test_the_database_itself_writes_each_history():
    """Of insert, update and delete, by triggers that are there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE NOT t.tgisinternal AND t.tgenabled = 'O'""")
        found = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
    for model in histories.TRACKED:
        kinds = {
            kind
            for kind in ("insert", "update", "delete")
            if any(f"{kind}_{kind}" in name for name in found.get(model._meta.db_table, ()))
        }
        assert kinds == {"insert", "update", "delete"}, model


def test_every_history_is_read_somewhere():
    read = set(histories.KINDS.values())
    read |= {part for kind in histories.KINDS.values() for part, _way in histories.parts_of(kind)}
    lacking = {model._meta.label for model in histories.TRACKED if model not in read}
    assert lacking == set(ELSEWHERE)


def test_each_page_offers_the_history_of_its_thing(objects, users, sessions):  # noqa: F811
    """To whoever may open the page, and to nobody else; a liaison reads none."""
    client = signed_in(users["head"])
    walked = set()
    for thing in {type(each): each for each in objects.values()}.values():
        kind = thing._meta.model_name
        if kind not in histories.KINDS or kind == "workday":  # a line of the gate's list
            continue
        page = thing.get_absolute_url()
        address = reverse("reports:history", args=[kind, thing.public_id])
        assert address in client.get(page).content.decode(), page
        assert client.get(address).status_code == 200
        walked.add(kind)
        for role in ("officer", "registrar", "secretariat", "observer", "outsider", "liaison"):
            opens = ask("GET", page, sessions[role]) == 200 and role != "liaison"
            reads = ask("GET", address, sessions[role]) == 200
            is_narrower = kind == "followup" and not reads
            assert reads == opens or is_narrower, (kind, role)
    assert len(walked) > 18


def test_it_tells_who_changed_what_and_why_and_is_on_record(login, users, prison):  # noqa: F811
    registrar, officer, facility = users["registrar"], users["officer"], prison
    person = inmate_at(facility, name="ANI")
    with pghistory.context(user=officer.pk, name="Budi Petugas", reason="Salah kota"):
        person.city = "Kota Serang"
        person.save()
        person.restrictions.create(facility=facility, kind="discipline", starts=today())
    address = reverse("reports:history", args=["inmate", person.public_id])
    text = login(registrar).get(address).content.decode()
    for word in ("Budi Petugas", "Salah kota", "Kota Serang"):
        assert word in text
    assert "embatasan: dicatat" in text
    assert person.public_id in AccessRecord.objects.get(user_email=registrar.email).subjects


def test_after_custody_a_prison_reads_only_what_it_wrote_itself(login, users, prison):  # noqa: F811
    registrar, facility = users["registrar"], prison
    person = inmate_at(facility, name="ANI", city="Kota Baru")
    person.custodies.update(until=today(-1), ended_how="transferred")
    other = FacilityFactory()
    person.custodies.create(facility=other, starts=today())
    person.restrictions.create(facility=other, kind="security", starts=today())
    text = login(registrar).get(reverse("reports:history", args=["inmate", person.public_id]))
    assert text.status_code == 200
    assert "Kota Baru" not in text.content.decode()
    assert "embatasan" not in text.content.decode()


def test_an_admin_reads_the_history_of_what_is_kept_in_the_admin(login, users, prison):  # noqa: F811
    facility, officer = prison, users["officer"]
    facility.name = "Lapas Nama Baru"
    with pghistory.context(user=officer.pk, name="Budi Petugas"):
        facility.save()
    client = login(UserFactory(kind="admin", is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:accounts_facility_history", args=[facility.pk]))
    assert "Budi Petugas" in page.content.decode()
    assert "Lapas Nama Baru" in page.content.decode()
    assert client.get(
        reverse("reports:history", args=["inmate", officer.public_id])
    ).status_code in (403, 404)


def test_unknown_kinds_are_unknown(login, users, prison):  # noqa: F811
    client, facility = login(users["head"]), prison
    for kind in ("user", "accessrecord", "batchevent", "x"):
        assert (
            client.get(reverse("reports:history", args=[kind, facility.public_id])).status_code
            == 404
        )
