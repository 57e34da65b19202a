"""Hearings of the TPP: on which day, what was recommended, and their papers."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import stand_ins
from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from correspondence import typesetting
from training import documents
from training.filters import HearingFilter
from training.forms.hearing import CancelForm, MoveForm, RecordForm, ScheduleForm, UndoForm
from training.models import Batch, Candidate, Hearing
from training.services import hearings
from training.services.eligible import with_register_numbers
from training.states import HearingState
from training.tables import HearingTable
from training.views.selection import need_names

MINUTES = ("number", "held_on", "chair", "members")
RELATED = ("batch__course", "batch__agency", "facility")
# Told after recording: to whoever prepares decrees, and to others.
RECORDED = {
    True: gettext_lazy("Hasil sidang dicatat. Siapkan SK dari yang disetujui."),
    False: gettext_lazy("Hasil sidang dicatat. Kepala Seksi menyiapkan SK."),
}


class HearingList(ScopedListView):
    model = Hearing
    table_class = HearingTable
    filterset_class = HearingFilter
    title = gettext_lazy("Sidang TPP")
    empty_text = gettext_lazy("Belum ada sidang. Jadwalkan dari halaman angkatan.")

    def get_queryset(self):
        return super().get_queryset().select_related("batch__course")


def schedule(request, public_id):
    """A day for the hearing of a batch; the form also stands on the batch's page."""
    batch = find(Batch.objects.select_related("course"), request.user, public_id)
    if request.user.is_liaison or not may(request.user, "propose_candidates", batch.facility_id):
        raise PermissionDenied
    form = ScheduleForm(request.POST or None)
    if form.is_valid() and perform(
        form, hearings.schedule, batch=batch, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Sidang dijadwalkan."), batch)
    return show(request, "training/hearing_schedule.html", {"batch": batch}, form=form)


def record(request, public_id):
    """The hearing on one page: to fill in while it waits, to read once it was held."""
    hearing = find(Hearing.objects.select_related(*RELATED), request.user, public_id)
    need_names(request, hearing.facility_id)
    may_record = may(request.user, "record_hearing", hearing.facility_id)
    if request.method == "POST" and not may_record:
        raise PermissionDenied
    if hearing.state == HearingState.HELD and request.method != "POST":
        return _read(request, hearing)
    people = _people_of(request, hearing)
    initial = {"held_on": min(hearing.held_on, timezone.localdate())}
    form = RecordForm(request.POST or None, candidates=people, initial=initial)
    if form.is_valid():
        typed = {
            name: form.cleaned_data[name] for name in ("number", "held_on", "chair", "members")
        }
        if perform(
            form,
            hearings.record,
            hearing=hearing,
            results=form.results(),
            by=request.user,
            **typed,
        ):
            prepares = may(request.user, "prepare_decree", hearing.facility_id)
            return done(request, RECORDED[prepares], hearing.batch)
    if hearing.state == HearingState.HELD:
        return _read(request, hearing, form=form)
    access.record(request, access.VIEW, [candidate.inmate for candidate in people])
    return show(
        request,
        "training/hearing_record.html",
        {
            "hearing": hearing,
            "batch": hearing.batch,
            "may_record": may_record,
            "may_move": may(request.user, "propose_candidates", hearing.facility_id),
            "may_cancel": may(request.user, "plan_batch", hearing.facility_id),
        },
        form=form,
    )


def move(request, public_id):
    """Another day for a planned hearing."""
    return _change(
        request,
        public_id,
        form_class=MoveForm,
        act="propose_candidates",
        service=hearings.move,
        template="training/hearing_move.html",
        sentence=_("Sidang dipindah; yang berkepentingan diberi tahu."),
    )


def cancel(request, public_id):
    """A planned hearing does not take place; its candidates wait for another."""
    return _change(
        request,
        public_id,
        form_class=CancelForm,
        act="plan_batch",
        service=hearings.cancel,
        template="training/hearing_cancel.html",
        sentence=_("Sidang dibatalkan; calonnya menunggu sidang lain."),
    )


def _change(request, public_id, *, form_class, act, service, template, sentence):
    hearing = find(Hearing.objects.select_related(*RELATED), request.user, public_id)
    if not may(request.user, act, hearing.facility_id):
        raise PermissionDenied
    form = form_class(request.POST or None)
    if form.is_valid() and perform(
        form, service, hearing=hearing, by=request.user, **form.cleaned_data
    ):
        return done(request, sentence, hearing.batch)
    return show(request, template, {"hearing": hearing, "batch": hearing.batch}, form=form)


@require_POST
def undo(request, public_id):
    hearing = find(Hearing.objects.select_related(*RELATED), request.user, public_id)
    need_names(request, hearing.facility_id)
    if not may(request.user, "correct_state", hearing.facility_id):
        raise PermissionDenied
    form = UndoForm(request.POST)
    if form.is_valid() and perform(
        form, hearings.undo, hearing=hearing, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Catatan sidang dibatalkan; catat lagi."), hearing)
    return _read(request, hearing, form=form)


def agenda(request, public_id):
    """The working paper that the TPP has before it."""
    hearing = find(Hearing.objects.select_related(*RELATED), request.user, public_id)
    need_names(request, hearing.facility_id)
    people = _people_of(request, hearing)
    data = documents.agenda(hearing, people)
    return _paper(request, "agenda_v1", data, people, f"bahan-sidang-{hearing.held_on}.pdf")


def minutes(request, public_id):
    """The berita acara, once the hearing was held."""
    hearing = find(Hearing.objects.select_related(*RELATED), request.user, public_id)
    need_names(request, hearing.facility_id)
    if hearing.state != HearingState.HELD:
        raise Http404
    rows = _recommendations(hearing)
    heard = [row.candidate for row in rows]
    data = documents.minutes(hearing, rows)
    return _paper(request, "minutes_v1", data, heard, f"berita-acara-{hearing.held_on}.pdf")


def _people_of(request, hearing):
    """Whom the hearing heard, or who waits for it."""
    if hearing.state == HearingState.HELD:
        return [row.candidate for row in _recommendations(hearing)]
    return with_register_numbers(_waiting_for(request.user, hearing.batch_id))


@stand_ins.asked_often
def _waiting_for(reader, batch_id):
    waiting = Candidate.objects.visible_to(reader).awaiting_hearing().filter(batch=batch_id)
    return waiting.select_related("inmate", "override_by").order_by("rank")


def _recommendations(hearing):
    rows = list(
        hearing.recommendations.select_related("candidate__inmate", "candidate__override_by")
    )
    with_register_numbers([row.candidate for row in rows])
    return rows


def _read(request, hearing, form=None):
    rows = _recommendations(hearing)
    access.record(request, access.VIEW, [row.candidate.inmate for row in rows])
    return show(
        request,
        "training/hearing_detail.html",
        {
            "hearing": hearing,
            "batch": hearing.batch,
            "rows": rows,
            "may_undo": may(request.user, "correct_state", hearing.facility_id),
            "undo_form": form if isinstance(form, UndoForm) else UndoForm(),
        },
        form=form,
    )


def _paper(request, template, data, candidates, name):
    content = typesetting.pdf(template, data, made_at=timezone.now())
    access.record(request, access.EXPORT, [candidate.inmate for candidate in candidates])
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
