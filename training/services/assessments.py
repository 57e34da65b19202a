"""What an assessor found, written down by the agency's liaison or the head.

Each entry names what its writer saw (`seen`, a `mark_of`), so that nobody overwrites what another
wrote meanwhile. A further attempt never replaces an earlier one; a slip is corrected by the side
that entered it within `RESULT_CORRECTION_DAYS`, and the history keeps both.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.refusals import Forbidden, NotAllowed, act
from correspondence.services import notices
from training import rules
from training.models import Assessment, Batch, Certificate, Enrolment
from training.services.results import Part, results_of
from training.states import BatchState, EnrolmentState
from training.teaching import Verdict

OPEN = (BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One result of one participant. An evaluation has scores, a unit K or BK.

    `seen` is the `mark_of` what stood there when the writer began, `field` the form's field.
    """

    enrolment: Enrolment
    part: Part
    result: str = ""
    knowledge: Decimal | None = None
    skill: Decimal | None = None
    seen: str = ""
    field: str | None = None

    @property
    def is_empty(self):
        if self.part.has_scores:
            return self.knowledge is None and self.skill is None
        return not self.result

    @property
    def content(self):
        """What is stored: the verdict of an evaluation follows from its scores."""
        if not self.part.has_scores:
            return {"result": self.result, "knowledge": None, "skill": None}
        verdict = rules.verdict_of(self.knowledge, self.skill)
        return {"result": verdict, "knowledge": self.knowledge, "skill": self.skill}


def mark_of(assessment):
    """Changes with every change of what counts; empty where nothing was found yet."""
    if assessment is None:
        return ""
    scores = f"{_bare(assessment.knowledge)}/{_bare(assessment.skill)}"
    return f"{assessment.attempt}:{assessment.result}:{scores}"


@act
def record(*, batch, entries, assessor, assessed_on, by):
    """Write down first results, and further attempts of who was found BK before.

    All entries or none. The same again by the same person changes nothing. Raises `NotAllowed`
    with an error for each field of an entry that somebody changed meanwhile. Returns the rows.
    """
    batch, now = _begin(batch, by, assessor, assessed_on)
    rows, problems = [], {}
    for entry in entries:
        known = _known(now, entry)
        if problem := _problem(entry):
            problems[entry.field] = problem
        elif known and _is_same(known, entry, by):
            continue
        elif mark_of(known) != entry.seen:
            problems[entry.field] = _("%(changed)s Kosongkan isian ini.") % {
                "changed": _changed(known)
            }
        elif known and known.result == Verdict.COMPETENT:
            problems[entry.field] = _("Sudah kompeten; tidak perlu diuji lagi.")
        elif known and known.assessed_on > assessed_on:
            problems[entry.field] = _("Percobaan sebelumnya dinilai sesudah tanggal ini.")
        else:
            rows.append(_row(batch, entry, known, assessor, assessed_on, by))
    _refuse(problems)
    Assessment.objects.bulk_create(rows)
    if rows and by.is_liaison:
        _tell(batch)
    return rows


@act
def correct(*, batch, entries, by, assessor="", assessed_on=None):
    """Mend slips of the own side: an entry left empty takes the result away.

    Raises `NotAllowed` with an error for each field whose result is another side's, too old, or
    changed meanwhile. Assessor and date stay unless given. Returns the number of changes.
    """
    batch, now = _begin(batch, by, assessor or None, assessed_on)
    problems, changes = {}, []
    certified = set(_own_papers(batch).values_list("enrolment", flat=True))
    for entry in entries:
        known = _known(now, entry)
        if known and not entry.is_empty and _is_unchanged(known, entry, assessor, assessed_on):
            continue
        if mark_of(known) != entry.seen or known is None:
            problems[entry.field] = _("%(changed)s Buka lagi halamannya.") % {
                "changed": _changed(known)
            }
        elif problem := (None if entry.is_empty else _problem(entry)):
            problems[entry.field] = problem
        elif entry.enrolment.pk in certified:
            problems[entry.field] = _("Sertifikatnya sudah terbit; cabut dulu.")
        elif not may_correct(known, by):
            problems[entry.field] = _too_late(known)
        else:
            changes.append((known, entry))
    _refuse(problems)
    for known, entry in changes:
        _write(known, entry, assessor, assessed_on)
    return len(changes)


