"""Work that somebody has after release: it begins, is corrected, ends; undoing is the head's.

Begun by an accepted referral, or directly with an employer, for a place of a vacancy or by
oneself. Work while serving begins in `work_release`. `placement_rows` says what is locked in which
order, `placement_checks` why something is refused.
"""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Inmate
from inmates.services.people import need_reason
from placements.employment import PayBand, PlacementKind, PlacementState, ReferralState
from placements.models import Placement, Referral
from placements.services import follow_ups, work_release_checks
from placements.services import placement_checks as checks
from placements.services import placement_rows as rows

DIRECT = (PlacementKind.AFTER_RELEASE, PlacementKind.SELF_EMPLOYED)
CORRECTABLE = ("job", "pay_band", "starts_on", "employer")


@act
def begin(
    *,
    inmate,
    facility,
    kind,
    job,
    starts_on,
    by,
    employer=None,
    vacancy=None,
    pay_band=PayBand.UNKNOWN,
    ended_on=None,
    reason="",
):
    """Somebody whom this prison released works since a day: one of `DIRECT`.

    A `vacancy` gives a place away, and its employer. With `ended_on` and `reason` it is a fact of
    the past, that takes no place and tells nobody. Raises `NotAllowed` with field errors, and
    `AlreadyDone`, naming it, while other work of the person goes on.
    """
    require(by, "place_people", facility.pk)
    records = rows.lock_person(inmate)
    inmate = inmate.merged_into or inmate
    vacancy = rows.locked_vacancy(vacancy)
    is_own = kind == PlacementKind.SELF_EMPLOYED
    facts = {
        "facility": facility,
        "kind": kind,
        "job": _tidy(job),
        "pay_band": pay_band,
        "starts_on": starts_on,
        "employer": None if is_own else employer or (vacancy and vacancy.employer),
        "vacancy": vacancy,
        "ended_on": ended_on,
        "reason": reason.strip()[: checks.REASON_LENGTH] if ended_on else "",
    }
    known = written_already(records, by, facts)
    if known:
        return known
    if ended_on is None:
        check_not_working(records, by)
        check_not_accepted(records)
    checks.refuse(_problems(facts, records, by))
    return rows.create(inmate=inmate, by=by, **facts)


@act
def begin_referred(*, referral, job, starts_on, by, pay_band=PayBand.UNKNOWN):
    """The employer who accepted a referral gave the work: it is placed by that.

    The place of its vacancy is filled since the acceptance. Raises `AlreadyDone` when the work of
    this referral, or other work of the person, is written down already.
    """
    require(by, "place_people", referral.facility_id)
    records = rows.lock_person(referral.inmate)
    referral = locked_referral(referral)
    facts = {
        "facility": referral.facility,
        "kind": PlacementKind.AFTER_RELEASE,
        "job": _tidy(job),
        "pay_band": pay_band,
        "starts_on": starts_on,
        "employer": referral.employer,
        "vacancy": referral.vacancy,
        "referral": referral,
        "agency": referral.agency,
    }
    known = written_already(records, by, facts)
    if known:
        return known
    check_accepted(referral)
    check_not_working(records, by)
    problems = checks.problems_of_job(facts["job"], pay_band)
    checks.refuse(problems | checks.problems_of_freedom(records, None, starts_on))
    return rows.create(inmate=referral.inmate, by=by, **facts)


@act
def correct(*, placement, changes, reason, by):
    """Put right what was written down wrongly: `changes` is `{field of CORRECTABLE: value}`.

    With a reason for the history. The employer stays where a referral or a vacancy says it, and
    with work release, whose days and papers `work_release.change` changes. Another first day
    moves the follow-ups.
    """
    require(by, "place_people", placement.facility_id)
    if unknown := set(changes) - set(correctable(placement)):
        raise ValueError(f"not corrected here: {unknown}")
    placement, records = rows.locked(placement)
    rows.need_not_void(placement)
    need_reason(reason)
    if "job" in changes:
        changes = {**changes, "job": _tidy(changes["job"])}
    changed = {name: value for name, value in changes.items() if getattr(placement, name) != value}
    if not changed:
        return placement
    known = placement.employer
    for name, value in changed.items():
        setattr(placement, name, value)
    problems = checks.problems_of_job(placement.job, placement.pay_band)
    if rows.is_work_release(placement):
        problems |= work_release_checks.problems_of_pay(placement.pay_band)
    problems |= checks.problems_of_employer(placement.kind, placement.employer, by, known=known)
    if "starts_on" in changed:
        problems |= _problems_of_days(placement, records)
    checks.refuse(problems)
    rows.save(placement, changed, reason)
    if "starts_on" in changed and placement.state == PlacementState.RUNNING:
        follow_ups.plan_for_placement(placement=placement, by=by)
    return placement


@act
def end(*, placement, ended_on, reason, by):
    """The work is over since a day, for a reason. What was planned to be asked stays planned.

    Whoever is on work release and outside now is still expected back at the gate.
    """
    require(by, "place_people", placement.facility_id)
    placement, _records = rows.locked(placement)
    rows.need_not_void(placement)
    reason = reason.strip()[: checks.REASON_LENGTH]
    if placement.state == PlacementState.ENDED:
        said = (placement.ended_on, placement.reason, placement.state_by)
        if said == (ended_on, reason, by):
            return placement
        raise _ended_already(placement)
    checks.refuse(checks.problems_of_end(placement.starts_on, ended_on, reason))
    return rows.close(placement, day=ended_on, reason=reason, by=by)


