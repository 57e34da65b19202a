from partners.models.agency import Agency, Liaison, Partnership
from partners.models.agreement import Agreement
from partners.models.engagement import ActionItem, Engagement

__all__ = ["ActionItem", "Agency", "Agreement", "Engagement", "Liaison", "Partnership"]
