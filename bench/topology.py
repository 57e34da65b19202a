"""Out of one machine: `make topology`. Writes docs/topology.md.

Two webs behind a real nginx (with `deploy/nginx/lapasprog.conf`, only its ports and certificate
changed), three workers and two beats as processes of their own over one PostgreSQL and one Valkey.
Visitors read pages and invite liaisons, each invitation with an address of its own and one mail.
Under that load a web, a worker and a beat are killed with -9 and the broker is stopped. At the end
every invitation stands once and its mail went once; what failed was in hand when its web died.
`--before REV` lets one of the webs be the code of an older commit.
"""

import argparse
import http.client
import os
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from email import policy
from email.parser import BytesParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

from bench.browser import Visitor

HERE = Path(__file__).resolve().parent.parent
REPORT = HERE / "docs" / "topology.md"
HTTPS, WEBS = 8540, (8541, 8542)
VISITORS, THINKING = 12, 0.3
PAGES = ("/", "/agencies/", "/agreements/", "/batches/", "/notices/")
EVERY_NTH_IS_AN_ACT = 4
LEASE = 5
SWEEPS = "SELECT count(*) FROM correspondence_sweeprun WHERE at > now() - interval '2 min'"
RUN = f"run{int(time.time())}.topology.test"  # the invited people of this run
# Seconds after the start; what happens; how the phase that begins is called in the report.
COURSE = (
    (0, None, "all there"),
    (12, "kill web", "one web killed with -9"),
    (24, "start web", "it is back"),
    (27, "kill worker", "one worker and one beat killed with -9"),
    (39, "kill broker", "no broker"),
    (54, "start broker", "it is back, and the worker and the beat"),
    (66, "end", ""),
)


