"""The head keeps the catalogue: courses, their units and their tools."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from training.forms.catalogue import CourseForm, LineForm, UnitForm, tools_form
from training.models import Course
from training.services import catalogue, courses


def create(request):
    _need_keeping(request)
    form = CourseForm(request.POST or None)
    if form.is_valid():
        course = perform(form, courses.create, by=request.user, **form.cleaned_data)
        if course:
            return done(request, _("Program dicatat. Tambahkan unit dan syaratnya."), course)
    return show(request, "training/course_edit.html", form=form)


def edit(request, public_id):
    course = _find(request, public_id)
    form = CourseForm(request.POST or None, instance=course)
    if form.is_valid() and perform(
        form, courses.change, course=course, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Program disimpan."), course)
    return show(request, "training/course_edit.html", {"course": course}, form=form)


@require_POST
def offer(request, public_id):
    """Retire, or take up again: whichever it is not now."""
    course = _find(request, public_id)
    is_offered = request.POST.get("offered") == "yes"
    courses.offer(course=course, is_offered=is_offered, by=request.user)
    sentence = (
        _("Program diselenggarakan lagi.")
        if is_offered
        else _("Program dihentikan; angkatan yang ada tetap berjalan.")
    )
    return done(request, sentence, course)


@require_POST
def load(request):
    """Add the typical programmes that are not there yet."""
    _need_keeping(request)
    count = catalogue.load(by=request.user)
    sentence = ngettext(
        "%(count)d program umum ditambahkan. Sesuaikan JP dan kodenya dengan instansi Anda.",
        "%(count)d program umum ditambahkan. Sesuaikan JP dan kodenya dengan instansi Anda.",
        count,
    )
    return done(request, sentence % {"count": count}, "training:course-list")


def units(request, public_id):
    """Order, hours and removal of the units on one form; below it the search for more."""
    course = _find(request, public_id)
    lines = [
        LineForm(request.POST or None, line=line) for line in course.units.select_related("unit")
    ]
    wrong = [line for line in lines if request.method == "POST" and not line.is_valid()]
    if request.method == "POST" and not wrong:
        kept = [each for each in lines if not each.cleaned_data["remove"]]
        kept.sort(key=lambda each: (each.cleaned_data["position"], each.line.position))
        courses.arrange_units(
            course=course,
            lines=[(each.line, each.cleaned_data["jp"]) for each in kept],
            removed=[each.line for each in lines if each.cleaned_data["remove"]],
            by=request.user,
        )
        return done(request, _("Unit disimpan."), course)
    return _units_page(request, course, lines, form=wrong[0] if wrong else None)


@require_POST
def add_unit(request, public_id):
    course = _find(request, public_id)
    form = UnitForm(request.POST)
    if form.is_valid() and perform(
        form, courses.add_unit, course=course, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Unit ditambahkan."), "training:course-units", course.public_id)
    lines = [LineForm(line=line) for line in course.units.select_related("unit")]
    return _units_page(request, course, lines, new=form, form=form)


def tools(request, public_id):
    course = _find(request, public_id)
    form = tools_form(request.POST or None, course)
    if form.is_valid() and perform(
        form, courses.set_tools, course=course, items=form.items(), by=request.user
    ):
        return done(request, _("Daftar alat disimpan."), course)
    return show(request, "training/course_tools.html", {"course": course}, form=form)


def _units_page(request, course, lines, new=None, form=None):
    asked = request.GET.get("q", "").replace("\0", "").strip()
    context = {
        "course": course,
        "lines": lines,
        "new": new or UnitForm(auto_id="new_%s"),
        "asked": asked,
        "found": courses.units_like(course, asked) if asked else [],
        "planned": sum(each.line.jp or 0 for each in lines),
    }
    return show(request, "training/course_units.html", context, form=form)


def _find(request, public_id):
    course = find(Course.objects.select_related("trade"), request.user, public_id)
    _need_keeping(request)
    return course


def _need_keeping(request):
    if not may(request.user, "manage_courses"):
        raise PermissionDenied
