"""Pages of the people at an agency whom one calls."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.pages import done, find, perform, reason_in, show
from partners.forms.contact import ContactForm
from partners.models import Agency, Contact
from partners.services import agencies, contacts


def add(request, public_id):
    agency = find(Agency.objects, request.user, public_id)
    _check_keeper(request.user, agency)
    form = ContactForm(request.POST or None)
    if form.is_valid() and perform(
        form, contacts.add, agency=agency, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Kontak dicatat."), agency)
    return show(request, "partners/contact_edit.html", {"agency": agency}, form=form)


def edit(request, public_id):
    contact = _find(request, public_id)
    _check_keeper(request.user, contact.agency)
    initial = {name: getattr(contact, name) for name in contacts.FACTS}
    form = ContactForm(request.POST or None, initial=initial)
    if form.is_valid() and perform(
        form, contacts.change, contact=contact, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Kontak diubah."), contact.agency)
    context = {"agency": contact.agency, "contact": contact}
    return show(request, "partners/contact_edit.html", context, form=form)


@require_POST
def remove(request, public_id):
    contact = _find(request, public_id)
    contacts.remove(contact=contact, reason=reason_in(request), by=request.user)
    return done(request, _("Kontak dihapus."), contact.agency)


def _find(request, public_id):
    return find(Contact.objects.select_related("agency"), request.user, public_id)


def _check_keeper(user, agency):
    if agencies.prison_of(user, agency, "record_engagement") is None:
        raise PermissionDenied
