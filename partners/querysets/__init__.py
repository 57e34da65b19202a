"""What one may ask of the outside: one file a noun, as in `partners.models`."""

from partners.querysets.agency import AgencyQuerySet, ContactQuerySet, LiaisonQuerySet
from partners.querysets.agreement import EXPIRING_DAYS, AgreementQuerySet
from partners.querysets.document import AgreementDocumentQuerySet, AttachmentQuerySet
from partners.querysets.engagement import ActionItemQuerySet, EngagementQuerySet
from partners.querysets.extension import ExtensionQuerySet
from partners.querysets.months import MonthsAfter, MonthsBefore
from partners.querysets.obligation import ObligationQuerySet
from partners.querysets.scope import AgencyScoped, OfAgreement

__all__ = [
    "EXPIRING_DAYS",
    "ActionItemQuerySet",
    "AgencyQuerySet",
    "AgencyScoped",
    "AgreementDocumentQuerySet",
    "AgreementQuerySet",
    "AttachmentQuerySet",
    "ContactQuerySet",
    "EngagementQuerySet",
    "ExtensionQuerySet",
    "LiaisonQuerySet",
    "MonthsAfter",
    "MonthsBefore",
    "ObligationQuerySet",
    "OfAgreement",
]
