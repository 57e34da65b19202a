"""What pages of figures share: who reads them, and the list behind a figure."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse


def need_staff(user):
    if user.is_liaison or not user.facility_ids:
        raise PermissionDenied


def list_of(name, asked, filters, **more):
    """Its address, with what the page was asked for as far as the list knows it."""
    known = {field: asked[field] for field in filters.base_filters if asked.get(field)}
    query = urlencode(known | more)
    return reverse(name) + (f"?{query}" if query else "")
