"""Words of reminder rules, and the link that opens WhatsApp with a text already written."""

from urllib.parse import quote

from django import template
from django.conf import settings
from lokal.phone import parse_phone

from accounts.roles import ROLE_LABELS
from correspondence import sources

register = template.Library()


@register.filter
def audience_words(words):
    """The people a rule names, in words."""
    labels = {**ROLE_LABELS, **sources.words()}
    return ", ".join(str(labels.get(word, word)) for word in words)


@register.inclusion_tag("correspondence/_whatsapp.html")
def whatsapp(phone, text, path="", who=""):
    """A link that opens WhatsApp at this number with `text` and the address of `path`.

    Nothing when the number is not an Indonesian mobile number. The text leaves the building: give
    it titles, codes and dates, no person's name. `who` tells the links of a page apart.
    """
    number = parse_phone(phone or "").whatsapp
    message = f"{text} {settings.SITE_URL}{path}" if path else text
    return {"url": number and f"https://wa.me/{number}?text={quote(message)}", "who": who}
