"""The warden's decree on a batch's participants: the only way into an enrolment."""

import secrets

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts import roles
from accounts.inserts import insert, update
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import letter_numbers, letters, notices
from partners.services import liaisons
from training import documents
from training.models import Decree, DecreeEntry, Enrolment, SeatOffer
from training.services import seat_locks, seat_offers, waiting
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
    wanted = list(dict.fromkeys(candidate.pk for candidate in candidates))
    if full := seat_locks.full(batch.pk, candidates):
        raise _full(full)
    batch = seat_locks.batch_of(batch.pk)
    check_selecting(batch)
    if batch.seats_free <= 0 and seat_locks.full(batch.pk, candidates):
        raise _full(batch)
    before = seat_locks.before_decree(batch, hearing, wanted)
    decree, hearing, chosen = before.pending, before.hearing, before.candidates
    if decree and decree.state == DecreeState.PREPARED:
        listed = set(decree.entries.values_list("candidate_id", flat=True))
        if decree.created_by_id == by.pk and listed == set(wanted):
            return decree
        raise AlreadyDone(
            _("SK untuk angkatan ini sudah disiapkan oleh %(who)s dan menunggu Kalapas.")
            % {"who": decree.created_by}
        )
    if hearing is None or hearing.state != HearingState.HELD:
        raise NotAllowed(_("SK hanya bisa disiapkan sesudah hasil sidang TPP dicatat."))
    if not wanted:
        raise NotAllowed(_("Pilih paling sedikit satu orang."))
    _check_approved(chosen, len(wanted))
    _check_seats(batch, chosen, len(wanted))
    _check_in_turn(batch, before)
    is_new = decree is None
    if is_new:
        decree = Decree(facility_id=batch.facility_id, batch=batch, hearing=hearing, created_by=by)
        insert([decree], told=("public_id", "created_at"))
    else:
        decree.entries.all().delete()
        decree.batch, decree.hearing, decree.state = batch, hearing, DecreeState.PREPARED
        decree.reason, decree.created_by = "", by
        update(decree, "hearing", "state", "reason", "created_by")
    chosen.sort(key=lambda candidate: (candidate.is_reserve, candidate.rank))
    insert(
        [
            DecreeEntry(decree=decree, candidate=candidate, position=position, created_by=by)
            for position, candidate in enumerate(chosen, start=1)
        ]
    )
    if not is_new:
        notices.close_for(decree)
    _tell_staff("decree_waiting", decree, by, roles.WARDEN, people=len(chosen))
    return decree


