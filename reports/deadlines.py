"""What falls due soon, from the same sources as the reminders: a new source shows up here too."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast
from django.utils import timezone

from accounts import roles, stand_ins, wall
from accounts.prepared import OneOf
from accounts.shared import Shared
from correspondence import kinds, sources
from inmates.models import Inmate
from inmates.querysets import GoesWithPerson, InmateQuerySet
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
# Posts that can own an object of these kinds; of the others, any post.
OWNED_BY = {kind: {roles.OFFICER} for kind in ("follow_up_due", "obligation", "vacancy_closes")}


@dataclass(frozen=True)
class Due:
    """`coming`: the nearest of the next days. `passed`: the latest of those that went by, and
    `passed_count` how many did."""

    coming: list
    passed: list
    passed_count: int

    def __bool__(self):
        return bool(self.coming or self.passed)


def due_soon(user, without=(), covered=()):
    """Open deadlines that fall due within 30 days, and those that passed, as far as the reader sees
    the object; all sources in one statement.

    Whom a reminder tells reads its deadlines here, and those of `ALSO`; what a post owns is shown
    to its holders only, and to a liaison what waits for the agency. `without` holds keys of rows,
    `covered` kinds that the page tells already.
    """
    today = timezone.localdate()
    prepared, real = _prepared(user, frozenset(covered))
    told = {model: [] for model in prepared.known}
    for model, pk in without:
        told.get(model, []).append(pk)
    real |= {prepared.known[model]: pks for model, pks in told.items()}
    coming, passed, passed_count = [], [], 0  # of rows: what nobody sees is not put in words
    with wall.outside():  # whether a person is still here; the rows are those its mails tell it of
        found = prepared.statement.found(real)
    for place, rows in found.items():
        passed_count += rows[0].data["passed"]
        kind = kinds.get(prepared.codes[place])
        for row in rows:
            (passed if row.due < today else coming).append((kind, row))
    coming.sort(key=lambda found: found[1].due)
    passed.sort(key=lambda found: found[1].due, reverse=True)
    return Due(_tasks(coming[:SHOWN]), _tasks(passed[:SHOWN]), passed_count)


def _tasks(found):
    return [Task(str(kind.label), row.about, row.url, due=row.due) for kind, row in found]


@dataclass(frozen=True)
class _Prepared:
    """The statement for all readers with the same rights, `codes` of its kinds in order, and
    `known`: the id that stands for the rows of a model which the page tells already."""

    statement: lines.Prepared
    codes: list
    known: dict


@stand_ins.made_once
def _prepared(reader, covered):
    today = timezone.localdate()
    every = [source for source in sources.all_sources() if source.kind not in covered]
    asked = [source for source in every if _is_for(source, reader)]
    models = sorted({source.rows(today).model._meta.label_lower for source in asked})
    known = {model: stand_ins.FURTHER - n for n, model in enumerate(models)}
    # Kinds that ask of the same people: when they leave, and which of their rows there are.
    shared = Shared({} if reader.is_liaison else {Inmate: lambda people: _held(people, reader)})
    with shared.standing():
        shapes = [_lines(source, reader, today, known, shared) for source in asked]
    ahead = Case(When(line_due__gte=today, then=F("line_due")))
    nearest = (ahead.asc(nulls_last=True), F("line_due").desc(), F("line_pk").asc())
    statement = lines.Prepared(shapes, most=SHOWN, order=nearest, shared=shared)
    return _Prepared(statement, [source.kind for source in asked], known)


def _held(people, user):
    """Whom the user's prisons hold; their custodies are read by the prison, not one by one: who is
    held there has the open stay there (a trigger, and `check_integrity`)."""
    return people.held_for(user).with_open_custody(facility__in=sorted(user.facility_ids))


def _is_for(source, user):
    if user.is_liaison:
        return _is_of_agencies(source)
    told = {*source.audience, *source.escalation, *ALSO.get(source.kind, ())}
    if user.roles & set(roles.DEFAULT_GRANTS):
        owners = OWNED_BY.get(source.kind, user.roles) if sources.OWNER in told else set()
        return bool(user.roles & (told | owners))
    return roles.OBSERVER in told  # a post of an admin's own making


def _is_of_agencies(source):
    """Whether an agency's liaisons are told of it, too."""
    rows = source.rows(timezone.localdate())
    agency = rows.query.annotations["deadline_agency_id"]
    return Value(None) not in agency.get_source_expressions()


def _lines(source, user, today, known, shared):
    owners = [sources.AGENCY] if user.is_liaison else sorted(user.roles)
    owned = Q(deadline_owner_role=None) | Q(deadline_owner_role__in=owners)
    rows = source.rows(today)
    held = isinstance(rows, InmateQuerySet) and not user.is_liaison
    rows = (rows.held_for(user) if held else rows.visible_to(user)).filter(owned)
    rows = rows.filter(deadline_due__lte=today + timedelta(days=SOON))
    if user.is_liaison:
        rows = rows.filter(deadline_agency_id__isnull=False)
    else:
        rows = _at(rows, sorted(user.facility_ids), shared)
    keys = ArrayField(BigIntegerField())
    told = Cast(Value([known[rows.model._meta.label_lower]], output_field=keys), keys)
    rows = rows.filter(~Q(OneOf(F("pk"), told)))
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


def _at(rows, prisons, shared):
    """Deadlines of the prisons, asked so that an index serves: what goes with a person is found by
    the people whom the prison holds, or wrote it down."""
    if isinstance(rows, GoesWithPerson):
        people = Inmate.objects.order_by()
        held = people.filter(prison__in=prisons).values("pk")
        # Few are merged: the planner may begin at them.
        merged = people.filter(merged_into__isnull=False, merged_into__prison__in=prisons)
        written = rows.model.objects.filter(facility__in=prisons).order_by().values("inmate")
        whom = held.union(merged.values("pk"), written, all=True)
        rows = rows.filter(OneOf(F("inmate"), shared.keys(whom)))
    return rows.filter(deadline_facility_id__in=prisons)
