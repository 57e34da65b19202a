"""Agreements of the past from a sheet with their scans: looked at first, then all or none."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from partners.models import Agency, Agreement
from partners.services import agreements, register
from partners.sheet.columns import bare
from partners.states import UNSIGNED, AgreementState

NEAR = 3  # names that are shown beside one that nobody has
NEW, EXISTING, ERROR = "new", "existing", "error"
TERMS = (
    "title",
    "kind",
    "our_number",
    "their_number",
    "signed_on",
    "starts_on",
    "ends_on",
    "notice_months",
    "review_months",
    "seats_per_year",
    "scope",
)


@dataclass
class Line:
    """What is to become of a row: `outcome` is `new`, `existing` or `error`."""

    row: object
    agency: Agency | None = None
    scan: object = None
    found: Agreement | None = None

    @property
    def outcome(self):
        if self.found:
            return EXISTING
        return ERROR if self.row.problems else NEW


@dataclass
class Report:
    lines: list
    unused: list = field(default_factory=list)  # names of scans that no row names
    written: list = field(default_factory=list)  # the agreements that were recorded

    def of(self, outcome):
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def numbers(self):
        return {outcome: len(self.of(outcome)) for outcome in (NEW, EXISTING, ERROR)}

    @property
    def by_need(self):
        """The lines as a page shows them: what has to be mended first, then what is remarked on."""
        return sorted(self.lines, key=lambda line: (line.outcome != ERROR, not line.row.remarks))

    @property
    def skipped(self):
        return len(self.of(EXISTING))

    @property
    def can_be_recorded(self):
        return bool(self.of(NEW)) and not self.of(ERROR)


def check(*, facility, rows, scans, by):
    """The `Report` about rows of `partners.sheet.reading` and uploaded scans. Writes nothing.

    Rows whose two numbers are recorded already are `existing`. For the head only.
    """
    require(by, "correct_state", facility.pk)
    partners = {
        bare(agency.name): agency
        for agency in Agency.objects.filter(partnerships__facility=facility)
    }
    known = {
        (bare(agreement.our_number), bare(agreement.their_number)): agreement
        for agreement in Agreement.objects.filter(facility=facility)
        .exclude(our_number="")
        .exclude(state=AgreementState.CANCELLED)
    }
    files = {_key(scan.name): scan for scan in scans}
    lines, earlier, used = [], {}, set()
    for row in rows:
        line = Line(row)
        lines.append(line)
        numbers = tuple(bare(row.values[name] or "") for name in ("our_number", "their_number"))
        if all(numbers) and numbers in known:
            line.found = known[numbers]
            if line.found.state in UNSIGNED:
                row.remarks = [
                    _("Sudah ada sebagai naskah; catat penandatanganannya di halaman perjanjian.")
                ]
            used.add(_key(row.values["scan"] or ""))
            continue
        if all(numbers) and numbers in earlier:
            row.problems["our_number"] = _("Kedua nomor sama dengan baris %(row)s.") % {
                "row": earlier[numbers]
            }
        earlier.setdefault(numbers, row.number)
        _find_agency(line, partners)
        _find_scan(line, files, used)
    unused = [scan.name for name, scan in files.items() if name not in used]
    return Report(lines, unused)


@act
def record(*, facility, rows, scans, by):
    """Record every row that is new, or none: the `Report`, with the agreements in `written`.

    Raises `NotAllowed` when a row is in error; nothing is written then.
    """
    require(by, "correct_state", facility.pk)
    Facility.objects.select_for_update(no_key=True, of=["self"]).get(pk=facility.pk)
    report = check(facility=facility, rows=rows, scans=scans, by=by)
    if report.of(ERROR):
        raise NotAllowed(_("Ada baris yang perlu dibetulkan; belum ada yang dicatat."))
    try:
        for line in report.of(NEW):
            report.written.append(_recorded(facility, line, by))
    except BaseException:  # the rows go by themselves, their files do not
        for agreement in report.written:
            agreement.signed_scan.delete(save=False)
        raise
    return report


def _recorded(facility, line, by):
    values = line.row.values
    try:
        agreement = agreements.record_existing(
            facility=facility,
            agency=line.agency,
            signed_scan=line.scan,
            by=by,
            **{name: values[name] for name in TERMS},
        )
    except NotAllowed as refusal:
        raise NotAllowed(
            _("Baris %(row)s: %(why)s")
            % {"row": line.row.number, "why": " ".join(refusal.messages)}
        ) from refusal
    texts = {name: values[name] or "" for name in ("background", "implementation", "benefit")}
    if any(texts.values()):
        agreement = register.describe(agreement=agreement, by=by, **texts)
    return agreement


def _find_agency(line, partners):
    name = line.row.values["agency"]
    if not name:
        return
    line.agency = partners.get(bare(name))
    if line.agency:
        return
    near = get_close_matches(bare(name), partners, NEAR, 0.5)
    sentence = _("“%(name)s” belum menjadi mitra lapas.") % {"name": name}
    if near:
        sentence += " " + _("Mungkin: %(names)s.") % {
            "names": "; ".join(partners[each].name for each in near)
        }
    else:
        sentence += " " + _("Tambahkan dulu di halaman Instansi.")
    line.row.problems["agency"] = sentence


def _find_scan(line, files, used):
    name = line.row.values["scan"]
    if not name:
        return
    key = _key(name)
    line.scan = files.get(key)
    if line.scan is None:
        line.row.problems["scan"] = _("Berkas “%(name)s” tidak ikut dikirim.") % {"name": name}
        return
    if key in used:
        line.row.problems["scan"] = _("Berkas ini sudah dipakai oleh baris lain.")
    used.add(key)
    try:
        _judge(line.scan)
    except ValidationError as error:
        line.row.problems["scan"] = " ".join(error.messages)


def _key(name):
    """A file's name as it is compared: without folders, in any case."""
    return PurePath(name.replace("\\", "/")).name.casefold()


def _judge(scan):
    """As `checked_scan`, which also renames: the name is still needed."""
    name = scan.name
    try:
        checked_scan(scan)
    finally:
        scan.name = name
