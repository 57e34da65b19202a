"""What stands in the papers of a selection, as plain data; the words are in the templates.

Papers are always in Indonesian, whoever asks for them.
"""

from django.conf import settings
from django.utils import formats, translation

from correspondence.documents import office
from training.eligibility import Outcome, Result
from training.states import CandidateState, HearingState


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
