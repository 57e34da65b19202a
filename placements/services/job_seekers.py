"""The job-seeker card (AK-1): registered, reported every six months, renewed, ended.

A city's Disnaker issues it and takes the reports; the prison writes down what is on the paper.
"""

import pghistory
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from inmates.models import Inmate
from inmates.services.people import need_reason
from partners.states import AgencyKind
from placements.employment import CardEnd
from placements.models import JobSeekerCard
from placements.rules import next_report
from placements.services import in_charge

CORRECTABLE = ("agency", "number", "issued_on", "expires_on", "reported_on", "report_by", "scan")
ENDINGS = (CardEnd.WORK, CardEnd.EXPIRED, CardEnd.OTHER)  # RENEWED comes with the new card


@act
def register(
    *, inmate, agency, number, issued_on, by, expires_on=None, reported_on=None, scan=None
):
    """Write down a card; without a day of expiry it lasts `JOB_SEEKER_CARD_YEARS`.

    `reported_on` is the last report that was made already. An open card that has expired ends by
    it. Raises `AlreadyDone` while another card is valid, `NotAllowed` with field errors.
    """
    inmate, prison = in_charge.locked(inmate, by, "record_readiness")
    standing = _open_of(inmate)
    if standing:
        same = (standing.created_by_id, standing.agency_id, standing.number, standing.issued_on)
        if same == (by.pk, agency.pk, _plain(number), issued_on):
            return standing
        if standing.expires_on >= timezone.localdate():
            raise AlreadyDone(_already_registered(standing))
    card = JobSeekerCard(
        facility_id=prison,
        agency=agency,
        inmate=inmate,
        number=_plain(number),
        issued_on=issued_on,
        expires_on=expires_on or _end_of(issued_on),
        reported_on=reported_on,
        scan=scan or "",
        created_by=by,
    )
    card.report_by = next_report(card.issued_on, card.expires_on, reported_on or issued_on)
    _check(card, scan)
    if standing:
        _end(standing, standing.expires_on, CardEnd.EXPIRED)
    card.save()
    card.refresh_from_db(fields=["public_id"])
    return card


@act
def report(*, card, on, by):
    """A six-monthly report was made: the next one is due as many months after this one's day.

    The days are counted from the day of issue, so that an early or late report moves nothing;
    none is asked for after the card's expiry.
    """
    card = _locked(card, by)
    if card.reported_on == on:
        _same_or_already(card, by, _("Laporan tanggal %(day)s") % {"day": _day(on)}, reported_on=on)
        return card
    _require_open(card)
    if not card.issued_on <= on <= min(timezone.localdate(), card.expires_on):
        told = _("Tanggal lapor antara tanggal terbit dan hari ini, dalam masa berlaku kartu.")
        raise NotAllowed({"on": ValidationError(told)})
    if card.reported_on and on < card.reported_on:
        told = _("Sudah ada laporan yang lebih baru, tanggal %(day)s.")
        raise NotAllowed({"on": ValidationError(told % {"day": _day(card.reported_on)})})
    card.report_by = next_report(card.issued_on, card.expires_on, max(on, card.report_by or on))
    card.reported_on = on
    card.save(update_fields=["reported_on", "report_by"])
    notices.close_for(card, "card_report")
    return card


@act
def renew(*, card, number, issued_on, by, agency=None, expires_on=None, scan=None):
    """A new card in place of this one, which ends on the day the new one is issued."""
    inmate, _prison = in_charge.locked(card.inmate, by, "record_readiness")
    old = _locked(card, by)
    following = _open_of(inmate)
    if old.ended_why == CardEnd.RENEWED and following:
        same = (following.created_by_id, following.number, following.issued_on)
        if same == (by.pk, _plain(number), issued_on):
            return following
        raise AlreadyDone(_already_registered(following))
    _require_open(old)
    if issued_on < old.issued_on:
        told = _("Kartu baru tidak bisa terbit sebelum kartu lama, %(day)s.")
        raise NotAllowed({"issued_on": ValidationError(told % {"day": _day(old.issued_on)})})
    expired = old.expires_on < issued_on
    _end(
        old,
        old.expires_on if expired else issued_on,
        CardEnd.EXPIRED if expired else CardEnd.RENEWED,
    )
    return register(
        inmate=inmate,
        agency=agency or old.agency,
        number=number,
        issued_on=issued_on,
        expires_on=expires_on,
        scan=scan,
        by=by,
    )


