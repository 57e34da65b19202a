"""The articles a prison's drafts start with, and a draft made from them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners.documents import articles
from partners.forms.agreement_text import DraftTextForm, StandardTextForm
from partners.models import Agreement
from partners.services import agreement_texts
from partners.states import UNSIGNED, AgreementKind


def standard(request):
    """The prison's articles of the kind in `?kind=`."""
    facility, kind = _asked(request)
    text = agreement_texts.text_for(facility, kind)
    initial = {"text": articles.typed(text.articles) if text else ""}
    form = StandardTextForm(request.POST or None, initial=initial)
    if form.is_valid() and perform(
        form,
        agreement_texts.write,
        facility=facility,
        kind=kind,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Naskah baku disimpan."), _address(kind))
    return show(
        request,
        "partners/agreement_text.html",
        {
            "kinds": AgreementKind.choices,
            "kind": kind,
            "text": text,
            "is_own": bool(text and text.facility_id),
            "places": articles.PLACES.items(),
        },
        form=form,
    )


@require_POST
def reset(request):
    facility, kind = _asked(request)
    agreement_texts.reset(facility=facility, kind=kind, by=request.user)
    return done(request, _("Naskah baku kembali seperti naskah nasional."), _address(kind))


def draft(request, public_id):
    """Compose the text of an agreement: looked at first, or kept as its next version."""
    rows = Agreement.objects.select_related("agency", "facility")
    agreement = find(rows, request.user, public_id)
    if not may(request.user, "draft_agreement", agreement.facility_id):
        raise PermissionDenied
    form = DraftTextForm(request.POST or None, initial=agreement_texts.suggested(agreement))
    if form.is_valid() and "look" in request.POST:
        terms = {name: value for name, value in form.cleaned_data.items() if name != "note"}
        content = perform(
            form, agreement_texts.compose, agreement=agreement, by=request.user, **terms
        )
        if content:
            return HttpResponse(content, content_type="application/pdf")
    elif form.is_valid():
        document = perform(
            form,
            agreement_texts.generate,
            agreement=agreement,
            by=request.user,
            **form.cleaned_data,
        )
        if document:
            sentence = _("Naskah disimpan sebagai versi %(version)s.")
            return done(request, sentence % {"version": document.version}, agreement)
    context = {"agreement": agreement, "is_unsigned": agreement.state in UNSIGNED}
    return show(request, "partners/agreement_draft_text.html", context, form=form)


def _asked(request):
    facility = request.user.facility
    if request.user.is_liaison or not may(request.user, "edit_texts", facility and facility.pk):
        raise PermissionDenied
    kind = request.GET.get("kind", AgreementKind.PKS)
    if kind not in AgreementKind.values:
        raise Http404
    return facility, AgreementKind(kind)


def _address(kind):
    return f"{reverse('partners:agreement-text')}?kind={kind}"
