"""Certificates of the past: one on the page of a person, or a sheet for the whole prison."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from training.forms.upload import OldPaperForm, PrisonSheetForm
from training.services import old_certificates
from training.sheet import template as workbooks
from training.views.uploads import attached, read_sheet, show_report


def add(request, public_id):
    """One old certificate of a person who is or was at the prison."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    _need_head(request)
    form = OldPaperForm(request.POST or None, request.FILES or None)
    if form.is_valid() and perform(
        form,
        old_certificates.record_existing,
        facility=request.user.facility,
        inmate=inmate,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Sertifikat lama dicatat."), inmate)
    access.record(request, access.VIEW, [inmate])
    return show(request, "training/old_paper.html", {"inmate": inmate}, form=form)


def sheet(request):
    """Checking writes nothing and says what each row means; recording writes all or none."""
    _need_head(request)
    form = PrisonSheetForm(request.POST or None, request.FILES or None)
    report = read_sheet(request, form, old_certificates, facility=request.user.facility)
    return show_report(request, "training/certificate_sheet_prison.html", form, report)


@require_safe
def template(request):
    """The workbook to fill in; it names nobody."""
    _need_head(request)
    return attached(workbooks.for_prison(), "sertifikat-lama.xlsx")


def _need_head(request):
    if not may(request.user, "certify", request.user.facility and request.user.facility.pk):
        raise PermissionDenied
