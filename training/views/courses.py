from django.utils.translation import gettext_lazy as _

from accounts.views.lists import ScopedListView
from training.filters import CourseFilter
from training.models import Course
from training.tables import CourseTable


class CourseList(ScopedListView):
    model = Course
    table_class = CourseTable
    filterset_class = CourseFilter
    title = _("Program pelatihan")
    empty_text = _("Belum ada program. Admin mengisi katalog program lewat halaman admin.")

    def get_queryset(self):
        return super().get_queryset().select_related("trade")
