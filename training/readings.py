"""Attendance as its reader may read it.

Why the prison kept somebody from class (court, a visit, security) is the prison's, and so are the
notes beside it: a liaison reads one code for all of it, and marks only what a class can know.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from training.teaching import AttendanceCode

OF_THE_PRISON = frozenset({AttendanceCode.DUTY, AttendanceCode.VISIT, AttendanceCode.SECURITY})
FOLDED, FOLDED_LABEL = "L", _("Urusan lapas")
OF_A_CLASS = [(code.value, code.label) for code in AttendanceCode if code not in OF_THE_PRISON]


@dataclass(frozen=True)
class Reading:
    """One entry: `code` may be `FOLDED`."""

    code: str
    jp: int
    note: str

    @property
    def label(self):
        """The code's label, and the JP of who came late."""
        label = label_of(self.code)
        return f"{label}, {self.jp} JP" if self.code == AttendanceCode.LATE else label


def read(row, user):
    """An `Attendance` (or an event of one) as a `Reading`."""
    note = "" if user.is_liaison else row.note
    return Reading(code_for(row.code, user), row.jp, note)


def code_for(code, user):
    return FOLDED if user.is_liaison and code in OF_THE_PRISON else code


def label_of(code):
    return str(FOLDED_LABEL if code == FOLDED else AttendanceCode(code).label)


def to_mark(user):
    """Pairs of a code and its label that the user may write down."""
    return OF_A_CLASS if user.is_liaison else AttendanceCode.choices


def legend(user):
    """Pairs of a code and its label that the user may meet."""
    return [*OF_A_CLASS, (FOLDED, FOLDED_LABEL)] if user.is_liaison else AttendanceCode.choices
