"""The way of every participation from its batch to work: the steps, and the days between them.

One enrolment is one participation: who took part in two batches is counted twice, and a person
stands for all records merged into theirs. Work counts when it came after the batch began. Each
step is a part of the one it comes from (`OF`), so no figure is ever larger than its denominator.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Replace, TruncDate
from django.db.models.lookups import IContains, StartsWith
from django.utils.translation import gettext_lazy as _

from accounts.once import LookedUp
from inmates.models import Inmate
from placements.models import FollowUp, Placement, Referral
from training.models import Certificate, Enrolment, WaitingEntry
from training.states import BATCH_BEGUN, EnrolmentState

MONTHS = 6  # after release or the beginning of work


class Step(models.TextChoices):
    ENROLLED = "enrolled", _("Peserta")
    FINISHED = "finished", _("Menyelesaikan")
    CERTIFIED = "certified", _("Bersertifikat")
    REFERRED = "referred", _("Dirujuk ke Disnaker")
    PLACED = "placed", _("Mulai bekerja")
    DUE = "due", _("Jatuh tempo pemantauan 6 bulan")
    REACHED = "reached", _("Terjangkau pada 6 bulan")
    WORKING = "working", _("Bekerja pada 6 bulan")


OF = {
    Step.FINISHED: Step.ENROLLED,
    Step.CERTIFIED: Step.FINISHED,
    Step.REFERRED: Step.FINISHED,
    Step.PLACED: Step.FINISHED,
    Step.DUE: Step.FINISHED,
    Step.REACHED: Step.DUE,
    Step.WORKING: Step.REACHED,
}
_FINISHED = Q(state=EnrolmentState.COMPLETED)
CONDITIONS = {
    Step.ENROLLED: Q(),
    Step.FINISHED: _FINISHED,
    Step.REFERRED: _FINISHED & Q(referred_on__isnull=False),
    Step.PLACED: _FINISHED & Q(placed_on__isnull=False),
    Step.DUE: _FINISHED & Q(is_due=True),
    Step.REACHED: _FINISHED & Q(is_reached=True),
    Step.WORKING: _FINISHED & Q(is_working=True),
}


class Took(models.TextChoices):
    """From one step to the next, in days."""

    WAITING = "waiting", _("Meminta → diusulkan")
    CHOOSING = "choosing", _("Diusulkan → SK")
    STARTING = "starting", _("SK → mulai belajar")
    TEACHING = "teaching", _("Mulai → selesai belajar")
    CERTIFYING = "certifying", _("Selesai → sertifikat")
    REFERRING = "referring", _("Sertifikat → rujukan terkirim")
    PLACING = "placing", _("Rujukan → mulai bekerja")


# The days between which each lies, and when it is known.
BETWEEN = {
    Took.WAITING: ("asked_on", "proposed_on", Q(candidate__entered_afterwards=False)),
    Took.CHOOSING: ("proposed_on", "decreed_on", Q(candidate__entered_afterwards=False)),
    Took.STARTING: ("decreed_on", "batch__starts_on", Q()),
    Took.TEACHING: ("batch__starts_on", "batch__ends_on", _FINISHED),
    Took.CERTIFYING: ("batch__ends_on", "certified_on", _FINISHED),
    Took.REFERRING: ("certified_on", "referred_on", _FINISHED),
    Took.PLACING: ("referred_on", "placed_on", _FINISHED),
}


@dataclass(frozen=True)
class Time:
    """How many participations, the days that half of them needed at most, and the most."""

    took: Took
    count: int
    median: int | None
    slowest: int | None


def begun(user):
    """Participations that the user may see, in batches that have begun or are over.

    A participant is of the prison of their batch (`reports.integrity`): asked of both, so that the
    database reads the batches of these prisons only. Of the participant it is asked in a way that
    PostgreSQL does not take for a second choice: else it expects one of some hundred of them.
    """
    rows = Enrolment.objects.filter(batch__state__in=BATCH_BEGUN)
    if user.is_liaison:
        return rows.visible_to(user)
    rows = rows.filter(batch__facility__in=user.facility_ids)
    return rows.filter(whether(Q(facility__in=user.facility_ids)))


def whether(condition):
    """A condition as a value, which PostgreSQL expects to hold of one row in two."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def with_steps(rows):
    """Enrolments with the days of their steps, for `at`.

    What was asked after six months is looked up for each: joined, PostgreSQL would go through the
    follow-ups of the whole country for each, because their people are found by two keys.
    """
    rows = _with_person(rows)
    sent = _of_person(Referral.objects.exclude(sent_at=None)).filter(
        sent_at__date__gte=OuterRef("batch__starts_on")
    )
    work = _of_person(Placement.objects.counted()).filter(
        starts_on__gte=OuterRef("batch__starts_on")
    )
    asked = _of_person(FollowUp.objects.counted()).filter(
        months=MONTHS, counted_from__gte=OuterRef("batch__starts_on")
    )
    return rows.annotate(
        certified_on=_earliest(_papers(), "issued_on"),
        referred_on=_earliest(sent, TruncDate("sent_at")),
        placed_on=_earliest(work, "starts_on"),
    ).alias(
        is_due=LookedUp(asked),
        is_reached=LookedUp(asked.reached()),
        is_working=LookedUp(asked.working()),
    )


