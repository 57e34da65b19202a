"""Pages of agreements. Each finds the row inside one's scope, asks, calls the service, shows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners import rules
from partners.forms import agreement as forms
from partners.models import Agency, Agreement, Engagement
from partners.services import agreements
from partners.views.agreement_page import FORMS, found, page
from partners.views.asked import asked_for
from partners.views.downloads import download

SIGNING = ("our_number", "their_number", "starts_on", "ends_on")


def draft(request):
    """A new agreement; `?engagement=` fills the form from a visit, `?agency=` names the agency."""
    if not may(request.user, "draft_agreement"):
        raise PermissionDenied
    engagement = asked_for(request, "engagement", Engagement.objects.select_related("agency"))
    initial = {"agency": asked_for(request, "agency", Agency.objects)}
    if engagement:
        initial = {
            "agency": engagement.agency,
            "title": _("Perjanjian Kerja Sama dengan %(agency)s") % {"agency": engagement.agency},
            "scope": engagement.result or engagement.purpose,
        }
    form = forms.AgreementForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        agreement = perform(
            form,
            agreements.draft,
            facility=request.user.facility,
            engagement=engagement,
            exploring="exploring" in request.POST,
            by=request.user,
            **form.cleaned_data,
        )
        if agreement:
            return done(request, _("Perjanjian disimpan."), agreement)
    return show(request, "partners/agreement_draft.html", {"engagement": engagement}, form=form)


def record_existing(request):
    if not may(request.user, "correct_state"):
        raise PermissionDenied
    initial = {"agency": asked_for(request, "agency", Agency.objects)}
    form = forms.RecordExistingForm(
        request.POST or None, request.FILES or None, user=request.user, initial=initial
    )
    if form.is_valid():
        agreement = perform(
            form,
            agreements.record_existing,
            facility=request.user.facility,
            by=request.user,
            **form.cleaned_data,
        )
        if agreement:
            return done(request, _("Perjanjian lama dicatat."), agreement)
    return show(request, "partners/agreement_record_existing.html", form=form)


@require_safe
def detail(request, public_id):
    return page(request, found(request, public_id))


def edit(request, public_id):
    agreement = found(request, public_id)
    if not may(request.user, "draft_agreement", agreement.facility_id):
        raise PermissionDenied
    if not rules.can_edit(request.user, agreement):
        messages.error(request, _("Perjanjian ini tidak bisa diubah lagi."))
        return redirect(agreement)
    initial = {name: getattr(agreement, name) for name in forms.TermsForm.base_fields}
    form = forms.TermsForm(
        request.POST or None, initial=initial, user=request.user, agency=agreement.agency
    )
    if form.is_valid() and perform(
        form, agreements.edit, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Perubahan disimpan."), agreement)
    return show(request, "partners/agreement_edit.html", {"agreement": agreement}, form=form)


def sign(request, public_id):
    agreement = found(request, public_id)
    if not may(request.user, "sign_agreement", agreement.facility_id):
        raise PermissionDenied
    if request.method != "POST" and not rules.can_sign(request.user, agreement):
        messages.error(
            request, _("Perjanjian dalam keadaan ini tidak bisa dicatat sebagai ditandatangani.")
        )
        return redirect(agreement)
    initial = {name: getattr(agreement, name) for name in SIGNING}
    form = forms.SignForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid() and perform(
        form, agreements.sign, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Penandatanganan dicatat; kedua pihak diberi tahu."), agreement)
    return show(request, "partners/agreement_sign.html", {"agreement": agreement}, form=form)


def _by_button(service, sentence):
    """A page-less act that needs nothing but the click."""

    @require_POST
    def press(request, public_id):
        agreement = found(request, public_id)
        service(agreement=agreement, by=request.user)
        return done(request, sentence, agreement)

    return press


def _by_form(act, service, sentence):
    """An act asked for on the agreement's own page; a form with problems is shown there again."""

    @require_POST
    def submit(request, public_id):
        agreement = found(request, public_id)
        if not rules.may_ever(request.user, act, agreement):
            raise PermissionDenied
        form_class, _label = FORMS[act]
        form = form_class(request.POST)
        if form.is_valid() and perform(
            form, service, agreement=agreement, by=request.user, **form.cleaned_data
        ):
            return done(request, sentence, agreement)
        return page(request, found(request, public_id), act, form)

    return submit


begin_draft = _by_button(agreements.begin_draft, gettext_lazy("Penyusunan naskah dimulai."))
send_for_review = _by_form(
    "send_for_review",
    agreements.send_for_review,
    gettext_lazy("Naskah dikirim untuk ditelaah; instansi diberi tahu."),
)
revise = _by_button(agreements.revise, gettext_lazy("Naskah kembali menjadi draf."))
mark_ready = _by_button(agreements.mark_ready, gettext_lazy("Naskah siap ditandatangani."))
reopen = _by_form("reopen", agreements.reopen, gettext_lazy("Naskah kembali ditelaah."))
terminate = _by_form(
    "terminate",
    agreements.terminate,
    gettext_lazy("Penghentian dicatat; kedua pihak diberi tahu."),
)
cancel = _by_form("cancel", agreements.cancel, gettext_lazy("Perjanjian dibatalkan."))
undo_signing = _by_form(
    "undo_signing",
    agreements.undo_signing,
    gettext_lazy("Catatan penandatanganan ditarik."),
)
undo_termination = _by_form(
    "undo_termination",
    agreements.undo_termination,
    gettext_lazy("Penghentian ditarik; perjanjian berlaku seperti semula."),
)
undo_cancellation = _by_form(
    "undo_cancellation",
    agreements.undo_cancellation,
    gettext_lazy("Pembatalan ditarik; perjanjian kembali menjadi draf."),
)


@require_safe
def scan(request, public_id):
    """The signed scan as a download, for whoever may see the agreement."""
    agreement = find(Agreement.objects, request.user, public_id)
    return download(agreement.signed_scan, agreement.title)
