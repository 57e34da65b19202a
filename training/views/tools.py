"""The tools of a meeting: out, counted back, set right, and the gate. Made for a phone first."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from training import meeting_sections
from training.forms.tool import BackForm, CountForm, ReleaseForm, items_form
from training.models import Meeting, ToolCheck
from training.services import tools

PAGE = "training:meeting-tools"


@meeting_sections.register(order=meeting_sections.TOOLS)
def section(meeting, user):
    """What is out or missing, on the meeting's own page; for those who count."""
    if not may(user, "check_tools", meeting.facility_id):
        return None
    checks = list(ToolCheck.objects.visible_to(user).filter(meeting=meeting))
    return "training/_meeting_tools.html", {
        "checks": checks,
        "short": [check for check in checks if check.keeps_gate_closed],
        "problem": tools.problem_of_leaving(meeting),
    }


@require_safe
def meeting(request, public_id):
    """What is out, what came back, and the form of what is next."""
    return _page(request, _find(request, public_id))


@require_POST
def take_out(request, public_id):
    meeting = _find(request, public_id)
    form = items_form(request.POST)
    if form.is_valid() and perform(
        form, tools.take_out, meeting=meeting, items=form.items(), by=request.user
    ):
        return done(request, _("Alat dicatat keluar."), PAGE, meeting.public_id)
    return _page(request, meeting, out=form)


@require_POST
def bring_back(request, public_id):
    meeting = _find(request, public_id)
    form = BackForm(request.POST, checks=_checks(request, meeting))
    if form.is_valid():
        counted = perform(
            form, tools.bring_back_all, meeting=meeting, counts=form.counts(), by=request.user
        )
        if counted:
            short = any(check.missing for check in counted)
            return done(
                request,
                _("Hitungan disimpan. Alat kurang: pengamanan diberi tahu, pintu tertutup.")
                if short
                else _("Hitungan disimpan; alat lengkap."),
                PAGE,
                meeting.public_id,
            )
    return _page(request, meeting, back=form)


@require_safe
def detail(request, public_id):
    """One kind of tool of a meeting: its count, its history, and what may be set right."""
    return _detail_page(request, _find_check(request, public_id))


@require_POST
def recount(request, public_id):
    """The right number: of what came back once it was counted, before that of what went out."""
    check = _find_check(request, public_id)
    form = CountForm(request.POST)
    service = tools.change_out if check.quantity_in is None else tools.recount
    if form.is_valid() and perform(
        form, service, check=check, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Hitungan dibetulkan."), PAGE, check.meeting.public_id)
    return _detail_page(request, check, count=form)


@require_POST
def release(request, public_id):
    check = _find_check(request, public_id)
    if not may(request.user, "release_gate", check.facility_id):
        raise PermissionDenied
    form = ReleaseForm(request.POST)
    if form.is_valid() and perform(
        form, tools.release_gate, check=check, by=request.user, **form.cleaned_data
    ):
        sentence = _("Pintu dibuka; petugas dan kepala seksi diberi tahu.")
        return done(request, sentence, PAGE, check.meeting.public_id)
    return _detail_page(request, check, opened=form)


def _find(request, public_id):
    rows = Meeting.objects.select_related("batch__course", "room", "instructor", "agency")
    meeting = find(rows, request.user, public_id)
    _need_counting(request, meeting)
    return meeting


def _find_check(request, public_id):
    rows = ToolCheck.objects.select_related(
        "meeting__batch__course", "created_by", "in_by", "released_by"
    )
    check = find(rows, request.user, public_id)
    _need_counting(request, check)
    return check


def _need_counting(request, row):
    if not may(request.user, "check_tools", row.facility_id):
        raise PermissionDenied


def _checks(request, meeting):
    rows = ToolCheck.objects.visible_to(request.user).filter(meeting=meeting)
    return rows.select_related("created_by", "in_by", "released_by")


def _page(request, meeting, out=None, back=None):
    checks = list(_checks(request, meeting))
    problem = tools.problem_of_leaving(meeting)
    if out is None and problem is None:
        out = items_form(usual=() if checks else tools.usual_of(meeting))
    back = back or BackForm(checks=checks)
    bound = next((form for form in (out, back) if form is not None and form.is_bound), None)
    return show(
        request,
        "training/tool_meeting.html",
        {
            "meeting": meeting,
            "checks": checks,
            "short": [check for check in checks if check.keeps_gate_closed],
            "counted": [check for check in checks if check.quantity_in is not None],
            "problem": problem,
            "out": out,
            "back": back if back.lines() else None,
            "refused": back if back.is_bound else None,
            "may_release": may(request.user, "release_gate", meeting.facility_id),
        },
        form=bound,
    )


def _detail_page(request, check, count=None, opened=None):
    known = check.quantity_out if check.quantity_in is None else check.quantity_in
    return show(
        request,
        "training/tool_detail.html",
        {
            "check": check,
            "meeting": check.meeting,
            "count_form": count or CountForm(initial={"quantity": known}, auto_id="count_%s"),
            "release_form": (opened or ReleaseForm(auto_id="release_%s"))
            if check.keeps_gate_closed and may(request.user, "release_gate", check.facility_id)
            else None,
        },
        form=count or opened,
    )
