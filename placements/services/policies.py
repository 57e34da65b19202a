"""What a change of circumstances does by itself: rows that an admin may change."""

from placements.models import CircumstancePolicy
from placements.states import FIRST_POLICY


def create_missing(using, **kwargs):
    """After migrate: the national policy of each kind of change that has none yet."""
    if using != "owner":
        return
    for kind, effect in FIRST_POLICY.items():
        CircumstancePolicy.objects.using(using).get_or_create(
            facility=None, kind=kind, defaults={"effect": effect}
        )
