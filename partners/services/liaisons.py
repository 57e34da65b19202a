"""Who speaks for an agency."""

from accounts.models import User
from partners.models import Liaison


def of(agency_id):
    """Active users who are open liaisons of the agency."""
    return User.objects.filter(
        is_active=True, liaisons__agency_id=agency_id, liaisons__until__isnull=True
    )


def open_of(agency_id):
    """The open liaison rows of the agency, with their users."""
    return Liaison.objects.filter(
        agency_id=agency_id, until=None, user__is_active=True
    ).select_related("user")
