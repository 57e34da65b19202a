"""The rows that a person's page is made of: a few statements whose SQL is made once.

`records` are the keys of all records of one person. `is_here` says that the reader's prison holds
them now: it sees all that moves with them; otherwise the reader sees what was written at `prisons`.
"""

from typing import NamedTuple

from accounts import stand_ins
from accounts.prepared import among, asked_often
from inmates.models import (
    AptitudeAssessment,
    Circumstance,
    Consent,
    Custody,
    DataLimit,
    Document,
    Inmate,
    RegisterEntry,
    Restriction,
    Sentence,
    SkillProfile,
    Transfer,
)
from placements import checklist, followed
from placements.models import CurriculumVitae, FollowUp, JobSeekerCard, Placement, Referral
from training.models import Assessment, Batch, Candidate, Certificate, Enrolment, WaitingEntry
from training.states import BatchState

NOT_BEGUN = (BatchState.PLANNED, BatchState.NEGOTIATING, BatchState.CONFIRMED)
NAMED = "name email"  # what a user is called by
BATCH = "course name starts_on ends_on public_id"
UNTOLD = {"eligibility"}  # what the rules said of a candidate: long, and not shown here
# What the page tells the history of, beside the person's own record.
TOLD = (Sentence, Custody, SkillProfile, AptitudeAssessment, Consent, Document)


class Stays(NamedTuple):
    """Whose records these are, where they were held, and since when their data are kept only."""

    records: list
    custodies: list
    limits: list


class Register(NamedTuple):
    """What was written down about the person. Of who is not here only what is the reader's."""

    transfers: list
    circumstances: list
    restrictions: list
    profiles: list
    assessments: list
    consents: list
    documents: list
    waiting: list
    cards: list
    cvs: list
    checklists: list


class Path(NamedTuple):
    """Training, work, and what keeps them out as the reader may see it."""

    enrolments: list
    verdicts: list
    candidates: list
    certificates: list
    planned: list
    referrals: list
    work: list
    follow_ups: list
    restrictions: list


def stays(person):
    """`Stays` of the person with this key, each custody with its `entries`."""
    records, custodies, entries, limits = _stays(person)
    of_custody = {custody.pk: custody for custody in custodies}
    for custody in custodies:
        custody.entries = []
    for entry in entries:
        of_custody[entry.custody_id].entries.append(entry)
    return Stays(records, custodies, limits)


@asked_often
def _stays(person):
    records = Inmate.objects.records_of_all([person])
    limits = DataLimit.objects.standing().filter(inmate__in=records)
    return (
        Inmate.objects.filter(pk__in=records).values_list("pk", flat=True).order_by("pk"),
        Custody.objects.filter(inmate__in=records).select_related("facility"),
        RegisterEntry.objects.filter(custody__inmate__in=records),
        limits.select_related("facility", "created_by").order_by("pk"),
    )


def register(person, records, is_here, prisons):
    """`Register` of the person with this key."""
    return Register(*_register(person, records, is_here, prisons))


@asked_often
def _register(person, records, is_here, prisons):
    seen = _sight(records, is_here, prisons)
    own = among("inmate", records)
    moved = Transfer.objects.filter(own)
    if not is_here:
        moved = moved.filter(among("origin", prisons) | among("destination", prisons))
    people = Inmate.objects.filter(pk=person).with_expected_release()
    told = (
        _with(Restriction.objects.filter(own), facility="name"),
        SkillProfile.objects.filter(own),
        _with(AptitudeAssessment.objects.filter(own), facility="name", created_by=NAMED),
    )
    papers = _with(Document.objects.filter(own), facility="name", created_by=NAMED)
    return (
        _with(moved, origin="name", destination="name"),
        _with(Circumstance.objects.filter(own, among("facility", prisons)), handled_by=NAMED),
        *(rows if is_here else rows.none() for rows in told),
        _with(Consent.objects.filter(seen), facility="name", withdrawn_by=NAMED),
        papers if is_here else papers.none(),
        _with(WaitingEntry.objects.filter(seen), course="name", facility="name").order_by(
            "-asked_on", "-id"
        ),
        _with(JobSeekerCard.objects.filter(seen), agency="name", facility="name"),
        CurriculumVitae.objects.filter(seen),
        checklist.read(people) if is_here else people.none(),
    )


def path(reader, records, is_here, prisons, prison, today):
    """`Path` of the person; `prison` is the key of the one that holds them, if it is the reader's.

    A batch is planned on `today` that has not begun and is not over.
    """
    return Path(*_path(reader, records, is_here, prisons, prison, today))


@stand_ins.asked_often
def _path(reader, records, is_here, prisons, prison, today):
    seen = _sight(records, is_here, prisons)
    batches = Batch.objects.filter(facility=prison, state__in=NOT_BEGUN, ends_on__gte=today)
    asked = FollowUp.objects.visible_to(reader).filter(among("inmate", records))
    of_enrolments = among("enrolment__inmate", records)
    kept_out = Restriction.entries.visible_to(reader).filter(among("inmate", records)).for_list()
    of_leg = {"batch": BATCH, "batch__course": "name", "facility": "name"}
    batches = batches.select_related("course").only(
        *BATCH.split(), "state", "course__name", "course__buffer_days"
    )
    return (
        _with(Enrolment.objects.filter(seen), decree="letter", decree__letter="number", **of_leg),
        Assessment.objects.newest().filter(of_enrolments).order_by("pk"),
        _with(
            Candidate.objects.filter(seen, enrolment__isnull=True),
            override_by=NAMED,
            **of_leg,
        ),
        _with(Certificate.objects.issued().filter(seen), facility="name"),
        batches.order_by("starts_on", "pk") if is_here else batches.none(),
        _with(
            Referral.objects.filter(seen),
            agency="name",
            employer="name",
            vacancy="title",
            facility="name",
        ),
        _with(Placement.objects.counted().filter(seen), employer="name", facility="name").order_by(
            "-starts_on", "-pk"
        ),
        asked.with_leave().select_related(*followed.RELATED).order_by("due_on", "months", "pk"),
        kept_out if is_here else kept_out.none(),
    )


def _with(rows, **beside):
    """The rows with what the page tells of their neighbours: names of columns by the way there."""
    own = [column.name for column in rows.model._meta.concrete_fields if column.name not in UNTOLD]
    told = [f"{way}__{name}" for way, names in beside.items() for name in names.split()]
    return rows.select_related(*beside).only(*own, *told)


def _sight(records, is_here, prisons):
    own = among("inmate", records)
    return own if is_here else own & among("facility", prisons)


def history(records):
    """`[(model, rows of its history)]` of the person and of `TOLD`."""
    return list(zip((Inmate, *TOLD), _history(records), strict=True))


@asked_often
def _history(records):
    of_person = (Inmate, among("pgh_obj", records))
    return tuple(
        model.pgh_event_model.objects.filter(about)
        for model, about in (of_person, *((told, among("inmate", records)) for told in TOLD))
    )
