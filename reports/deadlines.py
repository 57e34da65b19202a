"""What falls due soon, from the same sources as the reminders: a new source shows up here too."""

from datetime import timedelta

from django.utils import timezone

from correspondence import kinds, sources
from reports.waiting import Task

SOON = 30
SHOWN = 10


def due_soon(user, without=()):
    """Open deadlines that passed or fall due within 30 days, as far as the reader sees the object.

    One query per source. `without` holds keys of tasks that the page shows already. What a post
    owns is shown to its holders only; a liaison sees what waits for the agency.
    """
    today = timezone.localdate()
    found = []
    for source in sources.all_sources():
        rows = source.rows(today).visible_to(user)
        if user.is_liaison:
            rows = rows.filter(deadline_agency_id__isnull=False)
        rows = rows.filter(deadline_due__lte=today + timedelta(days=SOON)).order_by("deadline_due")
        for row in rows[: SHOWN + len(without)]:
            key = (row._meta.label_lower, row.pk)
            owner = row.deadline_owner_role
            if key not in without and (owner is None or owner in user.roles):
                found.append(_in_words(source, row, key))
    return sorted(found, key=lambda task: task.due)[:SHOWN]


def _in_words(source, row, key):
    return Task(
        what=str(kinds.get(source.kind).label),
        about=kinds.words_of(source.kind, row.deadline_due, row.deadline_data),
        url=row.deadline_link,
        due=row.deadline_due,
        key=key,
    )
