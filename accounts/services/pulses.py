"""Signs of life: worker, beat and tasks each leave one row that says when it was last there.

Whoever watches over the installation (`/health/`, `/metrics`) reads them from the database, so it
does not matter on which machine a part runs.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import Pulse

KEPT = timedelta(days=30)
NOTE = """
INSERT INTO accounts_pulse AS pulse (kind, name, detail) VALUES (%s, %s, %s)
ON CONFLICT (kind, name) DO UPDATE
   SET at = now(), detail = excluded.detail, count = pulse.count + 1
"""


def note(kind, name="", detail=""):
    """The part was here just now. `kind` is a `PulseKind`, `name` which one of its kind."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [kind, name[:120], detail[:200]])


def newest(kind):
    """The row of this kind that was there last, or None."""
    return Pulse.objects.filter(kind=kind).order_by("-at").first()


def forget_old():
    """Parts that are gone for long (a machine that was replaced) are named no more."""
    Pulse.objects.filter(at__lt=timezone.now() - KEPT).delete()
