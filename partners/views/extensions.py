"""Addenda that move an agreement's end, and successors that continue it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners import rules
from partners.forms.agreement import TermsForm
from partners.forms.agreement_acts import ExtendForm, LinkForm, UndoForm
from partners.models import Extension
from partners.services import extensions, renewals
from partners.states import AgreementState
from partners.views.agreement_page import found
from partners.views.downloads import download


def extend(request, public_id):
    agreement = found(request, public_id)
    if not may(request.user, "sign_agreement", agreement.facility_id):
        raise PermissionDenied
    if request.method != "POST" and agreement.state != AgreementState.SIGNED:
        messages.error(request, _("Hanya perjanjian yang ditandatangani yang bisa diperpanjang."))
        return redirect(agreement)
    form = ExtendForm(
        request.POST or None, request.FILES or None, initial={"old_end": agreement.ends_on}
    )
    if form.is_valid() and perform(
        form, extensions.extend, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Perpanjangan dicatat; kedua pihak diberi tahu."), agreement)
    return show(request, "partners/agreement_extend.html", {"agreement": agreement}, form=form)


def void(request, public_id):
    extension = find(Extension.objects.select_related("agreement"), request.user, public_id)
    if not may(request.user, "correct_state", extension.agreement.facility_id):
        raise PermissionDenied
    form = UndoForm(request.POST or None)
    if form.is_valid() and perform(
        form, extensions.void, extension=extension, by=request.user, **form.cleaned_data
    ):
        sentence = _("Perpanjangan dibatalkan; tanggal akhir yang lama berlaku lagi.")
        return done(request, sentence, extension.agreement)
    return show(request, "partners/extension_void.html", {"extension": extension}, form=form)


@require_safe
def scan(request, public_id):
    extension = find(Extension.objects.select_related("agreement"), request.user, public_id)
    return download(extension.scan, f"adendum {extension.agreement.title}")


def renew(request, public_id):
    """The draft that continues an agreement, filled from it."""
    agreement = found(request, public_id)
    if not may(request.user, "draft_agreement", agreement.facility_id):
        raise PermissionDenied
    if request.method != "POST" and agreement.state != AgreementState.SIGNED:
        messages.error(request, _("Hanya perjanjian yang ditandatangani yang bisa dilanjutkan."))
        return redirect(agreement)
    initial = renewals.suggested_terms(agreement) if agreement.ends_on else {}
    form = TermsForm(
        request.POST or None, initial=initial, user=request.user, agency=agreement.agency
    )
    if form.is_valid():
        successor = perform(
            form, renewals.renew, agreement=agreement, by=request.user, **form.cleaned_data
        )
        if successor:
            return done(request, _("Naskah penerus dibuat sebagai draf."), successor)
    return show(request, "partners/agreement_renew.html", {"agreement": agreement}, form=form)


def link(request, public_id):
    """Say afterwards what an agreement continues."""
    agreement = found(request, public_id)
    if not may(request.user, rules.act_of_linking(agreement), agreement.facility_id):
        raise PermissionDenied
    form = LinkForm(request.POST or None, agreement=agreement)
    if form.is_valid() and perform(
        form, renewals.link_predecessor, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Kedua perjanjian dihubungkan."), agreement)
    return show(request, "partners/agreement_link.html", {"agreement": agreement}, form=form)


def unlink(request, public_id):
    agreement = found(request, public_id)
    if not may(request.user, rules.act_of_linking(agreement), agreement.facility_id):
        raise PermissionDenied
    form = UndoForm(request.POST or None)
    if form.is_valid() and perform(
        form, renewals.unlink, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Hubungan kedua perjanjian dilepas."), agreement)
    return show(request, "partners/agreement_unlink.html", {"agreement": agreement}, form=form)
