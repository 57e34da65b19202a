import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.request

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from lapasprog import embedded, readiness

READY_WITHIN = 60  # seconds
WORKER_GRACE = 20  # seconds a worker gets to finish its task


class Command(BaseCommand):
    help = "Run the whole product on one machine: database, broker, web, worker, beat."
    requires_system_checks = []

    def handle(self, *args, **options):
        self.stopping = False
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, self._ask_to_stop)
        if refused := readiness.refusals_to_start():
            raise CommandError("\n".join(refused))
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with self._only_one(), contextlib.ExitStack() as services:
            if embedded.is_embedded():
                try:
                    services.enter_context(embedded.running(broker="REDIS_URL" not in os.environ))
                except embedded.ServiceFailed as error:
                    raise CommandError(str(error)) from error
            self._prepare()
            self._run()

    @contextlib.contextmanager
    def _only_one(self):
        with (settings.VAR_DIR / "up.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CommandError(
                    f"lapasprog is already running with the data in {settings.VAR_DIR}."
                ) from None
            yield

    def _prepare(self):
        self.stdout.write("preparing the database ...")
        call_command("createcachetable", database="owner", verbosity=0)
        call_command("migrate", database="owner", verbosity=0)  # sets the rights of all tables
        call_command("collectstatic", interactive=False, verbosity=0)
        if not settings.PRODUCTION:
            call_command("load_demo", if_empty=True)
        from django.db import connections

        connections.close_all()

    def _run(self):
        port = os.environ.get("PORT", "8000")
        children = {
            "worker": self._child("celery", "-A", "lapasprog", "worker", *WORKER_OPTIONS),
            "web": self._child(
                "gunicorn", "lapasprog.wsgi", "--bind", f"127.0.0.1:{port}", *WEB_OPTIONS
            ),
            "beat": self._child(
                "celery",
                "-A",
                "lapasprog",
                "beat",
                "--pidfile=",
                f"--schedule={settings.VAR_DIR / 'beat-schedule'}",
                "--loglevel=WARNING",
            ),
        }
        try:
            self._announce(f"http://127.0.0.1:{port}/", children)
            while not self.stopping:
                self._watch(children)
                time.sleep(0.2)
        finally:
            self._stop(children)

    def _child(self, program, *arguments):
        log = (
            settings.VAR_DIR
            / "log"
            / f"{program}-{arguments[2] if program == 'celery' else 'web'}.log"
        )
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", program, *arguments],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=embedded.die_with_parent(signal.SIGTERM),
            )

    def _announce(self, address, children):
        deadline = time.monotonic() + READY_WITHIN
        while not self.stopping:
            self._watch(children)
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"{address}readyz", timeout=5).status == 200:  # noqa: S310
                    break
            if time.monotonic() > deadline:
                raise CommandError(f"not ready after {READY_WITHIN} s: see {address}readyz")
            time.sleep(0.1)
        self.stdout.write(f"ready: {address}")
        if not settings.PRODUCTION:
            self._print_accounts()
        self.stdout.flush()

    def _print_accounts(self):
        from accounts.models import User

        self.stdout.write(f"\nDemo accounts, password {settings.DEMO_PASSWORD}")
        users = User.objects.filter(email__endswith=".test", is_active=True).order_by("pk")
        for user in (user for user in users if user.has_usable_password()):
            self.stdout.write(f"  {user.email:<24} {user.name}")
        self.stdout.write("\nStop with Ctrl-C; the data stays.")

    def _watch(self, children):
        for name, child in children.items():
            if child.poll() is not None:
                raise CommandError(
                    f"{name} ended by itself (code {child.returncode}); "
                    f"its log is in {settings.VAR_DIR / 'log'}."
                )

    def _stop(self, children):
        """Beat, web, worker, in this order; the worker may finish its task."""
        for name in ("beat", "web", "worker"):
            child = children[name]
            if child.poll() is None:
                child.terminate()
        for name in ("beat", "web", "worker"):
            try:
                children[name].wait(WORKER_GRACE)
            except subprocess.TimeoutExpired:
                children[name].kill()

    def _ask_to_stop(self, *args):
        self.stopping = True


WEB_OPTIONS = ("--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning")
WORKER_OPTIONS = (
    "--concurrency=2",
    "--without-gossip",
    "--without-mingle",
    "--loglevel=WARNING",
)
