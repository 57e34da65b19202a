from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.prepared import asked_often


def _acts_for(user):
    return Q(liaisons__user=user, liaisons__until__isnull=True)


@asked_often
def _read_by(user):
    """Pairs of an agency that a liaison (an id) reads and whether it is the own one; and that."""
    every = apps.get_model("partners.Agency").objects
    own = every.filter(_acts_for(user)).values("pk")
    is_own = Q(pk__in=own)
    # Three ways that each have an index; as one condition they would read all agencies.
    below = every.filter(parent__in=own), every.filter(parent__parent__in=own)
    under = own.order_by().union(*(rows.order_by().values("pk") for rows in below))
    rows = every.filter(pk__in=under)
    ids = rows.annotate(is_own=is_own).order_by("pk").values_list("pk", "is_own")
    return ids, every.filter(is_own)


class AgencyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff: the partners of their prisons. A liaison: the own agency and units below."""
        if user.is_liaison:
            return self.filter(pk__in=self.ids_under(user))
        return self.filter(
            pk__in=self.model.objects.filter(
                partnerships__facility_id__in=user.facility_ids
            ).values("pk")
        )

    def ids_under(self, user):
        """Ids of the agencies that a liaison reads: that of the open liaison row, and two levels
        below. Read once per user object: by ids the database finds their rows, by a condition on
        liaisons it would look at everybody's."""
        self._read_ids(user)
        return user._agency_ids

    def own_ids(self, user):
        """The id of the agency that a liaison acts for, or nothing; read with those below it."""
        self._read_ids(user)
        return user._own_agency_ids

    def _read_ids(self, user):
        if hasattr(user, "_agency_ids"):
            return
        read, own = _read_by(user.pk) if user.is_liaison and user.is_active else ([], [])
        user._agency_ids = tuple(pk for pk, _is_own in read)
        user._own_agency_ids = tuple(pk for pk, is_own in read if is_own)
        user._own_agency = own[0] if own else None

    def own(self, user):
        """The agency that a liaison acts for, None for whoever acts for none; read with the ids."""
        self._read_ids(user)
        return user._own_agency

    def represented_by(self, user):
        """The agency that a liaison acts for (at most one); empty for everybody else."""
        if not user.is_liaison or not user.is_active:
            return self.none()
        return self.filter(_acts_for(user.pk))

    def with_figures(self, user, on=None):
        """Each row with `agreements_in_force` and `last_engaged_on`, as far as the user sees."""
        agreements = self._rows_of("agreements", user).in_force(on).order_by().values("agency")
        engagements = self._rows_of("engagements", user).order_by("-held_on").values("held_on")
        return self.annotate(
            agreements_in_force=Coalesce(
                Subquery(agreements.annotate(number=Count("pk")).values("number")), 0
            ),
            last_engaged_on=Subquery(engagements[:1]),
        )

    def _rows_of(self, name, user):
        rows = self.model._meta.get_field(name).related_model.objects
        return rows.visible_to(user).filter(agency=OuterRef("pk"))


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The prisons' own notes of whom to call: a liaison does not read them."""
        if user.is_liaison:
            return self.none()
        agencies = self.model._meta.get_field("agency").related_model.objects
        return self.filter(agency__in=agencies.visible_to(user).values("pk"))


class LiaisonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Liaisons of the agencies that the user sees; a liaison sees those of the own agency."""
        agencies = self.model._meta.get_field("agency").related_model.objects
        return self.filter(agency__in=agencies.visible_to(user).values("pk"))

    def open(self):
        return self.filter(until__isnull=True)

    def speaking(self):
        """Open liaisons who may sign in; the invited may not before they have joined."""
        return self.open().filter(
            ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX), user__is_active=True
        )
