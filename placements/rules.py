"""Who keeps employers and vacancies; what changed for a person, and what came of it, in words."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may
from inmates.states import (
    KEEPS_OUT,
    CircumstanceKind,
    ConsentPurpose,
    RegisterClass,
    RestrictionKind,
)
from partners.rules import is_liaison_of
from partners.states import AgencyKind
from placements.employment import PlacementState, ReferralState
from training.states import CandidateState, EnrolmentState

# Of agencies only labour offices: vacancies are reported to those (field notes 5.2).
KEEPS_VACANCIES = AgencyKind.DISNAKER


def next_report(issued_on, expires_on, after):
    """The first day after `after` on which a job-seeker card asks for a report, None if none.

    Reports are asked for every `JOB_SEEKER_REPORT_MONTHS` from the day of issue up to expiry.
    """
    number, day = 0, issued_on
    while day <= after:
        number += 1
        day = issued_on + relativedelta(months=number * settings.JOB_SEEKER_REPORT_MONTHS)
    return day if day <= expires_on else None


def may_keep(user, *, facility_id=None, agency_id=None):
    """Whether the user keeps employers and vacancies for this prison, or for this agency."""
    if agency_id and is_liaison_of(user, agency_id, KEEPS_VACANCIES):
        return True
    return bool(facility_id) and may(user, "keep_vacancies", facility_id)


def keeps(user, row):
    """Whether this vacancy, or this employer's first entry, is the user's to keep."""
    return may_keep(user, facility_id=row.facility_id, agency_id=row.agency_id)


def keeps_employer(user, employer):
    """Whether the user keeps the employer, for whoever entered it first or since."""
    return keeps(user, employer) or any(keeps(user, row) for row in employer.keepers.all())


CODES = {
    str(code): label
    for choices in (RestrictionKind, ConsentPurpose, RegisterClass)
    for code, label in choices.choices
    if code
}
STATES = {
    "candidate": CandidateState,
    "enrolment": EnrolmentState,
    "referral": ReferralState,
    "work_release": PlacementState,
}

# What the two texts are, for kinds that do not go from one value to another.
LABELS = {
    **{kind: {"new_label": _("Sampai")} for kind in KEEPS_OUT},
    CircumstanceKind.TRANSFERRED: {"old_label": _("Dari"), "new_label": _("Ke")},
    CircumstanceKind.LIFTED: {"old_label": _("Pembatasan")},
    CircumstanceKind.CONSENT: {"new_label": _("Untuk")},
}


@dataclass(frozen=True)
class Difference:
    """Before and after as a reader says it; `days` from one date to the other, if both are."""

    old: str
    new: str
    days: int | None = None
    old_label: str = _("Semula")
    new_label: str = _("Menjadi")

    @property
    def days_sooner(self):
        return -self.days


def difference(kind, old, new):
    """The short texts of a circumstance (an ISO date, a class, a code) written out."""
    dates = _date(old), _date(new)
    days = (dates[1] - dates[0]).days if all(dates) else None
    return Difference(_in_words(old), _in_words(new), days, **LABELS.get(kind, {}))


def state_in_words(what, state):
    """The state of a leg by its stored code."""
    choices = STATES.get(what)
    return choices(state).label if choices and state in choices.values else state


def outcome_in_words(outcome):
    """The lines of a circumstance's outcome, with states as a reader says them."""
    return [
        {
            **line,
            "was": state_in_words(line["what"], line["was"]),
            "to": state_in_words(line["what"], line["to"]),
        }
        for line in outcome
    ]


def _in_words(text):
    day = _date(text)
    return formats.date_format(day) if day else str(CODES.get(text, text))


def _date(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
