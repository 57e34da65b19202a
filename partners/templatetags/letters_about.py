"""The letters of an agency, a visit or an agreement, on its page."""

from django import template
from django.urls import reverse

from accounts.permissions import may
from correspondence import letter_kinds
from correspondence.services import letters
from partners.letter_kinds import OF_AGENCY, OF_AGREEMENT, OF_ENGAGEMENT

register = template.Library()
KINDS = {"agency": OF_AGENCY, "engagement": OF_ENGAGEMENT, "agreement": OF_AGREEMENT}


@register.inclusion_tag("partners/_letters_about.html", takes_context=True)
def letters_about(context, obj, known=None):
    """List `obj`'s letters, with a button for each kind that may begin here. `known` are its
    letters, if the page has read them."""
    user = context["user"]
    noun = obj._meta.model_name
    facility_id = getattr(obj, "facility_id", None)
    kinds = KINDS[noun] if may(user, "write_letters", facility_id) else ()
    return {
        "user": user,
        "letters": letters.about(obj, user) if known is None else known,
        "letter_kinds": [letter_kinds.get(code) for code in kinds],
        "letter_url": reverse(f"partners:{noun}-letter", args=[obj.public_id]),
    }
