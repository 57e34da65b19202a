from placements.models.policy import CircumstancePolicy

__all__ = ["CircumstancePolicy"]
