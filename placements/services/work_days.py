"""Who goes out to work today and is back: ticked at the gate, and an alarm for whoever is late.

Nobody leaves whose papers do not hold that day or whom a restriction keeps in
(`work_release_checks.obstacles`). The person is locked before the placement and its day.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may, require
from accounts.prepared import asked_often
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from inmates.models import Custody, Inmate, Restriction
from inmates.services.people import need_reason
from placements.models import Placement, WorkDay
from placements.services import placement_news as tell
from placements.services import placement_rows as rows
from placements.services import work_release_checks as needs

ACT = "watch_gate"
RELATED = ("inmate__merged_into", "employer", "agreement__successor")


@act
def leave(*, placement, by, at=None):
    """Somebody goes out to work now, or went at a time of today; returns the `WorkDay`.

    Due back at the hour of return, or after the most hours out if that comes first. Raises
    `NotAllowed` with every reason for which they may not go.
    """
    require(by, ACT, placement.facility_id)
    placement, records = rows.locked(placement)
    rows.need_work_release(placement)
    today, now = timezone.localdate(), timezone.now()
    out_at = _moment(at, now)
    known = placement.work_days.filter(day=today).select_related("out_by").first()
    if known:
        if known.out_by_id == by.pk and at is None and known.back_at is None:
            return known
        raise AlreadyDone(_out_already(known))
    keeping_in = needs.restrictions_of(records, today)
    obstacles = needs.obstacles(placement, today, keeping_in)
    still_out = placement.work_days.out().first()
    if still_out:
        sentence = _("Kepulangannya pada %(day)s belum dicatat.")
        obstacles.append(sentence % {"day": formats.date_format(still_out.day)})
    if obstacles:
        raise NotAllowed(obstacles)
    earliest = _earliest(placement, today)
    if out_at < earliest:
        raise NotAllowed(_("Baru boleh keluar mulai pukul %(hour)s.") % {"hour": _hour(earliest)})
    due_back_at = _due_back(placement, today, out_at)
    if due_back_at <= max(out_at, now):
        raise NotAllowed(_("Jam kembalinya, %(hour)s, sudah lewat.") % {"hour": _hour(due_back_at)})
    made = WorkDay.objects.create(
        facility_id=placement.facility_id,
        placement=placement,
        day=today,
        out_at=out_at,
        out_by=by,
        due_back_at=due_back_at,
        created_by=by,
    )
    made.refresh_from_db(fields=["public_id"])
    return made


@act
def come_back(*, day, by, at=None, note=""):
    """They are back now, or came at an earlier time; later than due, head and gate are told."""
    require(by, ACT, day.facility_id)
    day = _locked(day)
    if day.back_at:
        if day.back_by_id == by.pk and at is None:
            return day
        raise AlreadyDone(
            _("Sudah dicatat kembali pukul %(hour)s oleh %(who)s.")
            % {"hour": _hour(day.back_at), "who": day.back_by or _("sistem")}
        )
    back_at = _moment(at, timezone.now(), day.day)
    if back_at < day.out_at:
        sentence = _("Baru keluar pukul %(hour)s.") % {"hour": _hour(day.out_at)}
        raise NotAllowed({"at": ValidationError(sentence)})
    day.back_at, day.back_by, day.note = back_at, by, note.strip()[:200]
    day.save(update_fields=["back_at", "back_by", "note"])
    notices.close_for(day, "work_release_overdue")
    notices.close_for(day.placement, "work_release_ended_outside")
    if day.is_late:
        tell.back_late(day, by)
    return day


@act
def undo(*, day, reason, by, of_return=None):
    """A wrong tick is taken back: the return, or else the leaving. With a reason.

    The gate's own on the same day, the head's later on. `of_return` says which of the two was
    meant, so that a second click takes back no more than the first, and a page that is old nothing
    else. Returns the day, or None when nobody left.
    """
    is_today = day.day == timezone.localdate()
    if not (is_today and may(by, ACT, day.facility_id)):
        require(by, "correct_state", day.facility_id)
    need_reason(reason)
    day = _locked(day)
    if of_return and day.back_at is None:
        return day
    if of_return is False and day.back_at:
        raise NotAllowed(_("Kepulangannya sudah dicatat; buka lagi daftarnya."))
    with pghistory.context(reason=reason.strip()):
        if day.back_at is None:
            notices.close_for(day)
            day.delete()
            return None
        day.back_at, day.back_by, day.note = None, None, ""
        day.save(update_fields=["back_at", "back_by", "note"])
    notices.close_for(day, "work_release_late")
    return day


@act
def alarm(*, day):
    """Somebody has not come back by the hour: gate and head are told at once, once."""
    day = _locked(day)
    if day.back_at or day.late_told_at or day.due_back_at >= timezone.now():
        return False
    day.late_told_at = timezone.now()
    day.save(update_fields=["late_told_at"])
    tell.overdue(day)
    return True


def alarm_all():
    """Tell of everybody who is late and of whom nobody was told; returns how many."""
    late = WorkDay.objects.overdue().filter(late_told_at=None).select_related("placement")
    return sum(alarm(day=day) for day in late.order_by("due_back_at", "pk"))


@dataclass
class Going:
    """One line of the gate's list: who, where, and how far the day is. `log` is the `WorkDay`."""

    placement: Placement
    log: WorkDay | None = None
    obstacles: list = field(default_factory=list)
    register_number: str = ""

    @property
    def inmate(self):
        return self.placement.inmate

    @property
    def is_out(self):
        return self.log is not None and self.log.back_at is None

    @property
    def may_leave(self):
        return self.log is None and not self.obstacles


