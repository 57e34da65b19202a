"""Who may do what with agencies and agreements, and the calendar of an agreement."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from partners.states import (
    SIGNED_ONCE,
    TRANSITIONS,
    UMBRELLAS,
    UNSIGNED,
    AgreementState,
    Party,
    TerminationGround,
)

NOTICE_MONTHS_MOST = 24
REVIEW_MONTHS_MOST = 60
TERMINATION_DAYS_MOST = 365
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)


def is_liaison_of(user, agency_id, kind=None):
    """Whether the user speaks for exactly this agency (not for a unit below it), as read once per
    user object.

    With a `kind` (`AgencyKind`): only if the agency is one of that kind.
    """
    if not user.is_liaison or not user.is_active:
        return False
    agencies = user.liaisons.model._meta.get_field("agency").related_model.objects
    if agency_id not in agencies.own_ids(user):
        return False
    return kind is None or agencies.filter(pk=agency_id, kind=kind).exists()


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


def act_of_linking(agreement):
    """The act that links a successor: its terms until the signing, a matter of signing after."""
    return "draft_agreement" if agreement.state in UNSIGNED else "sign_agreement"


def can_report(user, obligation):
    """Whether the user may say that a duty is done: the prison of any, the agency of its own."""
    if may(user, "keep_obligations", obligation.agreement.facility_id):
        return True
    return obligation.party == Party.AGENCY and is_liaison_of(user, obligation.agreement.agency_id)


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
    """The day on which the next monev is due or was due, or None when the term is over by then.

    Counted from the last one that was recorded (`reviewed_due` of rows `with_status()`), else
    from the start. `AgreementQuerySet.with_review_due` says the same in SQL.
    """
    until = last_day(agreement)
    if until is None or until < (today or timezone.localdate()):
        return None
    reviewed = getattr(agreement, "reviewed_due", None)
    if reviewed:
        due = reviewed + relativedelta(months=agreement.review_months)
    else:
        due = first_review(agreement)
    return due if due <= until else None


def first_review(agreement):
    """When the first monev is due; rounds that had gone by when a past agreement was entered don't
    count."""
    starts, months = agreement.starts_on, agreement.review_months
    first = starts + relativedelta(months=months)
    if not agreement.entered_afterwards:
        return first
    entered = timezone.localtime(agreement.created_at).date()
    gone = (entered.year - starts.year) * 12 + entered.month - starts.month
    rounds = max(1, -(-gone // months))
    due = starts + relativedelta(months=rounds * months)
    return due if due >= entered else starts + relativedelta(months=(rounds + 1) * months)


def review_round(due, months, held_on):
    """Which round a monev settles: the one due, or the newest one due by then when it was late."""
    following = due + relativedelta(months=months)
    while following <= held_on:
        due, following = following, following + relativedelta(months=months)
    return due


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


def problems_of_terms(*, starts_on, ends_on, notice_months, review_months, termination_days=0):
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
    if not 0 <= termination_days <= TERMINATION_DAYS_MOST:
        problems["termination_days"] = _("Isi antara 0 dan %(most)s hari.") % {
            "most": TERMINATION_DAYS_MOST
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


def lineage(agency):
    """Ids of an agency and of the two levels above it."""
    above = agency.parent
    return [agency.pk, *([above.pk, above.parent_id] if above else [])]


def problem_of_parent(agreement, parent):
    """Why `parent` can't be the umbrella of an agreement, as a sentence; None when it can.

    An umbrella (Nota Kesepahaman or Nota Kesepakatan) is of the same prison, and of the same
    agency or one above it.
    """
    if parent.pk == agreement.pk:
        return _("Perjanjian tidak bisa menjadi induk dirinya sendiri.")
    if parent.kind not in UMBRELLAS or agreement.kind == parent.kind:
        return _("Induk haruslah Nota Kesepahaman atau Nota Kesepakatan, dengan jenis yang lain.")
    if parent.facility_id != agreement.facility_id or parent.agency_id not in lineage(
        agreement.agency
    ):
        return _("Induk harus dengan instansi yang sama atau instansi di atasnya.")
    if parent.state == AgreementState.CANCELLED:
        return _("Perjanjian induk itu sudah dibatalkan.")
    if parent.parent_id and parent.parent_id == agreement.pk:
        return _("Perjanjian itu berada di bawah perjanjian ini.")
    return None


def outlives(agreement, parent):
    """Whether an agreement goes on after its umbrella ended."""
    until = parent and (last_day(parent) or parent.ends_on)
    return bool(until and agreement.ends_on and agreement.ends_on > until)


def problems_of_extension(agreement, *, new_end, signed_on, reason, today=None):
    """What is wrong with an addendum that moves the end: a dict of field to sentence.

    It is signed while the agreement still holds, its last day included: what has ended is not
    extended but continued by a new agreement (field notes 3.3). Writing it down later is fine.
    """
    problems = {}
    if not reason.strip():
        problems["reason"] = _("Sebutkan alasan perpanjangan.")
    if new_end <= agreement.ends_on:
        problems["new_end"] = _("Tanggal akhir baru harus sesudah yang lama.")
    elif new_end > LATEST:
        problems["new_end"] = _("Tahunnya tidak masuk akal.")
    if signed_on > (today or timezone.localdate()):
        problems["signed_on"] = _("Tanggal penandatanganan tidak boleh di masa depan.")
    elif signed_on < agreement.signed_on:
        problems["signed_on"] = _("Adendum tidak bisa mendahului perjanjiannya.")
    elif signed_on > agreement.ends_on:
        problems["signed_on"] = _(
            "Pada tanggal itu perjanjian sudah berakhir. Yang sudah berakhir tidak diperpanjang "
            "dengan adendum; lanjutkan dengan perjanjian baru."
        )
    return problems


def problem_of_succession(agreement, predecessor):
    """Why an agreement can't be the one that continues another: a sentence, None when it can."""
    if agreement.pk == predecessor.pk:
        return _("Perjanjian tidak bisa melanjutkan dirinya sendiri.")
    if (agreement.facility_id, agreement.agency_id) != (
        predecessor.facility_id,
        predecessor.agency_id,
    ):
        return _("Yang dilanjutkan harus perjanjian dengan instansi yang sama.")
    if predecessor.state not in SIGNED_ONCE:
        return _("Yang dilanjutkan harus pernah ditandatangani.")
    if agreement.starts_on and agreement.starts_on <= predecessor.starts_on:
        return _("Penerus harus mulai sesudah perjanjian yang dilanjutkan.")
    if agreement.ends_on and agreement.ends_on <= predecessor.ends_on:
        return _("Penerus harus berakhir sesudah perjanjian yang dilanjutkan.")
    return None


