"""Letters that begin on the page of an agency, a visit or an agreement."""

from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from correspondence import letter_kinds
from correspondence.models import Letter
from correspondence.services import letters
from partners.models import Agency, Agreement
from partners.services import agencies


@act
def begin(*, kind, about, facility, by, **content):
    """Draft a letter of that kind about an agency, a visit or an agreement.

    `content` is what `correspondence.services.letters.draft` takes of a letter's words.
    """
    known = letter_kinds.get(kind)
    if known is None:
        raise NotAllowed(_("Jenis surat ini tidak dikenal."))
    agencies.require_partner(facility, about if isinstance(about, Agency) else about.agency)
    return letters.draft(
        facility=facility, kind=kind, template=known.template, about=about, by=by, **content
    )


def readable_by_liaison(user, public_id):
    """A letter that was sent about an agreement, or to an agency, of the liaison; or None."""
    if not user.is_liaison:
        return None
    sent = Letter.objects.sent_outside().filter(public_id=public_id)
    for visible in (Agreement.objects.visible_to(user), Agency.objects.visible_to(user)):
        found = sent.about_any(visible).first()
        if found:
            return found
    return None
