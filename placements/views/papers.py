"""Consents and documents of a person: their forms, and their scans as downloads."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import Facility
from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, opened, perform
from inmates.models import Consent, Document, Inmate
from inmates.services import consents, documents
from inmates.states import ConsentPurpose
from placements.forms import person as forms
from placements.services import consents as withdrawals
from placements.views.person import ask, held, need_act


def give_consent(request, public_id):
    inmate, prison = _giver(request, public_id)
    form = forms.ConsentForm(
        *_sent(request), initial=request.GET.dict(), has_left=inmate.prison_id is None
    )
    if form.is_valid() and perform(
        form,
        consents.give,
        inmate=inmate,
        facility=prison,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Persetujuan dicatat."), inmate)
    return ask(
        request,
        inmate,
        form,
        title=_("Catat persetujuan data"),
        button=_("Simpan persetujuan"),
        lead=_("Satu surat untuk satu tujuan, ditandatangani oleh orangnya sendiri."),
    )


def _giver(request, public_id):
    """The person and the prison that may write a consent down: where they are, or were last."""
    inmate = find(
        Inmate.objects.select_related("prison", "merged_into__prison"), request.user, public_id
    )
    inmate = inmate.merged_into or inmate
    prison = (
        inmate.prison
        or Facility.objects.visible_to(request.user).filter(pk=consents.prison_left(inmate)).first()
    )
    if prison is None or not may(request.user, "record_consent", prison.pk):
        raise PermissionDenied
    return inmate, prison


def withdraw_consent(request, public_id):
    consent = find(Consent.objects.select_related("inmate__merged_into"), request.user, public_id)
    prisons = {consent.facility_id, (consent.inmate.merged_into or consent.inmate).prison_id}
    if not any(may(request.user, "record_consent", pk) for pk in prisons if pk):
        raise PermissionDenied
    form = forms.WithdrawConsentForm(request.POST or None)
    if form.is_valid():
        withdrawn = perform(
            form, withdrawals.withdraw, consent=consent, by=request.user, **form.cleaned_data
        )
        if withdrawn:
            return done(request, _what_happened(withdrawn), consent.inmate)
    return ask(
        request,
        consent.inmate,
        form,
        title=_("Tarik persetujuan: %(purpose)s") % {"purpose": consent.get_purpose_display()},
        button=_("Tarik persetujuan"),
        lead=_("Berlaku seketika; yang bergantung padanya dihentikan atau menunggu keputusan."),
        is_dangerous=True,
    )


def note_document(request, public_id):
    inmate = held(request, public_id, "record_skills")
    form = forms.DocumentForm(*_sent(request))
    if form.is_valid() and perform(
        form, documents.note, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Dokumen dicatat."), inmate)
    return ask(request, inmate, form, title=_("Catat dokumen"), button=_("Simpan dokumen"))


def remove_document(request, public_id):
    document = find(Document.objects.select_related("inmate__merged_into"), request.user, public_id)
    need_act(request, document.inmate, "record_skills")
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        perform(form, documents.remove, document=document, by=request.user, **form.cleaned_data)
        if not form.errors:
            return done(request, _("Dokumen dihapus."), document.inmate)
    return ask(
        request,
        document.inmate,
        form,
        title=_("Hapus dokumen: %(kind)s") % {"kind": document.get_kind_display()},
        button=_("Hapus dokumen"),
        lead=_("Pindaiannya ikut dihapus."),
        is_dangerous=True,
    )


@require_safe
def consent_scan(request, public_id):
    return _download(
        request, find(Consent.objects.select_related("inmate"), request.user, public_id)
    )


@require_safe
def document_scan(request, public_id):
    return _download(
        request, find(Document.objects.select_related("inmate"), request.user, public_id)
    )


def _download(request, row):
    scan = opened(row.scan)
    access.record(request, access.EXPORT, [row.inmate])
    name = slugify(f"{row} {row.inmate.person_key}")
    return FileResponse(
        scan, as_attachment=True, filename=f"{name}{PurePath(row.scan.name).suffix}"
    )


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _what_happened(withdrawn):
    said = [_("Persetujuan ditarik dan tidak berlaku lagi.")]
    if withdrawn.waiting:
        said.append(
            ngettext(
                "%(count)s hal menunggu keputusan.",
                "%(count)s hal menunggu keputusan.",
                withdrawn.waiting,
            )
            % {"count": withdrawn.waiting}
        )
    if withdrawn.changed:
        said.append(
            ngettext(
                "%(count)s hal dihentikan atau ditangguhkan.",
                "%(count)s hal dihentikan atau ditangguhkan.",
                withdrawn.changed,
            )
            % {"count": withdrawn.changed}
        )
    if withdrawn.consent.purpose == ConsentPurpose.PROFILE:
        said.append(_("Riwayat hidupnya tidak bisa diberikan lagi."))
    elif not (withdrawn.waiting or withdrawn.changed):
        said.append(_("Tidak ada yang terpengaruh."))
    return " ".join(said)
