from correspondence.models.letter import Letter, LetterFile, LetterSeries
from correspondence.models.mail import Mail
from correspondence.models.notice import Notice
from correspondence.models.reminder import ReminderPolicy, SweepRun

__all__ = [
    "Letter",
    "LetterFile",
    "LetterSeries",
    "Mail",
    "Notice",
    "ReminderPolicy",
    "SweepRun",
]
