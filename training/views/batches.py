from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from training import rules, sections
from training.filters import BatchFilter
from training.forms.batch import BatchForm, CancelForm
from training.models import Batch, SlotProposal
from training.services import batches
from training.states import BATCH_TRANSITIONS, BatchState
from training.tables import BatchTable
from training.views.selection import selection_context


class BatchList(ScopedListView):
    model = Batch
    table_class = BatchTable
    filterset_class = BatchFilter
    title = gettext_lazy("Angkatan pelatihan")
    empty_text = gettext_lazy("Belum ada angkatan. Rencanakan yang pertama dari sebuah perjanjian.")
    empty_url = reverse_lazy("training:batch-plan")
    empty_label = gettext_lazy("Rencanakan angkatan")
    actions_template = "training/_batch_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("course", "agency")


def plan(request):
    if not may(request.user, "plan_batch"):
        raise PermissionDenied
    form = BatchForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if form.is_valid():
        batch = perform(
            form, batches.plan, facility=request.user.facility, by=request.user, **form.cleaned_data
        )
        if batch:
            return done(request, _("Angkatan direncanakan. Usulkan kuotanya sekarang."), batch)
    return show(request, "training/batch_plan.html", form=form)


def detail(request, public_id):
    if request.user.is_liaison:
        latest = SlotProposal.objects.visible_to(request.user).filter(batch__public_id=public_id)
        return redirect(find_latest(latest, request.user))
    batch = find(
        Batch.objects.select_related("course", "agency", "agreement", "facility"),
        request.user,
        public_id,
    )
    rounds = list(batch.proposals.select_related("answered_by", "created_by").order_by("round"))
    current = rounds[-1] if rounds and rounds[-1].state == "open" else None
    selected = selection_context(batch, request.user)
    shown = sections.of(batch, request.user)
    people = [person for _template, context in shown for person in context.get("people", ())]
    access.record(request, access.VIEW, [*selected["selection"].people, *people])
    return show(
        request,
        "training/batch_detail.html",
        {
            "batch": batch,
            "rounds": rounds,
            "open_round": current,
            "how": current and rules.how_may_answer(request.user, current),
            "may_propose": current is None and rules.may_propose(request.user, batch),
            "may_start": rules.may_start(request.user, batch),
            "may_plan": may(request.user, "plan_batch", batch.facility_id),
            "next_states": {m.end for m in BATCH_TRANSITIONS if m.start == batch.state},
            "states": BatchState,
            "cancel_form": CancelForm(),
            "sections": shown,
            **selected,
        },
    )


def find_latest(proposals, user):
    """A liaison's page of a batch is its newest round."""
    newest = proposals.order_by("-round").first()
    return find(SlotProposal.objects, user, newest.public_id if newest else None)


@require_POST
def start(request, public_id):
    batch = find(Batch.objects, request.user, public_id)
    batches.start(batch=batch, by=request.user)
    return done(request, _("Angkatan berjalan."), batch)


@require_POST
def finish(request, public_id):
    batch = find(Batch.objects, request.user, public_id)
    batches.finish(batch=batch, by=request.user)
    return done(request, _("Angkatan selesai."), batch)


@require_POST
def cancel(request, public_id):
    batch = find(Batch.objects, request.user, public_id)
    if not may(request.user, "plan_batch", batch.facility_id):
        raise PermissionDenied
    form = CancelForm(request.POST)
    if form.is_valid() and perform(
        form, batches.cancel, batch=batch, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Angkatan dibatalkan; semua pihak diberi tahu."), batch)
    return show(request, "training/batch_cancel.html", {"batch": batch}, form=form)
