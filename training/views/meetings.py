"""Meetings: the list, one of them, and what becomes of it. Then the weekly schedule of a batch."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, reason_in, show
from partners.rules import is_liaison_of
from training import meeting_sections
from training.filters import MeetingFilter
from training.forms.meeting import AddForm, DescribeForm, MoveForm, slot_lines
from training.models import Batch, Meeting
from training.services import meetings, schedule
from training.tables import MeetingTable
from training.teaching import MeetingState

BATCHES = Batch.objects.select_related("course", "agency", "facility")
MEETINGS = Meeting.objects.select_related(
    "batch__course", "batch__agency", "facility", "agency", "room", "instructor", "state_by"
)


class MeetingList(ScopedListView):
    model = Meeting
    table_class = MeetingTable
    filterset_class = MeetingFilter
    title = gettext_lazy("Pertemuan")
    empty_text = gettext_lazy("Belum ada pertemuan. Susun jadwalnya dari halaman angkatan.")

    def get_queryset(self):
        rows = super().get_queryset().order_by("during", "pk")
        return rows.select_related("batch__course", "room", "instructor")


def detail(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    return _page(request, meeting)


def add(request, public_id):
    """One more meeting of a batch."""
    batch = _batch_to_plan(request, public_id)
    initial = {"day": max(batch.starts_on, timezone.localdate()), "jp": 8}
    form = AddForm(request.POST or None, batch=batch, user=request.user, initial=initial)
    if form.is_valid():
        meeting = perform(form, meetings.add, batch=batch, by=request.user, **form.cleaned_data)
        if meeting:
            return done(request, _("Pertemuan ditambahkan."), meeting)
    return show(request, "training/meeting_add.html", {"batch": batch}, form=form)


def move(request, public_id):
    """Another time, room or instructor."""
    meeting = find(MEETINGS, request.user, public_id)
    _need_plan(request, meeting.facility_id)
    starts = timezone.localtime(meeting.during.lower)
    initial = {
        "day": starts.date(),
        "starts_at": starts.time(),
        "jp": meeting.jp,
        "room": meeting.room,
        "instructor": meeting.instructor,
    }
    form = MoveForm(request.POST or None, batch=meeting.batch, user=request.user, initial=initial)
    if form.is_valid() and perform(
        form, meetings.move, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Pertemuan diubah; narahubung diberi tahu."), meeting)
    return show(request, "training/meeting_move.html", {"meeting": meeting}, form=form)


@require_POST
def describe(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    if not _may_describe(request.user, meeting):
        raise PermissionDenied
    form = DescribeForm(request.POST)
    if form.is_valid() and perform(
        form, meetings.describe, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Disimpan."), meeting)
    return _page(request, meeting, form=form)


@require_POST
def cancel(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    meetings.cancel(meeting=meeting, reason=reason_in(request), by=request.user)
    return done(request, _("Pertemuan dibatalkan; narahubung diberi tahu."), meeting)


@require_POST
def restore(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    meetings.restore(meeting=meeting, by=request.user)
    return done(request, _("Pertemuan dijadwalkan lagi."), meeting)


@require_POST
def hold(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    meetings.hold(meeting=meeting, by=request.user)
    return done(request, _("Pertemuan terlaksana; JP-nya dihitung."), meeting)


@require_POST
def undo_hold(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    meetings.undo_hold(meeting=meeting, reason=reason_in(request), by=request.user)
    return done(request, _("Pertemuan kembali dijadwalkan; JP-nya tidak dihitung."), meeting)


def edit_schedule(request, public_id):
    """The weekly times of a batch, and below them what they would change."""
    batch = _batch_to_plan(request, public_id)
    lines = slot_lines(batch, request.user, request.POST or None)
    if lines.is_bound and lines.is_valid():
        saved = perform(
            lines, schedule.set_slots, batch=batch, slots=lines.slots(), by=request.user
        )
        if saved is not None:
            return redirect("training:schedule-edit", public_id=batch.public_id)
    return show(
        request,
        "training/schedule_edit.html",
        {
            "batch": batch,
            "lines": lines,
            "preview": None if lines.is_bound else schedule.preview(batch),
            "kinds": schedule,
        },
        form=lines,
    )


@require_POST
def generate(request, public_id):
    batch = _batch_to_plan(request, public_id)
    plan = schedule.generate(batch=batch, by=request.user, seen=request.POST.get("seen", ""))
    if plan.left:
        messages.warning(request, _("Tersisa %(jp)s JP yang tidak muat.") % {"jp": plan.left})
    made = ngettext("Jadwal: %(count)d pertemuan.", "Jadwal: %(count)d pertemuan.", 2)
    count = batch.meetings.standing().count()
    return done(request, made % {"count": count}, "training:schedule-edit", batch.public_id)


def _page(request, meeting, form=None):
    shown = meeting_sections.of(meeting, request.user)
    people = [person for _template, context in shown for person in context.get("people", ())]
    access.record(request, access.VIEW, people)
    user, facility = request.user, meeting.facility_id
    described = DescribeForm(initial={"topic": meeting.topic, "companions": meeting.companions})
    return show(
        request,
        "training/meeting_detail.html",
        {
            "meeting": meeting,
            "batch": meeting.batch,
            "sections": shown,
            "states": MeetingState,
            "may_plan": may(user, "plan_batch", facility),
            "may_correct": may(user, "correct_state", facility),
            "describe_form": form or (described if _may_describe(user, meeting) else None),
        },
        form=form,
    )


def _may_describe(user, meeting):
    return may(user, "plan_batch", meeting.facility_id) or is_liaison_of(user, meeting.agency_id)


def _batch_to_plan(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    _need_plan(request, batch.facility_id)
    return batch


def _need_plan(request, facility_id):
    if not may(request.user, "plan_batch", facility_id):
        raise PermissionDenied
