"""Who may answer a round of slots, and which dates and seats make sense."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from partners.rules import covers, is_liaison_of
from training.states import BatchState, ProposalState, Side

AS_AGENCY, AS_PRISON, FOR_AGENCY = "agency", "prison", "for_agency"


def how_may_answer(user, proposal):
    """In whose name the user may answer an open round.

    `AS_AGENCY` (liaison, own side), `AS_PRISON` (staff), `FOR_AGENCY` (staff who write down an
    answer that came by letter or call) or None.
    """
    if proposal.side == Side.AGENCY:
        return AS_PRISON if may(user, "open_slots", proposal.facility_id) else None
    if speaks_for_agency(user, proposal):
        return AS_AGENCY
    if may(user, "record_for_agency", proposal.facility_id):
        return FOR_AGENCY
    return None


def speaks_for_agency(user, proposal):
    """Whether the user is a liaison of exactly the agency of this round."""
    return is_liaison_of(user, proposal.agency_id)


def is_on_side(user, proposal):
    """Whether the user speaks for the side that opened the round."""
    if proposal.side == Side.AGENCY:
        return speaks_for_agency(user, proposal)
    return may(user, "open_slots", proposal.facility_id)


def may_propose(user, batch):
    """Whether the user may open a round now: planned, or confirmed and to be changed."""
    return batch.state in (BatchState.PLANNED, BatchState.CONFIRMED) and may(
        user, "open_slots", batch.facility_id
    )


def may_start(user, batch):
    """Whether the training can be called begun: confirmed, its first day has come, one may plan."""
    return (
        batch.state == BatchState.CONFIRMED
        and batch.starts_on <= timezone.localdate()
        and may(user, "plan_batch", batch.facility_id)
    )


def may_object(user, proposal):
    """A liaison may object, once, to an answer that the prison wrote down for the agency."""
    return (
        proposal.is_recorded
        and proposal.objected_at is None
        and proposal.state != ProposalState.OPEN
        and speaks_for_agency(user, proposal)
    )


def problems_of_terms(*, seats, starts_on, ends_on, respond_by=None, today=None):
    """What is wrong with the terms of a round: a dict of field to sentence, empty when fine."""
    today = today or timezone.localdate()
    problems = {}
    if not 1 <= seats <= settings.SEATS_MAX:
        problems["seats"] = _("Jumlah kursi harus antara 1 dan %(most)s.") % {
            "most": settings.SEATS_MAX
        }
    if starts_on < today:
        problems["starts_on"] = _("Tanggal mulai sudah lewat.")
    if ends_on < starts_on:
        problems["ends_on"] = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")
    if respond_by is not None:
        if respond_by < today:
            problems["respond_by"] = _("Batas jawaban sudah lewat.")
        elif respond_by > starts_on:
            problems["respond_by"] = _("Batas jawaban harus sebelum pelatihan dimulai.")
    return problems


def problem_of_cover(batch_agreement, exception, starts_on, ends_on):
    """A sentence when no agreement covers the span and no exception is named, else None."""
    if exception or (batch_agreement and covers(batch_agreement, starts_on, ends_on)):
        return None
    if batch_agreement is None:
        return _("Pilih perjanjian, atau sebutkan dasar lain.")
    return _("Perjanjian ini tidak berlaku pada seluruh masa pelatihan.")
