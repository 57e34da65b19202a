"""A person takes a consent back: it holds no more, and what hangs on it is settled at once."""

from dataclasses import dataclass

from accounts.refusals import act
from inmates.models import Circumstance, Consent, Inmate
from inmates.services import consents
from inmates.states import CircumstanceKind, ConsentPurpose
from placements.services import circumstances, follow_ups, referral_upkeep


@dataclass(frozen=True)
class Withdrawn:
    """What came of it: how many candidatures, enrolments and the like wait, and how many ended.

    `changed` counts those that the prison's policy ended or suspended without asking.
    """

    consent: Consent
    circumstance: Circumstance
    waiting: int
    changed: int


@act
def withdraw(*, consent, on, why, by):
    """As `inmates.services.consents.withdraw`; returns what happened, as `Withdrawn`."""
    consent = consents.withdraw(consent=consent, on=on, why=why, by=by)
    circumstance = Circumstance.objects.filter(
        inmate__in=Inmate.objects.records_of(consent.inmate),
        kind=CircumstanceKind.CONSENT,
        new=consent.purpose,
    ).first()
    if circumstance.is_open:
        circumstances.settle(circumstances=[circumstance], by=by)
        circumstance.refresh_from_db()
    if consent.purpose == ConsentPurpose.REFERRAL:
        referral_upkeep.end_of_person(inmate=consent.inmate)
    waiting = len(circumstances.touches(circumstance)) if circumstance.is_open else 0
    changed = sum(line["was"] != line["to"] for line in circumstance.outcome)
    if consent.purpose == ConsentPurpose.FOLLOW_UP:
        changed += follow_ups.take_back(inmate=consent.inmate, by=by)
    return Withdrawn(consent, circumstance, waiting, changed)
