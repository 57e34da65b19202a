"""Two years of plans: last year's as it came out, this year's half granted."""

from reports.demo.acting import day, did
from training.models import Batch
from training.services import plans

# Course, agency, source of money: packages and seats planned, requested and granted.
LAST_YEAR = {
    ("LAS-SMAW", "blk", "city"): (2, 32, 2, 32, 1, 20),
    ("RAC-AC", "blk", "city"): (1, 16, 1, 16, 1, 16),
    ("KOPI-BAR", "lpk", "csr"): (1, 10, 1, 10, 0, 0),
}
THIS_YEAR = {
    ("LAS-SMAW", "blk", "city"): (3, 48, 2, 32, 2, 32),
    ("OTO-MOTOR", "blk", "city"): (2, 32, 2, 32, 1, 16),
    ("RAC-AC", "blk", "ministry"): (1, 16, 1, 16, 1, 16),
    ("GAR-JAHIT", "blk", "city"): (2, 32, 2, 32, 1, 16),
    ("BOGA-ROTI", "blk", "prison"): (1, 12, 1, 12, 1, 12),
    ("TIK-KANTOR", "blk", "city"): (1, 10, 1, 10, 1, 10),
    ("KOPI-BAR", "lpk", "csr"): (2, 20, 1, 10, 1, 10),
    ("JASA-CUKUR", "lpk", "other"): (1, 16, 1, 16, 0, 0),
    ("LIS-INST", None, "ministry"): (1, 16, 0, 0, 0, 0),
}


def create(office):
    """Each line with the batches that ran, or will run, for it."""
    this_year = day().year
    for year, lines in ((this_year - 1, LAST_YEAR), (this_year, THIS_YEAR)):
        for (code, partner, fund), numbers in lines.items():
            line = did(
                plans.add,
                by=office["officer"],
                facility=office.prison.facility,
                year=year,
                course=office.courses[code],
                agency=office.agreements[partner].agency if partner else None,
                fund=fund,
                **dict(zip(plans.NUMBERS, numbers, strict=True)),
            )
            _attach(office, line)


def _attach(office, line):
    batches = Batch.objects.filter(
        facility=line.facility, course=line.course, starts_on__year=line.year, plan_line=None
    )
    if line.agency:
        batches = batches.filter(agency=line.agency)
    did(plans.attach, by=office["officer"], line=line, batches=list(batches))
