from django.db import models
from django.db.models import F, Q


class CircumstancePolicyQuerySet(models.QuerySet):
    def of(self, facility_id):
        """`{kind: effect}` as it holds at the prison: its own rows before the national ones."""
        rows = self.filter(Q(facility=facility_id) | Q(facility=None)).order_by(
            F("facility").asc(nulls_first=True)
        )
        return dict(rows.values_list("kind", "effect"))
