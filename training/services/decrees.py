"""The warden's decree on a batch's participants: the only way into an enrolment."""

import secrets

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import letter_numbers, letters, notices
from inmates.models import Custody, Inmate
from partners.services import liaisons
from training import documents
from training.models import Batch, Candidate, Decree, DecreeEntry, Enrolment, SeatOffer
from training.services import seat_offers, waiting
from training.services.candidates import check_selecting
from training.services.eligible import still_failing
from training.states import CandidateState, DecreeState, HearingState

LETTER_KIND = "decree"
TEMPLATE = "decree_v1"
# Letters and digits that nobody mixes up when reading a code aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 5


@act
def prepare(*, batch, hearing, candidates, by):
    """Put approved candidates on a decree for the warden; a returned one is used again.

    Raises `NotAllowed` for more people than free seats, for anybody not approved, and, once a
    decree of the batch is issued, for a reserve who did not take the seat that was offered.
    """
    require(by, "prepare_decree", batch.facility_id)
    batch = _locked(batch)
    check_selecting(batch)
    candidates = list(dict.fromkeys(candidates))
    wanted = [candidate.pk for candidate in candidates]
    decree = (
        batch.decrees.exclude(state=DecreeState.ISSUED)
        .select_for_update(no_key=True, of=["self"])
        .select_related("created_by")
        .first()
    )
    if decree and decree.state == DecreeState.PREPARED:
        listed = set(decree.entries.values_list("candidate_id", flat=True))
        if decree.created_by == by and listed == set(wanted):
            return decree
        raise AlreadyDone(
            _("SK untuk angkatan ini sudah disiapkan oleh %(who)s dan menunggu Kalapas.")
            % {"who": decree.created_by}
        )
    hearing = batch.hearings.filter(pk=hearing.pk).first()
    if hearing is None or hearing.state != HearingState.HELD:
        raise NotAllowed(_("SK hanya bisa disiapkan sesudah hasil sidang TPP dicatat."))
    if not wanted:
        raise NotAllowed(_("Pilih paling sedikit satu orang."))
    chosen = list(
        Candidate.objects.select_for_update(no_key=True, of=["self"])
        .filter(pk__in=wanted, batch=batch)
        .order_by("pk")
        .select_related("inmate")
    )
    _check_approved(chosen, len(wanted))
    _check_seats(batch, chosen, len(wanted))
    _check_in_turn(batch, chosen)
    if decree is None:
        decree = Decree.objects.create(
            facility_id=batch.facility_id, batch=batch, hearing=hearing, created_by=by
        )
    else:
        decree.entries.all().delete()
        decree.hearing, decree.state, decree.reason = hearing, DecreeState.PREPARED, ""
        decree.created_by = by
        decree.save(update_fields=["hearing", "state", "reason", "created_by"])
    chosen.sort(key=lambda candidate: (candidate.is_reserve, candidate.rank))
    DecreeEntry.objects.bulk_create(
        DecreeEntry(decree=decree, candidate=candidate, position=position, created_by=by)
        for position, candidate in enumerate(chosen, start=1)
    )
    notices.close_for(decree)
    _tell_staff("decree_waiting", decree, by, roles.WARDEN, people=len(chosen))
    return decree


