"""A batch that ran, or runs, by a decree from outside the program: entered as it was.

All that its state demands is asked; nobody is told about the past. Who may: the head (the act
`correct_state`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.roles import ROLE_LABELS, WARDEN
from correspondence.models import Letter, LetterSeries
from correspondence.states import LetterState, SeriesMode
from inmates.models import Inmate
from partners.services import agencies
from training import rules
from training.models import (
    Batch,
    Candidate,
    Decree,
    DecreeEntry,
    Enrolment,
    Hearing,
    Recommendation,
)
from training.services import existing_people, waiting
from training.services.decrees import LETTER_KIND, new_code
from training.states import (
    HOLDS_SEAT,
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
    LeaveCause,
)

EXISTING = (BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED)
# Numbers that stand in the secretariat's book and not in the prison's own series.
OUTSIDE = "decree-outside"
THEN = {"entered_afterwards": True}
WITH_CAUSE = (EnrolmentState.DROPPED, EnrolmentState.SUSPENDED, EnrolmentState.NOT_COMPLETED)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The decree of then, and the hearing that it rests on."""

    number: str
    dated: date
    signed_by: str
    scan: File
    hearing_number: str
    heard_on: date


def problems(*, facility, course, agency, name, starts_on, ends_on, state, seats, paper, people,
             agreement=None, exception=""):  # fmt: skip
    """`{field: sentence}` of what is wrong with the facts; `people` is judged by `existing_people`.

    Writes nothing. Fields are those of `record` and of `Paper`.
    """
    today = timezone.localdate()
    found = {}
    if not name.strip():
        found["name"] = _("Isi nama angkatan.")
    if ends_on < starts_on:
        found["ends_on"] = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")
    elif starts_on > today:
        found["starts_on"] = _("Angkatan yang belum mulai direncanakan seperti biasa.")
    elif state != BatchState.RUNNING and ends_on > today:
        found["ends_on"] = _("Belum selesai menurut tanggalnya.")
    elif cover := rules.problem_of_cover(agreement, exception, starts_on, ends_on):
        found["agreement"] = cover
    if agreement and agreement.facility_id != facility.pk:
        found["agreement"] = _("Perjanjian ini milik lapas lain.")
    elif agreement and agreement.agency_id not in (agency.pk, agency.parent_id):
        found["agreement"] = _("Perjanjian ini dengan instansi lain.")
    holding = sum(took.state_in(state) in HOLDS_SEAT for took in people)
    if not people:
        found["people"] = _("Sebutkan paling sedikit satu peserta.")
    elif seats < holding:
        found["seats"] = _("%(people)s peserta, tetapi hanya %(seats)s kursi.") % {
            "people": holding,
            "seats": seats,
        }
    return found | _problems_of_paper(facility, paper, today)


