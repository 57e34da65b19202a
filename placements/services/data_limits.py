"""A person asks that their data be kept and used no further, and that it be used again.

What it means is asked in one place each: nothing rests on a consent while it stands
(`Consent.objects.in_force`), nobody is looked for (`Inmate.objects.unlimited`), and no rule lets
them into a batch (`training.eligibility.custody`). What agencies have open of the person ends here.
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import DataLimit, Inmate
from inmates.services.people import need_reason
from placements.models import FollowUp
from placements.services import follow_up_rows, follow_ups, in_charge, referral_upkeep

ACT = "limit_data"


def of(inmate):
    """The `DataLimit` that stands of the person, None without one."""
    rows = DataLimit.objects.standing().filter(inmate__in=Inmate.objects.records_of(inmate))
    return rows.select_related("created_by", "facility").order_by("pk").last()


@act
def impose(*, inmate, asked_on, reason, by):
    """Use the person's data no further from now on, as they asked on a day; returns the limit.

    Open referrals end and agencies learn that they are taken back, follow-ups of agencies come back
    to the prison, and links to probation officers are dead. Who is a participant stays one, and the
    agency reads the code only. Raises `AlreadyDone` while another's limit stands.
    """
    inmate, prison = in_charge.locked(inmate, by, ACT)
    reason = reason.strip()
    standing = of(inmate)
    if standing:
        if (standing.created_by, standing.asked_on, standing.reason) == (by, asked_on, reason):
            return standing
        raise AlreadyDone(
            _("Pemrosesan data orang ini sudah dibatasi: dicatat oleh %(who)s pada %(when)s.")
            % {"who": standing.created_by or _("sistem"), "when": _clock(standing.created_at)}
        )
    if asked_on > timezone.localdate():
        raise NotAllowed({"asked_on": ValidationError(_("Tanggal ini belum lewat."))})
    need_reason(reason)
    for pk in Inmate.objects.records_of(inmate).order_by("pk").values_list("pk", flat=True):
        DataLimit.objects.create(
            inmate_id=pk, facility_id=prison, asked_on=asked_on, reason=reason, created_by=by
        )
    referral_upkeep.end_of_person(inmate=inmate)
    follow_ups.take_back(inmate=inmate, by=by)
    people = Inmate.objects.records_of(inmate)
    for row in follow_up_rows.locked(FollowUp.objects.planned().filter(inmate__in=people)):
        follow_up_rows.revoke_links(row)
    return of(inmate)


@act
def lift(*, inmate, reason, by):
    """Use the data again, for a reason; what has ended meanwhile is begun anew. Returns the limit.

    Twice by the same person is harmless.
    """
    inmate, _prison = in_charge.locked(inmate, by, ACT)
    reason = reason.strip()
    records = Inmate.objects.records_of(inmate)
    rows = DataLimit.objects.filter(inmate__in=records).select_related("lifted_by")
    standing = list(rows.standing().select_for_update(no_key=True, of=["self"]).order_by("pk"))
    if not standing:
        last = rows.order_by("pk").last()
        if last and (last.lifted_by, last.lifted_why) == (by, reason):
            return last
        raise NotAllowed(_("Pemrosesan data orang ini tidak sedang dibatasi."))
    need_reason(reason)
    for row in standing:
        row.lifted_on, row.lifted_by, row.lifted_why = timezone.localdate(), by, reason
        row.save(update_fields=["lifted_on", "lifted_by", "lifted_why"])
    return standing[-1]


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