@act
def send_back(*, decree, reason, by):
    """The warden returns a prepared decree, with a reason; the head may prepare it anew."""
    require(by, "issue_decree", decree.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan pengembalian."))})
    _locked(decree.batch)
    decree = _locked_decree(decree)
    if decree.state == DecreeState.RETURNED and decree.reason == reason:
        return decree
    if decree.state != DecreeState.PREPARED:
        raise _settled(decree)
    decree.state, decree.reason = DecreeState.RETURNED, reason
    decree.save(update_fields=["state", "reason"])
    notices.close_for(decree)
    _tell_staff("decree_returned", decree, by, roles.HEAD)
    return decree


@act
def take_back(*, batch, candidate):
    """A person on a prepared decree cannot be enrolled any more: the head prepares it anew.

    Returns the decree that was returned, or None when no warden waits with this person's name.
    The permission was asked by whoever ends the candidature.
    """
    _locked(batch)
    decree = batch.decrees.awaiting_warden().filter(entries__candidate=candidate).first()
    if decree is None:
        return None
    decree = _locked_decree(decree)
    decree.state = DecreeState.RETURNED
    with translation.override("id"):
        decree.reason = _("Seorang calon dalam daftar ini gugur; siapkan lagi tanpa orang itu.")
    decree.save(update_fields=["state", "reason"])
    notices.close_for(decree)
    _tell_staff("decree_withdrawn", decree, None, roles.HEAD, roles.WARDEN)
    return decree


@act
def issue(*, decree, by):
    """Sign the decree and enrol all it lists, at once or not at all.

    Each person is judged again: still here, register B, no clash, no restriction that came up
    since; whoever fails is named in the refusal. The same warden again gets the decree; anybody
    else `AlreadyDone`. The letter's number is taken last.
    """
    require(by, "issue_decree", decree.facility_id)
    listed = list(decree.entries.values_list("candidate__inmate_id", flat=True))
    inmates = {
        inmate.pk: inmate
        for inmate in Inmate.objects.select_for_update(no_key=True)
        .filter(pk__in=listed)
        .order_by("pk")
    }
    custodies = Custody.objects.open().filter(inmate__in=inmates).order_by("pk")
    numbers = {c.inmate_id: c.register_number for c in custodies.select_for_update(no_key=True)}
    batch = _locked(decree.batch)
    decree = _locked_decree(decree)
    if decree.state == DecreeState.ISSUED and decree.letter.signed_by == by:
        return decree
    if decree.state != DecreeState.PREPARED:
        raise _settled(decree)
    check_selecting(batch)
    candidates = _listed(decree)
    if {candidate.inmate_id for candidate in candidates} != set(inmates):
        raise NotAllowed(_("Daftar SK baru saja diubah; buka lagi halamannya."))
    _check_seats(batch, candidates, len(candidates))
    _check_approved(candidates, len(candidates))
    _check_still_eligible(batch, candidates)
    for candidate in candidates:
        candidate.register_number = numbers.get(candidate.inmate_id, "")
    decree.batch = batch
    seat_offers.seat(candidates=candidates, by=by)
    _enrol(decree, candidates, by)
    waiting.consume(batch=batch, inmates=list(inmates))
    decree.letter = letters.issue(
        facility=batch.facility,
        kind=LETTER_KIND,
        subject=f"Penetapan peserta pelatihan {batch.course.name} – {batch.name}"[:200],
        template=TEMPLATE,
        data=documents.decree(decree, candidates),
        people=[candidate.inmate for candidate in candidates],
        signatory=letter_numbers.signatory_of(by, batch.facility_id, roles.WARDEN),
        by=by,
    )
    decree.state = DecreeState.ISSUED
    decree.save(update_fields=["letter", "state"])
    notices.close_for(decree)
    _tell_issued(decree, by, len(candidates))
    return decree


def _locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course__trade", "facility", "agency", "agreement")
        .get(pk=batch.pk)
    )


def _locked_decree(decree):
    return (
        Decree.objects.select_for_update(no_key=True, of=["self"])
        .select_related("batch__course", "hearing", "letter__signed_by")
        .get(pk=decree.pk)
    )


def _listed(decree):
    """The decree's candidates, locked, in the order of its list."""
    positions = dict(decree.entries.values_list("candidate_id", "position"))
    candidates = (
        Candidate.objects.select_for_update(no_key=True, of=["self"])
        .filter(pk__in=positions)
        .select_related("inmate")
        .order_by("pk")
    )
    return sorted(candidates, key=lambda candidate: positions[candidate.pk])


def _check_seats(batch, candidates, people):
    """Seats for all of them: those that are free, and those held for them by taken offers."""
    held = SeatOffer.objects.taken().filter(candidate__in=candidates).count()
    if people <= held:
        return
    if batch.seats_free == 0:
        raise NotAllowed(
            _("Angkatan ini sudah penuh: %(taken)s dari %(seats)s kursi terisi.")
            % {"taken": batch.seats_taken, "seats": batch.seats}
        )
    if people > batch.seats_free + held:
        raise NotAllowed(
            _("%(seats)s kursi dikonfirmasi, %(free)s masih kosong, %(people)s orang dipilih.")
            % {"seats": batch.seats, "free": batch.seats_free + held, "people": people}
        )


