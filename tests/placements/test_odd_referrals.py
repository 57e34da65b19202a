"""Addresses and forms of referrals filled with nonsense: told in a sentence, never an error."""

import pytest

from placements.employment import ReferralState
from tests.factories.placements import EmployerFactory, VacancyFactory, referral_of
from tests.test_access_matrix import ROUTES

pytestmark = pytest.mark.django_db
NAMES = [
    name for name in ROUTES
    if name.startswith("placements:referral") or name.endswith(("person-refer", "vacancy-refer"))
]  # fmt: skip
VALUES = ("\0", "9" * 5000, "9999-12-31T23:59")
NOT_THEIRS = (403, 404, 405)
KEYS = (
    *("q", "state", "agency", "employer", "vacancy", "available", "sort", "page", "people"),
    *("year", "course", "sent", "declined", "format", "facility"),
)
FIELDS = (
    *("agency", "employer", "vacancy", "message", "despite", "people", "referrals", "shown"),
    *("reason", "answer_by", "number", "introduced_on", "at", "decline_reason", "objection"),
    *("answer", "channel", "said_by", "then"),
)


@pytest.fixture
def addresses(facility, disnaker, person):
    vacancy = VacancyFactory(employer=EmployerFactory(facility=facility))
    sent = referral_of(person, facility, disnaker, state=ReferralState.SENT)
    found = []
    for name in NAMES:
        row = {"person-refer": person, "vacancy-refer": vacancy}.get(name.split(":")[1], sent)
        route = ROUTES[name].replace("<uuid:public_id>", str(row.public_id))
        found.append(f"/{route.replace('<str:token>', 'x')}")
    return found


@pytest.mark.parametrize("role", ["head", "warden", "pengantar"])
def test_nonsense_breaks_no_page(request, login, addresses, role):
    client = login(request.getfixturevalue(role))
    client.raise_request_exception = False
    broken = []
    for address in addresses:
        for send, names in ((client.get, KEYS), (client.post, FIELDS)):
            for value in VALUES:
                status = send(address, dict.fromkeys(names, value)).status_code
                if status in NOT_THEIRS:
                    break
                if status >= 500:
                    broken.append((send.__name__, address, value[:12]))
    assert broken == []
