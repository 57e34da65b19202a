from placements.models.cv import CurriculumVitae
from placements.models.employer import Employer, EmployerKeeper
from placements.models.follow_up import FollowUp, FollowUpLink
from placements.models.job_seeker import JobSeekerCard, ReadinessItem
from placements.models.placement import Placement
from placements.models.policy import CircumstancePolicy
from placements.models.referral import Referral
from placements.models.retention import RetentionRun
from placements.models.vacancy import Vacancy

__all__ = [
    "CircumstancePolicy",
    "CurriculumVitae",
    "Employer",
    "EmployerKeeper",
    "FollowUp",
    "FollowUpLink",
    "JobSeekerCard",
    "Placement",
    "ReadinessItem",
    "Referral",
    "RetentionRun",
    "Vacancy",
]
