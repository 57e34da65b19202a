"""Agreements that exist already, many at once: a template, a look, all or nothing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.pages import perform, show
from partners.forms.agreement_sheet import SheetForm
from partners.models import Agency
from partners.services import existing
from partners.sheet.template import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(request):
    """Checking writes nothing and answers with a table; recording writes every new row or none."""
    _need_head(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    report = None
    if form.is_valid():
        sent = {
            "facility": request.user.facility,
            "rows": form.cleaned_data["sheet"],
            "scans": form.cleaned_data["scans"],
            "by": request.user,
        }
        report = existing.check(**sent)
        if "record" in request.POST and report.can_be_recorded:
            recorded = perform(form, existing.record, **sent)
            if recorded:
                return _done(request, recorded)
    answer = show(
        request,
        "partners/agreement_sheet.html",
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
    """The workbook to fill in, with the prison's partners to choose from."""
    _need_head(request)
    names = Agency.objects.visible_to(request.user).order_by("name").values_list("name", flat=True)
    return HttpResponse(
        workbook(list(names)),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="perjanjian-lama.xlsx"'},
    )


def _need_head(request):
    if not may(request.user, "correct_state"):
        raise PermissionDenied


def _done(request, report):
    number = len(report.written)
    sentence = ngettext(
        "%(number)s perjanjian lama dicatat.", "%(number)s perjanjian lama dicatat.", number
    ) % {"number": number}
    if report.skipped:
        sentence += " " + _("%(number)s sudah ada dan dilewati.") % {"number": report.skipped}
    messages.success(request, sentence)
    return redirect("partners:agreement-list")
