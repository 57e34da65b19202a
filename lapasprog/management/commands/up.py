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
MOST_ENDS, ENDS_WITHIN = 10, 60  # so many processes may end by themselves in so many seconds


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
        self.services, self.ends = [], []
        with self._only_one(), contextlib.ExitStack() as stack:
            try:
                if embedded.is_embedded():
                    running = embedded.running(broker="REDIS_URL" not in os.environ)
                    self.services = stack.enter_context(running)
                self._prepare()
                self._run()
            except embedded.ServiceFailed as error:
                raise CommandError(str(error)) from error

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
        self.commands = {
            "worker": ("celery", "-A", "lapasprog", "worker", *WORKER_OPTIONS),
            "web": ("gunicorn", "lapasprog.wsgi", "--bind", f"127.0.0.1:{port}", *WEB_OPTIONS),
            "beat": (
                *("celery", "-A", "lapasprog", "beat", "--pidfile="),
                f"--schedule={settings.VAR_DIR / 'beat-schedule'}",
                "--loglevel=WARNING",
            ),
        }
        if settings.BACKUP_DIR:
            self.commands["backups"] = ("manage", "backup", "--each-night")
        children = {name: self._child(name) for name in self.commands}
        try:
            self._announce(f"http://127.0.0.1:{port}/", children)
            while not self.stopping:
                self._keep_up(children)
                time.sleep(0.2)
        finally:
            self._stop(children)

    def _child(self, name):
        program, *arguments = self.commands[name]
        environment = {**os.environ}
        if name != "backups":  # the one that works as the owner of the tables
            environment.pop("DATABASE_OWNER_URL", None)
        log = settings.VAR_DIR / "log" / f"{program}-{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", program, *arguments],
                cwd=settings.BASE_DIR,
                env=environment,
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
        """At the start nothing may end by itself."""
        for name, child in children.items():
            if child.poll() is not None:
                raise CommandError(_ended(name, child))

    def _keep_up(self, children):
        """Later whatever ends is started again; what ends again and again takes all down."""
        for service in self.services:
            if service.has_ended():
                self._count(_ended(type(service).__name__, service.process))
                with contextlib.suppress(embedded.ServiceFailed):  # then it has ended once more
                    service.start()
        for name, child in children.items():
            if child.poll() is not None:
                self._count(_ended(name, child))
                children[name] = self._child(name)

    def _count(self, sentence):
        now = time.monotonic()
        self.ends = [end for end in self.ends if now - end < ENDS_WITHIN] + [now]
        if len(self.ends) > MOST_ENDS:
            raise CommandError(sentence)
        self.stderr.write(f"{sentence} It is started again.")
        time.sleep(0.2 * len(self.ends))  # what it left behind may need a moment to go

    def _stop(self, children):
        """The worker last, so that it hears last of it; it may finish its task."""
        order = sorted(children, key=("beat", "backups", "web", "worker").index)
        for name in order:
            if children[name].poll() is None:
                children[name].terminate()
        for name in order:
            try:
                children[name].wait(WORKER_GRACE)
            except subprocess.TimeoutExpired:
                children[name].kill()

    def _ask_to_stop(self, *args):
        self.stopping = True


def _ended(name, process):
    return (
        f"{name} ended by itself (code {process.returncode}); "
        f"its log is in {settings.VAR_DIR / 'log'}."
    )


WEB_OPTIONS = ("-c", "python:lapasprog.gunicorn")
WORKER_OPTIONS = (
    "--concurrency=2",
    "--without-gossip",
    "--without-mingle",
    "--loglevel=WARNING",
)
