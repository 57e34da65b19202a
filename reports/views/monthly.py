"""The monthly report: list, the one of a month with its progress, its workbook and its letter."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from correspondence.states import LETTER_UNNUMBERED
from reports import monthly_paper
from reports.filters import ReportFilter
from reports.forms.monthly import ActivitySet, BeginForm, WordsForm
from reports.models import Report
from reports.monthly import SECTIONS
from reports.services import monthly_reports
from reports.states import ReportState
from reports.tables import ReportTable
from reports.views.files import Sheet, as_xlsx

NAMES = ("name", "men", "women", "product", "sales", "premium", "revenue")


class ReportList(ScopedListView):
    model = Report
    table_class = ReportTable
    filterset_class = ReportFilter
    title = gettext_lazy("Laporan bulanan")
    lead = gettext_lazy("Laporan kegiatan kerja tiap bulan; angkanya tetap seperti saat dihitung.")
    empty_text = gettext_lazy("Belum ada laporan bulanan.")
    actions_template = "reports/_report_list_actions.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_liaison or not request.user.facility_ids:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().select_related("facility", "letter")


def begin(request):
    """Ask for the report of a month; the last one to begin with."""
    prisons = monthly_reports.prisons_of(request.user)
    if not prisons:
        raise PermissionDenied
    form = BeginForm(request.POST or None, prisons=prisons)
    if form.is_valid():
        report = perform(form, monthly_reports.begin, by=request.user, **form.cleaned_data)
        if report:
            return redirect(report)
    return show(request, "reports/report_begin.html", {}, form=form)


@require_safe
def detail(request, public_id):
    report = _find(request, public_id)
    if report.is_working:
        fragment = "reports/_report_progress.html"
        template = fragment if request.htmx else "reports/report_detail.html"
        return render(request, template, {"report": report, "sections_total": len(SECTIONS)})
    if request.headers.get("HX-Target") == "report-progress":
        return HttpResponseClientRefresh()
    return _page(request, report)


@require_POST
def complete(request, public_id):
    """What was typed, and, when asked for, the letter at once."""
    report = _writable(request, public_id)
    words, activities = WordsForm(request.POST), _activities(report, request.POST)
    if not activities.is_valid():
        words.add_error(None, _("Betulkan baris kegiatan yang ditandai."))
    if words.is_valid():
        saved = perform(
            words,
            monthly_reports.complete,
            report=report,
            by=request.user,
            activities=activities.rows,
            **words.cleaned_data,
        )
        if saved and "draft" in request.POST:
            saved = perform(words, monthly_reports.draft, report=saved, by=request.user)
            if saved:
                return done(request, _("Konsep surat laporan dibuat."), saved.letter)
        if saved:
            return done(request, _("Isian laporan disimpan."), report)
    return _page(request, report, words, activities)


@require_POST
def recount(request, public_id):
    report = _writable(request, public_id)
    words = WordsForm(initial=report.typed)
    if perform(words, monthly_reports.recount, report=report, by=request.user):
        return redirect(report)
    return _page(request, report, words)


@require_safe
def xlsx(request, public_id):
    """Every section on a sheet of its own; a text stays a text, whatever it begins with."""
    report = _find(request, public_id)
    if report.state != ReportState.READY:
        raise Http404
    sections = [*report.figures, monthly_paper.activities(report)]
    name = f"laporan-{report.facility.code}-{report.starts_on:%Y-%m}".lower()
    return as_xlsx(
        name,
        [Sheet(each["title"], each["columns"], each["rows"], each["total"]) for each in sections],
    )


def _find(request, public_id):
    rows = Report.objects.select_related("facility", "letter")
    return find(rows, request.user, public_id)


def _writable(request, public_id):
    report = _find(request, public_id)
    if not may(request.user, "write_letters", report.facility_id):
        raise PermissionDenied
    return report


def _activities(report, typed=None):
    rows = report.typed.get("activities", [])
    initial = [dict(zip(NAMES, row, strict=True)) for row in rows]
    return ActivitySet(typed, initial=initial, prefix="activity")


def _aligned(table):
    """With every cell as a pair: what it says, and whether its column holds numbers."""

    def pairs(cells):
        return list(zip(cells, table["numeric"], strict=True))

    return {
        "title": table["title"],
        "columns": pairs(table["columns"]),
        "rows": [pairs(row) for row in table["rows"]],
        "total": pairs(table["total"]) if table["total"] else [],
    }


def _page(request, report, words=None, activities=None):
    if report.is_working:
        return redirect(report)
    is_open = report.letter is None or report.letter.state in LETTER_UNNUMBERED
    is_ready = report.state == ReportState.READY
    return show(
        request,
        "reports/report_detail.html",
        {
            "report": report,
            "is_ready": is_ready,
            "tables": [_aligned(each) for each in monthly_paper.tables(report)] if is_ready else [],
            "differences": monthly_reports.differences(report) if is_ready else [],
            "may_write": is_open and may(request.user, "write_letters", report.facility_id),
            "activities": activities or _activities(report),
        },
        form=words or WordsForm(initial=report.typed),
    )
