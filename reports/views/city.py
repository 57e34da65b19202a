"""The report to the city: its residents in the trainings, and what came of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.views.pages import done, perform
from reports import paths, residents
from reports.dashboards.city import city, outside
from reports.filters import CityFilter, ParticipantFilter
from reports.forms.dashboards import PublishForm
from reports.models import CityEdition
from reports.publishing import LEAST
from reports.services import city_editions
from reports.views.files import Sheet, as_csv, as_xlsx
from reports.views.reading import list_of, need_staff

OWN_PAGE = ("audience",)  # what the list behind a figure does not ask


@require_safe
def report(request):
    """Of one prison and, unless the address says otherwise, of this year; `?format=csv`, `xlsx`.

    What is told outside is the last edition; it is made once a month, or when somebody asks.
    """
    need_staff(request.user)
    facility, asked = _asked(request)
    chosen = _chosen(request, facility, asked)
    if chosen.is_shielded and not chosen.form.cleaned_data.get("year"):
        # Years are apart from each other; all together they could be told from each.
        asked["year"] = str(timezone.localdate().year)
        chosen = _chosen(request, facility, asked)
    year = chosen.form.cleaned_data.get("year")
    edition = _edition(request.user, facility, year) if chosen.is_shielded else None
    sections = _outside(edition, facility) if chosen.is_shielded else _own(chosen, facility)
    title = _("Warga %(city)s dalam pelatihan kerja") % {"city": facility.city}
    if request.GET.get("format") in FILES and (edition or not chosen.is_shielded):
        return FILES[request.GET["format"]](title, facility, chosen, sections, edition)
    return render(
        request,
        "reports/city.html",
        {
            "title": title,
            "facility": facility,
            "filter": chosen,
            "year": year,
            "is_filtered": bool(set(chosen.form.changed_data) - {"year", "facility"}),
            "is_shielded": chosen.is_shielded,
            "edition": edition,
            "may_publish": chosen.is_shielded
            and may(request.user, "write_letters", facility.pk)
            and (edition is None or edition.as_of < timezone.localdate().replace(day=1)),
            "sections": sections,
            "least": LEAST,
            "query": asked.urlencode(),
        },
    )


@require_POST
def publish(request):
    """Make this month's edition of a year of one of the reader's prisons."""
    need_staff(request.user)
    facility, _given = _asked(request)
    form = PublishForm(request.POST)
    if not may(request.user, "write_letters", facility.pk):
        raise PermissionDenied
    if form.is_valid():
        year = form.cleaned_data["year"]
        edition = perform(
            form, city_editions.publish, facility=facility, year=year, by=request.user
        )
        query = urlencode({"year": year, "facility": facility.code, "audience": "city"})
        to = f"{reverse('reports:city-report')}?{query}"
        if edition:
            return done(request, _("Angka untuk kota diterbitkan."), to)
        for refusal in form.non_field_errors():
            messages.error(request, refusal)
        return redirect(to)
    messages.error(request, _("Pilih tahunnya."))
    return redirect("reports:city-report")


def _own(chosen, facility):
    return city(
        paths.of_residents(chosen.qs.filter(facility=facility)),
        districts=residents.districts_of(facility),
        list_of=lambda **group: _rows_of(chosen, facility, **group),
    )


def _edition(user, facility, year):
    return CityEdition.objects.visible_to(user).latest_of(facility, year)


def _outside(edition, facility):
    return outside(edition and edition.data, districts=residents.districts_of(facility))


def _chosen(request, facility, asked):
    chosen = CityFilter(
        asked, queryset=paths.begun(request.user), request=request, facility=facility
    )
    chosen.form.is_valid()
    return chosen


def _asked(request):
    """The prison, one of the reader's, and the address with what it leaves open."""
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    asked.pop("format", None)
    asked.setdefault("year", str(timezone.localdate().year))
    prisons = {posting.facility.code: posting.facility for posting in request.user.current_postings}
    facility = prisons.get(asked.get("facility"), request.user.facility)
    asked["facility"] = facility.code
    return facility, asked


def _rows_of(chosen, facility, **group):
    given = {
        name: chosen.data[name]
        for name, value in chosen.form.cleaned_data.items()
        if value and name not in OWN_PAGE
    }
    given |= {"facility": facility.code, "resident": "yes"}
    return list_of("reports:participant-list", given, ParticipantFilter, **group)


def _as_workbook(head, facility, chosen, sections, edition):
    return as_xlsx(
        _name(facility, chosen), [_about(head, facility, chosen, edition), *_sheets(sections)]
    )


def _as_lines(head, facility, chosen, sections, edition):
    """All tables below each other, the way of grouping in a column of its own."""
    whole, *parts = sections
    columns = [_("Tabel"), _("Kelompok"), _("Tahap"), _("Jumlah"), _("Dari")]
    found = [(whole.title, facility.city, [line.bar for line in whole.lines])]
    found += [(part.title, label, cells) for part in parts for label, cells in part.grid.rows]
    rows = (
        [table, group, bar.label, bar.number, bar.whole]
        for table, group, cells in found
        for bar in cells
    )
    return as_csv(_name(facility, chosen), Sheet(head, columns, rows))


FILES = {"xlsx": _as_workbook, "csv": _as_lines}


def _sheets(sections):
    whole, *parts = sections
    columns = [_("Tahap"), _("Jumlah"), _("Dari")]
    lines = [[line.bar.label, line.bar.number, line.bar.whole] for line in whole.lines]
    yield Sheet(whole.title, columns, lines)
    for section in parts:
        columns = [section.grid.head, *section.grid.columns]
        rows = [[label, *(bar.number for bar in cells)] for label, cells in section.grid.rows]
        yield Sheet(section.title, columns, rows)


def _about(head, facility, chosen, edition):
    """What the numbers are, for whoever opens the file without the page."""
    given = [
        (str(chosen.form[name].label), str(value))
        for name, value in chosen.form.cleaned_data.items()
        if value and name not in OWN_PAGE
    ]
    rows = [
        (head, ""),
        (_("Lapas"), facility.name),
        *given,
        (_("Keadaan per"), edition.as_of if edition else timezone.localdate()),
        (_("Satuan"), _("Keikutsertaan: satu orang yang ikut dua angkatan dihitung dua kali.")),
    ]
    if chosen.is_shielded:
        merged = _("Kelompok di bawah %(least)s orang digabung.") % {"least": LEAST}
        rows.append((_("Kelompok kecil"), merged))
    return Sheet(_("Keterangan"), [_("Keterangan"), _("Isi")], rows)


def _name(facility, chosen):
    year = chosen.form.cleaned_data.get("year") or "semua"
    return f"warga-kota-{facility.code}-{year}".lower()
