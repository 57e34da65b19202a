"""Series of follow-ups: planned when somebody leaves or begins to work, called off when it ends.

A person has one open series at a time. Locked are the records of the person, then the follow-ups
in the order of their keys. What a follow-up says is written in `follow_up_answers`, who asks in
`follow_up_owners`.
"""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from inmates.models import Custody, Inmate
from inmates.states import CustodyEnd
from placements.asking import due_day
from placements.employment import (
    FollowUpOutcome,
    FollowUpOwner,
    FollowUpState,
    PlacementKind,
    PlacementState,
)
from placements.figures import is_trained
from placements.models import FollowUp
from placements.services import follow_up_news as tell
from placements.services import follow_up_rows as rows_of

PER_DAY = gettext_lazy("%(what)s per %(day)s")
REPLACED = gettext_lazy("Pemantauan dihitung baru sejak %(day)s")
UNDONE = gettext_lazy("Pelepasan keliru dicatat: %(reason)s")
NO_WORK = gettext_lazy("Pekerjaan keliru dicatat: %(reason)s")


@act
def plan_for_release(*, inmate, day, by):
    """Somebody was set free on a day: ask afterwards about everybody who was trained.

    That is who completed a training or was certified by one, at any prison. Returns the series,
    empty for others. A series that began with work on or after that day stays as it is. Called by
    whoever ends the stay; that person's right to do so is not asked again.
    """
    people = rows_of.locked_records(inmate)
    if not is_trained(people):
        return _call_off_inside(people, day, by)
    stay = _last_stay(people)
    if stay is None:
        return []
    begun = FollowUp.objects.planned().filter(inmate__in=people, counted_from__gt=day)
    if begun.exclude(placement=None).exclude(placement__kind=PlacementKind.WORK_RELEASE).exists():
        return []
    return _plan(inmate, people, day, by, facility_id=stay.facility_id)


@act
def plan_for_placement(*, placement, by):
    """Work has begun: ask from its first day on; what was left of an older series is called off.

    Whoever was asking goes on asking. Returns the series. Called by whoever records the work;
    that person's right to do so is not asked again.
    """
    people = rows_of.locked_records(placement.inmate)
    return _plan(
        placement.inmate,
        people,
        placement.starts_on,
        by,
        facility_id=placement.facility_id,
        placement=placement,
    )


@act
def placement_voided(*, placement, reason, by):
    """The work was written down wrongly: nobody is asked about it, as if it had never been.

    What was asked before it goes on: the series that it had replaced, or that of the release.
    Called by whoever takes the work back; that person's right to do so is not asked again.
    """
    people = rows_of.locked_records(placement.inmate)
    own = rows_of.locked(FollowUp.objects.filter(placement=placement))
    days = {row.counted_from for row in own} | {placement.starts_on}
    reason = rows_of.in_office(NO_WORK, reason=reason)
    rows_of.call_off([row for row in own if row.state == FollowUpState.DUE], by, reason=reason)
    stay = _last_stay(people)
    is_free = stay and not Custody.objects.open().filter(inmate__in=people).exists()
    if not is_free or FollowUp.objects.planned().filter(inmate__in=people).exists():
        return
    replaced = [rows_of.in_office(REPLACED, day=day) for day in days]
    before = rows_of.locked(
        FollowUp.objects.filter(
            inmate__in=people, state=FollowUpState.CANCELLED, reason__in=replaced
        ).exclude(placement__state=PlacementState.VOID)
    )
    last = max((row.counted_from for row in before), default=None)
    for row in before:
        if row.counted_from == last:
            rows_of.renew(row, by)
    if last is None:
        plan_for_release(inmate=placement.inmate, day=stay.until, by=by)


@act
def start(*, inmate, by):
    """Begin to ask about somebody who left before anybody was to ask; returns the series."""
    people = rows_of.locked_records(inmate)
    stay = _last_stay(people)
    if stay is None:
        raise NotAllowed(_("Orang ini belum pernah tercatat bebas."))
    require(by, "follow_up", stay.facility_id)
    if Custody.objects.open().filter(inmate__in=people).exists():
        raise NotAllowed(_("Orang ini masih ditempatkan di lapas."))
    known = FollowUp.objects.filter(inmate__in=people)
    if known.filter(counted_from=stay.until).exclude(state=FollowUpState.CANCELLED).exists():
        return list(known.filter(counted_from=stay.until, months__gt=0))
    if known.planned().exists():
        raise NotAllowed(_("Orang ini sudah dipantau sejak mulai bekerja."))
    return _plan(inmate, people, stay.until, by, facility_id=stay.facility_id)


@act
def leave_unfree(*, inmate, facility_id, how, day, by):
    """Somebody left a prison otherwise than free: what was to be asked about work there is off.

    Returns how many were called off.
    """
    people = rows_of.locked_records(inmate)
    rows = FollowUp.objects.planned().filter(
        inmate__in=people, facility=facility_id, counted_from__lte=day
    )
    outcome = FollowUpOutcome.DIED if how == CustodyEnd.DIED else ""
    reason = rows_of.in_office(PER_DAY, what=CustodyEnd(how).label, day=day)
    return len(rows_of.call_off(rows_of.locked(rows), by, reason=reason, outcome=outcome))


@act
def release_undone(*, inmate, starts, reason, by):
    """The release was entered wrongly: nobody is asked about it. Returns how many."""
    people = rows_of.locked_records(inmate)
    rows = FollowUp.objects.planned().filter(inmate__in=people, counted_from__gte=starts)
    rows = rows_of.locked(rows.exclude(placement__kind=PlacementKind.WORK_RELEASE))
    return len(rows_of.call_off(rows, by, reason=rows_of.in_office(UNDONE, reason=reason)))


