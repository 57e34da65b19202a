"""Reads a site as its visitor does: every link, every form, every file, as text to be searched."""

import html
import re
from urllib.parse import urljoin, urlsplit

from django.core import mail as sent_mails
from django.db import transaction
from django.urls import resolve

from correspondence import kinds
from correspondence.models import Notice
from correspondence.services import mail
from tests.forms_on_pages import forms_of
from tests.outside.texts import text_of
from tests.test_forms_fuzzed import PLAUSIBLE

LINK = re.compile(r"""(?:href|hx-get|src)=["']([^"'#]+)""")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_FOLLOWED = ("/static/", "/logout/", "/i18n/", "/admin/")
FRAGMENT = {"HX-Request": "true"}
OF_A_KIND, OF_A_QUERY = 2, 1
PLAUSIBLY, TOO_LONG = "plausibly", "too long"


class Walk:
    """Follows every link from `starts` and sends every form; whatever that changes is undone.

    `told` is what the client got, headers and all, by place; `mails` what acts sent to whom, and
    `notices` what they told in sentences that travel by mail later; `files` are the addresses that
    gave other things than pages, by their kind. Of pages that differ in ids or values only, some
    are read; `within` are the beginnings of paths that links are followed to; `sends` is how each
    form is filled in.
    """

    def __init__(self, client, starts, within=("/",), sends=(PLAUSIBLY, TOO_LONG)):
        self.client, self.within, self.sends = client, within, sends
        self.told, self.mails, self.notices = {}, [], []
        self.links, self.forms = set(), set()
        self.files = {}
        self.waiting = list(starts)
        self.read = {}
        while self.waiting:
            self.visit(self.waiting.pop())

    def visit(self, address):
        kind = kind_of(address)
        seen = self.read.setdefault(kind, set())
        if address in seen or len(seen) >= (OF_A_QUERY if "?" in address else OF_A_KIND):
            return
        seen.add(address)
        answer, body = self.ask("get", address)
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            self.take_links(address, body)
            self.send_forms(address, body)
            if "hx-get" in body:
                self.ask("get", address, headers=FRAGMENT)

    def take_links(self, address, body):
        for link in LINK.findall(body):
            parts = urlsplit(urljoin(address, html.unescape(link)))
            if parts.netloc or parts.path.startswith(NOT_FOLLOWED):
                continue
            to = f"{parts.path}?{parts.query}" if parts.query else parts.path
            self.links.add(to)
            if parts.path.startswith(self.within) and "sort=" not in parts.query:
                self.waiting.append(to)

    def send_forms(self, address, body):
        for form in forms_of(body):
            to = urljoin(address, form.action)
            shape = kind_of(to), *sorted(field.name for field in form.fields)
            if shape in self.forms or to.startswith(NOT_FOLLOWED):
                continue
            self.forms.add(shape)
            self.links.add(to)
            long = {field.name: ["a" * 5000] for field in form.fields if field.kind != "file"}
            ways = {PLAUSIBLY: form.filled_in(PLAUSIBLE), TOO_LONG: long}
            for way in self.sends:
                self.ask("post", to, ways[way])

    def ask(self, method, address, sent=None, headers=None):
        with transaction.atomic():
            known = set(Notice.objects.values_list("pk", flat=True)) if sent else set()
            answer = getattr(self.client, method)(address, sent or {}, headers=headers)
            place = f"{method.upper()} {address}"
            body = self.note(place, answer)
            if method == "post" and answer.status_code == 302:
                self.note(f"{place}, then", self.client.get(answer["Location"]))
                self.deliver(place, known)
            transaction.set_rollback(True)
        return answer, body

    def deliver(self, place, known):
        before = len(sent_mails.outbox)
        mail.deliver()
        self.mails += [(place, message) for message in sent_mails.outbox[before:]]
        for notice in Notice.objects.exclude(pk__in=known).select_related("recipient"):
            said = kinds.words_of(notice.kind, notice.due, notice.data)
            self.notices.append((place, notice.kind, f"{said} {notice.data} {notice.link}"))

    def note(self, place, answer):
        body = text_of(answer)
        self.told[place] = f"{self.told.get(place, '')}\n{answer.headers}\n{answer.cookies}\n{body}"
        kind = answer.get("Content-Type", "").partition(";")[0]
        if answer.status_code == 200 and kind != "text/html":
            self.files.setdefault(kind, set()).add(name_of(place))
        return body


def name_of(place):
    """The name of the address that a place of `Walk.told` is."""
    return resolve(urlsplit(place.split(" ")[1].rstrip(",")).path).view_name


def kind_of(address):
    """The address without ids and values: what two pages of a kind have in common."""
    path, _mark, query = ID.sub("<id>", address).partition("?")
    return path, tuple(sorted(part.partition("=")[0] for part in query.split("&")))
