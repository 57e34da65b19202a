import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from correspondence import letter_kinds
from correspondence.models import Letter

WIDE = {"td": {"class": "wide"}}


class LetterTable(tables.Table):
    caption = _("Surat keluar")

    subject = tables.Column(_("Perihal"), linkify=True, attrs=WIDE)
    number = tables.Column(_("Nomor"), empty_values=(None,))
    kind = tables.Column(_("Jenis"))
    addressed_to = tables.Column(_("Kepada"), attrs=WIDE)
    dated = tables.DateColumn(verbose_name=_("Tanggal"), format="d/m/Y")
    sent_on = tables.DateColumn(verbose_name=_("Dikirim"), format="d/m/Y")
    state = tables.TemplateColumn("{% state_badge record %}", verbose_name=_("Keadaan"))

    class Meta:
        model = Letter
        fields = ("subject", "number", "kind", "addressed_to", "dated", "sent_on", "state")

    def render_kind(self, value):
        return letter_kinds.label_of(value)

    def value_kind(self, value):
        return str(self.render_kind(value))

    def value_state(self, record):
        return record.get_state_display()
