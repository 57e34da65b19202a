"""Vacancies by whom they suit, and what the CSV of a ranked list holds."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, Table
from placements.lists.vacancies import VacancyFilter
from placements.matching import Tally
from placements.matching.points import LABELS
from placements.models import Vacancy


class TalliedFilter(VacancyFilter):
    class Meta:
        model = Vacancy
        fields = ("q", "closing", "trade", "region", "free")

    standing = whose = employer = None


class TalliedTable(Table):
    """Open vacancies; `tallies` are those of the rows that are shown."""

    caption = _("Lowongan terbuka dan yang cocok")
    tallies = {}

    title = tables.Column(_("Jabatan"), linkify=True)
    employer = tables.Column(_("Pemberi kerja"), accessor="employer__name", orderable=False)
    closes_on = DayColumn(verbose_name=_("Ditutup pada"))
    free = tables.Column(_("Tempat kosong"), accessor="places_free", orderable=False)
    fit = tables.Column(_("Bisa dirujuk"), empty_values=(), orderable=False)
    silent = tables.Column(_("Belum setuju"), empty_values=(), orderable=False)
    best = tables.Column(_("Poin tertinggi"), empty_values=(), orderable=False)

    class Meta:
        model = Vacancy
        fields = ("title", "employer", "closes_on", "free", "fit", "silent", "best")

    def tally_of(self, record):
        return self.tallies.get(record.pk, Tally())

    def render_fit(self, record):
        url = reverse("placements:vacancy-people", args=[record.public_id])
        return format_html('<a class="own-target" href="{}">{}</a>', url, self.value_fit(record))

    def value_fit(self, record):
        return self.tally_of(record).fit

    def render_silent(self, record):
        return self.tally_of(record).silent

    def render_best(self, record):
        best = self.tally_of(record).best
        return "—" if best is None else best

    def value_best(self, record):
        return self.tally_of(record).best


class SuitedTable(Table):
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
    closes_on = DayColumn(
        verbose_name=_("Ditutup pada"),
        accessor="vacancy__closes_on",
    )
    free = tables.Column(_("Tempat kosong"), accessor="vacancy__places_free")

    class Meta:
        sequence = ("title", "employer", "region", "closes_on", "free", "...")
