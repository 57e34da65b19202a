"""Who may do what with agencies and agreements, and the calendar of an agreement."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from partners.states import SIGNED_ONCE, TRANSITIONS, UNSIGNED

NOTICE_MONTHS_MOST = 24
REVIEW_MONTHS_MOST = 60
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)


def is_liaison_of(user, agency_id):
    """Whether the user speaks for exactly this agency (not for a unit below it)."""
    if not user.is_liaison or not user.is_active:
        return False
    return user.liaisons.filter(agency_id=agency_id, until__isnull=True).exists()


def next_acts(user, agreement):
    """Names of the acts (`states.TRANSITIONS`) that the user may do with the agreement now."""
    return {
        move.act
        for move in TRANSITIONS
        if move.start == agreement.state and may(user, move.who, agreement.facility_id)
    }


def may_ever(user, act, agreement):
    """Whether the act is the user's at all, whatever state the agreement is in."""
    return any(
        may(user, move.who, agreement.facility_id) for move in TRANSITIONS if move.act == act
    )


def can_edit(user, agreement):
    """Terms may be written until the agreement is signed."""
    return agreement.state in UNSIGNED and may(user, "draft_agreement", agreement.facility_id)


def can_sign(user, agreement):
    return "sign" in next_acts(user, agreement)


def can_finish(user, item):
    """An action item is ticked off by whoever keeps the log, or by the holder of its post."""
    return may(user, "record_engagement", item.facility_id) or any(
        (posting.facility_id, posting.role_id) == (item.facility_id, item.owner_role_id)
        for posting in user.current_postings
    )


def months_before(day, months):
    """`day` less whole months, clamped to the month's end (31 Aug - 3 months = 31 May)."""
    return day - relativedelta(months=months)


def notice_deadline(agreement):
    """Last day to propose an extension: end less the notice months; None without an end."""
    if agreement.ends_on is None:
        return None
    return months_before(agreement.ends_on, agreement.notice_months)


def days_left(agreement, today=None):
    """Days from today to the last day in force, termination counted; None if never signed."""
    until = last_day(agreement)
    return None if until is None else (until - (today or timezone.localdate())).days


def next_review(agreement, today=None):
    """The next day on which monitoring and evaluation is due, or None once the term is over."""
    until = last_day(agreement)
    if until is None:
        return None
    today = today or timezone.localdate()
    gone = relativedelta(max(today, agreement.starts_on), agreement.starts_on)
    rounds = (gone.years * 12 + gone.months) // agreement.review_months
    for number in (max(rounds, 1), rounds + 1):
        due = agreement.starts_on + relativedelta(months=number * agreement.review_months)
        if due >= today:
            return due if due <= until else None
    return None


def month_named(text, today=None):
    """First day of the month that a text like 2027-03 names; anything else: this month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = None
    if first is None or not EARLIEST <= first <= LATEST:
        first = (today or timezone.localdate()).replace(day=1)
    return first


def around(first):
    """Of a month's first day: its last day, and the first days of the months beside it."""
    after = first + relativedelta(months=1)
    return after - relativedelta(days=1), first - relativedelta(months=1), after


def deadlines(agreements, first, last):
    """What falls between two days, in order: (day, kind, agreement); kind is `end` or `notice`."""
    found = [
        (day, kind, agreement)
        for agreement in agreements
        for day, kind in (
            (notice_deadline(agreement), "notice"),
            (last_day(agreement), "end"),
        )
        if day is not None and first <= day <= last
    ]
    return sorted(found, key=lambda entry: (entry[0], entry[1], entry[2].pk))


def problems_of_terms(*, starts_on, ends_on, notice_months, review_months):
    """What is wrong with the terms of an agreement: a dict of field to sentence."""
    problems = {}
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day and not EARLIEST <= day <= LATEST:
            problems[field] = _("Tahunnya tidak masuk akal.")
    if starts_on and ends_on and ends_on < starts_on:
        problems["ends_on"] = _("Tanggal akhir tidak boleh sebelum tanggal mulai.")
    if not 1 <= notice_months <= NOTICE_MONTHS_MOST:
        problems["notice_months"] = _("Isi antara 1 dan %(most)s bulan.") % {
            "most": NOTICE_MONTHS_MOST
        }
    if not 1 <= review_months <= REVIEW_MONTHS_MOST:
        problems["review_months"] = _("Isi antara 1 dan %(most)s bulan.") % {
            "most": REVIEW_MONTHS_MOST
        }
    return problems


def problems_of_signing(
    *, signed_on, starts_on, ends_on, our_number, their_number, signed_scan, today=None
):
    """What a signed agreement still lacks: a dict of field to sentence, empty when complete."""
    needed = {
        "signed_on": (signed_on, _("Isi tanggal penandatanganan.")),
        "starts_on": (starts_on, _("Isi tanggal mulai berlaku.")),
        "ends_on": (ends_on, _("Isi tanggal berakhir.")),
        "our_number": (our_number.strip(), _("Isi nomor dari pihak lapas.")),
        "their_number": (their_number.strip(), _("Isi nomor dari pihak instansi.")),
        "signed_scan": (signed_scan, _("Lampirkan pindaian naskah yang ditandatangani.")),
    }
    problems = {field: text for field, (value, text) in needed.items() if not value}
    if signed_on and signed_on > (today or timezone.localdate()):
        problems["signed_on"] = _("Tanggal penandatanganan tidak boleh di masa depan.")
    if signed_on and not problems.get("signed_on") and signed_on < EARLIEST:
        problems["signed_on"] = _("Tahunnya tidak masuk akal.")
    return problems


def problems_of_termination(agreement, terminated_on, reason):
    """Termination has a reason and a first day without the agreement, inside its term."""
    problems = {}
    if not reason.strip():
        problems["reason"] = _("Sebutkan alasan penghentian.")
    if terminated_on < min(agreement.signed_on, agreement.starts_on):
        problems["terminated_on"] = _("Tidak bisa dihentikan sebelum ditandatangani.")
    elif terminated_on > agreement.ends_on:
        problems["terminated_on"] = _("Pada tanggal itu perjanjian sudah berakhir.")
    return problems


def suggested_end(starts_on, years):
    """The usual last day of a term: start + years - 1 day (26 Feb 2021 + 2 -> 25 Feb 2023)."""
    return starts_on + relativedelta(years=years, days=-1)


def last_day(agreement):
    """The last day on which the agreement holds, termination counted; None if never signed."""
    if agreement.state not in SIGNED_ONCE or agreement.ends_on is None:
        return None
    if agreement.terminated_on is None:
        return agreement.ends_on
    return min(agreement.ends_on, agreement.terminated_on + relativedelta(days=-1))


def covers(agreement, starts_on, ends_on):
    """Whether the agreement, or it and its signed successor, holds on every day of the span.

    Both days count. Source: a training names an agreement in force on its first and last day
    (field notes 3.3).
    """
    until = last_day(agreement)
    if until is None or starts_on < agreement.starts_on:
        return False
    if ends_on <= until:
        return True
    successor = getattr(agreement, "successor", None)
    if successor is None or last_day(successor) is None or starts_on > until:
        return False
    return successor.starts_on <= until + relativedelta(days=1) and ends_on <= last_day(successor)
