from django.db.models import Count, Q
from django.utils import timezone

from partners.querysets.scope import AgencyScoped


class EngagementQuerySet(AgencyScoped):
    def visible_to(self, user):
        """The prison's own log: a liaison does not read it."""
        return self.none() if user.is_liaison else super().visible_to(user)

    def with_open_items(self):
        """Each row with `items_open`, the number of promises not kept yet."""
        return self.annotate(items_open=Count("action_items", filter=Q(action_items__done_at=None)))

    def promising(self, late=False):
        """Engagements at which something was promised that is still open (or late)."""
        items = self.model._meta.get_field("action_items").related_model.objects
        items = items.late() if late else items.open()
        return self.filter(pk__in=items.values("engagement"))


class ActionItemQuerySet(AgencyScoped):
    def visible_to(self, user):
        """As the engagement it belongs to."""
        return self.none() if user.is_liaison else super().visible_to(user)

    def due_between(self, first, last):
        """Open ones due between two days, each with its engagement and agency."""
        return self.open().filter(due__range=(first, last)).select_related("engagement", "agency")

    def open(self):
        return self.filter(done_at=None)

    def late(self, on=None):
        return self.open().filter(due__lt=on or timezone.localdate())

    def owned_by(self, user, vacant=()):
        """Promises that name the user; nobody's, of a post of theirs or one that is `vacant`."""
        posts = Q(owner_role__in=vacant)
        for posting in user.current_postings:
            posts |= Q(facility=posting.facility_id, owner_role=posting.role_id)
        mine = Q(owner=user) | Q(owner=None) & posts
        return self.filter(mine, facility__in=user.facility_ids)

    def of_posts(self, roles):
        """Promises of posts, whoever holds them, that name nobody."""
        return self.filter(owner=None, owner_role__in=roles)
