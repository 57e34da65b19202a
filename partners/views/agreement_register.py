"""The register of agreements that supervision asks for: a page, a workbook, a CSV, a paper."""

import tempfile
from datetime import date

import xlsxwriter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.spreadsheets import BYTE_ORDER_MARK, csv_line, harmless
from accounts.views.pages import done, find, perform, show
from correspondence.documents import office
from correspondence.typesetting import pdf
from partners import register
from partners.filters import AgreementFilter
from partners.forms.register import ReportForm
from partners.models import Agreement
from partners.services import register as texts
from partners.states import AgreementKind, AgreementStatus

# Without a filter: what supervision asks about, the running PKS.
USUAL = {"status": AgreementStatus.IN_FORCE, "kind": AgreementKind.PKS}
PRINTED_MOST = 300
CHUNK = 500
CELL_MOST = 32_767  # letters that a cell of a workbook holds
MEMORY_BYTES = 5_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def page(request):
    """The agreements that the list's filters leave; `?format=xlsx`, `csv`, `pdf` downloads them."""
    if request.user.is_liaison:
        raise PermissionDenied
    asked = {key: value for key, value in request.GET.items() if key != "format"}
    chosen = AgreementFilter(
        asked or USUAL, Agreement.objects.visible_to(request.user), request=request
    )
    rows = chosen.qs.select_related("agency", "facility").with_status()
    rows = rows.order_by("facility__name", "agency__name", "starts_on", "pk")
    if chosen.form.is_valid():
        if request.GET.get("format") == "xlsx":
            return _as_xlsx(rows)
        if request.GET.get("format") == "csv":
            return _as_csv(rows)
        if request.GET.get("format") == "pdf":
            return _as_pdf(request, rows, asked)
    shown = rows[:PRINTED_MOST]
    return show(
        request,
        "partners/agreement_register.html",
        {
            "filter": chosen,
            "query": urlencode(asked or USUAL),
            "number": rows.count(),
            "lines": [(row, register.lacking(row), register.term_in_words(row)) for row in shown],
            "most": PRINTED_MOST,
            "may_describe": may(request.user, "draft_agreement"),
        },
        form=chosen.form,
    )


def describe(request, public_id):
    """The texts of the register, in a form of their own."""
    agreement = find(Agreement.objects.select_related("agency"), request.user, public_id)
    if not may(request.user, "draft_agreement", agreement.facility_id):
        raise PermissionDenied
    initial = {name: getattr(agreement, name) for name in register.TEXTS}
    form = ReportForm(request.POST or None, initial=initial)
    if form.is_valid() and perform(
        form, texts.describe, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Bahan laporan disimpan."), agreement)
    return show(request, "partners/agreement_report.html", {"agreement": agreement}, form=form)


def _as_pdf(request, rows, asked):
    agreements = list(rows[: PRINTED_MOST + 1])
    refusal = None
    if not agreements:
        refusal = _("Tidak ada perjanjian untuk dicetak.")
    elif len(agreements) > PRINTED_MOST:
        refusal = _("Lebih dari %(most)s perjanjian: persempit, atau unduh sebagai XLSX.") % {
            "most": PRINTED_MOST
        }
    if refusal:
        messages.error(request, refusal)
        return redirect(f"{reverse('partners:agreement-register')}?{urlencode(asked or USUAL)}")
    facility = request.user.facility or agreements[0].facility
    today = timezone.localdate()
    paper = pdf(
        "agreement_register_v1",
        register.paper(agreements, office(facility), today),
        made_at=timezone.now(),
    )
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{_name(today)}.pdf"'},
    )


def _as_csv(rows):
    name = f"{_name(timezone.localdate())}.csv"
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows):
    yield BYTE_ORDER_MARK
    yield csv_line([str(column.heading) for column in register.COLUMNS])
    for row in rows.iterator(chunk_size=CHUNK):
        yield csv_line([_plain(column.value(row)) for column in register.COLUMNS])


def _plain(value):
    return "" if value is None else value


def _as_xlsx(rows):
    stream = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet(_("Register perjanjian")[:31])
    top = {"valign": "top", "text_wrap": True}
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6F0EE"}),
        "text": book.add_format(top),
        "day": book.add_format({**top, "num_format": "dd/mm/yyyy", "align": "left"}),
    }
    for place, column in enumerate(register.COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), formats["head"])
    number = 0
    for number, row in enumerate(rows.iterator(chunk_size=CHUNK), 1):
        for place, column in enumerate(register.COLUMNS):
            _write(sheet, number, place, column.value(row), formats)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(number, 1), len(register.COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    stream.seek(0)
    return FileResponse(
        stream,
        content_type=XLSX,
        as_attachment=True,
        filename=f"{_name(timezone.localdate())}.xlsx",
    )


def _write(sheet, row, place, value, formats):
    """A number as a number, a day as a day; a text never a formula, whatever it begins with."""
    if value is None or value == "":
        return
    if isinstance(value, int):
        sheet.write_number(row, place, value, formats["text"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats["day"])
    else:
        sheet.write_string(row, place, harmless(str(value))[:CELL_MOST], formats["text"])


def _name(today):
    return f"register-perjanjian-{today:%Y-%m-%d}"
