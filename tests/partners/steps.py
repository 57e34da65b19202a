"""What several tests of partners do or look at."""

from django.urls import reverse

from partners.services import agreements
from tests.factories.partners import scan_file, today

VERBS = [
    "begin-draft",
    "send-for-review",
    "revise",
    "mark-ready",
    "reopen",
    "terminate",
    "undo-termination",
    "cancel",
    "undo-cancellation",
    "undo-signing",
]


def sign(agreement, by, **more):
    facts = {
        "signed_on": today(-1),
        "starts_on": today(),
        "ends_on": today(729),
        "our_number": "W12.PAS-HH.05.01-12",
        "their_number": "560/77/BLK",
    }
    facts |= more
    facts.setdefault("signed_scan", scan_file())
    return agreements.sign(agreement=agreement, by=by, **facts)


def fields_of(refusal):
    return set(refusal.value.error_dict)


def page(name, *rows):
    return reverse(f"partners:{name}", args=[row.public_id for row in rows])


def body(answer):
    return answer.content.decode()
