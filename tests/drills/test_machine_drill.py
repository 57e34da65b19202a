"""The machine itself fails, an upgrade is cut short, a backup comes to another kind of machine."""

import hashlib
import resource
import subprocess
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import sync_playwright

from lapasprog import embedded
from tests import schema
from tests.browser.product import Mailbox, Person, Product, browser_options, free_port
from tests.drills.processes import wait_until
from tests.drills.site import manage_in, reachable
from tests.first_start import first_start

pytestmark = pytest.mark.long
ROOM, SCAN = 1_000_000, 2_000_000  # bytes
KILLED_AT = (3, 40, 80)  # migrations applied
MIGRATING = 1200  # seconds; a busy machine needs some for each migration
OLDER = "0003"  # of the app `reports`, which has had others since


@pytest.fixture(scope="session")
def django_db_setup():
    """These drills use a site of their own, never the test database."""


def test_upload_folder_full(site, drill):
    officer, purpose = site.clerk("officer@cilegon.test"), f"Penuh {uuid4().hex}"
    number = "SELECT count(*) FROM partners_engagement"
    with (
        little_room(site) as how,
        drill(
            10,
            "upload folder full",
            f"a visit with a scan of 2 MB where 1 MB is free ({how}); sent again with room",
        ) as found,
    ):
        before, scan = int(site.ask(number)), b"%PDF-" + bytes(SCAN)
        found.breaks()
        answer = officer.record_visit(purpose, scan)
        assert answer.status_code == 422, answer.status_code
        assert "Tempat penyimpanan berkas penuh" in answer.text
        assert purpose in answer.text
        assert int(site.ask(number)) == before
        visits = (site.folder / "files" / "visits").rglob("*.pdf")
        assert not [path for path in visits if path.stat().st_size > ROOM / 2]
        assert site.readiness()[0] == 200
        found.sees("the form came back with a calm sentence and all that was typed")
    assert officer.record_visit(purpose, scan).status_code == 302
    assert int(site.ask(number)) == before + 1
    found.is_calm()
    site.is_whole()
    found.keeps("no row and no half of a file; with room again the visit is there, once")


@contextmanager
def little_room(site):
    """One megabyte for scans of visits: a file system of that size, else a limit of the web's."""
    folder = site.folder / "files" / "visits"
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
        try:
            yield "a file system of that size"
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    master = site.web_process.pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for pid in workers:
        resource.prlimit(int(pid), resource.RLIMIT_FSIZE, (ROOM, before[1]))
    yield "simulated by a limit on the size of the web's files"
    for pid in workers:
        resource.prlimit(int(pid), resource.RLIMIT_FSIZE, before)


