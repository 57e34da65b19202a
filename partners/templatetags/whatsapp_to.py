"""`{% whatsapp_to agency text path %}`: WhatsApp to each liaison of the agency, text prepared."""

from django import template

from accounts.prepared import asked_often
from partners.services import liaisons

register = template.Library()

_with_phones = asked_often(liaisons.with_phones)


@register.inclusion_tag("partners/_whatsapp_to.html", takes_context=True)
def whatsapp_to(context, agency, text, path="", people=None):
    """One link a liaison who may sign in and has a number; for staff only. `people` are these
    liaisons, if the page has read them.

    The text leaves the building: titles, codes and dates, no person's name.
    """
    if context["user"].is_liaison:
        people = []
    elif people is None:
        people = _with_phones(agency.pk)
    return {"people": people, "text": text, "path": path}