def _with_person(rows):
    """With the alias `person`. Everybody has a record, but it is joined by LEFT JOIN: that one
    PostgreSQL leaves out where nothing is asked of it, as for a number of rows."""
    rows = rows.alias(person=Coalesce("inmate__merged_into_id", "inmate_id"))
    joins = rows.query.alias_map
    for alias, join in joins.items():
        if join.table_name == Inmate._meta.db_table and join.parent_alias == rows.query.base_table:
            joins[alias] = join.promote()
    return rows


def with_times(rows):
    """Of `with_steps`: with `took_<Took>`, a `timedelta`, None where it is not known."""
    waiting = _of_person(WaitingEntry.objects).filter(
        course=OuterRef("batch__course"), asked_on__lte=OuterRef("proposed_on")
    )
    rows = rows.annotate(
        proposed_on=TruncDate("candidate__created_at"), decreed_on=F("decree__letter__dated")
    ).annotate(asked_on=_latest(waiting, "asked_on"))
    return rows.annotate(**{f"took_{took}": _between(*BETWEEN[took]) for took in Took})


def of_residents(rows, *, are_residents=True):
    """Of people from their prison's city, as `InmateQuerySet.residents_of` reads it."""
    return with_residents(rows).filter(is_resident=are_residents)


def with_residents(rows):
    """Enrolments with the alias `is_resident`."""
    code = of_canonical("domicile_code")
    by_code = StartsWith(_bare(code), _bare(F("facility__residence_code")))
    return rows.alias(
        code=code,
        is_resident=Case(
            When(~Q(code="") & ~Q(facility__residence_code=""), then=by_code),
            When(
                ~Q(facility__city="") & Q(IContains(of_canonical("city"), F("facility__city"))),
                then=True,
            ),
            default=False,
            output_field=BooleanField(),
        ),
    )


def of_canonical(name):
    """A column of the person for whom an enrolment's record stands."""
    return Coalesce(f"inmate__merged_into__{name}", f"inmate__{name}")


def _bare(code):
    return Replace(code, Value("."), Value(""))


def at(rows, step, *, as_set=False):
    """Of `with_steps`: those that came to a step. Of any enrolments whether they are certified.

    `as_set` asks the events of all people at once: for rows of very many prisons, where looking
    them up row by row takes minutes. For a few the other way is faster.
    """
    if step == Step.CERTIFIED:  # not by the day: that would be looked up row by row
        return rows.filter(_FINISHED & Exists(_papers()))
    if as_set and step in LATER:
        return rows.filter(_FINISHED & Exists(_of_same_person(*LATER[step]())))
    return rows.filter(CONDITIONS[step])


def _of_same_person(events, day):
    """Those of the person of an enrolment since its batch began."""
    events = events.alias(somebody=Coalesce("inmate__merged_into_id", "inmate_id"))
    since = {f"{day}__gte": OuterRef("batch__starts_on")}
    return events.filter(somebody=OuterRef("person"), **since)


def _asked():
    return FollowUp.objects.counted().filter(months=MONTHS)


# What comes after a batch, and the day of it.
LATER = {
    Step.REFERRED: lambda: (Referral.objects.exclude(sent_at=None), "sent_at__date"),
    Step.PLACED: lambda: (Placement.objects.counted(), "starts_on"),
    Step.DUE: lambda: (_asked(), "counted_from"),
    Step.REACHED: lambda: (_asked().reached(), "counted_from"),
    Step.WORKING: lambda: (_asked().working(), "counted_from"),
}


def _papers():
    return Certificate.objects.certified().filter(enrolment=OuterRef("pk"))


def _of_person(rows):
    records = Inmate.objects.filter(
        Q(pk=OuterRef(OuterRef("person"))) | Q(merged_into=OuterRef(OuterRef("person")))
    )
    return rows.filter(inmate__in=records.values("pk"))


def _earliest(rows, day):
    return _one(rows, Min(day))


def _latest(rows, day):
    return _one(rows, Max(day))


def _one(rows, day):
    found = rows.order_by().annotate(all=Value(1)).values("all").annotate(day=day)
    return Subquery(found.values("day"), output_field=DateField())


def _between(start, end, known):
    days = ExpressionWrapper(
        Cast(F(end), DateField()) - Cast(F(start), DateField()), output_field=DurationField()
    )
    return Case(When(known, then=days)) if known else days