def may_correct(assessment, user, today=None):
    """Whether the user is of the side that entered it, and it is not too old to be a slip."""
    today = today or timezone.localdate()
    entered = timezone.localdate(assessment.created_at)
    is_fresh = today <= entered + timedelta(days=settings.RESULT_CORRECTION_DAYS)
    author = assessment.created_by
    return is_fresh and author is not None and author.is_liaison == user.is_liaison


def _begin(batch, by, assessor, assessed_on):
    """The locked batch and what counts of it now, once permission and heading are in order."""
    if not rules.may_record_results(by, batch):
        raise Forbidden(_("Hasil angkatan ini bukan untuk Anda catat."))
    batch = (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course", "agency")
        .get(pk=batch.pk)
    )
    if batch.state not in OPEN:
        raise NotAllowed(
            _("Hasil dicatat sesudah pelatihan dimulai; angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )
    problems = {}
    if assessor is not None and not assessor.strip():
        problems["assessor"] = _("Sebutkan asesornya.")
    if assessed_on is not None:
        if assessed_on > timezone.localdate():
            problems["assessed_on"] = _("Tanggal penilaian di masa depan.")
        elif assessed_on < batch.starts_on:
            problems["assessed_on"] = _("Tanggal penilaian sebelum angkatan dimulai.")
    _refuse(problems)
    return batch, results_of(batch)


def _known(now, entry):
    results = now.get(entry.enrolment.pk)
    return results.by_part.get(entry.part.key) if results else None


def _problem(entry):
    if entry.enrolment.state == EnrolmentState.DROPPED:
        return _("Peserta ini sudah keluar.")
    if entry.is_empty:
        return _("Belum diisi.")
    if entry.part.has_scores and None in (entry.knowledge, entry.skill):
        return _("Isi kedua nilai: pengetahuan dan keterampilan.")
    return None


def _is_same(known, entry, by):
    """The very entry was written by the same person: a double click, a request sent again."""
    return (
        known.created_by == by
        and mark_of(known) != entry.seen
        and known.attempt == _attempt_of(entry.seen) + 1
        and _holds(known, entry)
    )


def _attempt_of(mark):
    number = mark.partition(":")[0]
    return int(number) if number.isdecimal() and len(number) < 6 else 0


def _holds(known, entry):
    return all(getattr(known, name) == value for name, value in entry.content.items())


def _is_unchanged(known, entry, assessor, assessed_on):
    return (
        not _problem(entry)
        and _holds(known, entry)
        and known.assessor == (assessor or known.assessor)
        and known.assessed_on == (assessed_on or known.assessed_on)
    )


def _row(batch, entry, known, assessor, assessed_on, by):
    return Assessment(
        facility_id=batch.facility_id,
        agency_id=batch.agency_id,
        enrolment=entry.enrolment,
        kind=entry.part.kind,
        unit=entry.part.unit,
        attempt=known.attempt + 1 if known else 1,
        assessor=assessor.strip(),
        assessed_on=assessed_on,
        created_by=by,
        **entry.content,
    )


def _write(known, entry, assessor, assessed_on):
    if entry.is_empty:
        known.delete()
        return
    fields = entry.content | {
        "assessor": assessor.strip() or known.assessor,
        "assessed_on": assessed_on or known.assessed_on,
    }
    for name, value in fields.items():
        setattr(known, name, value)
    known.save(update_fields=list(fields))


def _own_papers(batch):
    """Standing papers of the batch that the prison issued: their back tells these results."""
    return Certificate.objects.issued().filter(enrolment__batch=batch, letter__isnull=False)


def _changed(known):
    if known is None:
        return _("Hasil ini sementara itu dihapus.")
    return _("Sementara itu tercatat %(result)s, oleh %(who)s pada %(when)s.") % {
        "who": known.created_by or "—",
        "result": known.get_result_display().lower(),
        "when": formats.date_format(timezone.localtime(known.created_at), "DATETIME_FORMAT"),
    }


def _too_late(known):
    return _("Dicatat pihak lain, atau lebih dari %(days)s hari lalu: tidak bisa dibetulkan.") % {
        "days": settings.RESULT_CORRECTION_DAYS
    }


def _refuse(problems):
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _bare(score):
    return "" if score is None else f"{score.normalize():f}"


def _tell(batch):
    notices.tell(
        kind="results_recorded",
        obj=batch,
        recipients=notices.holders(batch.facility_id, roles.OFFICER, roles.HEAD),
        data={"batch": f"{batch.course.name} – {batch.name}", "by": batch.agency.name},
        link=batch.get_absolute_url(),
        facility_id=batch.facility_id,
    )
