"""A person's training record on paper: what was learned, and nothing of why they are here."""

from django.utils import formats, translation

from correspondence.documents import office
from training.states import EnrolmentState


def paper(record, signatory, check):
    """Data of `training_record_v1.typ`; `check` gives what a paper's code carries in print."""
    person = record.person
    with translation.override("id"):
        return {
            **office(record.facility),
            "name": person.name,
            "register_number": record.custody.register_number,
            "birth": ", ".join(
                text for text in (person.birth_place, _day(person.birth_date)) if text
            ),
            "education": person.education,
            "printed_on": _day(record.on),
            "jp": record.jp,
            "legs": [_leg(leg, record, check) for leg in record.legs],
            "others": [_certificate(each, record, check) for each in record.others],
            "signatory": signatory,
        }


def _leg(leg, record, check):
    row, batch, course = leg.enrolment, leg.enrolment.batch, leg.enrolment.batch.course
    return {
        "course": course.name,
        "level": course.kkni_level,
        "batch": batch.name,
        "agency": batch.agency.name,
        "facility": _elsewhere(row, record),
        "starts_on": _day(batch.starts_on),
        "ends_on": _day(row.dropped_on or batch.ends_on),
        "jp": course.jp,
        "attended": leg.attended.attended,
        "percent": leg.attended.percent,
        "state": str(EnrolmentState(row.state).label),
        "decree": row.decree.letter.number if row.decree.letter else "",
        "evaluation": _evaluation(leg.results.evaluation),
        "units": [
            {
                "code": each.unit.code if each.unit else "",
                "name": each.unit.name if each.unit else "Uji kompetensi",
                "result": each.result,
                "on": _day(each.assessed_on),
            }
            for each in leg.results.units
        ],
        "certificates": [_certificate(each, record, check) for each in leg.certificates],
    }


def _certificate(row, record, check):
    return {
        "kind": str(row.get_kind_display()),
        "title": row.title,
        "issuer": row.issuer,
        "number": row.number,
        "registration_number": row.registration_number,
        "scheme": row.scheme,
        "issued_on": _day(row.issued_on),
        "valid_until": _day(row.valid_until),
        "is_valid": row.is_valid,
        "jp": row.jp,
        "facility": _elsewhere(row, record),
        "check": check(row.verification.code) if row.verification else None,
    }


def _evaluation(row):
    if row is None:
        return None
    scores = {"knowledge": row.knowledge, "skill": row.skill}
    return {
        "result": row.result,
        "on": _day(row.assessed_on),
        **{name: _score(value) for name, value in scores.items()},
    }


def _score(value):
    return "" if value is None else formats.number_format(value.normalize())


def _elsewhere(row, record):
    """The prison that wrote it down, where that is another."""
    return "" if row.facility_id == record.facility.pk else row.facility.name


def _day(day):
    return formats.date_format(day, "j F Y") if day else ""
