"""The migrations end in the database that the tests run on."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import schema

LIBRARIES = ("auth_", "_pgh_attach_context")  # their migrations remember older models


@pytest.fixture
def first_start():
    """The database of an office's first start: the server of this test run holds it, empty."""
    for command in ("createcachetable", "migrate"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--database", "owner", "--verbosity", "0"],
            cwd=settings.BASE_DIR,
            check=True,
        )
    connection = connections["owner"].copy()
    connection.settings_dict["NAME"] = "lapasprog"
    yield connection
    connection.close()


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_migrations_make_the_database_that_the_models_describe(first_start):
    replayed, tested = (
        {fact for fact in schema.catalogue(database) if not fact.split()[1].startswith(LIBRARIES)}
        for database in (first_start, connections["owner"])
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
