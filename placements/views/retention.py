"""Whose data become anonymous in the coming months; read-only, the command does it."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from inmates.models import Inmate
from placements.filters import RetentionFilter
from placements.services import retention
from placements.tables import RetentionTable


class RetentionList(ScopedListView):
    model = Inmate
    table_class = RetentionTable
    filterset_class = RetentionFilter
    template_name = "placements/retention_list.html"
    title = _("Masa simpan data")
    empty_text = _("Tidak ada yang masa simpannya berakhir dalam waktu dekat.")

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "export_person"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        until = timezone.localdate() + timedelta(days=settings.RETENTION_PREVIEW_DAYS)
        return retention.upcoming(self.request.user, until)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "days": settings.RETENTION_PREVIEW_DAYS,
            "months": self._months(),
            "last_run": retention.last_run(),
        }

    def _months(self):
        facility = self.request.user.facility
        own = facility.retention_months
        return settings.RETENTION_MONTHS if own is None else own

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            access.record(self.request, access.EXPORT, self.object_list)
        else:
            shown = [row.record for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)
