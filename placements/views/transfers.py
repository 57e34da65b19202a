"""Moves between prisons: the list, one move with its answer, and sending somebody away."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import find, show
from inmates.models import Transfer
from inmates.services import transfers
from placements.filters import TransferFilter
from placements.tables import TransferTable


class TransferList(ScopedListView):
    model = Transfer
    table_class = TransferTable
    filterset_class = TransferFilter
    title = _("Mutasi")
    lead = _("Warga Binaan yang pindah dari atau ke lapas ini.")
    empty_text = _(
        "Belum ada mutasi. Permintaan dibuat bila impor register memuat orang yang tercatat di "
        "lapas lain; pengiriman dimulai dari halaman Warga Binaan."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().select_related("inmate", "origin", "destination")

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = [transfer.inmate for transfer in self.object_list]
            access.record(self.request, access.EXPORT, people)
        else:
            people = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, people)
        return super().render_to_response(context, **kwargs)


def detail(request, public_id):
    """One move; until it is accepted the asking prison reads no name and no origin here."""
    rows = Transfer.objects.select_related("inmate", "origin", "destination", "state_by")
    transfer = find(rows, request.user, public_id)
    access.record(request, access.VIEW, [transfer.inmate])
    return show(
        request,
        "placements/transfer_detail.html",
        {"transfer": transfer, "seen": transfers.seen(transfer, request.user)},
    )
