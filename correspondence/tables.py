import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from correspondence.models import Letter


class LetterTable(tables.Table):
    number = tables.Column(
        _("Nomor"), linkify=("correspondence:letter-pdf", [tables.A("public_id")])
    )
    subject = tables.Column(_("Perihal"))
    dated = tables.DateColumn(verbose_name=_("Tanggal"), format="d/m/Y")
    state = tables.TemplateColumn("{% state_badge record %}", verbose_name=_("Keadaan"))

    class Meta:
        model = Letter
        fields = ("number", "subject", "dated", "state")