@act
def correct(*, card, changes, reason, by):
    """Put right what was written down wrongly: `changes` is `{field of CORRECTABLE: value}`."""
    card = _locked(card, by)
    need_reason(reason)
    if unknown := set(changes) - set(CORRECTABLE):
        raise ValueError(f"not corrected here: {unknown}")
    if "number" in changes:
        changes = {**changes, "number": _plain(changes["number"])}
    if not changes.get("scan"):
        changes = {name: value for name, value in changes.items() if name != "scan"}
    changed = {name: value for name, value in changes.items() if getattr(card, name) != value}
    if not changed:
        return card
    old_scan = card.scan
    for name, value in changed.items():
        setattr(card, name, value)
    _check(card, changed.get("scan"))
    with pghistory.context(reason=reason.strip()):
        card.save(update_fields=list(changed))
    if "scan" in changed and old_scan:
        storage, name = old_scan.storage, old_scan.name
        transaction.on_commit(lambda: storage.delete(name))
    return card


@act
def end(*, card, on, why, by):
    """The card is not used any more; `why` is one of `ENDINGS`."""
    card = _locked(card, by)
    if card.ended_on:
        if (card.ended_on, card.ended_why) == (on, why):
            _same_or_already(card, by, _("Akhir kartu ini"), ended_on=on)
            return card
        raise _ended(card)
    if why not in ENDINGS:
        raise NotAllowed({"why": ValidationError(_("Pilihan ini tidak tersedia di sini."))})
    if not card.issued_on <= on <= timezone.localdate():
        told = _("Tanggal berakhir antara tanggal terbit dan hari ini.")
        raise NotAllowed({"on": ValidationError(told)})
    _end(card, on, why)
    return card


@act
def end_for_work(*, inmate, day, by):
    """Somebody begins to work on that day: their card, if one is open, ends; returns it or None.

    For the service that records the work: the permission is its business, and it holds the lock
    of the person. `by` stands in the history.
    """
    card = _open_of(inmate.merged_into or inmate)
    if card:
        _end(card, max(day, card.issued_on), CardEnd.WORK)
    return card


@act
def work_voided(*, inmate, day, by):
    """The work of that day was written down wrongly: the card that it ended counts again.

    For the service that takes the work back, as `end_for_work`. Returns the card, or None.
    """
    card = _newest_of(JobSeekerCard.objects.all(), inmate.merged_into or inmate)
    if card is None or card.ended_why != CardEnd.WORK or card.ended_on != max(day, card.issued_on):
        return None
    card.ended_on, card.ended_why = None, ""
    card.save(update_fields=["ended_on", "ended_why"])
    return card


@act
def reopen(*, card, reason, by):
    """The card was ended by mistake: it counts again. Head only, with a reason."""
    card = _locked(card, by, act_name="correct_state")
    need_reason(reason)
    if card.ended_on is None:
        return card
    if other := _open_of(card.inmate):
        raise NotAllowed(_already_registered(other))
    card.ended_on, card.ended_why = None, ""
    with pghistory.context(reason=reason.strip()):
        card.save(update_fields=["ended_on", "ended_why"])
    return card


def reports_of(card):
    """Days of the reports that were written down, newest first, as (day, who wrote it down)."""
    found, last = [], None
    for event in card.events.order_by("pgh_id"):
        if event.reported_on and event.reported_on != last:
            found.append((event.reported_on, (event.pgh_context or {}).get("name", "")))
        last = event.reported_on
    return found[::-1]


