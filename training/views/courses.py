"""The catalogue, and what each course asks of those who join."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from training import rules
from training.filters import CourseFilter
from training.forms.course import RequirementsForm
from training.models import Batch, Course, WaitingEntry
from training.services import catalogue, courses
from training.tables import CourseTable


class CourseList(ScopedListView):
    model = Course
    table_class = CourseTable
    filterset_class = CourseFilter
    title = gettext_lazy("Program pelatihan")
    empty_text = gettext_lazy(
        "Belum ada program. Kepala seksi memuat program umum atau menambah programnya sendiri."
    )
    empty_url = reverse_lazy("training:course-create")
    empty_label = gettext_lazy("Tambah program")
    empty_act = "manage_courses"
    actions_template = "training/_course_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("trade")

    def get_context_data(self, **kwargs):
        keeps = may(self.request.user, "manage_courses")
        lacking = len(catalogue.missing()) if keeps else 0
        return super().get_context_data(**kwargs) | {"lacking": lacking}


def detail(request, public_id):
    """The requirements in words, how many wait, and the batches to come."""
    course = find(Course.objects.select_related("trade"), request.user, public_id)
    waiting = WaitingEntry.objects.visible_to(request.user).open().filter(course=course)
    names = may(request.user, "see_people")
    return show(
        request,
        "training/course_detail.html",
        {
            "course": course,
            "requirements": rules.requirements_of(course),
            "softened": rules.softened_in(course),
            "units": course.units.select_related("unit"),
            "may_edit": may(request.user, "manage_courses"),
            "names": names,
            "waiting": waiting.of_people_at(request.user.facility_ids).count() if names else None,
            "batches": Batch.objects.visible_to(request.user)
            .upcoming()
            .filter(course=course)
            .select_related("agency")
            .order_by("starts_on"),
        },
    )


def require(request, public_id):
    course = find(Course.objects.select_related("trade"), request.user, public_id)
    if not may(request.user, "manage_courses"):
        raise PermissionDenied
    form = RequirementsForm(request.POST or None, instance=course)
    if form.is_valid() and perform(
        form, courses.require, course=course, by=request.user, **form.requirements()
    ):
        return done(request, _("Syarat program disimpan; berlaku untuk usulan berikutnya."), course)
    return show(request, "training/course_require.html", {"course": course}, form=form)
