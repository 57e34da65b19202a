"""What a liaison's home shows: rounds, referrals, batches and agreements, each one query."""

from django.db.models import Count, Min

from partners.models import Agency, Agreement
from placements.models import FollowUp, Referral
from training.models import Batch, SlotProposal
from training.states import BatchState


def own_agency(user):
    """The agency that the user speaks for, or an empty string when that has ended."""
    return Agency.objects.represented_by(user).first() or ""


def rounds_to_answer(user):
    """Rounds that wait for the agency which the user speaks for, not for units below it."""
    own = Agency.objects.represented_by(user).values("pk")
    return _rounds(user).awaiting_agency().filter(agency__in=own)


def rounds_with_prison(user):
    """Rounds that the agency, or a unit below it, opened and the prison has yet to answer."""
    return _rounds(user).awaiting_prison()


def batches_ahead(user):
    """Confirmed and running batches of the agency, the next one first."""
    rows = Batch.objects.visible_to(user).upcoming()
    rows = rows.filter(state__in=[BatchState.CONFIRMED, BatchState.RUNNING])
    return rows.select_related("course", "facility").order_by("starts_on", "pk")


def agreements_in_force(user):
    rows = Agreement.objects.visible_to(user).in_force()
    return rows.select_related("facility").order_by("ends_on", "pk")


def referrals_to_answer(user):
    """Referrals that lie with the agency which the user speaks for, by their codes."""
    own = Agency.objects.represented_by(user).values("pk")
    rows = Referral.objects.visible_to(user).with_agency().filter(agency__in=own)
    return rows.select_related("facility", "employer", "vacancy").order_by("answer_by", "pk")


def follow_ups_due(user):
    """`{"count", "first"}` of those whom the user's own agency is to ask by today."""
    own = Agency.objects.represented_by(user).values("pk")
    rows = FollowUp.objects.visible_to(user).due().filter(agency__in=own).order_by()
    return rows.aggregate(count=Count("pk"), first=Min("due_on"))


def _rounds(user):
    rows = SlotProposal.objects.visible_to(user).select_related("batch__course", "facility")
    return rows.order_by("respond_by", "pk")
