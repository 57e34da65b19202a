"""May this user do this act here? Services ask `require`, templates ask `may`."""

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _

from accounts.refusals import Forbidden


def acts_of(user):
    """Pairs (facility id, act) that hold for the user today, read once per user object."""
    if not hasattr(user, "_acts"):
        by_role = {}
        rows = Permission.objects.filter(
            content_type__app_label="accounts",
            content_type__model="act",
            group__name__in=user.roles,
        ).values_list("group__name", "codename")
        for role, act in rows if user.roles else []:
            by_role.setdefault(role, set()).add(act)
        user._acts = {
            (posting.facility_id, act)
            for posting in user.current_postings
            for act in by_role.get(posting.role_id, ())
        }
    return user._acts


def may(user, act, facility_id=None):
    """Whether the user may do `act` at the prison (at any, when none is named)."""
    if not user.is_authenticated or not user.is_active:
        return False
    if facility_id is None:
        return any(name == act for _facility, name in acts_of(user))
    return (facility_id, act) in acts_of(user)


def require(user, act, facility_id):
    """Raise `Forbidden` unless `may(user, act, facility_id)`."""
    if not may(user, act, facility_id):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
