from reports.models.handover import Handover

__all__ = ["Handover"]
