"""Vacancies from a sheet: a template, a look row by row, all or nothing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.pages import perform, show
from placements.forms.vacancy_sheet import SheetForm
from placements.models import Employer
from placements.services import employers, vacancy_sheet
from placements.sheet.template import workbook
from training.models import Trade

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(request):
    """Checking writes nothing and answers with a table; recording writes all that is new."""
    sent = {**_side(request), "by": request.user}
    form = SheetForm(request.POST or None, request.FILES or None)
    report = None
    if form.is_valid():
        rows = form.cleaned_data["sheet"]
        report = vacancy_sheet.check(rows=rows, **sent)
        if "record" in request.POST and report.can_be_recorded:
            recorded = perform(form, vacancy_sheet.record, rows=rows, **sent)
            if recorded:
                return _done(request, recorded)
    answer = show(
        request,
        "placements/vacancy_sheet.html",
        {
            "report": report,
            "is_refused": "record" in request.POST and report and not report.can_be_recorded,
        },
        form=form,
    )
    if request.htmx:  # it would not show an answer that says "error"
        answer.status_code = 200
    return answer


@require_safe
def template(request):
    """The workbook to fill in, with the trades and employers that the reader knows."""
    _side(request)
    seen = Employer.objects.visible_to(request.user).filter(is_active=True).order_by("name")
    trades = Trade.objects.values_list("name", flat=True)
    return HttpResponse(
        workbook(list(trades), list(seen.values_list("name", flat=True))),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="lowongan.xlsx"'},
    )


def _side(request):
    side = employers.side_of(request.user)
    if not side:
        raise PermissionDenied
    return side


def _done(request, report):
    numbers = report.numbers
    messages.success(
        request,
        _("%(new)s lowongan dicatat, %(updated)s diperbarui, %(same)s tidak berubah.")
        % {"new": numbers["new"], "updated": numbers["updated"], "same": numbers["unchanged"]},
    )
    return redirect("placements:vacancy-list")
