"""May this user do this act here? Services ask `require`, templates ask `may`."""

from django.utils.translation import gettext as _

from accounts.refusals import Forbidden


def acts_of(user):
    """Pairs (facility id, act) that hold for the user today, read once per user object."""
    if not hasattr(user, "_acts"):
        postings = user.current_postings
        user._acts = {(held.facility_id, act) for held in postings for act in held.acts}
        user._acts_anywhere = frozenset(act for _facility, act in user._acts)
    return user._acts


def acts_anywhere(user):
    """The acts that hold for an active user today at any prison."""
    if not user.is_active:
        return frozenset()
    acts_of(user)
    return user._acts_anywhere


def may(user, act, facility_id=None):
    """Whether the user may do `act` at the prison (at any, when none is named)."""
    if not user.is_authenticated or not user.is_active:
        return False
    acts = acts_of(user)
    return act in user._acts_anywhere if facility_id is None else (facility_id, act) in acts


def require(user, act, facility_id):
    """Raise `Forbidden` unless `may(user, act, facility_id)`."""
    if not may(user, act, facility_id):
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
