"""The prisons of whoever watches over several, beside each other."""

from dataclasses import replace

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import dashboards
from reports.views.dashboards import chosen_by, of_a_year
from reports.views.files import Sheet, as_csv, as_xlsx


@require_safe
def prisons(request):
    """Each prison of the reader a row; `?sort=` a figure, `?format=csv` or `xlsx` to take along."""
    form = of_a_year(request)
    chosen = chosen_by(request.user, form)
    facilities = {each.facility for each in request.user.current_postings}
    rows, total = dashboards.prisons(
        chosen, [each for each in facilities if each.pk in chosen.prisons]
    )
    sort = request.GET.get("sort", "")
    rows.sort(key=lambda row: row.facility.name.casefold())
    rows.sort(key=lambda row: row.sorts_by(sort.lstrip("-")), reverse=sort.startswith("-"))
    if request.GET.get("format") in FILES:
        return FILES[request.GET["format"]](rows, total)
    query = request.GET.copy()
    for name in ("sort", "format"):
        query.pop(name, None)
    return render(
        request,
        "reports/prisons.html",
        {
            "form": form,
            "is_filtered": set(form.query) - {"year"},
            "year": chosen.year,
            "as_of": chosen.kept and chosen.kept.as_of,
            "rows": rows,
            "total": total if len(rows) > 1 else None,
            "columns": [
                (name, label, "-" if sort == name else "") for name, label in _columns(total)
            ],
            "sort": sort,
            "query": query.urlencode(),
        },
    )


def _columns(total):
    """`[(name, words)]`, as they stand beside each other and sort the rows."""
    figures = [(name, bar.label) for name, bar in total.figures.items()]
    return [("name", _("Lapas")), *figures, ("report", _("Laporan terakhir"))]


def _as_lines(rows, total):
    return as_csv(_file_name(), _sheet(rows))


def _as_workbook(rows, total):
    sums = [_("Semua"), *(bar.number for bar in total.cells)]
    return as_xlsx(_file_name(), [replace(_sheet(rows), total=sums)])


FILES = {"csv": _as_lines, "xlsx": _as_workbook}


def _sheet(rows):
    return Sheet(
        _("Lapas dalam angka"),
        [label for _name, label in _columns(rows[0])],
        [
            [
                row.facility.name,
                *(bar.number for bar in row.cells),
                row.report.starts_on if row.report else "",
            ]
            for row in rows
        ],
    )


def _file_name():
    return f"lapas-dalam-angka-{timezone.localdate():%Y-%m-%d}"