def test_migration_cut_short(site, drill):
    site.postgres.psql("CREATE DATABASE upgraded OWNER lapas_owner")
    urls = {
        name: site.environment[name].replace("/lapasprog?", "/upgraded?")
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    with drill(
        11,
        "upgrade cut short",
        f"`migrate` on an empty database, `kill -9` after {len(KILLED_AT)} different numbers of "
        "migrations, each time begun again",
    ) as found:
        site.manage("createcachetable", "--database", "owner", **urls)
        for number in KILLED_AT:
            process = site.start("migrate", "manage.py", "migrate", "--database", "owner", **urls)
            wait_until(
                lambda number=number, process=process: (
                    applied(site) >= number or process.poll() is not None
                ),
                MIGRATING,
            )
            assert process.poll() is None, "it came to its end before it was killed"
            site.kill(process)
        found.breaks()
        site.manage("migrate", "--database", "owner", "--verbosity", "0", **urls)
        found.is_calm()
        connection = site.connection("upgraded")
        catalogue = schema.catalogue(connection)
        connection.close()
        assert catalogue == first_start().catalogue
        site.is_whole()
        found.sees("the site on its own database went on")
        found.keeps("the last run ended in exactly the tables, rights and policies of a new start")


def applied(site):
    try:
        return int(site.postgres.psql("SELECT count(*) FROM django_migrations", "upgraded"))
    except subprocess.CalledProcessError:  # not there yet
        return 0


def test_backup_of_here_restored_on_a_server_of_its_own(site, drill, tmp_path_factory, monkeypatch):
    folder = reachable(tmp_path_factory.mktemp("outside"))
    archive, older = folder / "a.tar", folder / "older.tar"
    with drill(
        12,
        "restore on another kind of server",
        "a backup of the embedded database goes to a PostgreSQL server of its own, over the "
        "network, with other passwords; there a backup of an older version is put back",
    ) as found:
        site.manage("backup", str(archive))
        with server_with_passwords(folder, monkeypatch) as urls:
            told = manage_in(folder / "var", "restore", str(archive), **urls)
            assert "all is as it was" in told, told
            again = manage_in(folder / "var", "restore", str(archive), **urls)
            assert "not empty" in again
            wrong = {name: url.replace("other", "wrong") for name, url in urls.items()}
            told = manage_in(folder / "var", "restore", str(archive), **wrong)
            assert "does not answer" in told, told
            manage_in(folder / "var", "migrate", "--database", "owner", "reports", OLDER, **urls)
            manage_in(folder / "var", "backup", str(older), **urls)
            told = manage_in(folder / "var", "restore", "--replace", str(older), **urls)
            assert "brought forward by" in told, told
            assert "all is as it was" in told
        site.is_whole()
        found.sees(
            "a second restore was refused because the database was not empty, one with a wrong "
            "password with a sentence; the older one was brought forward by its missing migration"
        )
        found.keeps("rows, letters and NIKs as they were, both times")


def test_restored_machine_in_the_browser(site, drill, tmp_path_factory):
    """`manage.py up` on what was restored; people look at home, a person, a letter."""
    folder = reachable(tmp_path_factory.mktemp("restored"))
    mailbox = Mailbox()
    mailbox.controller.start()
    with drill(
        13,
        "restored machine in the browser",
        "restore into an empty folder, `manage.py up` there; an officer opens the home page and a "
        "person, the secretariat a letter and its PDF",
    ) as found:
        site.manage("backup", str(folder / "a.tar"))
        assert "all is as it was" in manage_in(folder / "var", "restore", str(folder / "a.tar"))
        product = Product(folder / "var", mailbox)
        try:
            product.wait_until_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**browser_options())
                reader = Person(browser, product, "secretariat@cilegon.test")
                reader.page.goto("/letters/?state=sent")
                reader.page.locator("main table tbody a").first.click()
                reader.shows("drill-restored-letter")
                pdf = reader.page.locator('main a[href*="/pdf/"]').first.get_attribute("href")
                printed = reader.page.request.get(product.url + pdf).body()
                officer = Person(browser, product, "officer@cilegon.test")
                officer.shows("drill-restored-home")
                officer.page.goto("/inmates/")
                officer.page.locator("main table tbody a").first.click()
                officer.shows("drill-restored-person")
                browser.close()
        finally:
            product.stop()
            mailbox.controller.stop()
        sums = site.ask("SELECT sha256 FROM correspondence_letterfile").split("\n")
        assert hashlib.sha256(printed).hexdigest() in sums
        found.sees("the pages are there, without an error of the browser or of accessibility")
        found.keeps("the PDF that the browser got is byte for byte the one printed")


@contextmanager
def server_with_passwords(folder, monkeypatch):
    """A PostgreSQL server on a port of its own; gives the URLs of our two roles there."""
    port = free_port()
    with pytest.MonkeyPatch.context() as there:
        there.setenv("LAPASPROG_VAR", str(folder / "server"))
        server = embedded.Postgres()
    server.further = ("listen_addresses=127.0.0.1", f"port={port}")
    monkeypatch.setenv("PGPORT", str(port))
    server.start()
    try:
        rules = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (server.data / "pg_hba.conf").write_text(rules)
        for role in ("app", "owner"):
            server.psql(f"ALTER ROLE lapas_{role} PASSWORD 'other-{role}'")
        server.psql("SELECT pg_reload_conf()")
        monkeypatch.delenv("PGPORT")
        yield {
            variable: f"postgres://lapas_{role}:other-{role}@127.0.0.1:{port}/lapasprog"
            for variable, role in (("DATABASE_URL", "app"), ("DATABASE_OWNER_URL", "owner"))
        }
    finally:
        server.stop()
