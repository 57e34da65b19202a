"""The report of an import to take away, as CSV or XLSX."""

import tempfile

import xlsxwriter
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.services import access
from accounts.spreadsheets import BYTE_ORDER_MARK, csv_line, harmless
from accounts.views.pages import find
from inmates.models import ImportRun, Inmate
from inmates.register import report
from inmates.services import absences
from inmates.states import ImportState

CHUNK = 500
WIDTHS = (7, 32, 16, 18, 11, 60, 60)
MEMORY_BYTES = 5_000_000  # a larger workbook waits on disk until it is sent


@require_GET
def download(request, public_id):
    """Row numbers, outcome, findings and changes; names while the import still keeps them."""
    run = find(ImportRun.objects, request.user, public_id)
    if run.state not in (ImportState.READY, ImportState.APPLIED):
        raise Http404
    access.record(request, access.EXPORT, _people(run, request.user))
    name = f"impor-{run.as_of:%Y-%m-%d}-{slugify(run.file_name)[:60] or 'register'}"
    answer = _as_xlsx(run) if request.GET.get("format") == "xlsx" else _as_csv(run)
    suffix = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return answer


def _people(run, user):
    """The known people whom the report names."""
    named = Inmate.objects.visible_to(user).filter(person_key__in=run.rows.values("person_key"))
    missing = absences.listed_as_missing(run) if run.is_complete else ()
    return [*named.only("public_id"), *missing]


def _lines(run):
    yield report.headings()
    for row in run.rows.defer("values").iterator(chunk_size=CHUNK):
        yield report.line_of(row)
    if run.is_complete:
        for inmate in absences.listed_as_missing(run).iterator(chunk_size=CHUNK):
            yield report.line_of_absent(inmate)


def _as_csv(run):
    return StreamingHttpResponse(_csv(run), content_type="text/csv; charset=utf-8")


def _csv(run):
    yield BYTE_ORDER_MARK
    for line in _lines(run):
        yield csv_line(line)


def _as_xlsx(run):
    stream = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet()
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    bold = book.add_format({"bold": True})
    for number, line in enumerate(_lines(run)):
        for column, cell in enumerate(line):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, harmless(cell), None if number else bold)
    sheet.freeze_panes(1, 0)
    book.close()
    stream.seek(0)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(stream, content_type=mime)
