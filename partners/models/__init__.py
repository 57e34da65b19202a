from partners.models.agency import Agency, Contact, Liaison, Partnership
from partners.models.agreement import Agreement
from partners.models.document import AgreementDocument, AgreementText, Attachment
from partners.models.engagement import ActionItem, Engagement
from partners.models.extension import Extension
from partners.models.obligation import Obligation, Review

__all__ = [
    "ActionItem",
    "Agency",
    "Agreement",
    "AgreementDocument",
    "AgreementText",
    "Attachment",
    "Contact",
    "Engagement",
    "Extension",
    "Liaison",
    "Obligation",
    "Partnership",
    "Review",
]
