from placements.models.cv import CurriculumVitae
from placements.models.employer import Employer, EmployerKeeper
from placements.models.follow_up import FollowUp, FollowUpAttempt, FollowUpLink
from placements.models.job_seeker import JobSeekerCard, ReadinessItem
from placements.models.placement import Placement
from placements.models.policy import CircumstancePolicy
from placements.models.referral import Referral
from placements.models.retention import RetentionRun
from placements.models.vacancy import Vacancy
from placements.models.work_day import WorkDay

__all__ = [
    "CircumstancePolicy",
    "CurriculumVitae",
    "Employer",
    "EmployerKeeper",
    "FollowUp",
    "FollowUpAttempt",
    "FollowUpLink",
    "JobSeekerCard",
    "Placement",
    "ReadinessItem",
    "Referral",
    "RetentionRun",
    "Vacancy",
    "WorkDay",
]
