"""What keeps a person out of a training for now: discipline, security, health; and the end of it.

Nothing here says why: no offence, no diagnosis, only the paper or page where that stands. Each
change is a circumstance, so that whatever hangs on the person is settled. The person is locked
before the restriction.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Custody, Inmate, Restriction
from inmates.services import circumstances
from inmates.states import KEEPS_OUT, CircumstanceKind, RestrictionKind

SOURCE = "restriction"
# Who may write each kind.
ACT_OF = {
    RestrictionKind.DISCIPLINE: "set_restriction",
    RestrictionKind.SECURITY: "set_restriction",
    RestrictionKind.UNFIT: "set_fitness",
    RestrictionKind.FIT: "set_fitness",
}


@act
def impose(*, inmate, facility, kind, starts, by, until=None, note=""):
    """Write down a restriction, or that the clinic found the person fit (which ends *unfit*).

    `until` is the last day on which it holds, None for until it is lifted. `note` names the
    letter or the page of the register. Refused while one of the same kind covers one of the days.
    """
    require(by, ACT_OF[kind], facility.pk)
    inmate, note = _locked_person(inmate), note.strip()
    _check_here(inmate, facility)
    _check_days(starts, until)
    same = _same(inmate, kind, starts, until)
    if same:
        if (same.starts, same.until, same.note, same.created_by_id) == (starts, until, note, by.pk):
            return same
        raise AlreadyDone(_overlaps(same))
    restriction = Restriction.objects.create(
        inmate=inmate,
        facility=facility,
        kind=kind,
        starts=starts,
        until=until,
        note=note,
        created_by=by,
    )
    if kind == RestrictionKind.FIT:
        _end_unfit(restriction, by)
    elif _still_matters(until):
        _note(restriction, CircumstanceKind(kind), starts, by, new=until or "")
    return restriction


@act
def lift(*, restriction, until, by):
    """End a restriction: `until` becomes its last day (today or another, never before its first).

    The same person again with the same day: the restriction. Already over: `AlreadyDone`.
    """
    restriction = _locked(restriction)
    require(by, ACT_OF[restriction.kind], prison_of(restriction))
    if restriction.until == until:
        return restriction
    if restriction.until and restriction.until < timezone.localdate():
        raise AlreadyDone(
            _("Sudah berakhir pada %(day)s.") % {"day": formats.date_format(restriction.until)}
        )
    problem = _problem_of_lifting(restriction, until)
    if problem:
        raise NotAllowed({"until": ValidationError(problem)})
    _end(restriction, until, by)
    return restriction


@act
def void(*, restriction, reason, by):
    """The entry was wrong (another person, another kind): it stays, with the reason, and counts
    for nothing from the beginning."""
    reason = reason.strip()
    restriction = _locked(restriction)
    require(by, ACT_OF[restriction.kind], prison_of(restriction))
    if restriction.is_voided:
        if (restriction.voided_by_id, restriction.voided_why) == (by.pk, reason):
            return restriction
        raise AlreadyDone(
            _("Sudah dinyatakan salah oleh %(who)s.") % {"who": restriction.voided_by or "—"}
        )
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    restriction.voided_at, restriction.voided_by = timezone.now(), by
    restriction.voided_why = reason
    restriction.save(update_fields=["voided_at", "voided_by", "voided_why"])
    if restriction.kind in KEEPS_OUT:
        _note_lifted(restriction, timezone.localdate(), by)
    return restriction


def kinds_for(user, facility_id):
    """The kinds that a user may write at the prison, as choices."""
    return [(kind, kind.label) for kind, needed in ACT_OF.items() if may(user, needed, facility_id)]


def prison_of(restriction):
    """Whose posts may end it: the prison that holds the person now, or the one that wrote it."""
    return restriction.inmate.prison_id or restriction.facility_id


def _locked_person(inmate):
    return Inmate.objects.select_for_update(no_key=True, of=["self"]).get(pk=inmate.pk)


def _locked(restriction):
    _locked_person(restriction.inmate)
    return (
        Restriction.entries.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "voided_by")
        .get(pk=restriction.pk)
    )


def _check_here(inmate, facility):
    if not Custody.objects.open().filter(inmate=inmate, facility=facility).exists():
        raise NotAllowed(_("Orang ini tidak ditempatkan di lapas Anda."))


def _check_days(starts, until):
    if until and until < starts:
        raise NotAllowed(
            {"until": ValidationError(_("Pembatasan tidak bisa berakhir sebelum dimulai."))}
        )


def _same(inmate, kind, starts, until):
    """An entry of the kind that covers one of the days; a word of fitness only on its own day."""
    rows = Restriction.objects.filter(inmate=inmate, kind=kind)
    if kind == RestrictionKind.FIT:
        return rows.filter(starts=starts).first()
    rows = rows.exclude(until__lt=starts)
    return (rows.filter(starts__lte=until) if until else rows).first()


def _overlaps(restriction):
    sentence = (
        _("%(kind)s sudah tercatat sejak %(since)s, sampai %(until)s.")
        if restriction.until
        else _("%(kind)s sudah tercatat sejak %(since)s dan belum berakhir.")
    )
    return sentence % {
        "kind": restriction.get_kind_display(),
        "since": formats.date_format(restriction.starts),
        "until": restriction.until and formats.date_format(restriction.until),
    }


def _problem_of_lifting(restriction, until):
    if until < restriction.starts:
        return _("Baru mulai pada %(day)s; bila salah catat, nyatakan salah.") % {
            "day": formats.date_format(restriction.starts)
        }
    if restriction.until and until > restriction.until:
        return _("Sudah berakhir lebih awal, pada %(day)s.") % {
            "day": formats.date_format(restriction.until)
        }
    return ""


def _end_unfit(fit, by):
    """The clinic found the person fit: what said otherwise ends on the day before."""
    open_ones = Restriction.objects.filter(
        inmate=fit.inmate, kind=RestrictionKind.UNFIT, starts__lte=fit.starts
    ).exclude(until__lt=fit.starts)
    for unfit in open_ones.select_for_update(no_key=True).order_by("pk"):
        unfit.inmate = fit.inmate
        _end(unfit, max(fit.starts - timedelta(days=1), unfit.starts), by, effective=fit.starts)


def _end(restriction, until, by, effective=None):
    restriction.until = until
    restriction.save(update_fields=["until"])
    if restriction.kind in KEEPS_OUT:
        _note_lifted(restriction, effective or until, by)


def _still_matters(until):
    return until is None or until >= timezone.localdate()


def _note_lifted(restriction, effective, by):
    _note(restriction, CircumstanceKind.LIFTED, effective, by, old=restriction.kind)


def _note(restriction, kind, effective, by, **texts):
    circumstances.note(
        inmate=restriction.inmate,
        facility_id=prison_of(restriction),
        kind=kind,
        effective=effective,
        source=SOURCE,
        by=by,
        **texts,
    )
