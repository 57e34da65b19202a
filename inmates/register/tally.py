"""What an import did, counted the way `import_register --json` prints it."""

from inmates.register.findings import REMARK, level_of, sentence_of
from inmates.states import RowOutcome

COUNTED = (RowOutcome.NEW, RowOutcome.UPDATED, RowOutcome.UNCHANGED)


class Tally:
    """Add rows one by one; `report()` is what is stored with the run and printed."""

    def __init__(self):
        self.counts = dict.fromkeys(COUNTED, 0)
        self.duplicates, self.warnings, self.errors, self.remarks = [], [], [], []

    def add(self, number, outcome, is_warning, findings):
        if outcome in self.counts:
            self.counts[outcome] += 1
        elif outcome == RowOutcome.DUPLICATE:
            self.duplicates.append(number)
        else:
            self.errors.append(number)
        if is_warning:
            self.warnings.append(number)
        for found in findings:
            if level_of(found) == REMARK:
                self.remarks.append({"row": number, **found})

    def report(self):
        return {
            "new": self.counts[RowOutcome.NEW],
            "updated": self.counts[RowOutcome.UPDATED],
            "unchanged": self.counts[RowOutcome.UNCHANGED],
            "duplicate_rows": self.duplicates,
            "warning_rows": self.warnings,
            "error_rows": self.errors,
            "remarks": self.remarks,
        }


def in_words(report):
    """The report with its remarks as sentences."""
    remarks = [{"row": r["row"], "remark": sentence_of(r)} for r in report["remarks"]]
    return {**report, "remarks": remarks}
