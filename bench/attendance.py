"""`python -m bench.attendance [URL]`: what it costs to save one cell of the attendance grid.

Asks a running demo (default http://127.0.0.1:8000) as its officer: changes one participant's
entry at the first meeting that is open, to and fro, and prints JSON with bytes and milliseconds.
"""

import json
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, timedelta
from http.cookiejar import CookieJar

TIMES = 60
SIGN_IN = {"login": "officer@cilegon.test", "password": "lapasprog-demo"}


class Browser:
    def __init__(self, url):
        self.url = url.rstrip("/")
        self.jar = CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open

    def get(self, path):
        return self.open(f"{self.url}{path}").read().decode()

    def post(self, path, fields):
        """The body of the answer, and the bytes of the request's and the answer's bodies."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            f"{self.url}{path}",
            body,
            {"X-CSRFToken": token, "Referer": f"{self.url}/"},
        )
        answer = self.open(request).read()
        return answer, (len(body), len(answer))


def first_open(browser):
    """(address of a cell, participant, what stands there) in the first grid that is open."""
    since = date.today() - timedelta(days=6)
    listed = browser.get(f"/meetings/?state=held&since={since}")
    for meeting in re.findall(r'href="(/meetings/[0-9a-f-]{36}/)"', listed):
        page = browser.get(f"{meeting}attendance/")
        who = re.search(r'data-who="([^"]+)"', page)
        stands = re.search(r'data-seen name="[^"]+" value="(\w?)"', page)
        if who and "<fieldset disabled" not in page:
            return f"{meeting}attendance/cell/", who[1], stands[1]
    raise SystemExit("no meeting whose attendance may be written")


def main(url="http://127.0.0.1:8000"):
    browser = Browser(url)
    browser.get("/login/")
    browser.post("/login/", SIGN_IN)
    address, who, stands = first_open(browser)
    taken, sizes = [], []
    for _number in range(TIMES):
        code = "S" if stands != "S" else "H"
        begun = time.perf_counter()
        _answer, size = browser.post(address, {"who": who, "code": code, "seen": stands})
        taken.append((time.perf_counter() - begun) * 1000)
        sizes.append(size)
        stands = code
    print(
        json.dumps(
            {
                "saved": TIMES,
                "request_bytes": max(sent for sent, _got in sizes),
                "answer_bytes": max(got for _sent, got in sizes),
                "median_ms": round(statistics.median(taken), 1),
                "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
