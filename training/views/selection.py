"""Who joins a batch: the section of its page, the list of those who could, and the way out."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from training.forms.candidate import OUTCOMES, OrderForm, ProposeForm, WantedForm, WithdrawForm
from training.forms.hearing import ScheduleForm
from training.models import Batch, Candidate
from training.services import candidates, eligible, enrolments
from training.services.eligible import with_register_numbers
from training.states import CandidateState, DecreeState, HearingState


@dataclass
class Selection:
    """What `_selection.html` shows of a batch; `people` are those it names."""

    candidates: list
    enrolments: list
    hearings: list
    decrees: list
    schedule_form: ScheduleForm
    is_open: bool
    names: bool
    may_propose: bool
    may_record: bool
    may_prepare: bool

    @property
    def people(self):
        rows = [*self.candidates, *self.enrolments] if self.names else []
        return [row.inmate for row in rows]

    @property
    def waiting(self):
        """Candidates whom no hearing has heard."""
        return [row for row in self.candidates if row.state == CandidateState.PROPOSED]

    @property
    def approved(self):
        """Approved and without a seat: those whom a decree may list."""
        return [
            row
            for row in self.candidates
            if row.state == CandidateState.APPROVED and not row.participation
        ]

    @property
    def planned_hearing(self):
        return next((row for row in self.hearings if row.state == HearingState.PLANNED), None)

    @property
    def pending_decree(self):
        return next((row for row in self.decrees if row.state == DecreeState.PREPARED), None)


def selection_context(batch, user, rows):
    """`{"selection": Selection}` for the batch page, of its `batch_page.Rows`."""
    taken = {row.candidate_id: row for row in rows.enrolled}
    for row in rows.proposed:
        row.participation = taken.get(row.pk)
    facility = batch.facility_id
    return {
        "selection": Selection(
            candidates=rows.proposed,
            enrolments=rows.enrolled,
            hearings=rows.hearings,
            decrees=rows.decrees,
            schedule_form=ScheduleForm(),
            is_open=batch.state in candidates.SELECTING,
            names=may(user, "see_people", facility),
            may_propose=may(user, "propose_candidates", facility),
            may_record=may(user, "record_hearing", facility),
            may_prepare=may(user, "prepare_decree", facility),
        )
    }


def need_names(request, facility_id):
    """Pages that name people are for those who may see people there (403 otherwise)."""
    if not may(request.user, "see_people", facility_id):
        raise PermissionDenied


def propose(request, public_id):
    """Who could join? A ranked list with what each rule says; the picked ones are proposed.

    `?first=n` shows instead the first so many who fail nothing, all ticked: one more click
    proposes them.
    """
    if request.user.is_liaison:
        find(BATCHES, request.user, public_id)
        raise PermissionDenied
    batch, opened = eligible.with_candidates(request.user, public_id)
    if batch is None:
        raise Http404
    if not may(request.user, "propose_candidates", batch.facility_id):
        raise PermissionDenied
    need_names(request, batch.facility_id)
    typed = request.POST if request.method == "POST" else None
    form = ProposeForm(typed, user=request.user)
    refused = []
    if form.is_valid():
        answer = perform(
            form,
            candidates.propose,
            batch=batch,
            inmates=form.in_order(),
            override_reason=form.cleaned_data["override_reason"],
            by=request.user,
        )
        if answer:
            refused = answer.refused
            if answer.proposed:
                messages.success(request, _proposed_sentence(len(answer.proposed)))
            if not refused:
                return redirect(batch)
        opened = eligible.open_candidates(batch)
    return _who_could_join(request, batch, opened, form, refused)


BATCHES = Batch.objects.select_related("course__trade", "agency", "facility")


def _who_could_join(request, batch, opened, form, refused):
    filters = WantedForm(request.GET)
    wanted = filters.wanted()
    count = _number(request.GET.get("first"))
    terms = eligible.terms_of(batch, opened)
    if count:
        people = page = eligible.first(batch, request.user, count, wanted, terms=terms)
    else:
        number = request.GET.get("page")
        page = eligible.page(batch, request.user, wanted, number=number, terms=terms)
        people = page.object_list
    picked = form.picked()
    for person in people:
        person.picked = str(person.public_id) in picked if form.is_bound else bool(count)
    access.record(request, access.VIEW, [*people, *(person for person, _why in refused)])
    places_left, proposed = eligible.lacking(batch, opened)
    return show(
        request,
        "training/candidate_propose.html",
        {
            "batch": batch,
            "people": people,
            "page": None if count else page,
            "first": count,
            "filters": filters,
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
            "counts": [] if count else _counts(request, page.counts, wanted.outcome),
            "places_left": places_left,
            "proposed_count": proposed,
            "refused": refused,
            "overrides": may(request.user, "override_eligibility", batch.facility_id),
        },
        form=form,
    )


def _counts(request, counts, outcome):
    """How many there are by outcome, each with the address that shows only them."""
    links = []
    for code, label in OUTCOMES:
        query = request.GET.copy()
        query.pop("page", None)
        query["outcome"] = "" if code == outcome else code
        links.append(
            {
                "label": label,
                "count": counts.get(code, 0),
                "url": f"?{query.urlencode()}",
                "is_chosen": code == outcome,
                "outcome": code,
            }
        )
    return links


def _number(text):
    """A small whole number from the address, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 0


def withdraw(request, public_id):
    candidate = find(
        Candidate.objects.select_related("batch__course", "inmate"), request.user, public_id
    )
    need_names(request, candidate.facility_id)
    if not may(request.user, "propose_candidates", candidate.facility_id):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if form.is_valid() and perform(
        form, candidates.withdraw, candidate=candidate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Calon peserta ditarik."), candidate.batch)
    access.record(request, access.VIEW, [candidate.inmate])
    return show(request, "training/candidate_withdraw.html", {"candidate": candidate}, form=form)


def reorder(request, public_id):
    """The order of those who wait for the hearing: who is first gets the seats first."""
    batch = find(BATCHES, request.user, public_id)
    if request.user.is_liaison or not may(request.user, "propose_candidates", batch.facility_id):
        raise PermissionDenied
    need_names(request, batch.facility_id)
    waiting = with_register_numbers(
        list(
            Candidate.objects.visible_to(request.user)
            .awaiting_hearing()
            .filter(batch=batch)
            .select_related("inmate", "override_by")
            .order_by("rank", "pk")
        )
    )
    form = OrderForm(request.POST if request.method == "POST" else None, candidates=waiting)
    if (
        waiting
        and form.is_valid()
        and perform(form, candidates.reorder, batch=batch, order=form.in_order(), by=request.user)
    ):
        return done(request, _("Urutan calon disimpan."), batch)
    access.record(request, access.VIEW, [row.inmate for row in waiting])
    return show(request, "training/candidate_order.html", {"batch": batch}, form=form)


def participants(request, public_id):
    """The participants as the agency may know them, once a decree has named them."""
    batch = find(Batch.objects.select_related("course", "agency"), request.user, public_id)
    if not request.user.is_liaison:
        need_names(request, batch.facility_id)
    rows = enrolments.roster(batch, request.user)
    access.record(request, access.VIEW, [row for row in rows if row.is_named])
    return show(request, "training/participant_list.html", {"batch": batch, "rows": rows})


def _proposed_sentence(count):
    return ngettext("%(count)s orang diusulkan.", "%(count)s orang diusulkan.", count) % {
        "count": count
    }
