"""Jobs of employers: posted, changed, closed, cancelled, reopened.

The employer is locked before the vacancy, and the vacancy before whatever takes a place of it.
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from accounts.states import allows
from correspondence.services import notices
from inmates import regions
from partners.services import liaisons
from placements import rules
from placements.employment import VACANCY_TRANSITIONS, WITH_AGENCY, VacancyState
from placements.models import Vacancy
from placements.services import employers
from placements.services.meanwhile import changes
from training.models import CompetencyUnit

FACTS = (
    *("title", "trade", "units", "places", "region_code", "place", "pay_from", "pay_to"),
    *("education", "sex", "age_from", "age_to", "experience", "starts_on", "closes_on"),
    *("report_number", "conditions"),
)
EMPTY = {
    **dict.fromkeys(
        ("region_code", "place", "education", "sex", "experience", "report_number", "conditions"),
        "",
    ),
    **dict.fromkeys(("trade", "pay_from", "pay_to", "age_from", "age_to", "starts_on")),
    "units": (),
}
PLACES_MOST = 5_000
PAY_MOST = 1_000_000_000
AGES = (15, 99)
YEARS = (2000, 2100)


def problems_of(facts, *, places_filled=0, was_closing=None):
    """`{field: sentence}` of what no vacancy can be.

    `was_closing` is the closing day as it stands: one that has passed may stay.
    """
    found = {}
    if not facts["title"]:
        found["title"] = _("Wajib diisi.")
    if not 1 <= facts["places"] <= PLACES_MOST:
        found["places"] = _("Isi 1 sampai %(most)s.") % {"most": PLACES_MOST}
    elif facts["places"] < places_filled:
        found["places"] = _("Sudah terisi %(filled)s: jumlahnya tidak bisa di bawah itu.") % {
            "filled": places_filled
        }
    if facts["region_code"] and not regions.is_code(facts["region_code"]):
        found["region_code"] = _("Wilayah ini tidak dikenal.")
    for name in ("pay_from", "pay_to"):
        if facts[name] is not None and not 0 < facts[name] <= PAY_MOST:
            found[name] = _("Isi upah sebulan dalam rupiah.")
    if not found.keys() & {"pay_from", "pay_to"} and _is_reversed(facts, "pay_from", "pay_to"):
        found["pay_to"] = _("Upah paling tinggi di bawah upah paling rendah.")
    for name in ("age_from", "age_to"):
        if facts[name] is not None and not AGES[0] <= facts[name] <= AGES[1]:
            found[name] = _("Isi umur %(first)s sampai %(last)s tahun.") % {
                "first": AGES[0],
                "last": AGES[1],
            }
    if not found.keys() & {"age_from", "age_to"} and _is_reversed(facts, "age_from", "age_to"):
        found["age_to"] = _("Umur tertinggi di bawah umur terendah.")
    return found | _problems_of_days(facts, was_closing) | _problems_of_units(facts["units"])


def units_of(vacancy):
    """(code, title) of each unit that is asked for; no title for one that is unknown by now."""
    rows = CompetencyUnit.objects.filter(code__in=vacancy.units).values_list("code", "name")
    names = dict(rows) if vacancy.units else {}
    return [(code, names.get(code, "")) for code in vacancy.units]


@act
def post(*, employer, by, facility=None, agency=None, **facts):
    """Enter a vacancy (`FACTS`) that `by` keeps for the prison or for the agency. It is open.

    What is left out is empty; without a region it is where its employer is.
    """
    employers.require_side(by, facility, agency)
    employer = employers.locked(employer)
    facts = _tidied(EMPTY | facts)
    facts["region_code"] = facts["region_code"] or employer.region_code
    same = Vacancy.objects.filter(
        created_by=by, facility=facility, agency=agency, employer=employer, **facts
    ).first()
    if same:
        return same
    if not employer.is_active:
        raise NotAllowed(_("Pemberi kerja ini ditandai tidak aktif; aktifkan dulu."))
    _check(problems_of(facts) | _taken(facts["report_number"]))
    made = Vacancy.objects.create(
        employer=employer,
        facility=facility,
        agency=agency,
        created_by=by,
        state_by=by,
        **facts,
    )
    made.refresh_from_db(fields=["public_id"])
    return made


@act
def edit(*, vacancy, by, seen=None, **facts):
    """Change an open vacancy; `seen` (`meanwhile.seen_of`) is what stood there when it was asked.

    The places never fall below those that are filled. A later closing day opens one that had
    passed it.
    """
    vacancy = _found(vacancy, by)
    facts = {name: getattr(vacancy, name) for name in FACTS} | facts
    changed = changes(vacancy, _tidied(facts), seen)
    if not changed:
        return vacancy
    if vacancy.state != VacancyState.OPEN:
        raise NotAllowed(_("Lowongan ini tidak dibuka; buka lagi dulu."))
    was_closing = vacancy.closes_on
    for name, value in changed.items():
        setattr(vacancy, name, value)
    problems = problems_of(
        {name: getattr(vacancy, name) for name in FACTS},
        places_filled=vacancy.places_filled,
        was_closing=was_closing,
    )
    _check(problems | _taken(changed.get("report_number", ""), vacancy))
    vacancy.save(update_fields=list(changed))
    if "closes_on" in changed:
        notices.close_for(vacancy, "vacancy_closes")
    return vacancy


@act
def close(*, vacancy, by, reason=""):
    """No more people are sought; who referred somebody is told."""
    return _end(vacancy, VacancyState.CLOSED, by, reason.strip())


@act
def cancel(*, vacancy, reason, by):
    """The job does not exist after all, for a reason; who referred somebody is told."""
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    return _end(vacancy, VacancyState.CANCELLED, by, reason.strip())


@act
def reopen(*, vacancy, closes_on, by):
    """Seek people again, until a day that is still to come."""
    vacancy = _found(vacancy, by)
    if vacancy.state == VacancyState.OPEN:
        if (vacancy.state_by_id, vacancy.closes_on) == (by.pk, closes_on):
            return vacancy
        raise _already(vacancy)
    if not vacancy.employer.is_active:
        raise NotAllowed(_("Pemberi kerja ini ditandai tidak aktif; aktifkan dulu."))
    facts = {name: getattr(vacancy, name) for name in FACTS} | {"closes_on": closes_on}
    _check(_problems_of_days(facts, None))
    vacancy.closes_on = closes_on
    _move(vacancy, VacancyState.OPEN, by, "", "closes_on")
    return vacancy


def _end(vacancy, state, by, reason):
    vacancy = _found(vacancy, by)
    if (vacancy.state, vacancy.state_by_id, vacancy.reason) == (state, by.pk, reason):
        return vacancy
    if not allows(VACANCY_TRANSITIONS, vacancy.state, state):
        raise _already(vacancy)
    _move(vacancy, state, by, reason)
    notices.close_for(vacancy)
    _tell_of_end(vacancy, by)
    return vacancy


def _found(vacancy, by):
    if not rules.keeps(by, vacancy):
        raise Forbidden(_("Lowongan ini dicatat oleh pihak lain."))
    employers.locked(vacancy.employer)
    return (
        Vacancy.objects.select_for_update(no_key=True, of=["self"])
        .select_related("employer", "trade", "state_by")
        .get(pk=vacancy.pk)
    )


def _move(vacancy, state, by, reason, *also):
    vacancy.state, vacancy.state_at, vacancy.state_by = state, timezone.now(), by
    vacancy.reason = reason
    vacancy.save(update_fields=["state", "state_at", "state_by", "reason", *also])


def _already(vacancy):
    return AlreadyDone(
        _("Lowongan ini sudah %(state)s oleh %(who)s pada %(when)s.")
        % {
            "state": vacancy.get_state_display().lower(),
            "who": vacancy.state_by or _("sistem"),
            "when": formats.date_format(timezone.localtime(vacancy.state_at), "DATETIME_FORMAT"),
        }
    )


def _tell_of_end(vacancy, by):
    """Officer and head of each prison with a referral to it that is open; the agencies that have
    one. What was not sent yet is none of theirs."""
    numbers, agencies = {}, {}
    for referral in vacancy.referrals.open():
        prison, agency = referral.facility_id, referral.agency_id
        numbers[prison] = numbers.get(prison, 0) + 1
        if referral.state in WITH_AGENCY:
            agencies[agency] = agencies.get(agency, 0) + 1
    told = [
        (notices.holders(pk, roles.OFFICER, roles.HEAD), pk, number)
        for pk, number in numbers.items()
    ]
    told += [(liaisons.of(pk), None, number) for pk, number in agencies.items()]
    for people, facility_id, number in told:
        notices.tell(
            kind="vacancy_over",
            obj=vacancy,
            recipients=[person for person in people if person != by],
            data={"title": vacancy.title, "what": vacancy.state, "count": number},
            link=vacancy.get_absolute_url(),
            facility_id=facility_id,
        )


def _tidied(facts):
    facts = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in facts.items()
    }
    facts["units"] = list(dict.fromkeys(facts["units"]))
    return facts


def _taken(report_number, vacancy=None):
    rows = Vacancy.objects.filter(report_number=report_number).select_related("employer")
    known = rows.exclude(pk=vacancy and vacancy.pk).first() if report_number else None
    if known is None:
        return {}
    said = _("Nomor laporan ini sudah dipakai: %(title)s di %(employer)s.")
    return {"report_number": said % {"title": known.title, "employer": known.employer}}


def _problems_of_days(facts, was_closing):
    found, today = {}, timezone.localdate()
    for name in ("starts_on", "closes_on"):
        if facts[name] and not YEARS[0] <= facts[name].year <= YEARS[1]:
            found[name] = _("Tahunnya tidak masuk akal.")
    closes_on = facts["closes_on"]
    if "closes_on" not in found and closes_on < today and closes_on != was_closing:
        found["closes_on"] = _("Hari penutupan sudah lewat.")
    return found


def _problems_of_units(units):
    if not units:
        return {}
    known = set(CompetencyUnit.objects.filter(code__in=units).values_list("code", flat=True))
    unknown = [code for code in units if code not in known]
    said = _("Tidak dikenal: %(codes)s.") % {"codes": ", ".join(unknown)}
    return {"units": said} if unknown else {}


def _is_reversed(facts, first, last):
    return None not in (facts[first], facts[last]) and facts[last] < facts[first]


def _check(problems):
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
