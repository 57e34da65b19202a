from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners.forms.agreement_acts import DocumentForm
from partners.models import AgreementDocument
from partners.services import agreement_documents
from partners.states import UNSIGNED, DocumentKind
from partners.views.agreement_page import found
from partners.views.downloads import download


def add(request, public_id):
    """Upload the next version of a text."""
    agreement = found(request, public_id)
    if not may(request.user, "draft_agreement", agreement.facility_id):
        raise PermissionDenied
    kind = DocumentKind.DRAFT if agreement.state in UNSIGNED else DocumentKind.ANNEX
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"kind": kind})
    if form.is_valid():
        document = perform(
            form,
            agreement_documents.add,
            agreement=agreement,
            by=request.user,
            **form.cleaned_data,
        )
        if document:
            sentence = _("%(document)s disimpan.") % {"document": document}
            return done(request, sentence, agreement)
    return show(
        request, "partners/agreement_document_add.html", {"agreement": agreement}, form=form
    )


@require_safe
def file(request, public_id):
    """One version as a download, for whoever may read its kind."""
    document = find(AgreementDocument.objects.select_related("agreement"), request.user, public_id)
    return download(document.file, f"{document} {document.agreement.title}")
