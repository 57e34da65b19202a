"""The Celery app and its schedule. Beat may run twice: each task is safe to repeat."""

import os
import sys

from celery import Celery
from celery.signals import worker_init

from lapasprog.watching import sharing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
if "worker" in sys.argv:
    sharing.share_as_worker()

app = Celery("lapasprog", task_cls="lapasprog.watching.tasks:NamedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_a_demo_in_production(**kwargs):
    from lapasprog import readiness

    readiness.refuse_or_go()


@worker_init.connect
def know_all_addresses(**kwargs):
    """Read once, before the worker's processes part, and not by each at its first link."""
    from django.urls import reverse

    reverse("reports:home")
