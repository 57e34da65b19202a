from training.models.batch import Batch
from training.models.candidate import Candidate
from training.models.course import Course, Trade
from training.models.decree import Decree, DecreeEntry
from training.models.enrolment import Enrolment
from training.models.hearing import Hearing, Recommendation
from training.models.slot_proposal import SlotProposal
from training.models.waiting import WaitingEntry

__all__ = [
    "Batch",
    "Candidate",
    "Course",
    "Decree",
    "DecreeEntry",
    "Enrolment",
    "Hearing",
    "Recommendation",
    "SlotProposal",
    "Trade",
    "WaitingEntry",
]
