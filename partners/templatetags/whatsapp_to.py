"""`{% whatsapp_to agency text path %}`: WhatsApp to each liaison of the agency, text prepared."""

from django import template

from partners.services import liaisons

register = template.Library()


@register.inclusion_tag("partners/_whatsapp_to.html", takes_context=True)
def whatsapp_to(context, agency, text, path=""):
    """One link a liaison who may sign in and has a number; for staff only, one query.

    The text leaves the building: titles, codes and dates, no person's name.
    """
    people = [] if context["user"].is_liaison else liaisons.of(agency.pk).exclude(phone="")
    return {"people": people, "text": text, "path": path}
