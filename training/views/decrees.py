"""The decree: the head picks, the warden issues or sends back."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from training.forms.decree import IssueForm, PrepareForm, SendBackForm
from training.models import Batch, Candidate, Decree, Hearing, SeatOffer
from training.services import decrees
from training.services.eligible import with_register_numbers
from training.states import DecreeState, HearingState, SeatOfferState
from training.views.selection import need_names


def prepare(request, public_id):
    """Pick approved candidates; as many as there are free seats are ticked to begin with."""
    batch = find(Batch.objects.select_related("course", "agency"), request.user, public_id)
    if request.user.is_liaison or not may(request.user, "prepare_decree", batch.facility_id):
        raise PermissionDenied
    typed = request.POST if request.method == "POST" else None
    form = PrepareForm(typed, batch=batch, user=request.user)
    if form.is_valid():
        hearing = (
            Hearing.objects.visible_to(request.user)
            .filter(batch=batch, state=HearingState.HELD)
            .first()
        )
        decree = perform(
            form,
            decrees.prepare,
            batch=batch,
            hearing=hearing,
            candidates=list(form.cleaned_data["candidates"]),
            by=request.user,
        )
        if decree:
            return done(request, _("SK disiapkan; Kalapas diberi tahu."), decree)
    approved = with_register_numbers(
        list(
            Candidate.objects.visible_to(request.user)
            .approved_without_seat()
            .filter(batch=batch)
            .select_related("inmate", "override_by")
            .order_by("is_reserve", "rank")
        )
    )
    picked = set(request.POST.getlist("candidates"))
    offers = SeatOffer.objects.visible_to(request.user).holding().filter(batch=batch)
    held = {offer.candidate_id: offer for offer in offers}
    waiting = decrees.out_of_turn(batch, approved)
    for position, candidate in enumerate(approved):
        candidate.must_wait = candidate in waiting
        candidate.offer = held.get(candidate.pk)
        has_seat = candidate.offer and candidate.offer.state == SeatOfferState.TAKEN
        first = has_seat or (
            position < batch.seats_free and not (candidate.is_reserve or candidate.must_wait)
        )
        candidate.is_picked = str(candidate.public_id) in picked if form.is_bound else first
    access.record(request, access.VIEW, [candidate.inmate for candidate in approved])
    return show(
        request,
        "training/decree_prepare.html",
        {"batch": batch, "candidates": approved},
        form=form,
    )


def detail(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def issue(request, public_id):
    decree = _find(request, public_id)
    form = IssueForm(request.POST)
    form.full_clean()
    issued = perform(form, decrees.issue, decree=decree, by=request.user)
    if issued:
        sentence = _("SK ditetapkan dengan nomor %(number)s.") % {"number": issued.letter.number}
        return done(request, sentence, issued)
    return _page(request, _find(request, public_id), bound=form)


@require_POST
def send_back(request, public_id):
    decree = _find(request, public_id)
    if not may(request.user, "issue_decree", decree.facility_id):
        raise PermissionDenied
    form = SendBackForm(request.POST)
    if form.is_valid() and perform(
        form, decrees.send_back, decree=decree, by=request.user, **form.cleaned_data
    ):
        return done(request, _("SK dikembalikan kepada Kasi."), decree)
    return _page(request, decree, bound=form)


def _find(request, public_id):
    related = ("batch__course", "batch__agency", "hearing", "letter__signed_by", "created_by")
    decree = find(Decree.objects.select_related(*related), request.user, public_id)
    need_names(request, decree.facility_id)
    return decree


def _page(request, decree, bound=None):
    entries = list(decree.entries.select_related("candidate__inmate", "candidate__override_by"))
    with_register_numbers([entry.candidate for entry in entries])
    access.record(request, access.VIEW, [entry.candidate.inmate for entry in entries])
    waits = decree.state == DecreeState.PREPARED
    return show(
        request,
        "training/decree_detail.html",
        {
            "decree": decree,
            "batch": decree.batch,
            "entries": entries,
            "may_issue": waits and may(request.user, "issue_decree", decree.facility_id),
            "may_prepare": decree.state == DecreeState.RETURNED
            and may(request.user, "prepare_decree", decree.facility_id),
            "send_back_form": bound if isinstance(bound, SendBackForm) else SendBackForm(),
        },
        form=bound,
    )
