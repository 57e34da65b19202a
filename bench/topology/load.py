"""The visitors: they read pages and invite liaisons, each invitation with an address of its own."""

import http.client
import ssl
import threading
import time
from urllib.parse import urlencode

from bench.browser import Visitor
from bench.topology.house import HTTPS

VISITORS, THINKING = 8, 0.5
PAGES = ("/", "/agencies/", "/agreements/", "/batches/", "/notices/")
EVERY_NTH_IS_AN_ACT = 4
RUN = f"run{int(time.time())}.topology.test"  # the invited people of this run


class Load:
    """The visitors; each answer is kept as (when, is an act, seconds, status)."""

    def __init__(self, agency):
        self.agency, self.over, self.answers, self.invited = agency, False, [], {}
        fields = {"login": "head@cilegon.test", "password": "lapasprog-demo"}
        self.threads = [
            threading.Thread(target=self._visit, args=(n, Secure(HTTPS, "/login/", fields)))
            for n in range(VISITORS)
        ]

    def _visit(self, number, visitor):
        invite = f"/agencies/{self.agency}/liaisons/invite/"
        asked = number
        while not self.over:
            asked += 1
            if asked % EVERY_NTH_IS_AN_ACT:
                self._ask(visitor, PAGES[asked % len(PAGES)])
            else:
                address = f"v{number}n{asked}@{RUN}"
                self._invite(visitor, invite, address)
            time.sleep(THINKING)

    def _invite(self, visitor, path, address):
        """As a person would: after an answer that says nothing, the same once more."""
        fields = {"name": address.partition("@")[0], "email": address}
        for attempt in range(1, 6):
            status = self._ask(visitor, path, fields)
            if status == 302:
                self.invited[address] = attempt
                return
            time.sleep(1)
        self.invited[address] = 0

    def _ask(self, visitor, path, fields=None):
        began = time.perf_counter()
        try:
            if fields is None:
                seconds, status, _page = visitor.get(path)
            else:
                seconds, status = visitor.post(path, fields)
        except OSError as error:
            seconds, status = time.perf_counter() - began, type(error).__name__
        self.answers.append((began, fields is not None, seconds, status))
        return status


class Secure(Visitor):
    """A visitor who comes by HTTPS and does not ask who signed the certificate."""

    def __init__(self, *arguments):
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        super().__init__(*arguments)

    def connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=70, context=self.context)

    def get(self, path, method="GET", body=None, headers=None):
        headers = {**(headers or {}), "Referer": f"https://127.0.0.1:{self.port}{path}"}
        return super().get(path, method, body, headers)

    def post(self, path, fields):
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        seconds, status, _page = self.get(path, "POST", body, headers)
        return seconds, status
