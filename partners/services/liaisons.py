"""Who speaks for an agency."""

from accounts.models import User


def of(agency_id):
    """Active users who are open liaisons of the agency."""
    return User.objects.filter(
        is_active=True, liaisons__agency_id=agency_id, liaisons__until__isnull=True
    )
