"""Sessions of the TPP. A hearing recommends per person; only the warden's decree enrols."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from training.models import Batch, Candidate, Hearing, Recommendation, SeatOffer
from training.services import seat_offers
from training.services.candidates import check_selecting
from training.states import BATCH_OVER, HEARD, CandidateState, HearingState

EVERYBODY = (roles.OFFICER, roles.HEAD, roles.REGISTRAR)


@act
def schedule(*, batch, held_on, by):
    """Set the day on which the TPP hears a batch's candidates."""
    require(by, "propose_candidates", batch.facility_id)
    batch = _locked_batch(batch)
    check_selecting(batch)
    planned = batch.hearings.filter(state=HearingState.PLANNED).select_related("created_by").first()
    if planned:
        if (planned.held_on, planned.created_by) == (held_on, by):
            return planned
        raise AlreadyDone(
            _("Sidang sudah dijadwalkan pada %(day)s oleh %(who)s.")
            % {"day": formats.date_format(planned.held_on), "who": planned.created_by}
        )
    _refuse(_problems_of_day(batch, held_on))
    if not batch.candidates.awaiting_hearing().exists():
        raise NotAllowed(_("Belum ada calon peserta yang menunggu sidang."))
    hearing = Hearing.objects.create(
        facility_id=batch.facility_id, batch=batch, held_on=held_on, created_by=by
    )
    _tell("hearing_scheduled", hearing, by, roles.HEAD, roles.REGISTRAR, held_on=str(held_on))
    return hearing


@act
def move(*, hearing, held_on, reason, by):
    """Another day for a planned hearing, for a reason; everybody who was told is told again."""
    require(by, "propose_candidates", hearing.facility_id)
    batch = _locked_batch(hearing.batch)
    hearing = _locked(hearing)
    _need_planned(hearing)
    if (hearing.held_on, hearing.reason) == (held_on, reason):
        return hearing
    problems = _problems_of_day(batch, held_on)
    if held_on == hearing.held_on:
        problems["held_on"] = _("Sidang sudah dijadwalkan pada hari itu.")
    if not reason.strip():
        problems["reason"] = _("Sebutkan alasan pemindahan.")
    _refuse(problems)
    hearing.held_on, hearing.reason = held_on, reason
    hearing.save(update_fields=["held_on", "reason"])
    notices.close_for(hearing)
    _tell("hearing_moved", hearing, by, *EVERYBODY)
    return hearing


@act
def cancel(*, hearing, reason, by):
    """Call a planned hearing off, for a reason; its candidates wait for another one."""
    require(by, "plan_batch", hearing.facility_id)
    _locked_batch(hearing.batch)
    hearing = _locked(hearing)
    if (hearing.state, hearing.reason) == (HearingState.CANCELLED, reason):
        return hearing
    _need_planned(hearing)
    if not reason.strip():
        raise _field("reason", _("Sebutkan alasan pembatalan."))
    hearing.state, hearing.reason = HearingState.CANCELLED, reason
    hearing.save(update_fields=["state", "reason"])
    notices.close_for(hearing)
    _tell("hearing_cancelled", hearing, by, *EVERYBODY)
    return hearing


@act
def record(*, hearing, number, chair, members, results, by, held_on=None):
    """Write down what the hearing recommends; `results` is `{candidate: (result, note, reserve)}`.

    Candidates that are not in `results` wait for the next hearing. Of those approved and not
    marked as reserve, as many as there are free seats stay regular, in order of rank; the rest
    become reserves. `held_on` corrects the scheduled day. Recorded twice by the same user with
    the same content: the hearing; otherwise `AlreadyDone`.
    """
    require(by, "record_hearing", hearing.facility_id)
    batch = _locked_batch(hearing.batch)
    hearing = _locked(hearing)
    results = {candidate.pk: result for candidate, result in results.items()}
    if hearing.state == HearingState.HELD:
        return _recorded_before(hearing, number, chair, results, by)
    _need_planned(hearing)
    check_selecting(batch)
    held_on = held_on or hearing.held_on
    _check_minutes(number, chair, held_on, results)
    candidates = list(
        Candidate.objects.select_for_update(no_key=True, of=["self"])
        .filter(pk__in=results, batch=batch)
        .select_related("inmate")
        .order_by("pk")
    )
    _check_heard(candidates, results)
    candidates.sort(key=lambda candidate: candidate.rank)
    regular = batch.seats_free - batch.candidates.approved_without_seat().regular().count()
    now = timezone.now()
    recommendations = []
    for candidate in candidates:
        result, note, reserve = results[candidate.pk]
        candidate.state, candidate.state_at, candidate.state_by = result, now, by
        candidate.note, candidate.is_reserve = note, False
        if result == CandidateState.APPROVED:
            candidate.is_reserve = bool(reserve) or regular <= 0
            regular -= not candidate.is_reserve
        candidate.save(update_fields=["state", "state_at", "state_by", "note", "is_reserve"])
        recommendations.append(
            Recommendation(
                hearing=hearing,
                candidate=candidate,
                result=result,
                is_reserve=candidate.is_reserve,
                note=note,
                created_by=by,
            )
        )
    Recommendation.objects.bulk_create(recommendations)
    hearing.number, hearing.chair, hearing.members = number, chair, members
    hearing.held_on, hearing.state = held_on, HearingState.HELD
    hearing.save(update_fields=["number", "chair", "members", "held_on", "state"])
    notices.close_for(hearing)
    counts = {str(state): sum(row.result == state for row in recommendations) for state in HEARD}
    _tell("hearing_recorded", hearing, by, roles.HEAD, roles.OFFICER, **counts)
    return hearing


