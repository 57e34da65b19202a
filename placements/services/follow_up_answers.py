"""What was learned about somebody: recorded, corrected with a reason, undone; and vain tries.

A follow-up stays due while nobody reaches the person; each try is kept, and after enough of them
it may be closed as not reached. News that comes outside the schedule is written down by itself.
"""

from dataclasses import dataclass, fields
from datetime import date

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates.models import Consent, Custody, Sentence
from inmates.states import ConsentPurpose
from placements import asking
from placements.employment import (
    ENDS_SERIES,
    WORKING,
    ContactChannel,
    FollowUpOutcome,
    FollowUpOwner,
    FollowUpState,
    PayBand,
)
from placements.models import FollowUp, FollowUpAttempt
from placements.services import follow_up_news as tell
from placements.services import follow_up_rows as rows_of

OF_WORK = ("employer", "pay_band", "is_same_job")
PASSED_OVER = gettext_lazy("Tidak terjawab sampai %(name)s dicatat")
NO_MORE = gettext_lazy("%(outcome)s, dicatat per %(day)s")


@dataclass(frozen=True)
class Told:
    """What was learned, on which day and by which way; `done_by` says who asked."""

    outcome: str
    channel: str
    done_on: date
    employer: str = ""
    pay_band: str = ""
    is_same_job: bool | None = None
    help_needed: str = ""
    done_by: str = ""

    def fields(self):
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def is_in(self, row):
        return all(getattr(row, name) == value for name, value in self.fields().items())


@act
def record(*, follow_up, by, is_last=False, **told):
    """Write down what became of somebody, or that a try was in vain (`FollowUpOutcome`).

    `told` are the fields of `Told`. A vain try leaves the follow-up due; with `is_last` it is
    closed as not reached, once there were enough tries. Earlier months of the series that nobody
    answered are then closed too. Returns the follow-up.
    """
    _require(by, follow_up)
    row = rows_of.locked_one(follow_up)
    return write(row, Told(**{"done_by": str(by), **told}), by, is_last=is_last)


@act
def correct(*, follow_up, reason, by, **told):
    """Put right what was recorded, with the reason; a liaison only what the agency recorded."""
    _require(by, follow_up)
    row = rows_of.locked_one(follow_up)
    if by.is_liaison and not (row.state_by and row.state_by.is_liaison):
        raise Forbidden(_("Catatan ini dibuat oleh lapas."))
    if row.state != FollowUpState.DONE:
        raise NotAllowed(_("Pemantauan ini belum dicatat."))
    told = Told(**{"done_by": row.done_by, **told})
    if told.is_in(row):
        return row
    _need_reason(reason)
    _check(row, told, by)
    if told.outcome == FollowUpOutcome.NOT_REACHED:
        raise _problem("outcome", _("Minta kepala seksi membatalkan catatan ini."))
    if row.outcome in ENDS_SERIES and told.outcome != row.outcome:
        _ask_again(row, by)
    with pghistory.context(reason=reason.strip()):
        for name, value in told.fields().items():
            setattr(row, name, value)
        row.save(update_fields=list(told.fields()))
    _end_series(row, by)
    return row


@act
def undo(*, follow_up, reason, by):
    """It was recorded by mistake: to be asked again; news is taken out."""
    require(by, "correct_state", follow_up.facility_id)
    row = rows_of.locked_one(follow_up)
    after = FollowUpState.DUE if row.months else FollowUpState.CANCELLED
    reason = reason.strip()
    if row.state != FollowUpState.DONE:
        if (row.state, row.state_by, row.reason) == (after, by, reason):
            return row
        raise NotAllowed(_("Pemantauan ini belum dicatat."))
    _need_reason(reason)
    if row.outcome in ENDS_SERIES:
        _ask_again(row, by)
    empty = Told(outcome="", channel="", done_on=None).fields()
    rows_of.move(row, after, by, reason=reason, **empty)
    return row


@act
def tell_news(*, inmate, facility, by, **told):
    """News about somebody that came outside the schedule, for the prison. Returns its row."""
    require(by, "follow_up", facility.pk)
    return _news(inmate, by, Told(**{"done_by": str(by), **told}), facility_id=facility.pk)


