"""Who holds which post of a prison, and which posts nobody holds."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts import roles
from accounts.models import Facility, Posting
from correspondence.models import ReminderPolicy

# Posts that each prison needs, whatever its reminders say.
NEEDED = (roles.OFFICER, roles.HEAD, roles.WARDEN, roles.REGISTRAR, roles.SECRETARIAT)


@dataclass
class Post:
    """One role at one prison with those who hold it, or are about to (`postings`)."""

    facility: Facility
    role: str
    postings: list
    is_vacant: bool

    @property
    def label(self):
        return roles.ROLE_LABELS.get(self.role, self.role)


def needed(facility_ids):
    """`{prison's id: roles}` that somebody has to hold: those above, and whom reminders address."""
    own, nation = defaultdict(dict), {}
    policies = ReminderPolicy.objects.filter(Q(facility=None) | Q(facility__in=facility_ids))
    for policy in policies:
        words = {*policy.audience, *policy.escalation} & set(roles.ROLE_LABELS)
        (nation if policy.facility_id is None else own[policy.facility_id])[policy.kind] = words
    return {
        pk: {*NEEDED, *set().union(*(nation | own[pk]).values())} - {roles.LIAISON}
        for pk in facility_ids
    }


def vacant(facility_ids):
    """Pairs (prison's id, role) of needed posts that nobody holds today, in two queries."""
    held = set(
        Posting.objects.current()
        .filter(facility__in=facility_ids, user__is_active=True)
        .values_list("facility_id", "role_id")
    )
    wanted = needed(facility_ids)
    return [
        (pk, role)
        for pk in sorted(wanted)
        for role in roles.ROLE_LABELS
        if role in wanted[pk] and (pk, role) not in held
    ]


def vacant_by_code():
    """`{prison's code: roles}` of the posts that nobody holds today, for all prisons."""
    codes = dict(Facility.objects.values_list("pk", "code"))
    found = defaultdict(list)
    for pk, role in vacant(codes):
        found[codes[pk]].append(role)
    return dict(sorted(found.items()))


def board(facility_ids):
    """All posts of the prisons, vacant ones first, with their present and coming holders."""
    today = timezone.localdate()
    postings = (
        Posting.objects.filter(Q(until=None) | Q(until__gte=today), facility__in=facility_ids)
        .select_related("user", "handover")
        .order_by("starts", "pk")
    )
    by_post = defaultdict(list)
    for posting in postings:
        by_post[posting.facility_id, posting.role_id].append(posting)
    empty = set(vacant(facility_ids))
    prisons = {prison.pk: prison for prison in Facility.objects.filter(pk__in=facility_ids)}
    order = [*roles.ROLE_LABELS, *sorted({role for _pk, role in by_post} - set(roles.ROLE_LABELS))]
    posts = [
        Post(prisons[pk], role, by_post[pk, role], (pk, role) in empty)
        for pk in sorted(prisons)
        for role in order
        if (pk, role) in empty or by_post[pk, role]
    ]
    return sorted(posts, key=lambda post: (post.facility.name, not post.is_vacant))
