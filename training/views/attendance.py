"""Attendance: the grid of a batch, one meeting on a phone, one cell a request, the printed list."""

from dataclasses import asdict
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.pages import done, find, perform, reason_in, show
from correspondence import typesetting
from training import marks, readings
from training.attendance_figures import shares_of, suspensions_of
from training.forms.attendance import CellForm, ListForm
from training.grid import Grid
from training.grid import changes as changes_of
from training.models import Attendance, Batch, Enrolment, Meeting
from training.papers import attendance as papers
from training.services import attendance
from training.services.class_list import class_list, subjects
from training.teaching import ATTENDED, AttendanceCode, MeetingState
from training.timetable import local_day
from training.views.selection import need_names

BATCHES = Batch.objects.select_related("course", "agency", "facility")
MEETINGS = Meeting.objects.select_related(
    "batch__course", "batch__agency", "facility", "room", "instructor"
)
CONFLICT, UNPROCESSABLE = 409, 422
WEEK = timedelta(days=6)
FIRST_YEAR, LAST_YEAR = 1970, 2100


def grid(request, public_id):
    """Participants down, meetings across; by keyboard. A phone shows the meetings one by one."""
    batch = find(BATCHES, request.user, public_id)
    _need_class(request, batch.facility_id)
    people = class_list(batch, request.user)
    rows = list(
        Meeting.objects.visible_to(request.user)
        .filter(batch=batch)
        .standing()
        .order_by("during", "pk")
    )
    for row in rows:
        row.batch = batch
    entries = Attendance.objects.visible_to(request.user).filter(meeting__batch=batch)
    access.record(request, access.VIEW, subjects(people))
    return show(
        request,
        "training/attendance_grid.html",
        {
            "batch": batch,
            "grid": Grid(batch, people, rows, entries, request.user, suspensions_of(batch)),
            "codes": readings.to_mark(request.user),
            "legend": readings.legend(request.user),
            "attended": ATTENDED,
            "may_plan": may(request.user, "plan_batch", batch.facility_id),
        },
    )


@require_POST
def cell(request, public_id):
    """One participant at one meeting, in one small request; answers in JSON."""
    meeting = find(MEETINGS, request.user, public_id)
    if not marks.keeps_attendance(request.user, meeting):
        raise PermissionDenied
    form = CellForm(request.POST, user=request.user)
    if not form.is_valid():
        sentence = " ".join(error for errors in form.errors.values() for error in errors)
        return JsonResponse({"message": sentence}, status=UNPROCESSABLE)
    people = Enrolment.objects.visible_to(request.user).filter(batch=meeting.batch_id)
    person = find(people, request.user, form.cleaned_data["who"])
    try:
        row = attendance.mark(
            meeting=meeting,
            enrolment=person,
            entry=form.entry(),
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except attendance.Changed as refusal:
        theirs = {"message": " ".join(refusal.messages), **_as_json(refusal.entry, request.user)}
        return JsonResponse(theirs, status=CONFLICT)
    except NotAllowed as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=UNPROCESSABLE)
    return JsonResponse(_as_json(row, request.user) | _held_now(meeting, was=meeting.state))


