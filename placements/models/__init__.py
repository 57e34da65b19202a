from placements.models.policy import CircumstancePolicy
from placements.models.retention import RetentionRun

__all__ = ["CircumstancePolicy", "RetentionRun"]