def _end_of(issued_on):
    return issued_on + relativedelta(years=settings.JOB_SEEKER_CARD_YEARS)


def _open_of(inmate):
    """The open card of a person in any of their records, locked."""
    return _newest_of(JobSeekerCard.objects.open(), inmate)


def _newest_of(rows, inmate):
    rows = rows.filter(inmate__in=Inmate.objects.records_of(inmate))
    return (
        rows.select_for_update(no_key=True, of=["self"])
        .select_related("created_by", "agency")
        .order_by("pk")
        .last()
    )


def _locked(card, by, act_name="record_readiness"):
    """The card, locked after its person, if `by` may do the act where the person is or was."""
    in_charge.locked(card.inmate, by, act_name)
    return (
        JobSeekerCard.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "agency", "created_by")
        .get(pk=card.pk)
    )


def _end(card, on, why):
    card.ended_on, card.ended_why = on, why
    card.save(update_fields=["ended_on", "ended_why"])
    notices.close_for(card)


def _check(card, scan):
    problems = {}
    if not card.number:
        problems["number"] = _("Isi nomor pendaftaran.")
    elif (
        JobSeekerCard.objects.filter(agency=card.agency, number=card.number)
        .exclude(pk=card.pk)
        .exists()
    ):
        problems["number"] = _("Nomor pendaftaran ini sudah dipakai untuk kartu lain.")
    if card.agency.kind != AgencyKind.DISNAKER:
        problems["agency"] = _("Kartu AK-1 diterbitkan oleh Dinas Tenaga Kerja.")
    today = timezone.localdate()
    if card.issued_on > today:
        problems["issued_on"] = _("Tanggal ini belum lewat.")
    if card.expires_on <= card.issued_on:
        problems["expires_on"] = _("Masa berlaku berakhir sebelum tanggal terbit.")
    elif card.expires_on < today and not card.pk:
        problems["expires_on"] = _("Kartu ini sudah lewat masa berlakunya; catat kartu yang baru.")
    if card.reported_on and not card.issued_on <= card.reported_on <= min(today, card.expires_on):
        problems["reported_on"] = _(
            "Tanggal lapor antara tanggal terbit dan hari ini, dalam masa berlaku kartu."
        )
    elif card.report_by and not card.issued_on < card.report_by <= card.expires_on:
        problems["report_by"] = _("Antara tanggal terbit dan akhir masa berlaku.")
    if scan:
        try:
            checked_scan(scan)
        except ValidationError as error:
            problems["scan"] = error
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _require_open(card):
    if card.ended_on:
        raise _ended(card)


def _ended(card):
    return AlreadyDone(
        _("Kartu ini sudah berakhir pada %(day)s (%(why)s), dicatat oleh %(who)s.")
        % {
            "day": _day(card.ended_on),
            "why": card.get_ended_why_display().lower(),
            "who": _writer(card, ended_on=card.ended_on)[1] or _("sistem"),
        }
    )


def _same_or_already(card, by, what, **said):
    """Nothing to do if `by` said the same before; raises `AlreadyDone` if somebody else did."""
    user, name = _writer(card, **said)
    if user not in (None, by.pk):
        raise AlreadyDone(_("%(what)s sudah dicatat oleh %(who)s.") % {"what": what, "who": name})


def _writer(card, **said):
    """Who wrote this first, by the history: (id, name), or (None, "")."""
    event = card.events.filter(**said).order_by("pgh_id").first()
    context = (event and event.pgh_context) or {}
    return context.get("user"), context.get("name", "")


def _already_registered(card):
    return _(
        "Orang ini masih punya kartu AK-1 nomor %(number)s dari %(agency)s, berlaku sampai "
        "%(day)s, dicatat oleh %(who)s."
    ) % {
        "number": card.number,
        "agency": card.agency,
        "day": _day(card.expires_on),
        "who": card.created_by or _("sistem"),
    }


def _plain(text):
    return " ".join(text.split())


def _day(day):
    return formats.date_format(day)
