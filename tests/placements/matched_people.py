"""Steps of tests about matching: somebody who suits a vacancy, and how that changes."""

from accounts.models import AccessRecord
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import consent_of
from training.models import Certificate
from training.teaching import CertificateKind


def certified(person, facility, course, *, kind=CertificateKind.COMPETENCY, **given):
    """A paper of the course that the person holds."""
    values = {"title": course.name, "issuer": "LSP Uji", "issued_on": today(-30)}
    number = f"S-{Certificate.objects.count()}"
    return Certificate.objects.create(
        inmate=person,
        facility=facility,
        course=course,
        kind=kind,
        **{"number": number, **values, **given},
    )


def suited(facility, course, *, consents=True, leaves=10, **fields):
    """In custody, certified in the course, released in so many days; with a consent, if asked."""
    sentence = {"two_thirds": today(leaves), "expires": today(leaves + 400)}
    person = inmate_at(facility, sentence=sentence, **fields)
    certified(person, facility, course)
    if consents:
        consent_of(person, facility)
    return person


def text(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode()


def people_of(vacancy, query=""):
    return f"/vacancies/{vacancy.public_id}/people/{query}"


def vacancies_of(person, query=""):
    return f"/inmates/{person.public_id}/vacancies/{query}"


def subjects():
    """Whom any response so far has named, by the record of it."""
    return {subject for record in AccessRecord.objects.all() for subject in record.subjects}
