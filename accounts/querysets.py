from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.prepared import Prepared
from accounts.states import UserKind


class UserQuerySet(models.QuerySet):
    def holding(self, *, facility_id, role, on=None):
        """Active users who hold `role` at a prison on a day (default today)."""
        on = on or timezone.localdate()
        return self.filter(
            Q(postings__until__isnull=True) | Q(postings__until__gte=on),
            is_active=True,
            postings__facility_id=facility_id,
            postings__role_id=role,
            postings__starts__lte=on,
        ).distinct()

    def who_may_succeed(self, posting):
        """Active staff who ever held a post of the posting's prison, or hold none anywhere now."""
        postings = self.model._meta.get_field("postings").related_model.objects
        here = postings.filter(facility=posting.facility_id)
        return self.filter(
            Q(pk__in=here.values("user")) | ~Q(pk__in=postings.current().values("user")),
            kind=UserKind.STAFF,
            is_active=True,
        ).exclude(pk=posting.user_id)


class FacilityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pk__in=user.facility_ids)


class HolidayQuerySet(models.QuerySet):
    def between(self, first, last):
        """`{day: name}` of the holidays from `first` to `last`."""
        return dict(self.filter(day__range=(first, last)).values_list("day", "name"))


class PostingQuerySet(models.QuerySet):
    def current(self, on=None):
        """Postings that hold on a day (default today); both their first and last day count."""
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), starts__lte=on)

    def held_by(self, user):
        """A list of the user's postings of today, oldest first, each with its `facility` and with
        `acts`: what its role may do."""
        facilities = self.model._meta.get_field("facility").related_model
        own, theirs = _columns(self.model), _columns(facilities)
        held = []
        for row in _HELD.rows(user=user.pk, today=timezone.localdate()):
            posting = self.model.from_db(self.db, own, row[: len(own)])
            posting.facility = facilities.from_db(self.db, theirs, row[len(own) : -1])
            posting.user, posting.acts = user, frozenset(row[-1])
            held.append(posting)
        return held

    def visible_to(self, user):
        return self.filter(facility_id__in=user.facility_ids)


def _columns(model):
    return [field.attname for field in model._meta.concrete_fields]


def _held(user, today):
    postings = apps.get_model("accounts.Posting")
    permissions = apps.get_model("auth.Permission").objects.filter(
        content_type__app_label="accounts",
        content_type__model="act",
        group__name=OuterRef("role_id"),
    )
    facilities = _columns(postings._meta.get_field("facility").related_model)
    return (
        postings.objects.filter(user_id=user)
        .current(today)
        .order_by("starts", "pk")
        .annotate(acts=ArraySubquery(permissions.order_by().values("codename")))
        .values_list(*_columns(postings), *(f"facility__{name}" for name in facilities), "acts")
    )


_HELD = Prepared(_held, ids=["user"], days=["today"])


class ActionLinkQuerySet(models.QuerySet):
    def alive(self):
        """Neither used nor revoked; may have expired."""
        return self.filter(used_at=None, revoked_at=None)

    def about(self, obj):
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)


class FacilityScoped(models.QuerySet):
    """Base of querysets whose rows belong to one prison and are no business of a liaison."""

    def visible_to(self, user):
        if user.is_liaison:
            return self.none()
        return self.filter(facility_id__in=user.facility_ids)


class AccessRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Looks of those who hold, or ever held, a post at a prison of the user."""
        users = self.model._meta.apps.get_model("accounts.User").objects
        if user.is_liaison:
            return self.none()
        held = users.filter(postings__facility_id__in=user.facility_ids)
        return self.filter(user_email__in=held.values("email"))

    def about(self, public_ids):
        """Responses that named one of the people."""
        return self.filter(subjects__overlap=list(public_ids))

    def with_user_name(self):
        """Annotates `user_name`, empty for an account that is gone."""
        users = self.model._meta.apps.get_model("accounts.User").objects
        named = users.filter(email=OuterRef("user_email")).values("name")
        return self.annotate(user_name=Subquery(named[:1]))