@act
def undo(*, hearing, reason, by):
    """Take a record back that was typed wrongly: its people are proposed again.

    Not while a decree that rests on it waits for the warden or is issued.
    """
    require(by, "correct_state", hearing.facility_id)
    if not reason.strip():
        raise _field("reason", _("Sebutkan alasannya."))
    batch = _locked_batch(hearing.batch)
    hearing = _locked(hearing)
    if hearing.state == HearingState.PLANNED:
        return hearing
    if hearing.state != HearingState.HELD:
        raise NotAllowed(_("Sidang ini dibatalkan; jadwalkan yang baru."))
    if batch.state in BATCH_OVER:
        raise NotAllowed(
            _("Tidak bisa: angkatan ini %(state)s.") % {"state": batch.get_state_display().lower()}
        )
    heard = hearing.recommendations.values("candidate_id")
    decrees = batch.decrees.filter(entries__candidate__in=heard)
    if decrees.issued().exists():
        raise NotAllowed(_("SK berdasarkan sidang ini sudah ditetapkan."))
    if decrees.awaiting_warden().exists():
        raise NotAllowed(_("SK berdasarkan sidang ini menunggu Kalapas; minta dikembalikan dulu."))
    now = timezone.now()
    undone = Candidate.objects.filter(pk__in=heard, state__in=HEARD).order_by("pk")
    locked = list(undone.select_for_update(no_key=True).values_list("pk", flat=True))
    offers = SeatOffer.objects.filter(candidate__in=locked)
    freed = seat_offers.withdraw_all(offers=offers, reason=reason)
    Candidate.objects.filter(pk__in=locked).update(
        state=CandidateState.PROPOSED,
        state_at=now,
        state_by=by,
        note=reason,
        is_reserve=False,
    )
    hearing.recommendations.all().delete()
    hearing.state = HearingState.PLANNED
    hearing.save(update_fields=["state"])
    notices.close_for(hearing)
    seat_offers.offer_free(batch=batch, by=by, most=freed)
    return hearing


def _locked_batch(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course")
        .get(pk=batch.pk)
    )


def _locked(hearing):
    return Hearing.objects.select_for_update(no_key=True).get(pk=hearing.pk)


def _field(name, sentence):
    return NotAllowed({name: ValidationError(sentence)})


def _refuse(problems):
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _problems_of_day(batch, held_on):
    if held_on < timezone.localdate():
        return {"held_on": _("Tanggal sidang sudah lewat.")}
    if held_on > batch.ends_on:
        return {"held_on": _("Sidang harus sebelum pelatihan selesai.")}
    return {}


def _need_planned(hearing):
    if hearing.state != HearingState.PLANNED:
        raise AlreadyDone(
            _("Sidang ini sudah %(state)s.") % {"state": hearing.get_state_display().lower()}
        )


def _check_minutes(number, chair, held_on, results):
    problems = {}
    if not number.strip():
        problems["number"] = _("Isi nomor berita acara.")
    if not chair.strip():
        problems["chair"] = _("Isi nama ketua sidang.")
    if held_on > timezone.localdate():
        problems["held_on"] = _("Sidang belum berlangsung.")
    _refuse(problems)
    if not results:
        raise NotAllowed(_("Belum ada hasil untuk seorang pun."))


def _check_heard(candidates, results):
    if len(candidates) != len(results):
        raise NotAllowed(_("Ada calon peserta dari angkatan lain."))
    for candidate in candidates:
        if candidate.state != CandidateState.PROPOSED:
            raise NotAllowed(
                _("%(name)s tidak lagi menunggu sidang (%(state)s).")
                % {"name": candidate.inmate, "state": candidate.get_state_display().lower()},
                people=[candidate.inmate],
            )
        if results[candidate.pk][0] not in HEARD:
            raise NotAllowed(_("Hasil sidang harus disetujui, ditolak atau ditunda."))


def _recorded_before(hearing, number, chair, results, by):
    rows = list(hearing.recommendations.select_related("created_by"))
    same = {row.candidate_id: row.result for row in rows} == {
        pk: result for pk, (result, *_rest) in results.items()
    }
    if same and (hearing.number, hearing.chair) == (number, chair) and rows[0].created_by == by:
        return hearing
    raise AlreadyDone(
        _("Hasil sidang ini sudah dicatat oleh %(who)s pada %(when)s.")
        % {
            "who": rows[0].created_by if rows else _("orang lain"),
            "when": formats.date_format(
                timezone.localtime(rows[0].created_at if rows else hearing.created_at),
                "DATETIME_FORMAT",
            ),
        }
    )


def _tell(kind, hearing, by, *to, **data):
    batch = hearing.batch
    people = notices.holders(hearing.facility_id, *to)
    notices.tell(
        kind=kind,
        obj=hearing,
        recipients=[person for person in people if person != by],
        data={"batch": f"{batch.course.name} – {batch.name}", **data},
        link=hearing.get_absolute_url(),
        facility_id=hearing.facility_id,
        due=hearing.held_on,
    )
