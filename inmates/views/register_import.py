"""Pages of the register import: upload, progress, preview by row, apply or cancel."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.forms.register_import import RegisterUploadForm
from inmates.models import ImportRun, Inmate
from inmates.services import register_import
from inmates.states import ImportState, RowOutcome
from inmates.tables import ImportRowTable, ImportRunTable

ROWS_PER_PAGE = 50


def start(request):
    if not may(request.user, "import_register"):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegisterUploadForm(*sent, user=request.user)
    if form.is_valid():
        run = perform(
            form,
            register_import.upload,
            file_name=form.cleaned_data["file"].name,
            by=request.user,
            **form.cleaned_data,
        )
        if run:
            return redirect(run)
    runs = ImportRun.objects.visible_to(request.user).select_related("created_by")
    table = RequestConfig(request, paginate={"per_page": 20}).configure(ImportRunTable(runs))
    return show(request, "inmates/import_list.html", {"table": table}, form=form)


def detail(request, public_id):
    """Progress while a worker has the run (htmx asks again each second), then its rows."""
    run = find(ImportRun.objects.select_related("applied_by"), request.user, public_id)
    if run.is_working:
        fragment = "inmates/_import_progress.html"
        template = fragment if request.htmx else "inmates/import_detail.html"
        return render(request, template, {"run": run})
    if request.headers.get("HX-Target") == "import-progress":
        return HttpResponseClientRefresh()
    tab = request.GET.get("show", "")
    table = ImportRowTable(run.rows.shown_as(tab))
    RequestConfig(request, paginate={"per_page": ROWS_PER_PAGE}).configure(table)
    keys = [row.record.person_key for row in table.paginated_rows]
    people = Inmate.objects.visible_to(request.user).filter(person_key__in=keys)
    access.record(request, access.VIEW, people.only("public_id"))
    context = {"run": run, "table": table, "tabs": _tabs(run, tab), "states": ImportState}
    return show(request, "inmates/import_detail.html", context)


def _tabs(run, current):
    """(code, label, number of rows, whether it is the one shown) of each tab."""
    report = run.report
    if "new" not in report:
        return []
    tabs = (
        (RowOutcome.NEW, RowOutcome.NEW.label, report["new"]),
        (RowOutcome.UPDATED, RowOutcome.UPDATED.label, report["updated"]),
        (RowOutcome.UNCHANGED, RowOutcome.UNCHANGED.label, report["unchanged"]),
        (RowOutcome.DUPLICATE, RowOutcome.DUPLICATE.label, len(report["duplicate_rows"])),
        ("warning", _("Peringatan"), len(report["warning_rows"])),
        (RowOutcome.ERROR, RowOutcome.ERROR.label, len(report["error_rows"])),
    )
    return [(code, label, count, code == current) for code, label, count in tabs]


@require_POST
def apply(request, public_id):
    run = find(ImportRun.objects, request.user, public_id)
    register_import.queue_apply(run=run, by=request.user)
    return redirect(run)


@require_POST
def cancel(request, public_id):
    run = find(ImportRun.objects, request.user, public_id)
    register_import.cancel(run=run, by=request.user)
    return done(request, _("Impor dibatalkan. Tidak ada data yang diubah."), "inmates:import-list")