@act
def returned(*, inmate, by=None):
    """The person is in custody again: the rest of the series is off. Returns how many.

    What was left says so (`outcome`), because it still counts among those to be asked.
    """
    people = rows_of.locked_records(inmate)
    stay = Custody.objects.open().filter(inmate__in=people).first()
    if stay is None:
        return 0
    rows = rows_of.locked(_of_returned(FollowUp.objects.filter(inmate__in=people)))
    reason = rows_of.in_office(PER_DAY, what=FollowUpOutcome.DETAINED.label, day=stay.starts)
    again = [row for row in rows if row.counted_from <= stay.starts and not _inside(row)]
    rest = [row for row in rows if row not in again]
    rows_of.call_off(again, by, reason=reason, outcome=FollowUpOutcome.DETAINED)
    reason = rows_of.in_office(PER_DAY, what=gettext_lazy("Ditempatkan"), day=stay.starts)
    rows_of.call_off(rest, by, reason=reason)
    return len(rows)


def keep_up():
    """What nobody calls for: who is in custody again, and whom an agency may ask no longer.

    The register brings people back, and consents end by their date. Safe to repeat; returns how
    many follow-ups changed.
    """
    back = _of_returned(FollowUp.objects.all()).order_by().values("inmate")
    people = Inmate.objects.filter(pk__in=back).order_by("pk")
    changed = sum(returned(inmate=person) for person in people)
    return changed + take_back()


@act
def take_back(*, inmate=None, by=None):
    """What an agency was to ask without a consent that holds today comes back to the prison.

    Of one person, or of everybody. Returns how many.
    """
    rows = FollowUp.objects.planned().filter(owner=FollowUpOwner.AGENCY)
    if inmate is not None:
        rows = rows.filter(inmate__in=rows_of.locked_records(inmate))
    lost = rows_of.locked(rows.without_consent())
    for row in lost:
        row.owner = FollowUpOwner.PRISON
        row.save(update_fields=["owner"])
        rows_of.close(row)
    tell.taken_back(lost, by)
    return len(lost)


def _plan(inmate, people, day, by, *, facility_id, placement=None):
    known = {row.months: row for row in rows_of.locked(_series(people, day))}
    older = rows_of.locked(
        FollowUp.objects.planned().filter(inmate__in=people).exclude(counted_from=day)
    )
    before = max(older, key=lambda row: row.counted_from, default=None)
    rows_of.call_off(older, by, reason=rows_of.in_office(REPLACED, day=day))
    series = []
    for months in settings.FOLLOW_UP_MONTHS:
        row = known.get(months)
        if row is None:
            row = _make(inmate, day, months, by, before, facility_id, placement)
        else:
            _keep(row, by, placement)
        series.append(row)
    return series


def _make(inmate, day, months, by, before, facility_id, placement):
    goes_on = {}
    if before is not None:
        goes_on = {"owner": before.owner, "agency": before.agency, "contact": before.contact}
    row = FollowUp.objects.create(
        inmate_id=inmate.merged_into_id or inmate.pk,
        facility_id=facility_id,
        placement=placement,
        months=months,
        counted_from=day,
        due_on=due_day(day, months),
        state_by=by,
        created_by=by,
        **goes_on,
    )
    row.refresh_from_db(fields=["public_id"])
    return row


def _keep(row, by, placement):
    """A follow-up of this very series: planned again if it was called off."""
    if row.state == FollowUpState.CANCELLED:
        rows_of.renew(row, by)
    is_void = row.placement and row.placement.state == PlacementState.VOID
    if is_void or (placement and row.placement_id != placement.pk):
        row.placement = placement
        row.save(update_fields=["placement"])


def _call_off_inside(people, day, by):
    """Who was not trained is not asked about; work while serving ends with the release."""
    rows = FollowUp.objects.planned().filter(inmate__in=people, counted_from__lte=day)
    inside = rows.filter(placement__kind=PlacementKind.WORK_RELEASE)
    reason = rows_of.in_office(PER_DAY, what=CustodyEnd.RELEASED.label, day=day)
    rows_of.call_off(rows_of.locked(inside), by, reason=reason)
    return []


def _series(people, day):
    return FollowUp.objects.filter(inmate__in=people, counted_from=day, months__gt=0)


def _last_stay(people):
    """The stay that ended last with a release, or None."""
    ended = Custody.objects.filter(inmate__in=people, ended_how=CustodyEnd.RELEASED)
    return ended.order_by("until", "pk").last()


def _of_returned(rows):
    """Those planned for somebody who came into custody after the day they are counted from.

    Also if the stay says that it began before: the register may list a person again with the old
    day of admission.
    """
    began_after = Q(starts__gte=OuterRef("counted_from")) | Q(created_at__gt=OuterRef("created_at"))
    stays = Custody.objects.open().filter(began_after)
    back = Exists(stays.filter(inmate=OuterRef("inmate"))) | Exists(
        stays.filter(inmate=OuterRef("inmate__merged_into"))
    )
    held = Q(inmate__prison__isnull=False) | Q(inmate__merged_into__prison__isnull=False)
    return rows.planned().filter(held, back).select_related("placement")


def _inside(row):
    return bool(row.placement) and row.placement.kind == PlacementKind.WORK_RELEASE
