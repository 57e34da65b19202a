from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, reason_in, show
from training import rules, sections
from training.filters import BatchFilter
from training.forms import batch as forms
from training.models import Batch
from training.services import batch_page, batches, conversation
from training.states import BATCH_TRANSITIONS, BatchState, ProposalState
from training.tables import BatchTable
from training.views.selection import selection_context

BATCHES = Batch.objects.select_related(
    "course",
    "agency",
    "agreement",
    "facility",
    "seats_extra_by",
    "state_by",
    "report",
)


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
    form = forms.BatchForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if form.is_valid():
        batch = perform(
            form, batches.plan, facility=request.user.facility, by=request.user, **form.cleaned_data
        )
        if batch:
            return done(request, _("Angkatan direncanakan. Usulkan kuotanya sekarang."), batch)
    return show(request, "training/batch_plan.html", form=form)


def edit(request, public_id):
    batch = _planned_by(request, public_id)
    form = forms.BatchForm(
        request.POST or None,
        user=request.user,
        batch=batch,
        initial={name: getattr(batch, name) for name in forms.BatchForm.base_fields},
    )
    if form.is_valid() and perform(
        form, batches.edit, batch=batch, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Perubahan disimpan."), batch)
    return show(request, "training/batch_edit.html", {"batch": batch}, form=form)


def detail(request, public_id):
    """The batch as one flow: its seats, its people, what is taught, what came of it.

    A liaison of its agency reads the same page without what is the prison's own.
    """
    return _page(request, find(BATCHES, request.user, public_id))


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
def step_back(request, public_id):
    batch = find(Batch.objects, request.user, public_id)
    batches.step_back(batch=batch, reason=reason_in(request), by=request.user)
    return done(request, _("Keadaan angkatan dikembalikan."), batch)


@require_POST
def cancel(request, public_id):
    return _submitted(
        request,
        _planned_by(request, public_id),
        "cancel",
        _("Angkatan dibatalkan; semua pihak diberi tahu."),
    )


@require_POST
def postpone(request, public_id):
    return _submitted(
        request,
        _planned_by(request, public_id),
        "postpone",
        _("Angkatan ditunda; semua pihak diberi tahu."),
    )


@require_POST
def resume(request, public_id):
    return _submitted(
        request,
        _planned_by(request, public_id),
        "resume",
        _("Angkatan dijadwalkan lagi. Usulkan tanggal barunya kepada instansi."),
    )


@require_POST
def grant_extra_seats(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    if not may(request.user, "grant_extra_seats", batch.facility_id):
        raise PermissionDenied
    return _submitted(request, batch, "extra", _("Kursi tambahan dicatat; instansi diberi tahu."))


SERVICES = {
    "cancel": batches.cancel,
    "postpone": batches.postpone,
    "resume": batches.resume,
    "extra": batches.grant_extra_seats,
}


def _form(name, batch, user, typed=None):
    """The form of an act on the page of a batch, each with ids of its own."""
    ids = {"auto_id": f"{name}_%s"}
    if name == "cancel":
        return forms.CancelForm(typed, **ids)
    if name == "postpone":
        return forms.PostponeForm(typed, **ids)
    if name == "extra":
        initial = {"seats": batch.seats_extra}
        return forms.ExtraSeatsForm(typed, initial=initial, **ids)
    initial = {field: getattr(batch, field) for field in forms.ResumeForm.base_fields}
    return forms.ResumeForm(typed, user=user, batch=batch, initial=initial, **ids)


def _submitted(request, batch, name, sentence):
    """An act asked for on the batch's page; a form with problems is shown there again."""
    form = _form(name, batch, request.user, request.POST)
    if form.is_valid() and perform(
        form, SERVICES[name], batch=batch, by=request.user, **form.cleaned_data
    ):
        return done(request, sentence, batch)
    return _page(request, find(BATCHES, request.user, batch.public_id), (name, form))


def _planned_by(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    if not may(request.user, "plan_batch", batch.facility_id):
        raise PermissionDenied
    return batch


def _page(request, batch, bound=None):
    user = request.user
    rows = batch_page.rows_of(batch, user)
    turns = conversation.told(rows.rounds, rows.replies)
    current = turns[-1].round if turns else None
    if current is None or current.state != ProposalState.OPEN:
        current = None
    selected = {} if user.is_liaison else selection_context(batch, user, rows)
    shown = sections.of(batch, user, rows)
    people = [person for _template, context in shown for person in context.get("people", ())]
    if selected:
        people += selected["selection"].people
    access.record(request, access.VIEW, people)
    offered = {name: _form(name, batch, user) for name in _acts(batch, user)}
    context = {
        "batch": batch,
        "turns": turns,
        "open_round": current,
        "how": current and rules.how_may_answer(user, current),
        "may_propose": current is None and rules.may_propose(user, batch),
        "may_start": rules.may_start(user, batch),
        "may_plan": may(user, "plan_batch", batch.facility_id),
        "may_step_back": batch.state in rules.STEP_BACK
        and may(user, "correct_state", batch.facility_id),
        "may_edit": batch.state not in batches.OVER,
        "next_states": {move.end for move in BATCH_TRANSITIONS if move.start == batch.state},
        "states": BatchState,
        "few": rules.few_participants(batch),
        "acts": offered,
        "sections": shown,
        **selected,
    }
    form = None
    if bound:
        name, form = bound
        if name in offered:
            offered[name] = form
        else:
            context["refused"] = form
    return show(request, "training/batch_detail.html", context, form=form)


def _acts(batch, user):
    """Names of the forms that the page offers this reader now."""
    names = []
    if may(user, "grant_extra_seats", batch.facility_id) and batch.state in rules.EXTRA_SEATS_IN:
        names.append("extra")
    if may(user, "plan_batch", batch.facility_id):
        if batch.state == BatchState.POSTPONED:
            names.append("resume")
        if batch.state in rules.POSTPONABLE:
            names.append("postpone")
        if batch.state in rules.CANCELLABLE:
            names.append("cancel")
    return names
