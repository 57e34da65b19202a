"""The rows that a person's page is made of, each kind by SQL that is made once.

`records` are the keys of all records of one person. `is_here` says that the reader's prison holds
them now: it sees all that moves with them; otherwise the reader sees what was written at `prisons`.
"""

from accounts.prepared import among, asked_often
from inmates.models import (
    AptitudeAssessment,
    Circumstance,
    Consent,
    Custody,
    DataLimit,
    Document,
    Restriction,
    SkillProfile,
    Transfer,
)
from placements.models import CurriculumVitae, JobSeekerCard, Placement, Referral
from training.models import Assessment, Batch, Candidate, Certificate, Enrolment, WaitingEntry
from training.states import BatchState

NOT_BEGUN = (BatchState.PLANNED, BatchState.NEGOTIATING, BatchState.CONFIRMED)


def _of_person(rows):
    return asked_often(lambda records: rows().filter(among("inmate", records)))


def _as_seen(rows):
    def build(records, is_here, prisons):
        found = rows().filter(among("inmate", records))
        return found if is_here else found.filter(among("facility", prisons))

    return asked_often(build)


custodies = _of_person(
    lambda: Custody.objects.select_related("facility").prefetch_related("register_entries")
)
restrictions = _of_person(lambda: Restriction.objects.select_related("facility"))
profiles = _of_person(SkillProfile.objects.all)
assessments = _of_person(
    lambda: AptitudeAssessment.objects.select_related("facility", "created_by")
)
documents = _of_person(lambda: Document.objects.select_related("facility", "created_by"))
limits = _of_person(
    lambda: DataLimit.objects.standing().select_related("facility", "created_by").order_by("pk")
)

waiting = _as_seen(
    lambda: WaitingEntry.objects.select_related("course", "facility").order_by("-asked_on", "-id")
)
enrolments = _as_seen(
    lambda: Enrolment.objects.select_related("batch__course", "facility", "decree__letter")
)
candidates = _as_seen(
    lambda: Candidate.objects.filter(enrolment__isnull=True).select_related(
        "batch__course", "facility", "override_by"
    )
)
certificates = _as_seen(lambda: Certificate.objects.issued().select_related("facility"))
referrals = _as_seen(
    lambda: Referral.objects.select_related("agency", "employer", "vacancy", "facility")
)
work = _as_seen(
    lambda: (
        Placement.objects.counted()
        .select_related("employer", "facility")
        .order_by("-starts_on", "-pk")
    )
)
cards = _as_seen(lambda: JobSeekerCard.objects.select_related("agency", "facility"))
cvs = _as_seen(CurriculumVitae.objects.all)
consents = _as_seen(lambda: Consent.objects.select_related("facility", "withdrawn_by"))


@asked_often
def transfers(records, is_here, prisons):
    rows = Transfer.objects.filter(among("inmate", records))
    if not is_here:
        rows = rows.filter(among("origin", prisons) | among("destination", prisons))
    return rows.select_related("inmate", "origin", "destination")


@asked_often
def circumstances(records, prisons):
    rows = Circumstance.objects.filter(among("inmate", records), among("facility", prisons))
    return rows.select_related("handled_by")


@asked_often
def verdicts(enrolments):
    """The newest assessments of these enrolments (keys)."""
    return Assessment.objects.newest().filter(among("enrolment", enrolments)).order_by("pk")


@asked_often
def planned(prison, today):
    """Batches of a prison that have not begun and are not over."""
    rows = Batch.objects.filter(facility=prison, state__in=NOT_BEGUN, ends_on__gte=today)
    return rows.select_related("course").order_by("starts_on", "pk")
