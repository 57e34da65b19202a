"""Who saw the data of one person, for those who answer the person's question."""

from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRecord
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import find
from inmates.models import Inmate
from placements.filters import AccessFilter
from placements.services import subject_file
from placements.tables import AccessTable


class AccessList(ScopedListView):
    model = AccessRecord
    table_class = AccessTable
    filterset_class = AccessFilter
    template_name = "placements/access_list.html"
    empty_text = _("Belum ada yang melihat data orang ini.")

    def dispatch(self, request, *args, **kwargs):
        people = Inmate.objects.select_related("merged_into")
        inmate = find(people, request.user, kwargs["public_id"])
        self.looks = subject_file.looks(inmate=inmate, by=request.user)
        self.inmate = inmate.merged_into or inmate
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self):
        return _("Siapa yang melihat data %(name)s") % {"name": self.inmate.name}

    def get_queryset(self):
        return self.looks

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"inmate": self.inmate}

    def render_to_response(self, context, **kwargs):
        act = access.EXPORT if self.wants_csv else access.VIEW
        access.record(self.request, act, [self.inmate])
        return super().render_to_response(context, **kwargs)
