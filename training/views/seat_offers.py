"""A freed seat: to which reserve it is offered, and what the reserve says."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from training import sections
from training.forms.seat_offer import RefuseForm, TakeForm, WithdrawForm
from training.models import Candidate, SeatOffer
from training.services import seat_offers
from training.services.eligible import with_register_numbers
from training.states import SELECTING, SeatOfferState
from training.views.selection import need_names

RELATED = ("batch__course", "batch__agency", "candidate__inmate", "state_by", "created_by")


@dataclass
class Seats:
    """What `_seat_offers.html` shows of a batch; `people` are those it names."""

    offers: list
    reserves: list
    unclaimed: int
    last_day: date | None
    may_offer: bool

    @property
    def people(self):
        rows = [offer.candidate for offer in self.offers] + self.reserves
        return [row.inmate for row in rows]

    @property
    def offerable(self):
        """The id of the reserve who is next, when a seat can be offered now."""
        fresh = [row for row in self.reserves if not row.was_asked] or self.reserves
        if self.may_offer and self.unclaimed > 0 and self.last_day and fresh:
            return fresh[0].pk
        return None


@sections.register(order=sections.SELECTION + 1)
def section(batch, user, rows):
    """Offers of the batch, and its reserves in order."""
    if user.is_liaison or not may(user, "see_people", batch.facility_id):
        return None
    if not rows.offers and not rows.reserves:
        return None
    selecting = batch.state in SELECTING
    seats = Seats(
        offers=rows.offers,
        reserves=rows.reserves,
        unclaimed=batch.seats_free - len(rows.claiming),
        last_day=seat_offers.last_day_of_replacement(batch, rows.meetings),
        may_offer=selecting and may(user, "propose_candidates", batch.facility_id),
    )
    return "training/_seat_offers.html", {
        "seats": seats,
        "selecting": selecting,
        "people": seats.people,
    }


@require_POST
def offer(request, public_id):
    """Offer a free seat to this reserve; a refusal is shown on the batch's page."""
    candidate = find(
        Candidate.objects.select_related("batch__course", "inmate"), request.user, public_id
    )
    _need_officer(request, candidate)
    form = TakeForm(request.POST)
    form.full_clean()
    made = perform(form, seat_offers.offer, candidate=candidate, by=request.user)
    if made:
        return done(request, _("Kursi ditawarkan; catat jawabannya di sini."), made)
    access.record(request, access.VIEW, [candidate.inmate])
    return show(request, "training/seat_not_offered.html", {"candidate": candidate}, form=form)


def detail(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def take(request, public_id):
    row = _find(request, public_id)
    _need_officer(request, row)
    form = TakeForm(request.POST)
    form.full_clean()
    if perform(form, seat_offers.take, offer=row, by=request.user):
        return done(request, _("Dicatat: kursi diterima. Kasi menyiapkan SK tambahan."), row.batch)
    return _page(request, _find(request, public_id), form)


@require_POST
def refuse(request, public_id):
    return _answer(
        request, public_id, RefuseForm, seat_offers.refuse, _("Dicatat: kursi tidak diterima.")
    )


@require_POST
def withdraw(request, public_id):
    return _answer(
        request, public_id, WithdrawForm, seat_offers.withdraw, _("Tawaran kursi ditarik.")
    )


def _answer(request, public_id, form_class, service, sentence):
    row = _find(request, public_id)
    _need_officer(request, row)
    form = form_class(request.POST)
    if form.is_valid() and perform(form, service, offer=row, by=request.user, **form.cleaned_data):
        return done(request, sentence, row.batch)
    return _page(request, _find(request, public_id), form)


def _find(request, public_id):
    row = find(SeatOffer.objects.select_related(*RELATED), request.user, public_id)
    need_names(request, row.facility_id)
    return row


def _need_officer(request, row):
    need_names(request, row.facility_id)
    if not may(request.user, "propose_candidates", row.facility_id):
        raise PermissionDenied


def _page(request, row, bound=None):
    (candidate,) = with_register_numbers([row.candidate])
    access.record(request, access.VIEW, [candidate.inmate])
    acts = may(request.user, "propose_candidates", row.facility_id)
    return show(
        request,
        "training/seat_detail.html",
        {
            "offer": row,
            "batch": row.batch,
            "candidate": candidate,
            "may_answer": acts and row.state == SeatOfferState.OPEN,
            "may_withdraw": acts and row.state in (SeatOfferState.OPEN, SeatOfferState.TAKEN),
            "refuse_form": bound if isinstance(bound, RefuseForm) else RefuseForm(),
            "withdraw_form": bound if isinstance(bound, WithdrawForm) else WithdrawForm(),
        },
        form=bound,
    )
