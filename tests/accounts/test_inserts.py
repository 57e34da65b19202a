"""Many rows in one statement."""

from datetime import datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models.expressions import DatabaseDefault
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.by_key import asked_by_key
from accounts.inserts import insert, unsaved, update
from accounts.models import Facility, Posting, ReadAtOnce, User
from accounts.prepared import among
from inmates.models import Custody, ImportRow, Inmate
from tests.factories.accounts import FacilityFactory, UserFactory
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_key_and_what_the_database_fills_in():
    people = [Inmate(person_key=f"A-{n}", name=f"Orang {n}") for n in range(3)]
    with CaptureQueriesContext(connection) as asked:
        insert(people)
    assert len(asked) == 1
    for person in people:
        stored = Inmate.objects.get(pk=person.pk)
        assert (stored.person_key, stored.name) == (person.person_key, person.name)
        assert None not in (stored.public_id, stored.created_at)


def test_what_only_one_row_says_is_the_databases_for_the_others():
    known = FacilityFactory().public_id
    users = [UserFactory() for _n in range(2)]
    facility, role = Facility.objects.get(), Group.objects.get(name="officer")
    rows = [
        Posting(user=user, facility=facility, role=role, starts=today(), **more)
        for user, more in zip(users, ({}, {"public_id": known}), strict=True)
    ]
    insert(rows)
    ids = [Posting.objects.get(pk=row.pk).public_id for row in rows]
    assert ids[0] not in (None, known)
    assert ids[1] == known


@pytest.mark.parametrize(
    "model", [each for each in apps.get_models() if issubclass(each, ReadAtOnce)]
)
def test_an_unsaved_row_is_what_its_class_makes(model):
    ours, djangos = unsaved(model), model()
    for field in model._meta.concrete_fields:
        if not field.generated:
            mine, its = (vars(row)[field.attname] for row in (ours, djangos))
            assert type(mine) is type(its), field
            assert mine == its or isinstance(its, DatabaseDefault | UUID | datetime), field
    assert (ours._state.adding, ours._state.db) == (True, None)


def test_unsaved_rows_share_nothing_that_can_change():
    one, other = unsaved(ImportRow, number=1, changes=[1]), unsaved(ImportRow, number=2)
    one.values["name"] = "Budi"
    assert (other.values, other.changes, other.number) == ({}, [], 2)
    person = Inmate(name="Budi")
    assert unsaved(Custody, inmate=person).inmate is person


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])


def test_a_new_row_is_told_what_else_the_database_filled_in():
    person = Inmate(person_key="A-1", name="Budi")
    insert([person], told=("public_id", "created_at"))
    stored = Inmate.objects.get(pk=person.pk)
    assert (person.public_id, person.created_at) == (stored.public_id, stored.created_at)


def test_named_fields_of_a_row_are_written_and_no_others(django_assert_num_queries):
    facility, other = FacilityFactory(), FacilityFactory()
    facility.name, facility.city, facility.address = "Lapas Baru", "Kota Baru", "Jl. Baru"
    with django_assert_num_queries(1):
        update(facility, "name", "address")
    stored = Facility.objects.get(pk=facility.pk)
    assert (stored.name, stored.address) == ("Lapas Baru", "Jl. Baru")
    assert stored.city != "Kota Baru"
    assert Facility.objects.get(pk=other.pk).name != "Lapas Baru"


def test_a_row_that_is_gone_is_not_written():
    facility = FacilityFactory()
    Facility.objects.filter(pk=facility.pk).delete()
    with pytest.raises(Facility.DoesNotExist):
        update(facility, "name")


@asked_by_key
def _locked(key):
    return Facility.objects.filter(pk=key).select_for_update(no_key=True)


def test_a_row_is_locked_by_sql_that_is_made_once():
    for facility in (FacilityFactory(), FacilityFactory()):
        with CaptureQueriesContext(connection) as asked:
            assert _locked(facility.pk) == [facility]
        assert asked.captured_queries[0]["sql"].endswith("FOR NO KEY UPDATE")


@asked_by_key
def _locked_beside(key, people):
    users = User.objects.filter(among("pk", people)).order_by("pk").values_list("pk")
    return Facility.objects.filter(pk=key).select_for_update(no_key=True), users


def test_rows_are_locked_beside_others_that_are_only_read():
    users = [UserFactory() for _n in range(2)]
    for facility in (FacilityFactory(), FacilityFactory()):
        found = _locked_beside(facility.pk, [user.pk for user in users])
        assert found == ([facility], [(user.pk,) for user in users])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_lock_needs_a_transaction():
    facility = FacilityFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(TransactionManagementError):
        _locked(facility.pk)
    with pytest.raises(TransactionManagementError):
        _locked_beside(facility.pk, [1])
