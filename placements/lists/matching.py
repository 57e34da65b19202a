"""What the CSV of a ranked list holds: the points of each part, and what they rest on in words."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from placements.matching.points import LABELS


class SuitedTable(tables.Table):
    """Rows are `services.matching.Suited`; `available` is a month, as agencies read it."""

    points = tables.Column(_("Poin"), accessor="match__points")
    units = tables.Column(LABELS["units"], accessor="brought__units", default="")
    trade = tables.Column(LABELS["trade"], accessor="brought__trade", default="")
    interest = tables.Column(LABELS["interest"], accessor="brought__interest", default="")
    place = tables.Column(LABELS["place"], accessor="brought__place", default="")
    available = tables.Column(LABELS["available"], accessor="brought__available", default="")
    attendance = tables.Column(LABELS["attendance"], accessor="brought__attendance", default="")
    card = tables.Column(LABELS["card"], accessor="brought__card", default="")
    papers = tables.Column(LABELS["papers"], accessor="brought__papers", default="")
    said = tables.Column(_("Keterangan"))
    kept_out = tables.Column(_("Tidak bisa dirujuk karena"), accessor="why", default="")


class PeopleTable(SuitedTable):
    name = tables.Column(_("Nama"), accessor="person__name")
    register_number = tables.Column(_("Nomor registrasi"), accessor="person__register_number")

    class Meta:
        sequence = ("name", "register_number", "...")


class VacanciesTable(SuitedTable):
    title = tables.Column(_("Lowongan"), accessor="vacancy__title")
    employer = tables.Column(_("Pemberi kerja"), accessor="vacancy__employer")
    region = tables.Column(_("Wilayah"), accessor="region", default="")
    closes_on = tables.DateColumn(
        verbose_name=_("Ditutup pada"), accessor="vacancy__closes_on", format="d/m/Y"
    )
    free = tables.Column(_("Tempat kosong"), accessor="vacancy__places_free")

    class Meta:
        sequence = ("title", "employer", "region", "closes_on", "free", "...")