@act
def send_back(*, decree, reason, by):
    """The warden returns a prepared decree, with a reason; the head may prepare it anew."""
    require(by, "issue_decree", decree.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan pengembalian."))})
    decree = _locked(decree)
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
    batch = seat_locks.batch_of(batch.pk)
    decree = batch.decrees.awaiting_warden().filter(entries__candidate=candidate).first()
    if decree is None:
        return None
    decree = _locked(decree)
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
    numbers = seat_locks.people_of(decree)
    batch = seat_locks.batch_with_course(decree.batch_id)
    decree, candidates, codes = seat_locks.decree_of(decree.pk, batch)
    if decree.state == DecreeState.ISSUED and decree.letter.signed_by == by:
        return decree
    if decree.state != DecreeState.PREPARED:
        raise _settled(decree)
    check_selecting(batch)
    if {candidate.inmate_id for candidate in candidates} != set(numbers):
        raise NotAllowed(_("Daftar SK baru saja diubah; buka lagi halamannya."))
    _check_seats(batch, candidates, len(candidates))
    _check_approved(candidates, len(candidates))
    _check_still_eligible(batch, candidates)
    for candidate in candidates:
        candidate.register_number = numbers[candidate.inmate_id]
    seat_offers.seat(candidates=[row for row in candidates if row.has_taken], by=by)
    _enrol(decree, candidates, codes, by)
    waiting.consume(batch=batch, inmates=list(numbers))
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
    update(decree, "letter", "state")
    notices.close_for(decree)
    _tell_issued(decree, by, len(candidates))
    return decree


def _locked(decree):
    batch = seat_locks.batch_with_course(decree.batch_id)
    decree, _listed, _codes = seat_locks.decree_of(decree.pk, batch)
    return decree


def _check_seats(batch, candidates, people):
    """Seats for all of them: those that are free, and those held for them by taken offers."""
    held = sum(candidate.has_taken for candidate in candidates)
    if people <= held:
        return
    if batch.seats_free == 0:
        raise _full(batch)
    if people > batch.seats_free + held:
        raise NotAllowed(
            _("%(seats)s kursi dikonfirmasi, %(free)s masih kosong, %(people)s orang dipilih.")
            % {"seats": batch.seats, "free": batch.seats_free + held, "people": people}
        )


def _full(batch):
    return NotAllowed(
        _("Angkatan ini sudah penuh: %(taken)s dari %(seats)s kursi terisi.")
        % {"taken": batch.seats_taken, "seats": batch.seats}
    )


def _check_approved(candidates, wanted):
    if len(candidates) != wanted:
        raise NotAllowed(_("Ada calon peserta dari angkatan lain."))
    sentences = [
        _("%(name)s belum disetujui sidang (%(state)s).")
        % {"name": candidate.inmate, "state": candidate.get_state_display().lower()}
        for candidate in candidates
        if candidate.state != CandidateState.APPROVED
    ]
    sentences += [
        _("%(name)s sudah menjadi peserta.") % {"name": candidate.inmate}
        for candidate in candidates
        if candidate.is_seated
    ]
    sentences += [
        _("%(name)s belum menjawab tawaran kursi; catat jawabannya dulu.")
        % {"name": candidate.inmate}
        for candidate in candidates
        if candidate.is_asked
    ]
    if sentences:
        raise NotAllowed(sentences, people=[candidate.inmate for candidate in candidates])


def out_of_turn(batch, candidates):
    """`{candidate: sentence}` of those whom a decree may not list now.

    After the first decree a seat goes to who took the offer of it, in order and in time.
    """
    if not seat_locks.is_begun(batch):
        return {}
    taken = SeatOffer.objects.taken().filter(candidate__in=candidates)
    seated = set(taken.values_list("candidate_id", flat=True))
    return _out_of_turn(batch, [row for row in candidates if row.pk not in seated])


def _out_of_turn(batch, candidates, meetings=None):
    """Of these, who took no offer, when a decree of the batch is issued."""
    is_late = seat_offers.last_day_of_replacement(batch, meetings) is None
    sentence = _("%(name)s belum menerima tawaran kursi; tawarkan dahulu menurut urutan cadangan.")
    if is_late:
        sentence = _("%(name)s tidak bisa masuk lagi: terlalu banyak pertemuan sudah lewat.")
    return {row: sentence % {"name": row.inmate} for row in candidates if is_late or row.is_reserve}


def _check_in_turn(batch, before):
    if not before.hearing.is_begun:
        return
    asked = [row for row in before.candidates if not row.has_taken]
    without = _out_of_turn(batch, asked, before.meetings)
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


def _enrol(decree, candidates, codes, by):
    batch, rows = decree.batch, []
    for candidate in candidates:
        code = new_code(codes)
        codes.add(code)
        rows.append(
            Enrolment(
                facility_id=batch.facility_id,
                agency_id=batch.agency_id,
                batch=batch,
                inmate=candidate.inmate,
                candidate=candidate,
                decree=decree,
                participant_code=code,
                created_by=by,
            )
        )
    insert(rows)


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
    notices.tell(
        kind=kind,
        obj=decree,
        recipients=notices.holders_in_sql(decree.facility_id, *to, but=by),
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
        recipients=liaisons.keys_in_sql(decree.batch.agency_id),
        data={"batch": _title(decree.batch), "people": people},
        link=reverse("training:participant-list", args=[decree.batch.public_id]),
        facility_id=decree.facility_id,
    )


def _title(batch):
    return f"{batch.course.name} – {batch.name}"
