import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from inmates.models import Transfer
from inmates.services import transfers


class TransferTable(tables.Table):
    """Each row in the reader's shape: until accepted, the asking prison sees no name, no origin."""

    caption = _("Mutasi ke dan dari lapas ini")

    person = tables.Column(
        _("Warga Binaan"), accessor="inmate__person_key", linkify=True, orderable=False
    )
    origin = tables.Column(_("Dari"), orderable=False)
    destination = tables.Column(_("Ke"), orderable=False)
    moved_on = tables.DateColumn(verbose_name=_("Pindah pada"), format="d/m/Y")
    state = tables.TemplateColumn(
        "{% state_badge record %}", verbose_name=_("Keadaan"), orderable=False
    )

    class Meta:
        model = Transfer
        fields = ("person", "origin", "destination", "moved_on", "state")

    def render_person(self, record):
        seen = transfers.seen(record, self.request.user)
        return f"{seen.name} ({seen.person_key})" if seen.name else seen.person_key

    def render_origin(self, record):
        return transfers.seen(record, self.request.user).origin

    def value_state(self, record):
        return record.get_state_display()
