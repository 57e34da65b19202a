"""Who is reminded when: rows that an admin may change."""

from correspondence import sources
from correspondence.models import ReminderPolicy


def create_missing(using, **kwargs):
    """After migrate: the national policy of each kind that has none yet."""
    if using != "owner":
        return
    for source in sources.all_sources():
        ReminderPolicy.objects.using(using).get_or_create(
            facility=None,
            kind=source.kind,
            defaults={
                "offsets": list(source.offsets),
                "audience": list(source.audience),
                "escalate_after": source.escalate_after,
                "escalation": list(source.escalation),
            },
        )