@act
def undo_end(*, placement, reason, by):
    """The end was entered wrongly: the work goes on. Head only, with a reason.

    Work release goes on only if all that it needs still holds today.
    """
    require(by, "correct_state", placement.facility_id)
    placement, records = rows.locked(placement)
    rows.need_not_void(placement)
    need_reason(reason)
    if placement.state == PlacementState.RUNNING:
        raise AlreadyDone(_("Pekerjaan ini masih berjalan."))
    check_not_working(records, by)
    if rows.is_work_release(placement):
        work_release_checks.check_goes_on(placement, records)
    else:
        checks.refuse(_problems_of_days(placement, records, ended_on=None))
    rows.reopen(placement, by, reason)
    return placement


def problem_of_working(inmate, by):
    """A sentence that names the work somebody has already, empty for who has none."""
    running = rows.running_of(Inmate.objects.records_of(inmate))
    return " ".join(rows.still_working(running, by).messages) if running else ""


def correctable(placement):
    """The fields that `correct` may change of this one."""
    if rows.is_work_release(placement):
        return ("job", "pay_band")
    fixed = placement.referral_id or placement.vacancy_id
    if fixed or placement.kind == PlacementKind.SELF_EMPLOYED:
        return CORRECTABLE[:-1]
    return CORRECTABLE


def locked_referral(referral):
    return (
        Referral.objects.select_for_update(no_key=True, of=["self"])
        .select_related("facility", "agency", "employer", "vacancy", "inmate")
        .get(pk=referral.pk)
    )


def check_accepted(referral):
    """Raise unless an employer accepted, and no work by this referral is written down yet."""
    if referral.is_placed:
        known = Placement.objects.select_related("created_by").get(referral=referral)
        raise AlreadyDone(
            _("Pekerjaan lewat rujukan ini sudah dicatat oleh %(who)s, mulai %(day)s.")
            % {
                "who": known.created_by or _("sistem"),
                "day": formats.date_format(known.starts_on),
            }
        )
    if referral.state != ReferralState.ACCEPTED:
        raise NotAllowed(
            _("Rujukan ini belum diterima pemberi kerja: keadaannya “%(state)s”.")
            % {"state": referral.get_state_display()}
        )


def check_not_working(records, by):
    running = rows.running_of(records)
    if running:
        raise rows.still_working(running, by)


def check_not_accepted(records):
    """Who was accepted by a referral begins by it, so that it does not stay open for ever."""
    accepted = Referral.objects.to_place().filter(inmate__in=records).first()
    if accepted:
        raise NotAllowed(
            _(
                "Orang ini sudah diterima lewat rujukan %(code)s; catat pekerjaannya dari rujukan "
                "itu, atau catat dulu bahwa penerimaan itu batal."
            )
            % {"code": accepted.person_code}
        )


def written_already(records, by, facts):
    same = Placement.objects.counted().filter(
        inmate__in=records, created_by=by, starts_on=facts["starts_on"]
    )
    return next((row for row in same if rows.is_same(row, by, facts)), None)


def _problems(facts, records, by):
    kind, ended_on = facts["kind"], facts["ended_on"]
    problems = checks.problems_of_job(facts["job"], facts["pay_band"])
    if kind not in DIRECT:
        problems["kind"] = _("Pilihan ini tidak tersedia di sini.")
    problems |= checks.problems_of_employer(kind, facts["employer"], by)
    if facts["vacancy"] and (ended_on or kind == PlacementKind.SELF_EMPLOYED):
        problems["vacancy"] = _("Tempat lowongan hanya untuk pekerjaan yang sedang berjalan.")
    else:
        problems |= checks.problems_of_vacancy(facts["vacancy"], facts["employer"])
    days = checks.problems_of_freedom(records, facts["facility"].pk, facts["starts_on"], ended_on)
    if ended_on:
        days |= checks.problems_of_end(facts["starts_on"], ended_on, facts["reason"])
    return problems | days


def _problems_of_days(placement, records, **changed):
    ended_on = changed.get("ended_on", placement.ended_on)
    if ended_on and ended_on < placement.starts_on:
        said = _("Pekerjaan ini berakhir pada %(day)s.") % {"day": formats.date_format(ended_on)}
        return {"starts_on": said}
    return checks.problems_of_freedom(records, None, placement.starts_on, ended_on)


def _ended_already(placement):
    return AlreadyDone(
        _("Pekerjaan ini sudah dicatat berakhir pada %(day)s oleh %(who)s (%(when)s).")
        % {
            "day": formats.date_format(placement.ended_on),
            "who": placement.state_by or _("sistem"),
            "when": formats.date_format(timezone.localtime(placement.state_at), "DATETIME_FORMAT"),
        }
    )


def _tidy(job):
    return " ".join(job.split())[: checks.JOB_LENGTH]
