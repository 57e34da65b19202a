"""People at an agency whom one calls. They are no users of the app."""

import pghistory
from django.utils.translation import gettext as _
from lokal.phone import parse_phone

from accounts.refusals import Forbidden, NotAllowed, act
from partners.models import Contact
from partners.services import agencies

FACTS = ("name", "title", "phone", "email", "note")


@act
def add(*, agency, by, **facts):
    """Write down whom one calls there. The same name with the same number is kept once."""
    _require_keeper(by, agency)
    _check(facts)
    known = Contact.objects.filter(agency=agency, name__iexact=facts["name"], phone=facts["phone"])
    return known.first() or Contact.objects.create(agency=agency, created_by=by, **facts)


@act
def change(*, contact, by, **facts):
    _require_keeper(by, contact.agency)
    _check(facts)
    contact = Contact.objects.select_for_update(no_key=True, of=["self"]).get(pk=contact.pk)
    for name in FACTS:
        setattr(contact, name, facts[name])
    contact.save(update_fields=FACTS)
    return contact


@act
def remove(*, contact, by, reason=""):
    """Strike out somebody who is no longer called; the name stays in the agency's history."""
    _require_keeper(by, contact.agency)
    with pghistory.context(reason=reason):
        Contact.objects.filter(pk=contact.pk).delete()


def _require_keeper(by, agency):
    if agencies.prison_of(by, agency, "record_engagement") is None:
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))


def _check(facts):
    phone = parse_phone(facts["phone"]) if facts["phone"] else None
    if phone is not None and not phone.valid:
        raise NotAllowed({"phone": _("Nomor telepon tidak dikenali, misalnya 0812-3456-7890.")})
    if not facts["phone"] and not facts["email"]:
        raise NotAllowed({"phone": _("Isi telepon atau alamat e-mail.")})
