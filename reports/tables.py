import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from reports.models import Handover

WIDE = {"td": {"class": "wide"}}


class HandoverTable(tables.Table):
    caption = _("Serah terima jabatan, yang terbaru dulu")

    post = tables.Column(
        _("Jabatan"),
        accessor="data__post",
        linkify=lambda record: record.get_absolute_url(),
        attrs=WIDE,
    )
    leaves = tables.Column(_("Yang menyerahkan"), accessor="posting__user__name", attrs=WIDE)
    follows = tables.Column(
        _("Penerus"), accessor="successor__user__name", default=_("belum ada"), attrs=WIDE
    )
    last_day = tables.DateColumn(
        verbose_name=_("Hari terakhir"), accessor="posting__until", format="d/m/Y"
    )
    facility = tables.Column(_("Lapas"), accessor="facility__name")

    class Meta:
        model = Handover
        fields = ("post", "leaves", "follows", "last_day", "facility")
