"""The way into a batch: batches, rounds of slots, candidates, decrees, enrolments.

What happens once the training runs stands in `training/teaching.py`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


class BatchState(models.TextChoices):
    PLANNED = "planned", _("Direncanakan")
    NEGOTIATING = "negotiating", _("Menunggu konfirmasi")
    CONFIRMED = "confirmed", _("Dikonfirmasi")
    RUNNING = "running", _("Berjalan")
    FINISHED = "finished", _("Selesai")
    CLOSED = "closed", _("Ditutup")
    POSTPONED = "postponed", _("Ditunda")
    CANCELLED = "cancelled", _("Dibatalkan")


BATCH_INITIAL = (BatchState.PLANNED,)
TAUGHT = (BatchState.CONFIRMED, BatchState.RUNNING, BatchState.FINISHED)  # attendance is kept
BATCH_OPEN = (BatchState.PLANNED, BatchState.NEGOTIATING, BatchState.CONFIRMED, BatchState.RUNNING)
SELECTING = (BatchState.CONFIRMED, BatchState.RUNNING)  # people may join
BATCH_BEGUN = (BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED)
BATCH_OVER = (BatchState.FINISHED, BatchState.CLOSED, BatchState.CANCELLED)
BATCH_TRANSITIONS = (
    Move(BatchState.PLANNED, BatchState.NEGOTIATING, "propose", "open_slots"),
    Move(BatchState.NEGOTIATING, BatchState.PLANNED, "end_round", "open_slots"),
    Move(BatchState.NEGOTIATING, BatchState.CONFIRMED, "accept", "open_slots"),
    Move(BatchState.CONFIRMED, BatchState.RUNNING, "start", "plan_batch"),
    Move(BatchState.RUNNING, BatchState.FINISHED, "finish", "plan_batch"),
    Move(BatchState.FINISHED, BatchState.CLOSED, "close", "plan_batch"),
    Move(BatchState.PLANNED, BatchState.POSTPONED, "postpone", "plan_batch"),
    Move(BatchState.CONFIRMED, BatchState.POSTPONED, "postpone", "plan_batch"),
    Move(BatchState.POSTPONED, BatchState.PLANNED, "resume", "plan_batch"),
    Move(BatchState.RUNNING, BatchState.CONFIRMED, "undo_start", "correct_state"),
    Move(BatchState.FINISHED, BatchState.RUNNING, "undo_finish", "correct_state"),
    Move(BatchState.CLOSED, BatchState.FINISHED, "reopen", "correct_state"),
    *(
        Move(state, BatchState.CANCELLED, "cancel", "plan_batch")
        for state in (*BATCH_OPEN, BatchState.POSTPONED)
    ),
)


class BatchNeed(models.TextChoices):
    """What somebody has to do next for a batch."""

    ROUND = "round", _("Kuota belum diusulkan")
    CANDIDATES = "candidates", _("Calon belum cukup")
    HEARING = "hearing", _("Sidang TPP belum dijadwalkan")
    DECREE = "decree", _("SK belum disiapkan")
    CORRECTION = "correction", _("SK dikembalikan")
    SIGNATURE = "signature", _("SK menunggu Kalapas")
    RESERVE = "reserve", _("Cadangan belum menjawab")


class Side(models.TextChoices):
    PRISON = "prison", _("Lapas")
    AGENCY = "agency", _("Instansi")


class Channel(models.TextChoices):
    LETTER = "letter", _("Surat")
    CALL = "call", _("Telepon")
    WHATSAPP = "whatsapp", _("WhatsApp")
    MEETING = "meeting", _("Pertemuan")


class ProposalState(models.TextChoices):
    OPEN = "open", _("Menunggu jawaban")
    ACCEPTED = "accepted", _("Diterima")
    COUNTERED = "countered", _("Diusul balik")
    DECLINED = "declined", _("Ditolak")
    EXPIRED = "expired", _("Lewat batas jawab")
    WITHDRAWN = "withdrawn", _("Ditarik")


PROPOSAL_INITIAL = (ProposalState.OPEN,)
PROPOSAL_TRANSITIONS = (
    Move(ProposalState.OPEN, ProposalState.ACCEPTED, "accept", "open_slots"),
    Move(ProposalState.OPEN, ProposalState.COUNTERED, "counter", "open_slots"),
    Move(ProposalState.OPEN, ProposalState.DECLINED, "decline", "open_slots"),
    Move(ProposalState.OPEN, ProposalState.EXPIRED, "expire", "system"),
    Move(ProposalState.OPEN, ProposalState.WITHDRAWN, "withdraw", "open_slots"),
)


class CandidateState(models.TextChoices):
    PROPOSED = "proposed", _("Diusulkan")
    APPROVED = "approved", _("Disetujui")
    REJECTED = "rejected", _("Ditolak")
    DEFERRED = "deferred", _("Ditunda")
    WITHDRAWN = "withdrawn", _("Mundur")
    LAPSED = "lapsed", _("Gugur")


CANDIDATE_INITIAL = (CandidateState.PROPOSED,)
CANDIDATE_OPEN = (CandidateState.PROPOSED, CandidateState.APPROVED, CandidateState.DEFERRED)
REFUSED = (CandidateState.REJECTED, CandidateState.DEFERRED, CandidateState.LAPSED)
HEARD = (CandidateState.APPROVED, CandidateState.REJECTED, CandidateState.DEFERRED)
CANDIDATE_TRANSITIONS = (
    *(Move(CandidateState.PROPOSED, s, "record", "record_hearing") for s in HEARD),
    Move(CandidateState.DEFERRED, CandidateState.PROPOSED, "propose_again", "propose_candidates"),
    Move(CandidateState.APPROVED, CandidateState.PROPOSED, "undo_hearing", "correct_state"),
    Move(CandidateState.REJECTED, CandidateState.PROPOSED, "undo_hearing", "correct_state"),
    *(Move(s, CandidateState.WITHDRAWN, "withdraw", "propose_candidates") for s in CANDIDATE_OPEN),
    *(Move(s, CandidateState.LAPSED, "lapse", "system") for s in CANDIDATE_OPEN),
)


class HearingState(models.TextChoices):
    PLANNED = "planned", _("Dijadwalkan")
    HELD = "held", _("Selesai")
    CANCELLED = "cancelled", _("Dibatalkan")


HEARING_INITIAL = (HearingState.PLANNED,)
HEARING_TRANSITIONS = (
    Move(HearingState.PLANNED, HearingState.HELD, "record", "record_hearing"),
    Move(HearingState.HELD, HearingState.PLANNED, "undo", "correct_state"),
    Move(HearingState.PLANNED, HearingState.CANCELLED, "cancel", "plan_batch"),
)


class DecreeState(models.TextChoices):
    PREPARED = "prepared", _("Menunggu Kalapas")
    RETURNED = "returned", _("Dikembalikan")
    ISSUED = "issued", _("Ditetapkan")
    CANCELLED = "cancelled", _("Dibatalkan")


DECREE_INITIAL = (DecreeState.PREPARED,)
DECREE_TRANSITIONS = (
    Move(DecreeState.PREPARED, DecreeState.ISSUED, "issue", "issue_decree"),
    Move(DecreeState.PREPARED, DecreeState.RETURNED, "send_back", "issue_decree"),
    Move(DecreeState.RETURNED, DecreeState.PREPARED, "prepare", "prepare_decree"),
    Move(DecreeState.PREPARED, DecreeState.CANCELLED, "cancel", "plan_batch"),
    Move(DecreeState.RETURNED, DecreeState.CANCELLED, "cancel", "plan_batch"),
)


class SeatOfferState(models.TextChoices):
    OPEN = "open", _("Menunggu jawaban")
    TAKEN = "taken", _("Diterima, menunggu SK")
    SEATED = "seated", _("Menjadi peserta")
    REFUSED = "refused", _("Tidak mau")
    EXPIRED = "expired", _("Lewat batas")
    WITHDRAWN = "withdrawn", _("Ditarik")


SEAT_OFFER_INITIAL = (SeatOfferState.OPEN,)
SEAT_OFFER_HOLDS = (SeatOfferState.OPEN, SeatOfferState.TAKEN)
SEAT_OFFER_TRANSITIONS = (
    Move(SeatOfferState.OPEN, SeatOfferState.TAKEN, "take", "propose_candidates"),
    Move(SeatOfferState.OPEN, SeatOfferState.REFUSED, "refuse", "propose_candidates"),
    Move(SeatOfferState.OPEN, SeatOfferState.EXPIRED, "expire", "system"),
    Move(SeatOfferState.TAKEN, SeatOfferState.SEATED, "issue", "issue_decree"),
    *(
        Move(state, SeatOfferState.WITHDRAWN, "withdraw", "propose_candidates")
        for state in SEAT_OFFER_HOLDS
    ),
)


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("Peserta")
    SUSPENDED = "suspended", _("Ditangguhkan")
    COMPLETED = "completed", _("Selesai")
    NOT_COMPLETED = "not_completed", _("Tidak selesai")
    DROPPED = "dropped", _("Berhenti")


ENROLMENT_INITIAL = (EnrolmentState.ENROLLED,)
HOLDS_SEAT = (
    EnrolmentState.ENROLLED,
    EnrolmentState.SUSPENDED,
    EnrolmentState.COMPLETED,
    EnrolmentState.NOT_COMPLETED,
)
BLOCKS_OTHERS = (EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED)
ENROLMENT_TRANSITIONS = (
    Move(EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED, "suspend", "propose_candidates"),
    Move(EnrolmentState.SUSPENDED, EnrolmentState.ENROLLED, "resume", "propose_candidates"),
    *(
        Move(start, end, act, "propose_candidates")
        for start in BLOCKS_OTHERS
        for end, act in (
            (EnrolmentState.COMPLETED, "complete"),
            (EnrolmentState.NOT_COMPLETED, "complete"),
            (EnrolmentState.DROPPED, "drop"),
        )
    ),
    *(
        Move(state, EnrolmentState.ENROLLED, "undo_complete", "correct_state")
        for state in (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
    ),
)


class LeaveCause(models.TextChoices):
    """Why a participant is kept from class, drops out, or does not complete the training."""

    SICK = "sick", _("Sakit")
    OWN_WISH = "own_wish", _("Permintaan sendiri")
    ABSENT = "absent", _("Terlalu sering tidak hadir")
    NOT_PASSED = "not_passed", _("Belum lulus")
    DISCIPLINE = "discipline", _("Register F atau keamanan")
    CONSENT = "consent", _("Persetujuan ditarik")
    MOVED = "moved", _("Mutasi")
    RELEASED = "released", _("Bebas")
    OTHER = "other", _("Lain-lain")


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("Menunggu")
    ENROLLED = "enrolled", _("Mendapat kursi")
    WITHDRAWN = "withdrawn", _("Tidak menunggu lagi")


class Asker(models.TextChoices):
    """Who asked for the training."""

    SELF = "self", _("Permintaan sendiri")
    ASSESSMENT = "assessment", _("Asesmen minat bakat")
    GUARDIAN = "guardian", _("Wali pemasyarakatan")
    OFFICE = "office", _("Kegiatan Kerja")


WAITING_INITIAL = (WaitingState.WAITING,)
WAITING_TRANSITIONS = (
    Move(WaitingState.WAITING, WaitingState.ENROLLED, "enrol", "system"),
    Move(WaitingState.WAITING, WaitingState.WITHDRAWN, "withdraw", "propose_candidates"),
    Move(WaitingState.ENROLLED, WaitingState.WAITING, "reopen", "system"),
)