def problems_of_termination(agreement, *, terminated_on, told_on, ground, reason):
    """Termination has a reason and a first day without the agreement, inside its term.

    On the ground of mere notice it waits the agreement's days of notice; any other ground says
    why it need not.
    """
    problems = {}
    if told_on and told_on > timezone.localdate():
        problems["told_on"] = _("Tanggal pemberitahuan tidak boleh di masa depan.")
    elif ground == TerminationGround.NOTICE and told_on is None:
        problems["told_on"] = _("Isi tanggal pemberitahuan kepada pihak lain.")
    elif ground == TerminationGround.NOTICE:
        earliest = told_on + timedelta(days=agreement.termination_days)
        if terminated_on < earliest:
            problems["terminated_on"] = _(
                "Paling cepat %(day)s: %(days)s hari sesudah diberitahukan. Lebih awal hanya "
                "dengan dasar lain, misalnya kesepakatan kedua pihak."
            ) % {"day": formats.date_format(earliest), "days": agreement.termination_days}
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


def renewed_term(starts_on, ends_on, after=None):
    """First and last day of the term that follows one, as long again, from the day after.

    A term of whole months is followed by as many months, also one from 29 February or a month's
    end; any other by as many days. `after` is the last day in force when it was extended.
    """
    months = whole_months(starts_on, ends_on + timedelta(days=1))
    following = (after or ends_on) + timedelta(days=1)
    if months is None:
        return following, following + (ends_on - starts_on)
    return following, following + relativedelta(months=months, days=-1)


def whole_months(starts_on, following):
    """How many months lie between two days exactly, or None.

    A day that the last month does not have counts as its last day, or as the day after it: a year
    from 29 February is over on 28 February or on 1 March.
    """
    apart = (following.year - starts_on.year) * 12 + following.month - starts_on.month
    for months in (apart, apart - 1):
        anniversary = starts_on + relativedelta(months=months)
        is_short = anniversary.day < starts_on.day
        if months > 0 and following in (anniversary, anniversary + timedelta(days=is_short)):
            return months
    return None


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
