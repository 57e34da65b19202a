"""Addresses typed by hand: nonsense in a query string is nonsense, never an error."""

import pytest
from django.urls import reverse

from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, WaitingEntryFactory, confirmed_batch, enrolled
from training.urls import urlpatterns

pytestmark = pytest.mark.django_db
LISTS = [each.name for each in urlpatterns if "<" not in str(each.pattern)]
OF_A_BATCH = ("batch-detail", "attendance-grid", "attendance-sheet", "schedule-edit")
OF_A_MEETING = ("meeting-detail", "meeting-attendance", "meeting-changes", "meeting-tools")
ROLES = ("officer", "liaison")
KEYS = (
    *("sort", "date", "week", "year", "month", "prison", "agency", "course", "batch"),
    *("q", "state", "format", "who", "at", "meeting", "day", "release", "kind", "standing"),
    *("since", "until", "release_since", "release_until", "outcome", "instructor", "active"),
    *("attendance", "inmate", "candidate", "next", "line"),
)
VALUES = ("\0", "9" * 5000, "9999-12-31")


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks(facility, agency, role, login, liaison):
    batch = confirmed_batch(facility, agency, starts_on=today(-5))
    meeting = MeetingFactory(batch=batch)
    WaitingEntryFactory(facility=facility, course=batch.course, inmate=enrolled(batch).inmate)
    client = login(liaison if role == "liaison" else staff(facility, role))
    client.raise_request_exception = False
    addresses = [reverse(f"training:{name}") for name in LISTS]
    addresses += [reverse(f"training:{name}", args=[batch.public_id]) for name in OF_A_BATCH]
    addresses += [reverse(f"training:{name}", args=[meeting.public_id]) for name in OF_A_MEETING]
    broken = []
    for address in addresses:
        if client.get(address).status_code in (302, 403, 404, 405):
            continue
        broken += [
            (address, value[:12])
            for value in VALUES
            if client.get(address, dict.fromkeys(KEYS, value)).status_code >= 500
        ]
    assert broken == []
