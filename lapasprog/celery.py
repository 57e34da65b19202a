"""The Celery app and its schedule. Beat may run twice: each task is safe to repeat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")

app = Celery("lapasprog")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
