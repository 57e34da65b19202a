"""Work at an employer's while serving (asimilasi kerja pada pihak ketiga, field notes 5.3).

Impossible without decree, agreement with the employer, both guarantees, hours that bring the
person back the same day, minimum pay, half of the sentence served, the person's consent, and no
restriction: `work_release_checks` says why, beside each field. It ends by `placements.end`, or by
itself when the person leaves or is disciplined (`legs`). Who goes out is logged in `work_days`.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from inmates.services.people import need_reason
from partners.models import Agreement
from placements.employment import PlacementKind, PlacementState
from placements.models import Placement
from placements.services import follow_ups, placements
from placements.services import placement_checks as checks
from placements.services import placement_rows as rows
from placements.services import work_release_checks as needs

TERMS = (
    *("agreement", "decree_number", "decree_on", "decree_until", "leaves_at", "returns_at"),
    *("weekdays", "pay_band", "eligibility_note"),
)
CHANGEABLE = ("job", "starts_on", *TERMS, *needs.SCANS)


@act
def begin(
    *,
    inmate,
    facility,
    job,
    starts_on,
    by,
    decree_scan=None,
    family_guarantee=None,
    institution_guarantee=None,
    employer=None,
    referral=None,
    ended_on=None,
    reason="",
    **terms,
):
    """Somebody in custody here goes out to work from a day on; `terms` are all of `TERMS`.

    The first day may lie up to `WORK_RELEASE_AHEAD_DAYS` ahead, so that the gate knows in time. An
    accepted `referral` gives the employer. With `ended_on` and `reason` it is a fact of the past:
    its scans may be missing, and what holds only today is not asked. Raises `NotAllowed` with a
    sentence beside each field that lacks something.
    """
    require(by, "place_people", facility.pk)
    records = rows.lock_person(inmate)
    agreement = _locked_agreement(terms.get("agreement"))
    if referral is not None:
        referral = placements.locked_referral(referral)
    scans = {
        "decree_scan": decree_scan,
        "family_guarantee": family_guarantee,
        "institution_guarantee": institution_guarantee,
    }
    facts = {
        "facility": facility,
        "kind": PlacementKind.WORK_RELEASE,
        "job": " ".join(job.split())[: checks.JOB_LENGTH],
        "starts_on": starts_on,
        "employer": referral.employer if referral else employer,
        "vacancy": referral and referral.vacancy,
        "referral": referral,
        "agency": referral and referral.agency,
        "ended_on": ended_on,
        "reason": reason.strip()[: checks.REASON_LENGTH] if ended_on else "",
        **_tidied(terms | {"agreement": agreement}),
    }
    known = placements.written_already(records, by, facts)
    if known:
        return known
    if referral is not None:
        _check_referral(referral, records)
    if ended_on is None:
        placements.check_not_working(records, by)
        if referral is None:
            placements.check_not_accepted(records)
    checks.refuse(_problems(facts, scans, records, by))
    person = referral.inmate if referral else inmate.merged_into or inmate
    given = {name: file for name, file in scans.items() if file}
    return rows.create(inmate=person, by=by, **facts, **given)


@act
def change(*, placement, changes, reason, by):
    """Hours, days, papers as they are from now on: `changes` is `{field of CHANGEABLE: value}`.

    All that work release needs must hold with them; a scan that is not given stays as it is. The
    first day moves only while it has not come.
    """
    require(by, "place_people", placement.facility_id)
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"not changed here: {unknown}")
    rows.lock_person(placement.inmate)
    _locked_agreement(changes.get("agreement"))
    placement, records = rows.locked(placement)
    rows.need_work_release(placement)
    need_reason(reason)
    if placement.state != PlacementState.RUNNING:
        raise NotAllowed(_("Asimilasi kerja ini sudah berakhir."))
    scans = {name: changes[name] for name in needs.SCANS if changes.get(name)}
    changes = _tidied({name: changes[name] for name in changes if name not in needs.SCANS})
    changed = {name: value for name, value in changes.items() if getattr(placement, name) != value}
    if not changed and not scans:
        return placement
    was_starting = placement.starts_on
    for name, value in {**changed, **scans}.items():
        setattr(placement, name, value)
    checks.refuse(_problems_of_change(placement, changed, scans, records, was_starting))
    rows.save(placement, [*changed, *scans], reason)
    if "starts_on" in changed:
        follow_ups.plan_for_placement(placement=placement, by=by)
    return placement


def running(user):
    """Work release that goes on, of the prisons where the user sees people, with its papers."""
    rows_ = Placement.objects.visible_to(user).work_release().running()
    return rows_.select_related("inmate__merged_into", "employer", "agreement__successor")


def _tidied(terms):
    terms = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in terms.items()
    }
    if "weekdays" in terms:
        terms["weekdays"] = sorted({int(day) for day in terms["weekdays"] or ()})
    return terms


def _locked_agreement(agreement):
    """The agreement as it is now, so that it is not terminated meanwhile; or None."""
    if agreement is None:
        return None
    return (
        Agreement.objects.select_for_update(no_key=True, of=["self"])
        .select_related("successor")
        .get(pk=agreement.pk)
    )


def _check_referral(referral, records):
    placements.check_accepted(referral)
    if referral.inmate_id not in records:
        raise NotAllowed(_("Rujukan ini untuk orang lain."))


def _problems(facts, scans, records, by):
    today = timezone.localdate()
    first, ended_on = facts["starts_on"] or today, facts["ended_on"]
    last = ended_on or max(first, today)
    found = _problems_of_first_day(facts["starts_on"])
    found |= checks.problems_of_job(facts["job"], facts["pay_band"])
    found |= checks.problems_of_employer(
        facts["kind"], facts["employer"], by, known=facts["referral"] and facts["employer"]
    )
    facility = facts["facility"].pk
    found |= needs.problems_of_agreement(
        facts["agreement"], facts["employer"], facility, first, last
    )
    found |= needs.problems_of_decree(
        facts["decree_number"], facts["decree_on"], facts["decree_until"], first, last
    )
    found |= needs.problems_of_hours(facts["leaves_at"], facts["returns_at"], facts["weekdays"])
    found |= needs.problems_of_pay(facts["pay_band"])
    found |= checks.problems_of_custody(records, facility, first, ended_on)
    if ended_on:
        found |= checks.problems_of_end(first, ended_on, facts["reason"])
        found |= needs.problems_of_scans({name: file for name, file in scans.items() if file})
        return found
    found |= needs.problems_of_scans(scans)
    if "starts_on" not in found:
        found |= needs.problems_of_eligibility(records, first, facts["eligibility_note"])
    person = needs.problems_of_person(records, today, last)
    if person and None in found:
        person = {None: f"{found[None]} {person[None]}"}
    return found | person


def _problems_of_change(placement, changed, scans, records, was_starting):
    today = timezone.localdate()
    if placement.starts_on is None:
        return _problems_of_first_day(None)
    day = max(placement.starts_on, today)
    found = {}
    if "starts_on" in changed:
        found = _problems_of_first_day(placement.starts_on)
        if was_starting <= today or placement.starts_on < today:
            found = {"starts_on": _("Hari pertama hanya bisa diubah sebelum tiba.")}
        else:
            found |= needs.problems_of_eligibility(
                records, placement.starts_on, placement.eligibility_note
            )
    found |= checks.problems_of_job(placement.job, placement.pay_band)
    found |= needs.problems_of_agreement(
        placement.agreement, placement.employer, placement.facility_id, day
    )
    found |= needs.problems_of_decree(
        placement.decree_number, placement.decree_on, placement.decree_until, day, day
    )
    found |= needs.problems_of_hours(placement.leaves_at, placement.returns_at, placement.weekdays)
    found |= needs.problems_of_pay(placement.pay_band)
    return found | needs.problems_of_scans(scans)


def _problems_of_first_day(starts_on):
    if starts_on is None:
        return {"starts_on": _("Isi hari pertama.")}
    latest = timezone.localdate() + timedelta(days=settings.WORK_RELEASE_AHEAD_DAYS)
    if starts_on > latest:
        return {
            "starts_on": _("Paling jauh %(day)s; catat bila harinya sudah dekat.")
            % {"day": formats.date_format(latest)}
        }
    if starts_on.year < checks.EARLIEST_YEAR:
        return {"starts_on": _("Tahunnya tidak masuk akal.")}
    return {}
