"""Rows that an address names in its query string, to fill a form beforehand."""

from uuid import UUID

from django.http import Http404

from accounts.views.pages import find


def asked_for(request, name, queryset):
    """The visible row whose `public_id` stands under `name`, None if nothing does, else 404."""
    text = request.GET.get(name)
    if not text:
        return None
    try:
        public_id = UUID(text)
    except ValueError:
        raise Http404 from None
    return find(queryset, request.user, public_id)
