"""What falls due soon, from the same sources as the reminders: a new source shows up here too."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from correspondence import kinds, sources
from reports import lines
from reports.waiting import Task

SOON = 30
SHOWN = 10


def due_soon(user, without=()):
    """Open deadlines that passed or fall due within 30 days, as far as the reader sees the object.

    All sources in one statement. `without` holds keys of rows that the page tells already. What a
    post owns is shown to its holders only; a liaison sees what waits for the agency.
    """
    today = timezone.localdate()
    asked = list(sources.all_sources())
    shapes = [_lines(source, user, today) for source in asked]
    most = SHOWN + len(without)
    rows = lines.found(shapes, most=most, in_all=most)
    tasks = [
        Task(
            what=str(kinds.get(asked[place].kind).label),
            about=row.about,
            url=row.url,
            due=row.due,
            key=row.key,
        )
        for place, many in rows.items()
        for row in many
        if row.key not in without
    ]
    return sorted(tasks, key=lambda task: task.due)[:SHOWN]


def _lines(source, user, today):
    owners = [sources.AGENCY] if user.is_liaison else user.roles
    owned = Q(deadline_owner_role=None) | Q(deadline_owner_role__in=owners)
    rows = source.rows(today).visible_to(user).filter(owned)
    rows = rows.filter(deadline_due__lte=today + timedelta(days=SOON))
    if user.is_liaison:
        rows = rows.filter(deadline_agency_id__isnull=False)
    return lines.Lines(
        rows,
        due="deadline_due",
        data={"due": F("deadline_due"), "places": F("deadline_data")},
        words=lambda row: [kinds.words_of(source.kind, row["due"], row["places"])],
        link=F("deadline_link"),
    )
