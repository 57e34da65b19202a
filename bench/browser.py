"""A visitor with a cookie, on plain sockets: what a page costs without a browser's own work."""

import http.client
import re
import time
from urllib.parse import urlencode


class Visitor:
    """Signed in at `login_path` with the given form fields (`http://127.0.0.1:port`)."""

    def __init__(self, port, login_path, fields):
        self.port, self.cookies = port, {}
        _seconds, _status, page = self.get(login_path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1].decode()
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        _seconds, status, _page = self.get(login_path, "POST", body, headers)
        if status != 302:
            raise SystemExit(f"sign-in at port {port} answered {status}")

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path, method="GET", body=None, headers=None):
        """(seconds, status, body) of one request on a connection of its own."""
        began = time.perf_counter()
        connection = self.connection()
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            answer = connection.getresponse()
            page = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return time.perf_counter() - began, answer.status, page
