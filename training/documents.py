"""What stands in the papers of a selection, as plain data; the words are in the templates.

Papers are always in Indonesian, whoever asks for them.
"""

from django.conf import settings
from django.utils import formats, timezone, translation

from correspondence.documents import office
from training.eligibility import Outcome, Result
from training.states import CandidateState, EnrolmentState, HearingState
from training.teaching import CertificateKind, Verdict


def decree(decree, candidates):
    """The warden's decree: `candidates` in the order of its list, each with `.register_number`."""
    batch, hearing = decree.batch, decree.hearing
    return {
        **office(batch.facility),
        **_training(batch),
        "legal_bases": settings.DECREE_LEGAL_BASES,
        "agreement": _agreement(batch.agreement),
        "exception": batch.exception,
        "hearing": {"number": hearing.number, "held_on": _day(hearing.held_on)},
        "participants": [
            {"name": candidate.inmate.name, "register_number": candidate.register_number}
            for candidate in candidates
        ],
    }


def agenda(hearing, candidates):
    """The list that the TPP has before it: a working paper without a number."""
    return {
        **office(hearing.facility),
        **_training(hearing.batch),
        "held_on": _weekday(hearing.held_on),
        "seats": hearing.batch.seats,
        "candidates": [
            {
                "rank": candidate.rank,
                "name": candidate.inmate.name,
                "register_number": candidate.register_number,
                "education": candidate.inmate.education,
                "remarks": _remarks(candidate),
            }
            for candidate in candidates
        ],
    }


def minutes(hearing, recommendations):
    """The record (berita acara) of a hearing that was held."""
    assert hearing.state == HearingState.HELD
    with translation.override("id"):
        rows = [
            {
                "name": row.candidate.inmate.name,
                "register_number": row.candidate.register_number,
                "result": str(CandidateState(row.result).label),
                "reserve": row.is_reserve,
                "note": row.note,
            }
            for row in recommendations
        ]
    return {
        **office(hearing.facility),
        **_training(hearing.batch),
        "number": hearing.number,
        "held_on": _weekday(hearing.held_on),
        "chair": hearing.chair,
        "members": [line.strip() for line in hearing.members.splitlines() if line.strip()],
        "results": rows,
    }


def day_list(facility, day, sessions, sections=()):
    """Who comes together on a day: a working paper of security, on which tools are counted.

    `sections` are further lists of that day (`day_sections.DaySection`).
    """
    return {
        **office(facility, day),
        "day": _weekday(day),
        "sessions": [
            {
                "time": hours_of(session.meeting),
                "number": session.meeting.number,
                "course": session.meeting.batch.course.name,
                "batch": session.meeting.batch.name,
                "agency": session.meeting.agency.name,
                "place": str(session.meeting.room or session.meeting.batch.place),
                "instructor": _instructor(session.meeting.instructor),
                "companions": session.meeting.companions,
                "tools": [_tool(name, count, session) for name, count in session.tools],
                "short": [f"{check.missing} {check.name}" for check in session.short],
                "people": [
                    {
                        "name": each.inmate.name,
                        "register_number": each.register_number,
                        "stays": each.state == EnrolmentState.SUSPENDED,
                    }
                    for each in session.people
                ],
            }
            for session in sessions
        ],
        "lists": [
            {
                "title": str(section.title),
                "columns": [str(column) for column in section.columns],
                "rows": section.rows,
                "note": str(section.note),
            }
            for section in sections
        ],
    }


def _tool(name, quantity, session):
    """A line to count on; what is in the program already stands there."""
    check = next((check for check in session.checks if check.name == name), None)
    back = None if check is None else check.quantity_in
    return {
        "name": name,
        "quantity": quantity,
        "out": "" if check is None else str(check.quantity_out),
        "back": "" if back is None else str(back),
    }


def hours_of(meeting):
    """`08.00–14.00`, local time."""
    start, end = (timezone.localtime(at) for at in (meeting.during.lower, meeting.during.upper))
    return f"{start:%H.%M}–{end:%H.%M}"


def _instructor(instructor):
    if instructor is None:
        return ""
    known = [instructor.name, instructor.identity_number, instructor.expertise]
    return ", ".join(text for text in known if text)


def certificate(enrolment, kind, issuer, results, check):
    """The prison's own paper about a participant: no letterhead, no place, no prison's name.

    `results` are a `services.results.Results`; `check` is how a stranger verifies it: `code`,
    `address` and `qr`.
    """
    batch, course = enrolment.batch, enrolment.batch.course
    verdicts = {row.unit_id: row for row in results.units}
    units = course.units.select_related("unit").order_by("position", "pk")
    evaluation = results.evaluation
    facility = enrolment.facility
    return {
        "kind": str(kind),
        "issuer": issuer,
        "lpk_number": facility.lpk_number if kind == CertificateKind.TRAINING else "",
        "name": enrolment.inmate.name,
        "course": course.name,
        "level": course.kkni_level,
        "jp": course.jp,
        "agency": batch.agency.name,
        "starts_on": _day(batch.starts_on),
        "ends_on": _day(batch.ends_on),
        "scores": evaluation
        and {
            "knowledge": _score(evaluation.knowledge),
            "skill": _score(evaluation.skill),
            "passed": evaluation.result == Verdict.COMPETENT,
        },
        "units": [
            {
                "code": row.unit.code,
                "name": row.unit.name,
                "jp": row.jp,
                "result": verdicts[row.unit_id].result if row.unit_id in verdicts else "",
            }
            for row in units
        ],
        "other_material": [each.strip() for each in course.other_material.splitlines() if each],
        "city": facility.city,
        **check,
    }


def _score(value):
    with translation.override("id"):
        return "" if value is None else formats.number_format(value.normalize())


def _training(batch):
    return {
        "course": batch.course.name,
        "batch": batch.name,
        "agency": batch.agency.name,
        "jp": batch.course.jp,
        "starts_on": _day(batch.starts_on),
        "ends_on": _day(batch.ends_on),
        "place": batch.place,
    }


def _agreement(agreement):
    if agreement is None:
        return None
    return {
        "title": agreement.title,
        "our_number": agreement.our_number,
        "their_number": agreement.their_number,
    }


def _remarks(candidate):
    """What the rules warned of, and the reason of an override."""
    with translation.override("id"):
        results = [Result.from_data(data) for data in candidate.eligibility]
        remarks = [result.text for result in results if result.outcome != Outcome.PASS]
    if candidate.override_reason:
        remarks.append(f"Pengecualian: {candidate.override_reason}")
    return remarks


def _day(day):
    with translation.override("id"):
        return formats.date_format(day, "j F Y")


def _weekday(day):
    with translation.override("id"):
        return formats.date_format(day, "l, j F Y")