class House:
    """All processes; `start` and `kill` by name."""

    def __init__(self, folder, before):
        self.folder, self.before, self.running = folder, before, {}
        self.environment = {
            **os.environ,
            "LAPASPROG_VAR": str(folder),
            "TRUSTED_PROXY_COUNT": "1",
            "SITE_URL": f"https://localhost:{HTTPS}",
            "SWEEP_SECONDS": "3",
            "DELIVER_SECONDS": "1",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "EMAIL_FILE_PATH": str(folder / "outbox"),
        }
        celery = (sys.executable, "-m", "celery", "-A", "lapasprog")
        web = (sys.executable, "-m", "gunicorn", "-c", "python:lapasprog.gunicorn")
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
        self.commands = {
            **{f"web{port}": (web, {"PORT": str(port)}) for port in WEBS},
            **{
                f"worker{n}": ((*celery, "worker", "-n", f"w{n}@topology", "-c", "2", *quiet), {})
                for n in (1, 2, 3)
            },
            **{
                f"beat{n}": ((*celery, "beat", "--pidfile=", f"--schedule={folder}/b{n}"), {})
                for n in (1, 2)
            },
            "nginx": (("nginx", "-p", folder, "-c", self._nginx(), "-g", "daemon off;"), {}),
        }

    def start(self, name):
        command, further = self.commands[name]
        old = self.before if name == f"web{WEBS[1]}" else None
        if old and not (old / "lapasprog" / "gunicorn.py").exists():
            bind = ("lapasprog.wsgi", "--bind", f"127.0.0.1:{WEBS[1]}", "--workers", "2")
            command = (sys.executable, "-m", "gunicorn", *bind, "--threads", "4")
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [str(each) for each in command],
                cwd=old or HERE,
                env={**self.environment, **further, "BEAT_NAME": name},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name, with_=signal.SIGKILL):
        process = self.running.pop(name)
        os.killpg(process.pid, with_)
        process.wait(30)

    def stop(self):
        for name in list(self.running):
            self.kill(name, signal.SIGTERM if name == "nginx" else signal.SIGKILL)

    def _nginx(self):
        folder = self.folder
        request = (
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
        )
        files = ("-keyout", folder / "key.pem", "-out", folder / "cert.pem")
        subprocess.run([*request, *files], check=True, capture_output=True)
        text = (HERE / "deploy" / "nginx" / "lapasprog.conf").read_text()
        host = "lapasprog.example.go.id"
        for old, new in (
            ("listen 443", f"listen 127.0.0.1:{HTTPS}"),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("    listen [::]:80;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{HTTPS + 5};"),
            (f"/etc/letsencrypt/live/{host}/fullchain.pem", f"{folder}/cert.pem"),
            (f"/etc/letsencrypt/live/{host}/privkey.pem", f"{folder}/key.pem"),
            ("/var/log/nginx/", f"{folder}/"),
            ("/opt/lapasprog", str(HERE)),
            ("Host $host;", "Host $host:$server_port;"),
            (host, "localhost"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        one = "    server 127.0.0.1:8001 max_fails=1 fail_timeout=5s;\n"
        assert one in text
        text = text.replace(one, "".join(one.replace("8001", str(port)) for port in WEBS))
        (folder / "site.conf").write_text(text)
        main = folder / "nginx.conf"
        main.write_text(
            f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\nevents {{}}\nhttp {{\n"
            f"include /etc/nginx/mime.types;\ninclude {folder}/site.conf;\n}}\n"
        )
        return main


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", metavar="REV", help="the second web runs this commit's code")
    parser.add_argument("--data", metavar="FOLDER", help="kept, to be used again; default: none")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if not shutil.which("nginx"):
        sys.exit("nginx is needed: apt-get install nginx, then try again.")
    with ExitStack() as stack:
        name = arguments.data or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="topology-")
        )
        folder = Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        os.environ["LAPASPROG_VAR"] = name
        from lapasprog import embedded

        postgres, valkey = embedded.Postgres(), embedded.Valkey()
        for server in (postgres, valkey):
            server.start()
            stack.callback(server.stop)
        house = House(folder, _older(folder, arguments.before))
        stack.callback(house.stop)
        _prepare(house)
        for each in house.commands:
            house.start(each)
        _wait_until_ready()
        agency = postgres.psql(
            "SELECT public_id FROM partners_agency WHERE name LIKE 'BLK%' ORDER BY id LIMIT 1",
            "lapasprog",
        )
        load = Load(agency)
        phases = _course(house, load, valkey)
        report = _report(load, phases, _settled(house, postgres), postgres, arguments.before)
    print(report)
    if not arguments.before:
        REPORT.write_text(report)


def _older(folder, revision):
    if revision is None:
        return None
    old = folder / "older"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir()
    giving = subprocess.Popen(["git", "archive", revision], cwd=HERE, stdout=subprocess.PIPE)
    subprocess.run(["tar", "x", "-C", old], stdin=giving.stdout, check=True)
    shutil.copytree(HERE / "locale", old / "locale", dirs_exist_ok=True)
    return old


def _prepare(house):
    manage = [sys.executable, "manage.py"]
    for command in (
        ["createcachetable", "--database", "owner"],
        ["migrate", "--database", "owner", "-v", "0"],
        ["collectstatic", "--no-input", "-v", "0"],
        ["load_demo", "--if-empty"],
    ):
        subprocess.run(
            [*manage, *command], cwd=HERE, env=house.environment, check=True, capture_output=True
        )


def _wait_until_ready():
    for port in WEBS:
        for _try in range(600):
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").status == 200:
                    break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit(f"the web at port {port} is not ready")


def _course(house, load, valkey):
    acts = {
        "kill web": lambda: house.kill(f"web{WEBS[0]}"),
        "start web": lambda: house.start(f"web{WEBS[0]}"),
        "kill worker": lambda: (house.kill("worker1"), house.kill("beat1")),
        "kill broker": lambda: (valkey.process.kill(), valkey.process.wait()),
        "start broker": lambda: (valkey.start(), house.start("worker1"), house.start("beat1")),
    }
    for thread in load.threads:
        thread.start()
    while len(load.answers) < 5 * VISITORS:  # signed in, templates compiled
        time.sleep(0.1)
    began, phases = time.perf_counter(), []
    for at, act, called in COURSE:
        time.sleep(max(0, began + at - time.perf_counter()))
        phases.append((time.perf_counter(), called))
        if act in acts:
            acts[act]()
    load.over = True
    for thread in load.threads:
        thread.join(90)
    return phases


def _settled(house, postgres):
    """Seconds until no mail waits any more, and the mails that went, by address."""
    began = time.perf_counter()
    while (
        postgres.psql(
            "SELECT count(*) FROM correspondence_mail WHERE state = 'queued'", "lapasprog"
        )
        != "0"
        and time.perf_counter() - began < 120
    ):
        time.sleep(0.5)
    took = time.perf_counter() - began
    time.sleep(2 * LEASE)
    went = Counter()
    for path in (house.folder / "outbox").iterdir():
        for text in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            mail = BytesParser(policy=policy.default).parsebytes(text)
            if mail["To"]:
                went[mail["To"], mail["Message-ID"]] += 1
    return took, went


def _report(load, phases, settled, postgres, before):
    took, went = settled
    lines = [
        "# Two webs, three workers, two beats",
        "",
        "`make topology` (`bench/topology.py`): two webs of two processes behind nginx with"
        " `deploy/nginx/lapasprog.conf`, three workers, two beats, one PostgreSQL, one Valkey; all"
        " processes of one machine, none of them the other's child."
        f" {VISITORS} visitors read pages and invite liaisons.",
        "",
        *([f"The second web ran the code of {before} on the new schema.", ""] if before else []),
        "| phase in which a request began | seconds | requests | acts | not answered | median, ms |"
        " p95, ms | acts' median, ms |",
        "|---|---:|---:|---:|---|---:|---:|---:|",
    ]
    for (since, called), (until, _next) in pairwise(phases):
        rows = [row for row in load.answers if since <= row[0] < until]
        times = sorted(row[2] for row in rows)
        bad = Counter(
            f"{'act' if is_act else 'page'} {status}"
            for _at, is_act, _seconds, status in rows
            if status not in (200, 302)
        )
        said = ", ".join(f"{count} x {what}" for what, count in bad.items()) or "none"
        lines.append(
            f"| {called} | {until - since:.0f} | {len(rows)} | {sum(row[1] for row in rows)} |"
            f" {said} | {statistics.median(times) * 1000:.0f} |"
            f" {times[int(len(times) * 0.95)] * 1000:.0f} |"
            f" {statistics.median([row[2] for row in rows if row[1]] or [0]) * 1000:.0f} |"
        )

    def ask(sql):
        return postgres.psql(sql, "lapasprog")

    ours = f"JOIN accounts_user u ON u.id = l.user_id WHERE u.email LIKE '%@{RUN}'"
    standing = int(ask(f"SELECT count(*) FROM partners_liaison l {ours}"))
    distinct = int(ask(f"SELECT count(DISTINCT u.email) FROM partners_liaison l {ours}"))
    mails = {key: count for key, count in went.items() if key[0].endswith(RUN)}
    again = sum(attempt > 1 for attempt in load.invited.values())
    notices = ask(
        "SELECT count(*) || ' / ' || count(DISTINCT (recipient_id, kind, object_type, object_id,"
        " due, offset_days)) FROM correspondence_notice WHERE state = 'live'"
    )
    lines += [
        "",
        f"- {len(load.invited)} invitations were sent off; {again} of them had to be sent once more"
        " after an answer that said nothing;"
        f" {sum(not attempt for attempt in load.invited.values())} were given up.",
        f"- In the database: {standing} invitations for {distinct} addresses.",
        f"- Mails that went to them: {sum(mails.values())}, to {len({key[0] for key in mails})}"
        f" addresses under {len(mails)} Message-IDs.",
        f"- Reminders (live notices / distinct ones), raised by two beats: {notices}.",
        f"- Mails still queued when the load ended were out {took:.0f} s later.",
        f"- Sweeps meanwhile: {ask(SWEEPS)}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
