"""Whose rows they are, where an agency and a prison both see them."""

from django.db import models


class AgencyScoped(models.QuerySet):
    """Base of querysets whose rows stand between one prison and one agency."""

    agency = "agency"
    facility = "facility"

    def visible_to(self, user):
        if user.is_liaison:
            agencies = self.model._meta.get_field(self.agency).related_model.objects
            return self.filter(**{f"{self.agency}__in": agencies.ids_under(user)})
        return self.filter(**{f"{self.facility}_id__in": user.facility_ids})


class OfAgreement(AgencyScoped):
    """Rows that belong to an agreement: seen by whoever sees the agreement."""

    def visible_to(self, user):
        agreements = self.model._meta.get_field("agreement").related_model.objects
        return self.filter(agreement__in=agreements.visible_to(user).values("pk"))
