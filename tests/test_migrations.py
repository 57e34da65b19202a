"""The migrations end in the database that the tests run on."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections

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
