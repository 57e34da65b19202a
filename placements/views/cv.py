"""The CV of a person: what an employer would read, the writing of it, the approval, the PDF."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.pages import done, find, perform, reason_in, show
from inmates.models import Inmate
from inmates.states import ConsentPurpose
from placements.employment import CVLanguage
from placements.forms.cv import ApproveForm, CVForm
from placements.services import cv as service
from placements.services import cv_paper, in_charge

ACT = "record_readiness"


@require_safe
def detail(request, public_id):
    return _page(request, _found(request, public_id, "see_people"))


def write(request, public_id):
    """The person's own words, and which parts they agree to share."""
    inmate, language = _found(request, public_id), _language(request)
    cv = cv_paper.of(inmate, language)
    form = CVForm(request.POST or None, cv=cv, known=cv_paper.known_of(inmate, language))
    if form.is_valid() and perform(
        form,
        service.write,
        inmate=inmate,
        language=language,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(
            request,
            _("Riwayat hidup disimpan; bacakan dan minta persetujuan."),
            _at(inmate, language),
        )
    access.record(request, access.VIEW, [inmate])
    return show(
        request,
        "placements/cv_write.html",
        {
            "inmate": inmate,
            "language": CVLanguage(language),
            "version": service.version_of(cv),
            "back": _at(inmate, language),
        },
        form=form,
    )


@require_POST
def approve(request, public_id):
    inmate, language = _found(request, public_id), _language(request)
    cv = cv_paper.of(inmate, language)
    form = ApproveForm(request.POST)
    if cv is None:
        form.add_error(None, _("Riwayat hidup belum ditulis dalam bahasa ini."))
    if form.is_valid() and perform(
        form, service.approve, cv=cv, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Persetujuan orangnya dicatat."), _at(inmate, language))
    return _page(request, inmate, form)


@require_POST
def remove(request, public_id):
    inmate, language = _found(request, public_id), _language(request)
    cv = cv_paper.of(inmate, language)
    if cv:
        service.remove(cv=cv, reason=reason_in(request), by=request.user)
    return done(request, _("Riwayat hidup dihapus."), _at(inmate, language))


@require_safe
@never_cache
def pdf(request, public_id):
    """The CV for an employer; while something is in the way, the page that says what."""
    inmate, language = _found(request, public_id), _language(request)
    try:
        content = cv_paper.pdf(inmate, language)
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
        return redirect(_at(inmate, language))
    access.record(request, access.EXPORT, [inmate])
    name = f"cv-{slugify(inmate.name)}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _found(request, public_id, act_name=ACT):
    """The person, if the reader may do the act at the prison that holds them, or held them last."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    if not in_charge.acts(request.user, inmate, act_name):
        raise PermissionDenied
    return inmate


def _language(request):
    asked = request.GET.get("language")
    return asked if asked in CVLanguage.values else CVLanguage.INDONESIAN.value


def _at(inmate, language):
    return f"{reverse('placements:cv-detail', args=[inmate.public_id])}?language={language}"


def _page(request, inmate, form=None):
    access.record(request, access.VIEW, [inmate])
    language = _language(request)
    cv = cv_paper.of(inmate, language)
    may_write = in_charge.acts(request.user, inmate, ACT)
    return show(
        request,
        "placements/cv_detail.html",
        {
            "inmate": inmate,
            "language": CVLanguage(language),
            "languages": [(each, _at(inmate, each.value)) for each in CVLanguage],
            "cv": cv,
            "paper": cv_paper.gather(cv) if cv else None,
            "in_the_way": cv_paper.in_the_way(inmate, cv),
            "consent": cv_paper.consent_of(inmate),
            "purpose": ConsentPurpose.PROFILE.value,
            "version": service.version_of(cv),
            "may_write": may_write,
            "approve_form": form or ApproveForm(),
        },
        form=form,
    )
