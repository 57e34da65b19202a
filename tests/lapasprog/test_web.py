"""What is the web's own: headers, cookies, hosts, redirects, uploads."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail as sent_mails
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inmates.models import Document
from tests.factories.accounts import PASSWORD
from tests.factories.inmates import inmate_at

ELSEWHERE = ("https://evil.test/", "//evil.test", "/\\evil.test", "https:evil.test", "javascript:1")
PDF = b"%PDF-1.7 uji"

# Run in a process of its own, because settings ask the environment when they are first imported.
IN_PRODUCTION = """
import django, io, json
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing was collected
)
django.setup()
from django.core.management import call_command
from django.test import Client
said = io.StringIO()
call_command("check", deploy=True, fail_level="INFO", stdout=said, stderr=said)
page = Client(headers={"X-Forwarded-Proto": "https"}).get("/login/", headers={"Host": "lapas.test"})
plain = Client().get("/login/", headers={"Host": "lapas.test"})
machine = Client().get("/healthz", headers={"Host": "10.0.0.11:8001"})
print(json.dumps({
    "said": said.getvalue(),
    "headers": dict(page.headers),
    "cookies": {name: dict(morsel) for name, morsel in page.cookies.items()},
    "status": page.status_code,
    "plain": [plain.status_code, plain.headers.get("Location")],
    "machine": machine.status_code,
}))
"""


@pytest.fixture(scope="module")
def production():
    """What a process says of itself that an office would run; it never reaches a database."""
    values = {
        "LAPASPROG_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "lapasprog.settings",
        "SECRET_KEY": "k9#" * 30 + "abcdefghijklm",
        "ALLOWED_HOSTS": "lapas.test",
        "SITE_URL": "https://lapas.test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DATABASE_OWNER_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    ran = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION],
        env=os.environ | values,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_djangos_own_check_has_nothing_to_say_in_production(production):
    assert production["said"].startswith("System check identified no issues (0 silenced)")


def test_production_speaks_and_sets_cookies_over_tls_only(production):
    assert production["status"] == 200
    assert production["plain"] == [301, "https://lapas.test/login/"]
    assert (
        "max-age=31536000; includeSubDomains; preload"
        in (production["headers"]["Strict-Transport-Security"])
    )
    for name, morsel in production["cookies"].items():
        kept = (morsel["secure"], morsel["httponly"], morsel["samesite"])
        assert kept == (True, True, "Lax"), name
    assert "csrftoken" in production["cookies"]


def test_a_monitor_asks_by_address_and_in_the_clear(production):
    assert production["machine"] == 200


@pytest.mark.django_db
class TestHosts:
    def test_a_foreign_host_is_refused(self, client):
        assert client.get("/login/", headers={"Host": "evil.test"}).status_code == 400
        assert client.get("/health/", headers={"Host": "evil.test"}).status_code == 400

    def test_the_link_to_a_new_password_leads_home_whatever_host_was_asked(self, officer, settings):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://lapas.test", ["verify.test"]
        cache.clear()
        for address in (officer.email, "nobody@uji.test"):
            answer = Client(headers={"Host": "verify.test"}).post(
                "/password/reset/", {"email": address}
            )
            assert answer.status_code == 302
        (mail,) = sent_mails.outbox
        assert mail.to == [officer.email]
        assert "https://lapas.test/password/reset/key/" in mail.body
        assert "verify.test" not in mail.body


@pytest.mark.django_db
class TestRedirects:
    @pytest.mark.parametrize("elsewhere", ELSEWHERE)
    def test_nobody_is_led_elsewhere(self, elsewhere, officer, login):
        cache.clear()
        typed = {"login": officer.email, "password": PASSWORD, "next": elsewhere}
        asked = {"next": elsewhere}
        here, leaving = login(officer), login(officer)
        answers = [
            Client().post("/login/", typed),
            Client().post(f"/login/?next={elsewhere}", typed),
            here.get("/login/", asked),
            here.post("/i18n/setlang/", {"language": "id", **asked}),
            here.get("/i18n/setlang/", {"language": "id", **asked}, headers={"Referer": elsewhere}),
            here.get("/password/reset/done/", asked),
            here.post("/reauthenticate/", {"password": PASSWORD, **asked}),
            here.post("/action-items/", {"typed": "x"}, headers={"Referer": elsewhere}),
            leaving.post("/logout/", asked),
        ]
        for answer in answers:
            assert "evil.test" not in answer.get("Location", "")
            assert not answer.get("Location", "").startswith("javascript")


@pytest.mark.django_db
class TestUploads:
    @pytest.fixture
    def person(self, facility):
        return inmate_at(facility)

    def sent(self, client, person, name, content, kind="application/pdf"):
        return client.post(
            reverse("placements:person-document", args=[person.public_id]),
            {
                "kind": "diploma",
                "seen_on": "2026-01-01",
                "scan": SimpleUploadedFile(name, content, kind),
            },
        )

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("ijazah.pdf", b"<!doctype html><script>alert(1)</script>"),
            ("ijazah.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("ijazah.pdf", b"GIF89a/*%PDF-1.7*/"),
            ("ijazah.jpg", b"MZ\x90\0"),
            ("ijazah.pdf", b" %PDF-1.7"),
        ],
    )
    def test_content_that_is_no_scan_is_refused(self, name, content, person, login, officer):
        answer = self.sent(login(officer), person, name, content)
        assert answer.status_code == 422
        assert "bukan PDF" in answer.text
        assert not Document.objects.exists()

    def test_too_much_is_refused(self, person, login, officer, settings):
        settings.UPLOAD_MAX_BYTES = 100
        answer = self.sent(login(officer), person, "ijazah.pdf", PDF + b" " * 100)
        assert answer.status_code == 422
        assert "terlalu besar" in answer.text

    def test_what_is_two_things_at_once_comes_back_as_a_file_only(self, person, login, officer):
        """Begins like a PDF, and would be a page if a browser took it for one."""
        client = login(officer)
        both = PDF + b"<script>alert(1)</script>"
        assert self.sent(client, person, "../../a.html", both, "text/html").status_code == 302
        document = Document.objects.get()
        assert document.scan.name.endswith(".pdf")
        assert "a.html" not in document.scan.name
        answer = client.get(reverse("placements:document-scan", args=[document.public_id]))
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer["Content-Security-Policy"]
