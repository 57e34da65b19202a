"""The migrations end in the database that the tests run on."""

import pytest
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import schema
from tests.first_start import first_start

LIBRARIES = ("auth_", "_pgh_attach_context")  # their migrations remember older models


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_migrations_of_a_first_start_make_the_database_that_the_models_describe():
    replayed, tested = (
        {fact for fact in facts if not fact.split()[1].startswith(LIBRARIES)}
        for facts in (first_start().catalogue, schema.catalogue(connections["owner"]))
    )
    assert replayed - tested == set()
    assert tested - replayed == set()


# --- A first start goes the short way, by squashed migrations; an older database went the long one
@pytest.mark.django_db(databases=["default", "owner"])
def test_a_database_that_went_the_long_way_has_nothing_left_to_do():
    connection = connections["owner"]
    MigrationRecorder(connection).migration_qs.filter(name__contains="_squashed_").delete()
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_both_ways_end_in_the_same_models_and_statements():
    short, long = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    assert long.graph.nodes.keys() != short.graph.nodes.keys()
    for one, other in ((short, long), (long, short)):
        states = (loader.project_state(schema.leaves_of(loader)) for loader in (one, other))
        assert MigrationAutodetector(*states).changes(graph=one.graph) == {}
    assert set(schema.statements_of(short)) == set(schema.statements_of(long))