@act
def tell_news_of(*, follow_up, by, **told):
    """As `tell_news`, of the person of a follow-up that the user may record."""
    _require(by, follow_up)
    ours = {}
    if asking.speaks_for_owner(by, follow_up):
        ours = {"owner": FollowUpOwner.AGENCY, "agency_id": follow_up.agency_id}
    told = Told(**{"done_by": str(by), **told})
    return _news(follow_up.inmate, by, told, facility_id=follow_up.facility_id, **ours)


def write(row, told, by, *, is_last=False):
    """Record on a locked follow-up; `by` is None for who has no account. Returns the row."""
    if row.state == FollowUpState.DONE:
        if by is not None and row.state_by == by and told.is_in(row):
            return row
        raise rows_of.settled(row, _("Sudah dicatat oleh %(who)s pada %(when)s."))
    if row.state == FollowUpState.CANCELLED:
        raise NotAllowed(_("Pemantauan ini tidak berlaku lagi."))
    _check(row, told, by)
    if told.outcome == FollowUpOutcome.NOT_REACHED:
        return _try(row, told, by, is_last)
    rows_of.move(row, FollowUpState.DONE, by, reason="", **told.fields())
    _pass_over(row, by)
    _end_series(row, by)
    _tell(row, by)
    return row


def leave_of(records, on):
    """Whether the prison may turn to the person on a day, by all records of theirs."""
    consents = Consent.objects.in_force(on, purpose=ConsentPurpose.FOLLOW_UP)
    ends = Sentence.objects.filter(inmate__in=records, expires__isnull=False)
    return asking.has_leave(
        consents.filter(inmate__in=records).exists(),
        ends.order_by("-as_of").values_list("expires", flat=True).first(),
        on,
    )


def _news(inmate, by, told, *, facility_id, **owned):
    people = rows_of.locked_records(inmate)
    if told.outcome == FollowUpOutcome.NOT_REACHED:
        raise _problem("outcome", _("Kabar berisi apa yang diketahui tentang orangnya."))
    known = rows_of.locked(
        FollowUp.objects.news().filter(inmate__in=people, counted_from=told.done_on)
    )
    row = known[0] if known else None
    if row and row.state == FollowUpState.DONE:
        if row.state_by == by and told.is_in(row):
            return row
        raise rows_of.settled(
            row, _("Kabar pada hari itu sudah dicatat oleh %(who)s pada %(when)s; betulkan itu.")
        )
    if Custody.objects.open().filter(inmate__in=people).exists():
        if by.is_liaison:  # where somebody is now is not told
            raise NotAllowed(_("Hubungi lapas untuk kabar ini."))
        raise NotAllowed(_("Orang ini ditempatkan di lapas; kabarnya tidak perlu dicari."))
    blank = FollowUp(
        inmate_id=inmate.merged_into_id or inmate.pk,
        facility_id=facility_id,
        months=0,
        counted_from=told.done_on,
        due_on=told.done_on,
        state=FollowUpState.DONE,
        state_by=by,
        created_by=by,
        entered_afterwards=True,
        **owned,
        **told.fields(),
    )
    _check(row or blank, told, by)
    if row is None:
        blank.save()
        blank.refresh_from_db()
        row = blank
    else:  # taken out before
        rows_of.renew(row, by)
        rows_of.move(row, FollowUpState.DONE, by, **told.fields(), **owned)
    _end_series(row, by)
    _tell(row, by)
    return row


def _try(row, told, by, is_last):
    known = row.attempts.filter(tried_on=told.done_on, channel=told.channel).first()
    tries = row.attempts.count() + (known is None)
    if is_last and tries < settings.FOLLOW_UP_ATTEMPTS:
        raise _problem(
            "is_last",
            _("Baru %(tries)s kali dicoba; sebelum ditutup coba %(most)s kali.")
            % {"tries": tries, "most": settings.FOLLOW_UP_ATTEMPTS},
        )
    if known is None:
        FollowUpAttempt.objects.create(
            follow_up=row,
            tried_on=told.done_on,
            channel=told.channel,
            tried_by=told.done_by,
            created_by=by,
        )
    elif not is_last and (by is None or known.created_by_id != by.pk):
        raise AlreadyDone(
            _("Percobaan hari itu dengan cara ini sudah dicatat oleh %(who)s.")
            % {"who": known.tried_by or "—"}
        )
    if is_last:
        rows_of.move(row, FollowUpState.DONE, by, reason="", **told.fields())
    return row


