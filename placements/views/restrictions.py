"""Restrictions of one person: writing one down, its end, and an entry that was wrong."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate, Restriction
from inmates.services import restrictions
from placements.forms.restriction import LiftForm, RestrictionForm, VoidForm


def new(request, public_id):
    inmate = find(Inmate.objects.select_related("prison"), request.user, public_id)
    kinds = restrictions.kinds_for(request.user, inmate.prison_id)
    if not kinds:
        raise PermissionDenied
    form = RestrictionForm(request.POST or None, kinds=kinds)
    if form.is_valid() and perform(
        form,
        restrictions.impose,
        inmate=inmate,
        facility=inmate.prison,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Tercatat."), inmate)
    access.record(request, access.VIEW, [inmate])
    return show(request, "placements/restriction_new.html", {"inmate": inmate}, form=form)


@require_POST
def lift(request, public_id):
    return _change(request, public_id, LiftForm, restrictions.lift, _("Pembatasan berakhir."))


@require_POST
def void(request, public_id):
    return _change(request, public_id, VoidForm, restrictions.void, _("Catatan dinyatakan salah."))


def _may_change(user, restriction):
    return may(user, restrictions.ACT_OF[restriction.kind], restrictions.prison_of(restriction))


def _change(request, public_id, form_class, service, sentence):
    """Both acts are asked on the person's page; only what is refused comes back to a page here."""
    restriction = find(Restriction.entries.select_related("inmate"), request.user, public_id)
    if not _may_change(request.user, restriction):
        raise PermissionDenied
    form = form_class(request.POST)
    if form.is_valid() and perform(
        form, service, restriction=restriction, by=request.user, **form.cleaned_data
    ):
        return done(request, sentence, restriction.inmate)
    access.record(request, access.VIEW, [restriction.inmate])
    return show(
        request, "placements/restriction_change.html", {"restriction": restriction}, form=form
    )
