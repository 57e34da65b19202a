from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import may
from accounts.querysets import FacilityScoped


class InmateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People whose custody is or was at a prison where the user may see people."""
        if user.is_liaison:
            return self.none()
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return self.filter(
            pk__in=self.model.objects.filter(custodies__facility_id__in=facilities).values("pk")
        )

    def in_custody(self, facility_id):
        """People whose open custody is at the prison."""
        return self.filter(
            pk__in=self.model.objects.filter(
                custodies__facility_id=facility_id, custodies__until__isnull=True
            ).values("pk")
        )

    def search(self, text):
        """By name (each word, in any order) or by the exact person key."""
        words = text.lower().split()
        by_name = Q()
        for word in words:
            by_name &= Q(search_name__contains=word)
        return self.filter(by_name | Q(person_key=text.strip().lstrip("'")))


class CustodyQuerySet(FacilityScoped):
    def open(self):
        return self.filter(until__isnull=True)


class RestrictionQuerySet(FacilityScoped):
    def in_force(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), starts__lte=on)


class ImportRunQuerySet(FacilityScoped):
    """Imports are the registrar's: others of the prison do not see them."""

    def visible_to(self, user):
        facilities = [pk for pk in user.facility_ids if may(user, "import_register", pk)]
        return super().visible_to(user).filter(facility_id__in=facilities)