def _pass_over(row, by):
    """Earlier months of the series that nobody answered count as not reached."""
    earlier = FollowUp.objects.planned().filter(
        inmate=row.inmate_id, counted_from=row.counted_from, months__lt=row.months
    )
    reason = rows_of.in_office(PASSED_OVER, name=asking.name_of(row.months).lower())
    for each in rows_of.locked(earlier):
        rows_of.move(
            each,
            FollowUpState.DONE,
            by,
            outcome=FollowUpOutcome.NOT_REACHED,
            done_on=row.done_on,
            reason=reason,
        )


def _end_series(row, by):
    """Whoever is dead or detained again is asked about no more."""
    if row.outcome not in ENDS_SERIES:
        return
    rest = FollowUp.objects.planned().filter(inmate__in=rows_of.locked_records(row.inmate))
    reason = rows_of.in_office(NO_MORE, outcome=FollowUpOutcome(row.outcome).label, day=row.done_on)
    rows_of.call_off(rows_of.locked(rest), by, reason=reason, outcome=row.outcome)


def _ask_again(row, by):
    """What was called off because of this record is to be asked after all."""
    rest = FollowUp.objects.filter(
        inmate__in=rows_of.locked_records(row.inmate),
        state=FollowUpState.CANCELLED,
        outcome=row.outcome,
        state_at__gte=row.state_at,
        months__gt=0,
    )
    for each in rows_of.locked(rest):
        rows_of.renew(each, by)


def _tell(row, by):
    if by is None or by.is_liaison:
        tell.answered(row, by)
    if row.help_needed:
        tell.help_needed(row, by)


def _require(by, follow_up):
    if not asking.may_record(by, follow_up):
        raise Forbidden(_("Pemantauan ini bukan tugas Anda."))


def _check(row, told, by):
    """`NotAllowed` by field, for what cannot be as it is told."""
    problems = _problems_of_words(told, by) | _problems_of_day(row, told)
    if not problems and asking.needs_leave(told.channel):
        records = rows_of.locked_records(row.inmate)
        if not leave_of(records, told.done_on):
            problems["channel"] = _(
                "Tanpa persetujuan pemantauan hanya kabar dari PK Bapas, keluarga, atau yang "
                "dibawa orangnya sendiri yang boleh dicatat."
            )
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _problems_of_words(told, by):
    problems = {}
    for name, choices in (("outcome", FollowUpOutcome), ("channel", ContactChannel)):
        if getattr(told, name) not in choices.values:
            problems[name] = _("Pilih salah satu.")
    if told.pay_band and told.pay_band not in PayBand.values:
        problems["pay_band"] = _("Pilih salah satu.")
    if told.outcome == asking.RESTRICTED and by is not None and by.is_liaison:
        problems["outcome"] = _("Hubungi lapas untuk kabar ini.")
    if told.outcome in FollowUpOutcome.values and told.outcome not in WORKING:
        said = [name for name in OF_WORK if getattr(told, name) not in ("", None)]
        problems |= dict.fromkeys(said, _("Hanya diisi bila orangnya bekerja."))
    return problems


def _problems_of_day(row, told):
    if told.done_on > timezone.localdate():
        return {"done_on": _("Tanggal tidak boleh di masa depan.")}
    if told.done_on < row.counted_from:
        return {
            "done_on": _("Dihitung sejak %(day)s; tanggalnya tidak bisa lebih awal.")
            % {"day": formats.date_format(row.counted_from)}
        }
    earliest = asking.opens_on(row.due_on)
    if row.months and told.done_on < earliest:
        return {
            "done_on": _("Baru bisa dicatat mulai %(day)s; sebelum itu catat sebagai kabar.")
            % {"day": formats.date_format(earliest)}
        }
    return {}


def _need_reason(reason):
    if not reason.strip():
        raise _problem("reason", _("Sebutkan alasannya."))


def _problem(field, sentence):
    return NotAllowed({field: ValidationError(sentence)})
