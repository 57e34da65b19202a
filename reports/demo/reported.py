"""What has been told of the first prison: monthly reports, one sent, and the public page."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from accounts.models import Posting
from correspondence.models import LetterSeries
from correspondence.services import letters
from reports.demo.acting import day, did
from reports.demo.scans import scan
from reports.letter_kinds import MONTHLY_REPORT
from reports.services import city_editions, editions, monthly_reports

# Name, men, women, product, sales, premium, non-tax state revenue.
ACTIVITIES = [
    ["Meubelair", 12, 0, "8 set kursi tamu", 9_600_000, 4_800_000, 1_440_000],
    ["Roti dan kue", 9, 0, "4.200 potong", 6_300_000, 3_150_000, 945_000],
    ["Cuci pakaian", 5, 0, "610 kg", 3_050_000, 1_525_000, 457_000],
]
OBSTACLES = "Listrik bengkel padam tiga hari.\nInstruktur las berhalangan pada dua pertemuan."
PLAN = "Mengusulkan kuota angkatan baru ke BLK.\nMelengkapi AK-1 bagi yang bebas triwulan depan."


def create(first, second):
    """Of the month before the last the report is sent, of the last one it waits for its number."""
    LetterSeries.objects.create(
        facility=first.facility,
        kind=MONTHLY_REPORT,
        pattern=f"WP.11.PAS.{first.facility.code}-PR.03-{{number:04d}}",
    )
    _send(first, _awaiting(first, months=2))
    _awaiting(first, months=1)
    editions.publish()
    city_editions.publish_all()
    _watch_both(first, second)


def _awaiting(prison, *, months):
    """The report of so many months ago, its letter initialled and waiting for a number."""
    officer = prison.staff["officer"]
    month = day() - relativedelta(months=months)
    report = did(monthly_reports.begin, by=officer, facility=prison.facility, month=month)
    report = monthly_reports.count(report=report)
    told = {"activities": ACTIVITIES, "obstacles": OBSTACLES, "plan": PLAN}
    report = did(monthly_reports.complete, by=officer, report=report, **told)
    report = did(monthly_reports.draft, by=officer, report=report)
    letter = did(letters.initial, by=officer, letter=report.letter)
    letter = did(letters.initial, by=prison.staff["head"], letter=letter)
    did(letters.request_number, by=officer, letter=letter)
    return report


def _send(prison, report):
    head, secretariat = (prison.staff[role] for role in ("head", "secretariat"))
    dated = report.due_on - timedelta(days=1)
    letter = report.letter
    letter.refresh_from_db()
    letter = did(letters.give_number, by=secretariat, letter=letter, dated=dated)
    letter = did(letters.sign, by=head, letter=letter)
    paper = scan(letter.subject, prison.facility.name)
    how = {"sent_on": report.due_on, "sent_how": "Diantar langsung", "scan": paper}
    did(letters.send, by=secretariat, letter=letter, **how)


def _watch_both(first, second):
    """The regional office watches over the second prison too."""
    here = first.staff["observer"].postings.get()
    Posting.objects.create(
        user=here.user,
        facility=second.facility,
        role_id=here.role_id,
        title=here.title,
        starts=here.starts,
    )
