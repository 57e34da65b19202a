"""Steps of tests about work that somebody has."""

import pytest

from accounts.refusals import NotAllowed
from placements.employment import PlacementKind, ReferralState
from placements.services import placements
from tests.factories.inmates import CustodyFactory
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, referral_of


def released_from(facility, days=10, **fields):
    return CustodyFactory(
        facility=facility,
        starts=today(-800),
        until=today(-days),
        **{"ended_how": "released", **fields},
    ).inmate


def begin(inmate, facility, by, **said):
    said = {
        "kind": PlacementKind.AFTER_RELEASE,
        "job": "Tukang las",
        "starts_on": today(-3),
        **said,
    }
    return placements.begin(inmate=inmate, facility=facility, by=by, **said)


def accepted(facility, agency, inmate, **given):
    given = {"employer": EmployerFactory(facility=facility), **given}
    return referral_of(inmate, facility, agency, state=ReferralState.ACCEPTED, **given)


def begin_referred(referral, by, **said):
    said = {"job": "Tukang las", "starts_on": today(-1), **said}
    return placements.begin_referred(referral=referral, by=by, **said)


def refusal_of(service, *args, **kwargs):
    """`{field: sentence}` of what a service refuses; `__all__` for what is beside no field."""
    with pytest.raises(NotAllowed) as refused:
        service(*args, **kwargs)
    error = refused.value
    if hasattr(error, "error_dict"):
        return {field: " ".join(texts) for field, texts in error.message_dict.items()}
    return {"__all__": " ".join(error.messages)}
