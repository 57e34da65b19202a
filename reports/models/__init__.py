from reports.models.edition import Edition
from reports.models.handover import Handover

__all__ = ["Edition", "Handover"]
