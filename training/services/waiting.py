"""The waiting list: who asked for a course, since when, and how the waiting ended."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.by_key import asked_by_key
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Inmate
from training.models import Enrolment, WaitingEntry
from training.states import WaitingState


@act
def add(*, inmate, course, asked_on, asked_by, by):
    """Put a person who is in custody on the waiting list of a course.

    Written down again by the same user with the same content: the entry; by anyone else
    `AlreadyDone`. An entry of a record that was merged into the person counts as theirs.
    """
    inmate = Inmate.objects.select_for_update(no_key=True).get(pk=inmate.pk)
    require(by, "propose_candidates", inmate.prison_id)
    if inmate.prison_id is None:
        raise NotAllowed(_("Orang ini tidak lagi berada di lapas."))
    if inmate.merged_into_id:
        raise NotAllowed(_("Data ini sudah digabungkan; pilih data utamanya."))
    records = list(Inmate.objects.records_of(inmate))
    known = (
        WaitingEntry.objects.open()
        .filter(inmate__in=records, course=course)
        .select_related("created_by")
        .first()
    )
    if known:
        if (known.created_by, known.asked_on, known.asked_by) == (by, asked_on, asked_by):
            return known
        raise AlreadyDone(
            _("Sudah menunggu program ini sejak %(day)s, dicatat oleh %(who)s pada %(when)s.")
            % {
                "day": formats.date_format(known.asked_on),
                "who": known.created_by or _("sistem"),
                "when": formats.date_format(
                    timezone.localtime(known.created_at), "DATETIME_FORMAT"
                ),
            }
        )
    if asked_on > timezone.localdate():
        raise NotAllowed({"asked_on": ValidationError(_("Tanggal tidak boleh di masa depan."))})
    if Enrolment.objects.blocking().filter(inmate__in=records, batch__course=course).exists():
        raise NotAllowed({"course": ValidationError(_("Orang ini sedang mengikuti program ini."))})
    return WaitingEntry.objects.create(
        facility_id=inmate.prison_id,
        inmate=inmate,
        course=course,
        asked_on=asked_on,
        asked_by=asked_by,
        created_by=by,
    )


@act
def withdraw(*, entry, reason, by):
    """The person waits no more, for a reason; they may be put on the list again later."""
    entry = (
        WaitingEntry.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate__merged_into")
        .get(pk=entry.pk)
    )
    require(by, "propose_candidates", place_of(entry))
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if entry.state == WaitingState.WITHDRAWN and entry.reason == reason:
        return entry
    if entry.state != WaitingState.WAITING:
        raise AlreadyDone(
            _("Tidak lagi menunggu (%(state)s) sejak %(when)s.")
            % {
                "state": entry.get_state_display().lower(),
                "when": formats.date_format(timezone.localtime(entry.state_at), "DATETIME_FORMAT"),
            }
        )
    entry.state, entry.state_at, entry.reason = WaitingState.WITHDRAWN, timezone.now(), reason
    entry.save(update_fields=["state", "state_at", "reason"])
    return entry


def consume(*, batch, inmates):
    """A decree gave these people a seat: they wait for its course no more (in its transaction).

    Dropping out later does not open the entry again. Returns how many waited.
    """
    waiting = [key for (key,) in _waiting(batch.course_id, inmates)]
    if not waiting:
        return 0
    return WaitingEntry.objects.filter(pk__in=waiting).update(
        state=WaitingState.ENROLLED, state_at=timezone.now()
    )


@asked_by_key
def _waiting(course, inmates):
    people = Inmate.objects.records_among(inmates)
    rows = WaitingEntry.objects.open().filter(inmate__in=people, course=course).order_by("pk")
    return rows.select_for_update(no_key=True).values_list("pk")


def reopen(*, course, enrolments):
    """The seats of these enrolments are gone: who waited for the course waits again (same day).

    For a service that freed the people in its transaction. Returns how many wait again.
    """
    roots = {row.inmate_id: row.inmate.merged_into_id or row.inmate_id for row in enrolments}
    since = {roots[row.inmate_id]: row.created_at for row in enrolments}
    entries = (
        WaitingEntry.objects.filter(course=course, state=WaitingState.ENROLLED)
        .filter(inmate__in=Inmate.objects.records_of_all(since))
        .select_related("inmate")
        .order_by("state_at", "pk")
    )
    consumed = {}
    for entry in entries:
        root = entry.inmate.merged_into_id or entry.inmate_id
        if entry.state_at >= since[root]:
            consumed.setdefault(root, entry)
    known = WaitingEntry.objects.open().filter(course=course).values("inmate")
    return (
        WaitingEntry.objects.filter(pk__in=[entry.pk for entry in consumed.values()])
        .exclude(inmate__in=known)
        .update(state=WaitingState.WAITING, state_at=timezone.now())
    )


def place_of(entry):
    """The prison whose list an entry stands on: where the person is, else where it was made."""
    person = entry.inmate.merged_into or entry.inmate
    return person.prison_id or entry.facility_id
