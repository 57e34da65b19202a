"""The gate's list of who goes out to work on a day, and the ticks: out, back, taken back."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, reason_in, show
from placements.forms.work_release import BackForm, GateForm
from placements.models import Placement, WorkDay
from placements.services import work_days
from training import day_sections


@day_sections.register
def on_day_list(user, day):
    """Who goes out to work, on the day list of security."""
    lines = work_days.day_of(user, day)
    if not lines:
        return None
    return day_sections.DaySection(
        template="placements/_day_list_gate.html",
        context={"lines": lines, "day": day},
        people=[line.inmate for line in lines],
        title=_("Keluar bekerja (asimilasi kerja)"),
        columns=[
            *(_("Nama"), _("Nomor Registrasi"), _("Pemberi kerja"), _("Jam")),
            *(_("Keluar"), _("Kembali")),
        ],
        rows=[_on_paper(line) for line in lines],
        note=_("Keluar dan kembali dicatat dalam aplikasi, di daftar keluar bekerja."),
    )


@require_safe
def list_(request):
    if not may(request.user, "see_people"):
        raise PermissionDenied
    return _page(request, _day_in(request))


@require_POST
def leave(request, public_id):
    placement = find(Placement.objects.select_related("inmate"), request.user, public_id)
    if not may(request.user, work_days.ACT, placement.facility_id):
        raise PermissionDenied
    form = GateForm(request.POST)
    if form.is_valid():
        day = perform(
            form, work_days.leave, placement=placement, by=request.user, **form.cleaned_data
        )
        if day:
            return _done(request, placement, _("Dicatat keluar: %(name)s."))
    return _page(request, timezone.localdate(), form, placement)


@require_POST
def come_back(request, public_id):
    day = _day(request, public_id)
    if not may(request.user, work_days.ACT, day.facility_id):
        raise PermissionDenied
    form = BackForm(request.POST)
    if form.is_valid() and perform(
        form, work_days.come_back, day=day, by=request.user, **form.cleaned_data
    ):
        return _done(request, day.placement, _("Dicatat kembali: %(name)s."), day)
    return _page(request, day.day, form, day.placement)


@require_POST
def undo(request, public_id):
    """A wrong tick, with a reason: of the return, or else of the leaving."""
    day = _day(request, public_id)
    acts = (work_days.ACT, "correct_state")
    if not any(may(request.user, act, day.facility_id) for act in acts):
        raise PermissionDenied
    form = GateForm({})
    if form.is_valid():
        meant = {"back": True, "out": False}.get(request.GET.get("of"))
        perform(
            form,
            work_days.undo,
            day=day,
            reason=reason_in(request),
            by=request.user,
            of_return=meant,
        )
        if not form.errors:
            return _done(request, day.placement, _("Catatan dibatalkan: %(name)s."), day)
    return _page(request, day.day, form, day.placement)


def _day(request, public_id):
    return find(WorkDay.objects.select_related("placement__inmate"), request.user, public_id)


def _done(request, placement, sentence, day=None):
    name = {"name": placement.inmate.name}
    url = day.get_absolute_url() if day else "placements:gate-list"
    return done(request, sentence % name, url, people=[placement.inmate])


def _on_paper(line):
    """A line of the paper; who may not go says so where the time would be written."""
    work, log = line.placement, line.log
    out = f"{timezone.localtime(log.out_at):%H.%M}" if log else ""
    back = f"{timezone.localtime(log.back_at):%H.%M}" if log and log.back_at else ""
    if not log and line.obstacles:
        out = _("TIDAK BOLEH")
    hours = f"{work.leaves_at:%H.%M}–{work.returns_at:%H.%M}"
    return [line.inmate.name, line.register_number, str(work.employer), hours, out, back]


def _day_in(request):
    """The day asked for; today when none, or none that exists, is named."""
    try:
        asked = parse_date(request.GET.get("date", ""))
    except ValueError:
        asked = None
    return asked if asked and 2000 <= asked.year <= 2100 else timezone.localdate()


def _page(request, day, form=None, placement=None):
    """`form` came back for this `placement`: its refusal stands above the list."""
    lines = work_days.day_of(request.user, day)
    access.record(request, access.VIEW, [line.inmate for line in lines])
    today = timezone.localdate()
    return show(
        request,
        "placements/gate_list.html",
        {
            "day": day,
            "today": today,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "lines": lines,
            "out": sum(line.is_out for line in lines),
            "is_today": day == today,
            "refused": placement,
            "corrects": may(request.user, "correct_state"),
        },
        form=form,
    )