@act
def record(*, facility, course, agency, name, starts_on, ends_on, state, paper, people, by,
           agreement=None, exception="", place="", seats=None):  # fmt: skip
    """Enter the batch with its participants (`existing_people.Took`), hearing and decree.

    `seats` are those that the agency had confirmed; without it as many as participants kept.
    Recorded before by the same user: the batch; by another `AlreadyDone`. Raises `NotAllowed`
    with field errors.
    """
    require(by, "correct_state", facility.pk)
    agencies.require_partner(facility, agency)
    if state not in EXISTING:
        sentence = _("Hanya angkatan yang berjalan, selesai atau ditutup.")
        raise NotAllowed({"state": ValidationError(sentence)})
    Facility.objects.select_for_update(no_key=True, of=["self"]).get(pk=facility.pk)
    entered = known(facility, course, name, starts_on)
    if entered:
        if entered.created_by == by and entered.entered_afterwards and entered.ends_on == ends_on:
            return entered
        raise AlreadyDone(
            _("Angkatan ini sudah dicatat oleh %(who)s pada %(when)s.")
            % {
                "who": entered.created_by or _("sistem"),
                "when": formats.date_format(timezone.localtime(entered.created_at)),
            }
        )
    ids = [took.inmate.pk for took in people]
    list(Inmate.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    if seats is None:
        seats = sum(took.state_in(state) in HOLDS_SEAT for took in people)
    terms = {"starts_on": starts_on, "ends_on": ends_on, "state": state}
    facts = {"facility": facility, "agency": agency, "course": course, "agreement": agreement}
    facts |= {"exception": exception, "name": name, **terms}
    _refuse(
        problems(seats=seats, paper=paper, people=people, **facts),
        existing_people.problems(facility=facility, people=people, **terms),
        people,
    )
    batch = Batch.objects.create(
        place=place,
        seats_confirmed=seats,
        state_by=by,
        created_by=by,
        **facts,
        **THEN,
    )
    hearing = Hearing.objects.create(
        facility=facility,
        batch=batch,
        held_on=paper.heard_on,
        number=paper.hearing_number,
        state=HearingState.HELD,
        created_by=by,
        **THEN,
    )
    candidates = _candidates(batch, hearing, people, by)
    decree = Decree.objects.create(
        facility=facility,
        batch=batch,
        hearing=hearing,
        letter=_letter(batch, paper, people, by),
        state=DecreeState.ISSUED,
        created_by=by,
        **THEN,
    )
    DecreeEntry.objects.bulk_create(
        DecreeEntry(decree=decree, candidate=candidate, position=candidate.rank, created_by=by)
        for candidate in candidates
    )
    _enrol(batch, decree, candidates, people, by)
    if state == BatchState.RUNNING:
        waiting.consume(batch=batch, inmates=ids)
    batch.refresh_from_db()
    return batch


def known(facility, course, name, starts_on):
    """The batch of this name and first day that stands here already, or None."""
    return (
        Batch.objects.filter(
            facility=facility, course=course, name__iexact=name.strip(), starts_on=starts_on
        )
        .exclude(state=BatchState.CANCELLED)
        .select_related("created_by", "course")
        .first()
    )


def _problems_of_paper(facility, paper, today):
    found = {}
    if not paper.number.strip():
        found["number"] = _("Isi nomor SK.")
    elif _series(facility, paper.number, paper.dated.year).exists():
        found["number"] = _("SK dengan nomor ini sudah tercatat.")
    if not paper.signed_by.strip():
        found["signed_by"] = _("Isi nama yang menetapkan.")
    if not paper.hearing_number.strip():
        found["hearing_number"] = _("Isi nomor berita acara.")
    if paper.dated > today:
        found["dated"] = _("Tanggal SK di masa depan.")
    if paper.heard_on > paper.dated:
        found["heard_on"] = _("Sidang harus sebelum SK.")
    try:
        if paper.scan is None:
            raise ValidationError(_("Unggah pindaian SK."))
        name = paper.scan.name
        checked_scan(paper.scan)
        paper.scan.name = name
    except ValidationError as problem:
        found["scan"] = problem
    return found


def _refuse(problems_of_facts, problems_of_people, people):
    """Whatever is wrong, by field; each person's sentence begins with the place on the list."""
    if problems_of_people:
        sentences = [
            _("Baris %(row)s, %(name)s: %(why)s")
            % {"row": place + 1, "name": people[place].inmate, "why": why}
            for place, why in sorted(problems_of_people.items())
        ]
        problems_of_facts = {**problems_of_facts, "people": sentences}
    if problems_of_facts:
        raise NotAllowed(
            {name: ValidationError(text) for name, text in problems_of_facts.items()},
            people=[people[place].inmate for place in problems_of_people],
        )


def _series(facility, number, year):
    letters = Letter.objects.filter(facility=facility, kind=LETTER_KIND, year=year)
    return letters.filter(number__iexact=number.strip())


def _letter(batch, paper, people, by):
    """The decree in the secretariat's book: its outside number, its date, its scan."""
    checked_scan(paper.scan)
    series = LetterSeries.objects.filter(
        facility=batch.facility, kind=LETTER_KIND, mode=SeriesMode.BOOK
    ).first()
    if series is None:
        series, _made = LetterSeries.objects.get_or_create(
            facility=batch.facility,
            kind=OUTSIDE,
            defaults={"mode": SeriesMode.BOOK, "created_by": by},
        )
    return Letter.objects.create(
        facility=batch.facility,
        kind=LETTER_KIND,
        subject=f"Penetapan peserta pelatihan {batch.course.name} – {batch.name}"[:200],
        data={"subjects": [str(took.inmate.public_id) for took in people]},
        signatory={
            "name": paper.signed_by.strip(),
            "nip": "",
            "title": str(ROLE_LABELS[WARDEN]),
            "acting": "",
        },
        series=series,
        number=paper.number.strip(),
        year=paper.dated.year,
        dated=paper.dated,
        scan=paper.scan,
        state=LetterState.SIGNED,
        state_by=by,
        signed_at=timezone.make_aware(datetime.combine(paper.dated, time(12))),
        created_by=by,
        **THEN,
    )


def _candidates(batch, hearing, people, by):
    candidates = Candidate.objects.bulk_create(
        Candidate(
            facility=batch.facility,
            batch=batch,
            inmate=took.inmate,
            rank=rank,
            state=CandidateState.LAPSED
            if took.state_in(batch.state) == EnrolmentState.DROPPED
            else CandidateState.APPROVED,
            state_by=by,
            created_by=by,
            **THEN,
        )
        for rank, took in enumerate(people, start=1)
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            hearing=hearing, candidate=candidate, result=CandidateState.APPROVED, created_by=by
        )
        for candidate in candidates
    )
    return candidates


def _enrol(batch, decree, candidates, people, by):
    codes = set()
    while len(codes) < len(candidates):
        codes.add(new_code(codes))
    rows = []
    for code, candidate, took in zip(codes, candidates, people, strict=True):
        state = took.state_in(batch.state)
        has_cause = state in WITH_CAUSE
        cause = (took.cause or LeaveCause.OTHER) if has_cause else ""
        rows.append(
            Enrolment(
                facility=batch.facility,
                agency=batch.agency,
                batch=batch,
                inmate=took.inmate,
                candidate=candidate,
                decree=decree,
                participant_code=code,
                state=state,
                dropped_on=took.left_on,
                cause=cause,
                reason=took.reason or (str(LeaveCause(cause).label) if cause else ""),
                created_by=by,
                **THEN,
            )
        )
    Enrolment.objects.bulk_create(rows)
