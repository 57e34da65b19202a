"""What falls due soon, from the same sources as the reminders: a new source shows up here too."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, F, Q, When, Window
from django.utils import timezone

from accounts import roles
from correspondence import kinds, sources
from reports import lines
from reports.waiting import Task

SOON = 30
SHOWN = 8
# Deadlines that others than those whom reminders tell want to see coming.
ALSO = {
    "agreement_end": (roles.SECRETARIAT, roles.OBSERVER),
    "agreement_notice": (roles.OBSERVER,),
    "agreement_review": (roles.WARDEN, roles.OBSERVER),
    "slot_reply": (roles.HEAD, roles.OBSERVER),
    "hearing_date": (roles.WARDEN, roles.CLINIC),
    "batch_start": (
        *(roles.WARDEN, roles.REGISTRAR, roles.SECRETARIAT, roles.SECURITY, roles.CLINIC),
        roles.OBSERVER,
    ),
    "batch_closing": (roles.WARDEN, roles.OBSERVER),
    "work_release_end": (roles.SECURITY,),
    "monthly_report": (roles.WARDEN,),
}


@dataclass(frozen=True)
class Due:
    """`coming`: the nearest of the next days. `passed`: the latest of those that went by, and
    `passed_count` how many did."""

    coming: list
    passed: list
    passed_count: int

    def __bool__(self):
        return bool(self.coming or self.passed)


def due_soon(user, without=()):
    """Open deadlines that fall due within 30 days, and those that passed, as far as the reader sees
    the object; all sources in one statement.

    Whom a reminder tells reads its deadlines here, and those of `ALSO`; what a post owns is shown
    to its holders only, and to a liaison what waits for the agency. `without` holds keys of rows
    that the page tells already.
    """
    today = timezone.localdate()
    asked = [source for source in sources.all_sources() if _is_for(source, user)]
    told = {}
    for model, pk in without:
        told.setdefault(model, set()).add(pk)
    shapes = [_lines(source, user, today, told) for source in asked]
    ahead = Case(When(line_due__gte=today, then=F("line_due")))
    nearest = (ahead.asc(nulls_last=True), F("line_due").desc(), F("line_pk").asc())
    coming, passed, passed_count = [], [], 0
    for place, rows in lines.found(shapes, most=SHOWN, order=nearest).items():
        passed_count += rows[0].data["passed"]
        for row in rows:
            (passed if row.due < today else coming).append(
                Task(str(kinds.get(asked[place].kind).label), row.about, row.url, due=row.due)
            )
    coming.sort(key=lambda task: task.due)
    passed.sort(key=lambda task: task.due, reverse=True)
    return Due(coming[:SHOWN], passed[:SHOWN], passed_count)


def _is_for(source, user):
    if user.is_liaison:
        return True
    told = {*source.audience, *source.escalation, *ALSO.get(source.kind, ())}
    if user.roles & set(roles.DEFAULT_GRANTS):
        return bool(user.roles & told) or sources.OWNER in told
    return roles.OBSERVER in told  # a post of an admin's own making


def _lines(source, user, today, told):
    owners = [sources.AGENCY] if user.is_liaison else user.roles
    owned = Q(deadline_owner_role=None) | Q(deadline_owner_role__in=owners)
    rows = source.rows(today).visible_to(user).filter(owned)
    rows = rows.filter(deadline_due__lte=today + timedelta(days=SOON))
    if user.is_liaison:
        rows = rows.filter(deadline_agency_id__isnull=False)
    known = told.get(rows.model._meta.label_lower)
    if known:
        rows = rows.exclude(pk__in=known)
    return lines.Lines(
        rows,
        due="deadline_due",
        data={
            "due": F("deadline_due"),
            "places": F("deadline_data"),
            "passed": Window(Count("pk", filter=Q(deadline_due__lt=today))),
        },
        words=lambda row: [kinds.words_of(source.kind, row["due"], row["places"])],
        link=F("deadline_link"),
    )