def meeting_list(request, public_id):
    """All participants of one meeting, with big buttons; also without JavaScript."""
    meeting = find(MEETINGS, request.user, public_id)
    _need_class(request, meeting.facility_id)
    keeps = marks.keeps_attendance(request.user, meeting)
    if request.method == "POST" and not keeps:
        raise PermissionDenied
    day = local_day(meeting.during)
    people = [p for p in class_list(meeting.batch, request.user) if p.takes_part_on(day)]
    user = request.user
    known = {row.enrolment_id: readings.read(row, user) for row in _entries(request, meeting)}
    form = ListForm(request.POST or None, people=people, known=known, user=user)
    if form.is_bound and form.is_valid():
        saved = perform(
            form,
            attendance.record,
            meeting=meeting,
            entries=form.entries(),
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
        if saved:
            return done(request, _saved(saved), "training:meeting-attendance", meeting.public_id)
    access.record(request, access.VIEW, subjects(people))
    return show(
        request,
        "training/attendance_meeting.html",
        {
            "meeting": meeting,
            "batch": meeting.batch,
            "codes": readings.to_mark(user),
            "how": marks.how_may_mark(request.user, meeting),
            "keeps": keeps,
            "last_day": marks.last_day_to_mark(meeting),
            "has_begun": marks.has_begun(meeting),
            "missing": sum(p.pk not in known and not p.is_suspended for p in people),
            "late": AttendanceCode.LATE,
            "with_reason": marks.WITH_REASON,
        },
        form=form,
    )


@require_POST
def all_present(request, public_id):
    meeting = find(MEETINGS, request.user, public_id)
    count = attendance.mark_all_present(meeting=meeting, by=request.user, reason=reason_in(request))
    sentence = ngettext("%(count)d orang hadir.", "%(count)d orang hadir.", count)
    if request.POST.get("to") == "grid":
        address = reverse("training:attendance-grid", args=[meeting.batch.public_id])
        return done(request, sentence % {"count": count}, f"{address}?at={meeting.number}")
    return done(
        request, sentence % {"count": count}, "training:meeting-attendance", meeting.public_id
    )


def changes(request, public_id):
    """Who wrote what and when, cell by cell; `?who=` (a participant code) shows only theirs."""
    meeting = find(MEETINGS, request.user, public_id)
    _need_class(request, meeting.facility_id)
    people = class_list(meeting.batch, request.user)
    only = request.GET.get("who", "")
    if only:
        people = [person for person in people if person.code == only]
    changed = changes_of(meeting, people, request.user)
    access.record(request, access.VIEW, subjects(change.person for change in changed))
    return show(
        request,
        "training/attendance_changes.html",
        {"meeting": meeting, "batch": meeting.batch, "changed": changed, "only": only},
    )


def sheet(request, public_id):
    """The list to sign by hand: of one meeting (`?meeting=`), or of one week (`?week=` its day)."""
    batch = find(BATCHES, request.user, public_id)
    _need_class(request, batch.facility_id)
    rows = Meeting.objects.visible_to(request.user).filter(batch=batch).standing()
    rows = _asked_for(rows.select_related("instructor", "room").order_by("during"), request.GET)
    if not rows:
        raise Http404
    days = [local_day(row.during) for row in rows]
    people = [p for p in class_list(batch, request.user) if any(map(p.takes_part_on, days))]
    data = papers.paper(batch, rows, people, readings.legend(request.user))
    content = typesetting.pdf("attendance_v1", data, made_at=timezone.now())
    access.record(request, access.EXPORT, subjects(people))
    name = f"daftar-hadir-{days[0]:%Y-%m-%d}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _asked_for(meetings, query):
    """One meeting, the week of a day, or else the next that did not begin (the last, if none)."""
    if query.get("meeting"):
        return [row for row in meetings if str(row.public_id) == query["meeting"]]
    day = _day(query.get("week", ""))
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        return []
    if day:
        monday = day - timedelta(days=day.weekday())
        return list(meetings.filter(during__startswith__date__range=(monday, monday + WEEK)))
    rows = list(meetings)
    ahead = [row for row in rows if not marks.has_begun(row)]
    return ahead[:1] or rows[-1:]


def _day(text):
    try:
        return parse_date(text)
    except ValueError:
        return None


def _need_class(request, facility_id):
    if not request.user.is_liaison:
        need_names(request, facility_id)


def _entries(request, meeting):
    return Attendance.objects.visible_to(request.user).filter(meeting=meeting)


def _as_json(row, user):
    return asdict(readings.read(row, user)) if row else {"code": ""}


def _held_now(meeting, was):
    """When the last missing entry made the meeting held: everybody's share, by code."""
    if was == MeetingState.HELD:
        return {}
    meeting.refresh_from_db(fields=["state"])
    if meeting.state != MeetingState.HELD:
        return {}
    return {"held": True, "shares": shares_of(meeting.batch)}


def _saved(meeting):
    return (
        _("Tersimpan; pertemuan terlaksana.")
        if meeting.state == MeetingState.HELD
        else _("Tersimpan.")
    )
