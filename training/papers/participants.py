"""The list of participants that an agency registers them with."""

from django.utils import formats, translation

from correspondence.documents import office


def paper(export, signatory):
    """Data of `participants_v1.typ`; `signatory` is None where nobody of the prison signs."""
    batch = export.batch
    with translation.override("id"):
        return {
            **office(batch.facility),
            "course": batch.course.name,
            "batch": batch.name,
            "agency": batch.agency.name,
            "starts_on": _day(batch.starts_on),
            "ends_on": _day(batch.ends_on),
            "decrees": export.decrees,
            "printed_on": _day(export.on),
            "participants": [_row(person) for person in export.people],
            "unconsented": len(export.unconsented),
            "withheld": len(export.withheld),
            "signatory": signatory,
        }


def _row(person):
    place, born = person.birth_place, _day(person.birth_date)
    return {
        "code": person.code,
        "name": person.name,
        "nik": person.nik,
        "sex": str(person.sex),
        "birth": ", ".join(text for text in (place, born) if text),
        "education": person.education,
    }


def _day(day):
    return formats.date_format(day, "j F Y") if day else ""
