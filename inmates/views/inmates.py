"""The people of one's prison. Who was shown is written down."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from inmates.filters import InmateFilter
from inmates.models import Inmate
from inmates.tables import InmateTable


class InmateList(ScopedListView):
    model = Inmate
    table_class = InmateTable
    filterset_class = InmateFilter
    title = _("Warga Binaan")
    lead = _("Tanggal menurut SDP pada impor register terakhir.")
    empty_text = _("Belum ada data. Petugas registrasi memasukkannya dengan impor register.")
    empty_url = reverse_lazy("inmates:import-list")
    empty_label = _("Impor register")
    empty_act = "import_register"
    actions_template = "inmates/_inmate_list_actions.html"

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        prisons = self.request.user.facility_ids
        return super().get_queryset().held_at(prisons).for_list(prisons)

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            everybody = self.object_list.select_related(None).prefetch_related(None)
            access.record(self.request, access.EXPORT, everybody.only("public_id"))
        else:
            shown = [row.record for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)