def day_of(user, day):
    """Who goes out on a day, by the hour, at the prisons where the user may see people.

    Those meant to go, with the reasons for which they may not, and whoever went or is still out.
    A fixed number of queries.
    """
    seen = Placement.objects.visible_to(user)
    logs = WorkDay.objects.visible_to(user).filter(day=day)
    if day == timezone.localdate():
        logs = logs | WorkDay.objects.visible_to(user).out()
    logs = {log.placement_id: log for log in logs.select_related("out_by", "back_by")}
    meant = seen.going_out(day).values("pk") if day >= timezone.localdate() else seen.none()
    found = seen.filter(pk__in=meant) | seen.filter(pk__in=logs)
    found = found.select_related(*RELATED).order_by("leaves_at", "inmate__name", "pk")
    lines = [Going(placement, logs.get(placement.pk)) for placement in found]
    keeping_in, numbers = _beside(lines, day) if lines else ({}, {})
    for line in lines:
        root = line.inmate.merged_into_id or line.inmate.pk
        line.register_number = numbers.get((root, line.placement.facility_id), "")
        line.obstacles = needs.obstacles(line.placement, day, keeping_in.get(root, ()))
    return lines


def obstacles_today(placement):
    """Why somebody on work release may not go out today, besides that it is no day of work."""
    today = timezone.localdate()
    records = list(Inmate.objects.records_of(placement.inmate))
    if today.isoweekday() not in placement.weekdays or today < placement.starts_on:
        found = [*needs.lapsed(placement, max(today, placement.starts_on))]
        keeping_in = needs.restrictions_of(records, today)
        return [*found, needs.restricted(keeping_in)] if keeping_in else found
    return needs.obstacles(placement, today, needs.restrictions_of(records, today))


def latest(placement, number):
    """The newest days on which somebody went out."""
    return list(placement.work_days.select_related("out_by", "back_by")[:number])


def _beside(lines, day):
    """By person what keeps them in that day, and by person and prison their register number."""
    roots = {line.inmate.merged_into_id or line.inmate.pk for line in lines}
    restrictions, stays = _restrictions_and_stays(roots, day)
    keeping_in = {}
    for row in restrictions:
        keeping_in.setdefault(row.inmate.merged_into_id or row.inmate_id, []).append(row)
    return keeping_in, {(root, prison): number for root, prison, number in stays}


@asked_often
def _restrictions_and_stays(roots, day):
    records = Inmate.objects.records_among(roots)
    restrictions = Restriction.objects.in_force(day).keeping_out().filter(inmate__in=records)
    stays = Custody.objects.open().filter(inmate__in=records)
    stays = stays.annotate(root=Coalesce("inmate__merged_into", "inmate"))
    return (
        restrictions.select_related("inmate"),
        stays.values_list("root", "facility", "register_number"),
    )


def _earliest(placement, day):
    hour = timezone.make_aware(datetime.combine(day, placement.leaves_at))
    return hour - timedelta(minutes=settings.WORK_RELEASE_EARLY_MINUTES)


def _due_back(placement, day, out_at):
    hour = timezone.make_aware(datetime.combine(day, placement.returns_at))
    return min(hour, out_at + timedelta(hours=settings.WORK_RELEASE_HOURS))


def _moment(at, now, day=None):
    """A time of the day (default today) as a moment; now, when none is given."""
    if at is None:
        return now
    moment = timezone.make_aware(datetime.combine(day or timezone.localdate(), at))
    if moment > now:
        raise NotAllowed({"at": ValidationError(_("Jam ini belum tiba."))})
    return moment


def _locked(day):
    rows.lock_person(day.placement.inmate)
    return (
        WorkDay.objects.select_for_update(no_key=True, of=["self"])
        .select_related("placement__inmate", "back_by")
        .get(pk=day.pk)
    )


def _out_already(known):
    return _("Sudah dicatat keluar pukul %(hour)s oleh %(who)s.") % {
        "hour": _hour(known.out_at),
        "who": known.out_by or _("sistem"),
    }


def _hour(moment):
    return formats.time_format(timezone.localtime(moment), "H.i")
