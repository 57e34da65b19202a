"""Who teaches for the agencies."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from training.filters import InstructorFilter
from training.forms.meeting import InstructorForm
from training.models import Instructor
from training.services import instructors
from training.tables import InstructorTable


class InstructorList(ScopedListView):
    model = Instructor
    table_class = InstructorTable
    filterset_class = InstructorFilter
    title = gettext_lazy("Instruktur")
    empty_text = gettext_lazy("Belum ada instruktur. Catat siapa yang mengajar bagi instansi.")
    empty_url = reverse_lazy("training:instructor-add")
    empty_label = gettext_lazy("Catat instruktur")
    actions_template = "training/_instructor_list_actions.html"

    def get_queryset(self):
        return instructors.listed(self.request.user).select_related("agency")

    def get_table_kwargs(self):
        hidden = () if instructors.reads_phones(self.request.user) else ("phone",)
        return {"exclude": hidden}

    def get_context_data(self, **kwargs):
        agencies = instructors.agencies_of(self.request.user)
        return super().get_context_data(**kwargs) | {"may_add": agencies.exists()}


def add(request):
    agencies = instructors.agencies_of(request.user).order_by("name")
    if not agencies.exists():
        raise PermissionDenied
    initial = {"agency": agencies[0]} if request.user.is_liaison else {}
    form = InstructorForm(request.POST or None, agencies=agencies, initial=initial)
    if form.is_valid() and perform(form, instructors.add, by=request.user, **form.cleaned_data):
        return done(request, _("Instruktur dicatat."), "training:instructor-list")
    return show(request, "training/instructor_form.html", form=form)


def change(request, public_id):
    instructor = find(Instructor.objects.select_related("agency"), request.user, public_id)
    if not instructors.may_keep(request.user, instructor):
        raise PermissionDenied
    names = ("name", "expertise", "identity_number", "phone", "is_active")
    initial = {name: getattr(instructor, name) for name in names}
    form = InstructorForm(request.POST or None, agencies=None, initial=initial)
    if form.is_valid() and perform(
        form, instructors.change, instructor=instructor, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Disimpan."), "training:instructor-list")
    return show(request, "training/instructor_form.html", {"instructor": instructor}, form=form)
