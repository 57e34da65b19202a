"""How gunicorn runs the web: `gunicorn -c python:lapasprog.gunicorn`. Tuned by the environment.

Threads, because a page waits for the database most of its time; a process starts anew after some
thousand requests, each at another moment, so that memory that a library lost comes back.
"""

import os

from gunicorn.glogging import Logger

from accounts.logs import JsonFormatter, RequestId
from lapasprog.watching import sharing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")

wsgi_app = "lapasprog.wsgi"
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = int(
    os.environ.get("WEB_TIMEOUT", "60")
)  # a process that shows no life for so long is ended
graceful_timeout = 30
keepalive = 75  # longer than the proxy keeps a connection, so that it is never cut in its hand
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "5000"))
max_requests_jitter = max_requests // 5
control_socket_disable = True
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

INSTANCE = f"{sharing.WEB}-" + "".join(each if each.isalnum() else "-" for each in bind).strip("-")
_taken = {}  # number of a process: worker


class logger_class(Logger):
    """Gunicorn's own lines look like all others."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
            handler.addFilter(RequestId())


def on_starting(server):
    sharing.share(INSTANCE)
    for left in sharing.folder().glob(f"*_{INSTANCE}-*.db"):
        left.unlink(missing_ok=True)


def pre_fork(server, worker):
    worker.number = next(each for each in range(1, 1000) if each not in _taken)
    _taken[worker.number] = worker


def post_fork(server, worker):
    os.environ[sharing.NAME] = f"{INSTANCE}-{worker.number}"


def post_worker_init(worker):
    """Load all views before the first visitor, not for that one."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - asking loads them


def child_exit(server, worker):
    _taken.pop(worker.number, None)
