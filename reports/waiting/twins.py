"""Records that may be of one person: found by a statement of their own, told in one line."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import roles
from placements import duplicates
from reports.waiting.kinds import Group

POST, ACT = roles.REGISTRAR, "import_register"


def groups(prisons):
    """One `Group` of all pairs, or none; its list stops at as many as are counted here."""
    count = len(duplicates.pairs(prisons)) if prisons else 0
    if count:
        url = reverse("placements:duplicate-list")
        yield Group(_("Tinjau data ganda"), url, count, due=None, since=None)
