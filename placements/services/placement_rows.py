"""The rows behind work: how they are locked, made and ended, and who else is told.

Locked are all records of the person, the agreement, the vacancy, the referral, then the placement.
"""

import pghistory
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.services import notices
from inmates.models import Inmate
from placements.employment import PlacementKind, PlacementState
from placements.models import Placement, Vacancy
from placements.services import follow_ups, job_seekers
from placements.services import placement_news as tell

RELATED = ("inmate", "facility", "employer", "vacancy", "referral", "agreement", "state_by")


def lock_person(inmate):
    """Lock all records of a person, in the order of their keys; returns their ids.

    Raises `NotAllowed` for somebody who became anonymous.
    """
    rows = Inmate.objects.filter(pk__in=Inmate.objects.records_of(inmate)).order_by("pk")
    rows = rows.select_for_update(no_key=True).values_list("pk", "anonymised_on")
    if any(anonymised_on for _pk, anonymised_on in rows):
        raise NotAllowed(_("Data orang ini sudah dianonimkan."))
    return [pk for pk, _anonymised_on in rows]


def locked(placement):
    """The placement, locked after its person: (placement, ids of the person's records)."""
    records = lock_person(placement.inmate)
    row = (
        Placement.objects.select_for_update(no_key=True, of=["self"])
        .select_related(*RELATED, "agreement__successor", "created_by")
        .get(pk=placement.pk)
    )
    return row, records


def locked_vacancy(vacancy):
    """The vacancy as it is now, so that nobody else takes its last place meanwhile; or None."""
    if vacancy is None:
        return None
    return (
        Vacancy.objects.select_for_update(no_key=True, of=["self"])
        .select_related("employer")
        .get(pk=vacancy.pk)
    )


def need_not_void(placement):
    """Nothing more is done to what was written down wrongly."""
    if placement.state == PlacementState.VOID:
        raise voided_already(placement)


def voided_already(placement):
    """A refusal that names who took it back, when and why."""
    return AlreadyDone(
        _("Catatan ini sudah dibatalkan oleh %(who)s pada %(when)s: %(why)s")
        % {
            "who": placement.state_by or _("sistem"),
            "when": formats.date_format(timezone.localtime(placement.state_at), "DATETIME_FORMAT"),
            "why": placement.reason,
        }
    )


def running_of(records):
    """The work that one of these records is said to have now, or None."""
    rows = Placement.objects.running().filter(inmate__in=records)
    return rows.select_related("employer", "created_by", "referral").first()


def is_same(placement, by, facts):
    """Whether this user wrote exactly this down already."""
    return placement.created_by_id == by.pk and all(
        getattr(placement, name) == value for name, value in facts.items()
    )


def still_working(running, by):
    """A refusal that names the work somebody has, as far as the user may know it."""
    if not Placement.objects.visible_to(by).filter(pk=running.pk).exists():
        return AlreadyDone(_("Orang ini masih tercatat bekerja, menurut lapas lain."))
    return AlreadyDone(
        _(
            "Orang ini masih tercatat bekerja: %(what)s sejak %(day)s (dicatat oleh %(who)s). "
            "Akhiri dulu pekerjaan itu."
        )
        % {
            "what": in_words(running),
            "day": formats.date_format(running.starts_on),
            "who": running.created_by or _("sistem"),
        }
    )


def in_words(placement):
    """The job and with whom, e.g. `Tukang las, PT Contoh`."""
    where = placement.employer or placement.get_kind_display()
    return f"{placement.job}, {where}"


def create(*, by, **values):
    """Make the row, and do what follows from work that goes on."""
    has_ended = values.get("ended_on") is not None
    made = Placement.objects.create(
        state=PlacementState.ENDED if has_ended else PlacementState.RUNNING,
        entered_afterwards=has_ended,
        state_by=by,
        created_by=by,
        **values,
    )
    made.refresh_from_db(fields=["public_id"])
    if not has_ended:
        job_seekers.end_for_work(inmate=made.inmate, day=made.starts_on, by=by)
        follow_ups.plan_for_placement(placement=made, by=by)
        if made.referral:
            notices.close_for(made.referral, "referral_accepted")
        tell.begun(made, by)
    return made


def move(placement, state, by, *, ended_on, reason):
    placement.state, placement.state_at, placement.state_by = state, timezone.now(), by
    placement.ended_on, placement.reason = ended_on, reason[:250]
    placement.save(update_fields=["state", "state_at", "state_by", "ended_on", "reason"])


def close(placement, *, day, reason, by, kind=""):
    """End running work, for a caller who holds the locks; `kind` as `placement_news.ended`."""
    move(
        placement,
        PlacementState.ENDED,
        by,
        ended_on=max(day, placement.starts_on),
        reason=reason,
    )
    notices.close_for(placement)
    tell.ended(placement, by, kind=kind)
    return placement


def reopen(placement, by, reason):
    """The end was wrong, for a caller who has checked that the work may go on."""
    with pghistory.context(reason=reason.strip()):
        move(placement, PlacementState.RUNNING, by, ended_on=None, reason="")


def save(placement, changed, reason):
    """Write corrected fields, with the reason in their history."""
    with pghistory.context(reason=reason.strip()):
        placement.save(update_fields=list(changed))


def is_work_release(placement):
    return placement.kind == PlacementKind.WORK_RELEASE


def need_work_release(placement):
    if not is_work_release(placement):
        raise NotAllowed(_("Pekerjaan ini bukan asimilasi kerja."))
