"""Liaisons of an agency: invited, suspended and ended by the head of a partner prison."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.again import sensitive
from accounts.views.pages import done, find, perform, show
from partners.forms.liaison import EndForm, InviteForm, SuspendForm
from partners.models import Agency, Liaison
from partners.services import liaisons


@sensitive
def invite(request, public_id):
    agency = find(Agency.objects, request.user, public_id)
    facility = liaisons.prison_managing(request.user, agency)
    if facility is None:
        raise PermissionDenied
    form = InviteForm(request.POST or None)
    if form.is_valid():
        liaison = perform(
            form, liaisons.invite, agency=agency, by=request.user, **form.cleaned_data
        )
        if liaison:
            sentence = _("Undangan dikirim ke %(email)s.") % {"email": liaison.user.email}
            return done(request, sentence, liaison)
    return show(request, "partners/liaison_invite.html", {"agency": agency}, form=form)


def detail(request, public_id):
    return _page(request, _found(request, public_id))


@require_POST
def invite_again(request, public_id):
    liaison = _managed(request, public_id)
    liaisons.invite_again(liaison=liaison, by=request.user)
    return done(request, _("Undangan baru dikirim; tautan yang lama tidak berlaku lagi."), liaison)


@require_POST
def withdraw(request, public_id):
    liaison = _managed(request, public_id)
    liaisons.withdraw(liaison=liaison, by=request.user)
    return done(request, _("Undangan ditarik; tautannya tidak berlaku lagi."), liaison.agency)


@require_POST
def suspend(request, public_id):
    liaison = _managed(request, public_id)
    form = SuspendForm(request.POST)
    if form.is_valid() and perform(
        form, liaisons.suspend, liaison=liaison, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Narahubung ditangguhkan. Aksesnya berhenti sekarang."), liaison)
    return _page(request, liaison, suspend_form=form)


@require_POST
@sensitive
def reinstate(request, public_id):
    liaison = _managed(request, public_id)
    liaisons.reinstate(liaison=liaison, by=request.user)
    return done(request, _("Narahubung aktif lagi dengan kata sandi yang sama."), liaison)


@require_POST
def end(request, public_id):
    liaison = _managed(request, public_id)
    form = EndForm(request.POST)
    if form.is_valid() and perform(
        form, liaisons.end, liaison=liaison, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Tugas narahubung diakhiri."), liaison)
    return _page(request, liaison, end_form=form)


def _found(request, public_id):
    rows = Liaison.objects.select_related("user", "agency", "suspended_by", "created_by")
    return find(rows, request.user, public_id)


def _managed(request, public_id):
    liaison = _found(request, public_id)
    if liaisons.prison_managing(request.user, liaison.agency) is None:
        raise PermissionDenied
    return liaison


def _page(request, liaison, suspend_form=None, end_form=None):
    manages = liaisons.prison_managing(request.user, liaison.agency) is not None
    return show(
        request,
        "partners/liaison_detail.html",
        {
            "liaison": liaison,
            "manages": manages,
            "suspend_form": suspend_form or SuspendForm(),
            "end_form": end_form or EndForm(),
            "invited_until": liaisons.invited_until(liaison) if manages else None,
        },
        form=suspend_form or end_form,
    )
