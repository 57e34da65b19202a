"""Where a page is: what `reverse` gives, worked out once for all records of a kind."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

SOME_ID = UUID(int=0)


def address_of(name, public_id, *kinds):
    """The address of the page called `name` (`app:kind-detail`) of the record with a public id;
    `kinds` are words that stand before it, of which there are few."""
    before, after = _around(name, get_urlconf(), get_script_prefix(), *kinds)
    return f"{before}{public_id}{after}"


def page_of(name, query=""):
    """The address of a page that takes no id, such as a list, with a query string."""
    page = _page(name, get_urlconf(), get_script_prefix())
    return f"{page}?{query}" if query else page


@lru_cache(maxsize=500)
def _page(name, urlconf, prefix):
    return reverse(name, urlconf)


@lru_cache(maxsize=500)
def _around(name, urlconf, prefix, *kinds):
    """What stands before and after the id."""
    return reverse(name, urlconf, args=[*kinds, SOME_ID]).split(str(SOME_ID))
