"""What `deploy/` offers is what the program reads; starting it asks nobody anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

HOUSE = Path(settings.BASE_DIR)
READERS = ("settings.py", "numbers.py", "embedded.py", "gunicorn.py", "watching/sharing.py")
READ = re.compile(r"""(?:\benv(?:\.\w+)?\(|environ(?:\.get\(|\[)|database\()\s*["']([A-Z_]+)["']""")
NUMBER = re.compile(r'env\.int\(\s*"([A-Z_]+)",\s*default=([\d_]+)\)')
LINE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)
UNITS = sorted((HOUSE / "deploy" / "systemd").iterdir())

sources = "\n".join((HOUSE / "lapasprog" / name).read_text() for name in READERS)
shared = dict(LINE.findall((HOUSE / "deploy" / "env.example").read_text()))
owners = dict(LINE.findall((HOUSE / "deploy" / "owner.example").read_text()))
example = shared | owners
PROGRAMS = {"python", "gunicorn", "celery"}


def test_every_setting_stands_in_the_example_and_the_reverse():
    assert set(example) == set(READ.findall(sources))


def test_the_example_shows_the_defaults():
    code = {name: int(value) for name, value in NUMBER.findall(sources)}
    assert code
    said = {name: example[name] for name in code if name not in ("TRUSTED_PROXY_COUNT",)}
    assert said == {name: str(value) for name, value in code.items() if name in said}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_there_is(path):
    lines = path.read_text().splitlines()
    said = {
        name: [line.split("=", 1)[1] for line in lines if line.startswith(f"{name}=")]
        for name in ("ExecStart", "EnvironmentFile", "User")
    }
    if not said["ExecStart"]:
        return
    (command,) = said["ExecStart"]
    program, asked_for = re.match(r"/opt/lapasprog/\.venv/bin/(\w+) (.*)", command).groups()
    assert program in PROGRAMS
    if program == "python":  # backups and retention work as who owns the tables
        assert asked_for.removeprefix("manage.py ").split()[0] in get_commands()
        assert said["User"] == ["lapasprog-keeper"]
        assert said["EnvironmentFile"] == ["/etc/lapasprog/env", "/etc/lapasprog/owner"]
    else:
        assert said["User"] == ["lapasprog"]
        assert said["EnvironmentFile"] == ["/etc/lapasprog/env"]


def test_only_backups_and_retention_know_the_owner():
    assert list(owners) == ["DATABASE_OWNER_URL"]
    assert "DATABASE_OWNER_URL" not in shared


def test_the_compose_file_names_what_there_is():
    """Its syntax was compared with the published schema; here its paths, commands, settings."""
    compose = yaml.safe_load((HOUSE / "deploy" / "compose.yaml").read_text())
    services, volumes = compose["services"], compose["volumes"]
    for name, service in services.items():
        for mounted in service.get("volumes", []):
            source = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", mounted).split(":")[0]
            is_path = source.startswith(".")
            assert (HOUSE / "deploy" / source).exists() or source == "./backups" or not is_path
            assert is_path or source in volumes
        for needed in service.get("depends_on", []):
            assert needed in services
        build = service.get("build")
        if not build:
            continue
        assert (HOUSE / "deploy" / build["context"] / build["dockerfile"]).exists()
        ours = set(service["environment"])
        assert ours <= set(example)
        assert ("DATABASE_OWNER_URL" in ours) == (name in ("prepare", "backups"))
        command = service.get("command", ["gunicorn"])
        assert command[0] in {*PROGRAMS, "sh"}
        for asked_for in re.findall(r"manage\.py,? (\w+)", " ".join(command)):
            assert asked_for in get_commands()


def test_the_image_is_made_as_the_makefile_makes_the_house():
    steps = (HOUSE / "deploy" / "Dockerfile").read_text()
    for recipe in ("requirements.txt", "pybabel -q compile -f -d locale -D django"):
        assert recipe in steps
        assert recipe in (HOUSE / "Makefile").read_text()
    started = re.search(r"CMD (\[.*\])", steps)[1]
    assert started == '["gunicorn", "-c", "python:lapasprog.gunicorn"]'
    left_out = (HOUSE / ".dockerignore").read_text().split()
    assert {".git", ".venv", "var", "deploy/env", "deploy/owner"} <= set(left_out)


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
