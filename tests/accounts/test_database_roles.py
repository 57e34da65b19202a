"""The first test of the project: what the web's database role can never do."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.grants import append_only_tables
from tests.factories.accounts import FacilityFactory

pytestmark = pytest.mark.django_db


def current_user():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_tests_and_the_web_are_lapas_app():
    assert current_user() == "lapas_app"


def test_history_and_access_records_are_among_the_append_only_tables():
    assert {
        "accounts_accessrecord",
        "correspondence_letterfile",
        "partners_agreementevent",
        "training_batchevent",
    } <= set(append_only_tables())


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_every_append_only_table_refuses_change(statement):
    for table in append_only_tables():
        column = "pgh_id" if table.endswith("event") else "id"
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table, column, column))


def test_a_change_leaves_history_that_reads_back():
    facility = FacilityFactory(name="Lapas Lama")
    facility.name = "Lapas Baru"
    facility.save()
    labels = list(facility.events.order_by("pgh_id").values_list("pgh_label", "name"))
    assert labels == [("insert", "Lapas Lama"), ("update", "Lapas Baru")]
