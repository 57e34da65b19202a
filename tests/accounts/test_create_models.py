"""A step of a migration that makes many tables makes them as Django's own steps would."""

import pytest
from django.db import connections, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState

from accounts.create_models import CreateModels

pytestmark = pytest.mark.django_db(databases=["owner"])


def tables(*names):
    """A migration's operations: each table is tied to the one before it."""
    made = []
    for before, name in zip((None, *names), names, strict=False):
        fields = [("id", models.BigAutoField(primary_key=True))]
        if before:
            fields.append(("before", models.ForeignKey(f"partners.{before}", models.CASCADE)))
        made.append(CreateModel(name, fields))
    return made


def applied(operations, state):
    migration = Migration("planted", "partners")
    migration.operations = operations
    with connections["owner"].schema_editor(atomic=False) as editor:
        return migration.apply(state, editor)


def columns(table):
    with connections["owner"].cursor() as cursor:
        return {
            each.name
            for each in connections["owner"].introspection.get_table_description(cursor, table)
        }


def test_many_tables_are_made_at_once_and_taken_back():
    one_by_one, at_once = tables("One", "Two", "Three"), CreateModels(tables("One", "Two", "Three"))
    expected = ProjectState()
    for operation in one_by_one:
        operation.state_forwards("partners", expected)
    state = applied([at_once], ProjectState())
    assert state == expected
    assert columns("partners_one") == {"id"}
    assert columns("partners_three") == {"id", "before_id"}
    migration = Migration("planted", "partners")
    migration.operations = [at_once]
    with connections["owner"].schema_editor(atomic=False) as editor:
        migration.unapply(ProjectState(), editor)
    assert "partners_one" not in connections["owner"].introspection.table_names()


def test_classes_that_were_made_before_know_the_new_tables():
    state = ProjectState()
    CreateModel("Zero", [("id", models.BigAutoField(primary_key=True))]).state_forwards(
        "partners", state
    )
    assert state.apps.get_model("partners", "Zero")
    CreateModels(tables("Zero", "One")[1:]).state_forwards("partners", state)
    tied = state.apps.get_model("partners", "One")._meta.get_field("before")
    assert tied.related_model is state.apps.get_model("partners", "Zero")