def _check_approved(candidates, wanted):
    if len(candidates) != wanted:
        raise NotAllowed(_("Ada calon peserta dari angkatan lain."))
    enrolled = set(
        Enrolment.objects.filter(candidate__in=candidates).values_list("candidate_id", flat=True)
    )
    sentences = [
        _("%(name)s belum disetujui sidang (%(state)s).")
        % {"name": candidate.inmate, "state": candidate.get_state_display().lower()}
        for candidate in candidates
        if candidate.state != CandidateState.APPROVED
    ]
    sentences += [
        _("%(name)s sudah menjadi peserta.") % {"name": candidate.inmate}
        for candidate in candidates
        if candidate.pk in enrolled
    ]
    asked = SeatOffer.objects.open().filter(candidate__in=candidates)
    unanswered = set(asked.values_list("candidate_id", flat=True))
    sentences += [
        _("%(name)s belum menjawab tawaran kursi; catat jawabannya dulu.")
        % {"name": candidate.inmate}
        for candidate in candidates
        if candidate.pk in unanswered
    ]
    if sentences:
        raise NotAllowed(sentences, people=[candidate.inmate for candidate in candidates])


def out_of_turn(batch, candidates):
    """`{candidate: sentence}` of those whom a decree may not list now.

    After the first decree a seat goes to who took the offer of it, in order and in time.
    """
    if not batch.decrees.issued().exists():
        return {}
    is_late = seat_offers.last_day_of_replacement(batch) is None
    taken = SeatOffer.objects.taken().filter(candidate__in=candidates)
    seated = set(taken.values_list("candidate_id", flat=True))
    sentence = _("%(name)s belum menerima tawaran kursi; tawarkan dahulu menurut urutan cadangan.")
    if is_late:
        sentence = _("%(name)s tidak bisa masuk lagi: terlalu banyak pertemuan sudah lewat.")
    return {
        row: sentence % {"name": row.inmate}
        for row in candidates
        if row.pk not in seated and (is_late or row.is_reserve)
    }


def _check_in_turn(batch, candidates):
    without = out_of_turn(batch, candidates)
    if without:
        raise NotAllowed(list(without.values()), people=[row.inmate for row in without])


def _check_still_eligible(batch, candidates):
    failing = still_failing(batch, candidates)
    sentences = [
        f"{candidate.inmate}: {result.text}"
        for candidate in candidates
        for result in failing[candidate.pk]
    ]
    if sentences:
        raise NotAllowed(sentences, people=[candidate.inmate for candidate in candidates])


def _enrol(decree, candidates, by):
    batch = decree.batch
    codes = set(batch.enrolments.values_list("participant_code", flat=True))
    for candidate in candidates:
        code = new_code(codes)
        codes.add(code)
        Enrolment.objects.create(
            facility_id=batch.facility_id,
            agency_id=batch.agency_id,
            batch=batch,
            inmate=candidate.inmate,
            candidate=candidate,
            decree=decree,
            participant_code=code,
            created_by=by,
        )


def new_code(taken):
    """A random code such as P-7K3M2, which tells nothing about the person."""
    while True:
        code = "P-" + "".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LENGTH))
        if code not in taken:
            return code


def _settled(decree):
    if decree.state == DecreeState.RETURNED:
        return AlreadyDone(_("SK ini sudah dikembalikan: %(reason)s") % {"reason": decree.reason})
    letter = decree.letter
    return AlreadyDone(
        _("SK ini sudah ditetapkan oleh %(who)s pada %(when)s dengan nomor %(number)s.")
        % {
            "who": letter.signed_by or letter.signatory.get("name"),
            "when": formats.date_format(timezone.localtime(letter.signed_at), "DATETIME_FORMAT"),
            "number": letter.number,
        }
    )


def _tell_staff(kind, decree, by, *to, **data):
    people = notices.holders(decree.facility_id, *to)
    notices.tell(
        kind=kind,
        obj=decree,
        recipients=[person for person in people if person != by],
        data={"batch": _title(decree.batch), **data},
        link=decree.get_absolute_url(),
        facility_id=decree.facility_id,
    )


def _tell_issued(decree, by, people):
    number = decree.letter.number
    _tell_staff(
        "decree_issued", decree, by, roles.OFFICER, roles.HEAD, number=number, people=people
    )
    notices.tell(
        kind="participants_listed",
        obj=decree,
        recipients=liaisons.of(decree.batch.agency_id),
        data={"batch": _title(decree.batch), "people": people},
        link=reverse("training:participant-list", args=[decree.batch.public_id]),
        facility_id=decree.facility_id,
    )


def _title(batch):
    return f"{batch.course.name} – {batch.name}"
