from training.models.assessment import Assessment
from training.models.attendance import Attendance
from training.models.batch import Batch
from training.models.candidate import Candidate
from training.models.certificate import Certificate
from training.models.course import CompetencyUnit, Course, CourseTool, CourseUnit, Trade
from training.models.decree import Decree, DecreeEntry
from training.models.enrolment import Enrolment
from training.models.hearing import Hearing, Recommendation
from training.models.meeting import Instructor, Meeting, Room, WeeklySlot
from training.models.plan import PlanLine
from training.models.seat_offer import SeatOffer
from training.models.slot_proposal import SlotProposal
from training.models.tool_check import ToolCheck
from training.models.waiting import WaitingEntry

__all__ = [
    "Assessment",
    "Attendance",
    "Batch",
    "Candidate",
    "Certificate",
    "CompetencyUnit",
    "Course",
    "CourseTool",
    "CourseUnit",
    "Decree",
    "DecreeEntry",
    "Enrolment",
    "Hearing",
    "Instructor",
    "Meeting",
    "PlanLine",
    "Recommendation",
    "Room",
    "SeatOffer",
    "SlotProposal",
    "ToolCheck",
    "Trade",
    "WaitingEntry",
    "WeeklySlot",
]
