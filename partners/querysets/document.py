from django.db import models

from partners.querysets.scope import OfAgreement
from partners.states import SHARED_DOCUMENTS


class AgreementDocumentQuerySet(OfAgreement):
    def visible_to(self, user):
        """The other side reads the kinds meant for both, once it sees the agreement."""
        rows = super().visible_to(user)
        return rows.filter(kind__in=SHARED_DOCUMENTS) if user.is_liaison else rows


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        engagements = self.model._meta.get_field("engagement").related_model.objects
        return self.filter(engagement__in=engagements.visible_to(user).values("pk"))
