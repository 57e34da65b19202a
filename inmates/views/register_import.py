"""Pages of the register import: upload, progress, preview by row, apply or cancel."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.forms.register_import import ColumnsForm, RegisterUploadForm
from inmates.models import ImportRun, Inmate
from inmates.register.columns import bare
from inmates.register.dropped import REASONS, reason_for
from inmates.register.fields import LABELS
from inmates.services import absences, columns, register_import
from inmates.states import ImportState, RowOutcome
from inmates.tables import AbsentTable, ImportRowTable, ImportRunTable
from inmates.views.import_upload import WithinLimit

ROWS_PER_PAGE = 50
ABSENT = "absent"


@csrf_exempt  # the body is read only after its limit is set; `_start` checks the token as ever
def start(request):
    limit = WithinLimit(request)
    request.upload_handlers.insert(0, limit)
    return _start(request, limit)


@csrf_protect
def _start(request, limit):
    if not may(request.user, "import_register"):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegisterUploadForm(*sent, user=request.user, too_large=limit.problem)
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
    if request.GET.get("state") in ImportState.values:
        runs = runs.filter(state=request.GET["state"])
    table = RequestConfig(request, paginate={"per_page": 20}).configure(ImportRunTable(runs))
    context = {"table": table, "reasons": REASONS}
    return show(request, "inmates/import_list.html", context, form=form)


def detail(request, public_id):
    """Progress while a worker has the run (htmx asks again each second), then its rows."""
    run = find(ImportRun.objects.select_related("applied_by"), request.user, public_id)
    if run.is_working:
        fragment = "inmates/_import_progress.html"
        template = fragment if request.htmx else "inmates/import_detail.html"
        return render(request, template, {"run": run})
    if request.headers.get("HX-Target") == "import-progress":
        return HttpResponseClientRefresh()
    return _preview(request, run, ColumnsForm(run=run))


def _preview(request, run, form):
    tab = request.GET.get("show", "")
    is_settled = run.state in (ImportState.READY, ImportState.APPLIED)
    missing = absences.listed_as_missing(run).count() if is_settled and run.is_complete else 0
    context = {
        "run": run,
        "tabs": _tabs(run, tab, missing),
        "missing": missing,
        "may_explain": run.state in columns.EXPLAINABLE and form.fields,
        "kept_days": register_import.KEPT_UNAPPLIED.days,
        "dropped": _dropped(run),
        "missing_labels": [LABELS[name] for name in run.report.get("missing_fields", [])],
    }
    if run.state == ImportState.READY and run.is_complete:
        held = absences.in_custody(run).count()
        context |= {"held": held, "is_most": 2 * missing > held}
    if is_settled:
        context["table"] = _table(request, run, tab)
    return show(request, "inmates/import_detail.html", context, form=form)


def _table(request, run, tab):
    """The rows of a tab, a page at a time; who of them is known is written down as seen."""
    is_absent = tab == ABSENT and run.is_complete
    rows = absences.listed_as_missing(run) if is_absent else run.rows.shown_as(tab)
    table = AbsentTable(rows) if is_absent else ImportRowTable(rows)
    RequestConfig(request, paginate={"per_page": ROWS_PER_PAGE}).configure(table)
    keys = [row.record.person_key for row in table.paginated_rows]
    people = Inmate.objects.visible_to(request.user).filter(person_key__in=keys)
    access.record(request, access.VIEW, people.only("public_id"))
    return table


def _dropped(run):
    """(reason, headers) of the columns of this file that are never read."""
    found = {}
    for label in run.report.get("dropped_columns", []):
        found.setdefault(reason_for(bare(label)), []).append(label)
    return found.items()


def _tabs(run, current, missing):
    """(code, label, number of rows, whether it is the one shown) of each tab."""
    report = run.report
    if "new" not in report:
        return []
    tabs = [
        (RowOutcome.NEW, RowOutcome.NEW.label, report["new"]),
        (RowOutcome.UPDATED, RowOutcome.UPDATED.label, report["updated"]),
        (RowOutcome.UNCHANGED, RowOutcome.UNCHANGED.label, report["unchanged"]),
        (RowOutcome.DUPLICATE, RowOutcome.DUPLICATE.label, len(report["duplicate_rows"])),
        ("warning", _("Peringatan"), len(report["warning_rows"])),
        (RowOutcome.ERROR, RowOutcome.ERROR.label, len(report["error_rows"])),
    ]
    if run.is_complete:
        tabs.append((ABSENT, _("Tidak tercantum"), missing))
    return [(code, label, count, code == current) for code, label, count in tabs]


@require_POST
def explain(request, public_id):
    """What the unknown columns hold: remembered for the prison, and the file is read again."""
    run = find(ImportRun.objects.select_related("applied_by"), request.user, public_id)
    form = ColumnsForm(request.POST, run=run)
    if form.is_valid():
        answered = perform(form, columns.explain, run=run, answers=form.answers, by=request.user)
        if answered:
            if answered.file:
                told = _("Jawaban diingat untuk lapas ini. Berkasnya dibaca ulang.")
            else:
                told = _("Jawaban diingat untuk berkas lapas ini yang berikutnya.")
            return done(request, told, answered)
    return _preview(request, run, form)


@require_POST
def apply(request, public_id):
    run = find(ImportRun.objects, request.user, public_id)
    register_import.queue_apply(run=run, by=request.user)
    return redirect(run)


@require_POST
def cancel(request, public_id):
    run = find(ImportRun.objects, request.user, public_id)
    run = register_import.cancel(run=run, by=request.user)
    if run.state == ImportState.CANCELLED:
        told = _("Impor dibatalkan. Tidak ada data yang diubah.")
        return done(request, told, "inmates:import-list")
    messages.info(request, _("Pembatalan diminta; yang sudah diterapkan ditarik kembali."))
    return redirect(run)
