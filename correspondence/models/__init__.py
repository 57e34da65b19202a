from correspondence.models.letter import Letter, LetterFile, LetterSeries
from correspondence.models.letterhead import Letterhead
from correspondence.models.mail import Mail
from correspondence.models.notice import Notice
from correspondence.models.reminder import CalendarFeed, ReminderPolicy, Silence, SweepRun
from correspondence.models.verification import Verification

__all__ = [
    "CalendarFeed",
    "Letter",
    "LetterFile",
    "LetterSeries",
    "Letterhead",
    "Mail",
    "Notice",
    "ReminderPolicy",
    "Silence",
    "SweepRun",
    "Verification",
]
