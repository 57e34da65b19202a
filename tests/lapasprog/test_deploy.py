"""What `deploy/` offers is what the program reads; starting it asks nobody anything."""

import re
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest
from django.conf import settings

HOUSE = Path(settings.BASE_DIR)
READERS = ("settings.py", "numbers.py", "embedded.py", "gunicorn.py", "watching/sharing.py")
READ = re.compile(r"""(?:\benv(?:\.\w+)?\(|environ(?:\.get\(|\[)|database\()\s*["']([A-Z_]+)["']""")
NUMBER = re.compile(r'env\.int\(\s*"([A-Z_]+)",\s*default=([\d_]+)\)')
LINE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)
UNITS = sorted((HOUSE / "deploy" / "systemd").iterdir())

sources = "\n".join((HOUSE / "lapasprog" / name).read_text() for name in READERS)
example = dict(LINE.findall((HOUSE / "deploy" / "env.example").read_text()))


def test_every_setting_stands_in_the_example_and_the_reverse():
    assert set(example) == set(READ.findall(sources))


def test_the_example_shows_the_defaults():
    code = {name: int(value) for name, value in NUMBER.findall(sources)}
    assert code
    said = {name: example[name] for name in code if name not in ("TRUSTED_PROXY_COUNT",)}
    assert said == {name: str(value) for name, value in code.items() if name in said}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_there_is(path):
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(path.read_text())
    if "Service" in unit:
        command = unit["Service"]["ExecStart"].split()
        assert command[0].startswith("/opt/lapasprog/.venv/bin/")
        assert unit["Service"]["User"] == "lapasprog"
        assert unit["Service"]["EnvironmentFile"] == "/etc/lapasprog/env"


IMPORTED = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError(f"asked: {args}")
socket.socket.connect = socket.create_connection = refuse
import django
django.setup()
from django.db.backends.base.base import BaseDatabaseWrapper
BaseDatabaseWrapper.ensure_connection = refuse
import django.urls, importlib
resolver = django.urls.get_resolver()
resolver.url_patterns
from django.core.handlers.wsgi import WSGIHandler
WSGIHandler()
import lapasprog.celery
lapasprog.celery.app.loader.import_default_modules()
"""


def test_importing_the_program_asks_no_database_and_no_network():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        cwd=HOUSE,
        env={"DJANGO_SETTINGS_MODULE": "lapasprog.settings", "DATABASE_URL": "postgres:///none"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-1500:]
