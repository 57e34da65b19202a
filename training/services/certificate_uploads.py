"""Certificates of one batch from a sheet and its scans: looked at first, then all or none."""

from django.utils.translation import gettext as _

from accounts.refusals import Forbidden, NotAllowed, act
from partners.sheet.columns import bare
from training import rules
from training.attendance_figures import attendance_of
from training.models import Batch, Certificate, Enrolment
from training.services import (
    certificate_guards,
    certificate_results,
    certificates,
    enrolments,
)
from training.services import certificate_lines as papers
from training.services.certificate_lines import Known, Line, Report
from training.sheet import matching
from training.states import BatchState

WORDS = ("registration_number", "scheme", "override_reason")
UPLOADING = (BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED)


def units_of(batch):
    """Code and title of each unit of the batch's course, in their order."""
    rows = batch.course.units.order_by("position").select_related("unit")
    return [(row.unit.code, row.unit.name) for row in rows]


def check(*, batch, rows, scans, by, people=None, files=None):
    """The `Report` about rows of `training.sheet.reading` and uploaded scans. Writes nothing.

    `people` and `files` are the sender's answers by a line's key: a participant's code or `skip`,
    the name of a file or `none`. Only participants whom the roster shows are matched.
    """
    _authorise(batch, by)
    people, files = people or {}, files or {}
    roster = enrolments.roster(batch, by)
    by_code = {bare(person.code): person for person in roster}
    people_here = [person.code for person in roster]
    rows_here = Enrolment.objects.filter(batch=batch, participant_code__in=people_here)
    of_code = {row.participant_code: row for row in rows_here.select_related("batch")}
    known = Known(
        Certificate.objects.filter(enrolment__in=of_code.values()),
        [row.values["number"] for row in rows if row.values["number"]],
    )
    results = certificate_results.Known(batch, rows)
    lines = [Line.of(row) for row in rows]
    attended = attendance_of(batch) if rows else {}
    for line in lines:
        _find_person(line, roster, by_code, people.get(line.key, ""))
        _compare(line, batch, by_code, known)
        line.enrolment = of_code.get(line.person.code) if line.person else None
        if line.enrolment and line.outcome != papers.SKIPPED:
            results.compare(line)
            if not line.found:
                _check_first(line, known)
                _check_guards(line, batch, attended, by)
    return Report(lines, papers.find_scans(lines, scans, files))


@act
def record(*, batch, rows, scans, by, people=None, files=None):
    """Record every row that is new, or none: the `Report`, with `is_written` on those lines.

    The same sheet again changes nothing. Raises `NotAllowed` while a row is in error or waits
    for an answer.
    """
    _authorise(batch, by)
    batch = (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course", "agency", "facility")
        .get(pk=batch.pk)
    )
    report = check(batch=batch, rows=rows, scans=scans, by=by, people=people, files=files)
    if not report.is_ready:
        raise NotAllowed(_("Ada baris yang perlu dibetulkan atau dipilih; belum ada yang dicatat."))
    written = []
    with papers.all_or_nothing(written):
        for line in report.of(papers.NEW):
            written.append(_recorded(line, batch, by))
    for line in report.of(papers.NEW):
        line.is_written = True
    return report


def _recorded(line, batch, by):
    values = line.row.values
    try:
        certificate_results.record(line, batch, by)
        return certificates.record(
            enrolment=line.enrolment,
            kind=values["kind"],
            issuer=values["issuer"] or "",
            scan=line.scan,
            by=by,
            **{name: values[name] or "" for name in WORDS},
            **{name: values[name] for name in ("number", "issued_on", "valid_until")},
        )
    except NotAllowed as refusal:
        raise papers.in_row(line, refusal) from refusal


def _authorise(batch, by):
    if not rules.may_certify(by, batch.facility_id, batch.agency_id):
        raise Forbidden(_("Sertifikat angkatan ini bukan untuk Anda unggah."))
    if batch.state not in UPLOADING:
        raise NotAllowed(_("Sertifikat baru bisa diunggah sesudah pelatihan dimulai."))


def _find_person(line, roster, by_code, answer):
    """By the code, else by the name among the participants; the sender's answer goes before."""
    values, problems = line.row.values, line.row.problems
    written = bare(values["code"] or "")
    coded = by_code.get(written) if written else None
    match = matching.by_name(values["name"], roster)
    if answer == papers.SKIP:
        line.answer, line.near = answer, match.near
        return
    chosen = by_code.get(bare(answer)) if answer else None
    if coded:
        line.person, line.sureness = coded, matching.SURE
        if values["name"] and coded.name and not matching.are_alike(values["name"], coded.name):
            line.sureness = matching.UNCLEAR
            others = [match.person, *match.near] if match.person else match.near
            line.near = list(dict.fromkeys([coded, *others]))
            line.row.remarks.append(
                _("Kode ini milik %(name)s, bukan nama di baris ini.") % {"name": coded.name}
            )
    else:
        line.person, line.sureness = match.person, match.sureness
        line.near = list(dict.fromkeys([match.person, *match.near] if match.person else match.near))
        if written:
            line.row.remarks.append(
                _("Kode %(code)s tidak ada di angkatan ini.") % {"code": values["code"]}
            )
            if line.sureness == matching.SURE:
                line.sureness = matching.LIKELY
    if chosen:
        line.answer, line.person = chosen.code, chosen
        line.near = list(dict.fromkeys([*line.near, chosen]))
    elif line.sureness == matching.UNCLEAR:
        line.person = None
    elif line.sureness == matching.NOBODY and not problems.get("code"):
        problems["name" if values["name"] else "code"] = _("Tidak ada di antara peserta angkatan.")
        line.near = list(roster)


def _compare(line, batch, by_code, known):
    """With what is recorded, with the rows above it, and with the batch."""
    values, problems = line.row.values, line.row.problems
    if line.answer == papers.SKIP:
        return
    kind, number = values["kind"], values["number"]
    issuer = values["issuer"] or batch.agency.name
    if values["issued_on"] and values["issued_on"] < batch.starts_on:
        problems.setdefault("issued_on", _("Terbit sebelum angkatan ini dimulai."))
    if not kind or not number:
        return
    same = known.same(kind, issuer, number)
    owner = same and same.enrolment and same.enrolment.participant_code
    if same and _may_be(line, owner):
        line.found, line.person = same, by_code[bare(owner)]
        line.row.remarks += papers.differences(same, values)
        problems.clear()
        return
    if same:
        is_here = bool(owner) and bare(owner) in by_code
        told = _("peserta %(code)s") % {"code": owner} if is_here else _("orang lain")
        problems["number"] = _("Nomor ini sudah tercatat dari penerbit itu untuk %(who)s.") % {
            "who": told
        }
    known.repeats(line, kind, issuer, number)


def _may_be(line, owner):
    """Whether the certificate's owner is whom the row means, or may mean."""
    if not owner:
        return False
    if line.person and (line.answer or line.sureness == matching.SURE):
        return line.person.code == owner
    return owner in {person.code for person in line.near}


def _check_first(line, known):
    """A participant has one certificate of the course, and one per scheme."""
    values, problems, enrolment = line.row.values, line.row.problems, line.enrolment
    if not values["kind"]:
        return
    slot = papers.slot_of(values["kind"], values["scheme"])
    for row in known.rows:
        if row.enrolment_id == enrolment.pk and papers.slot_of(row.kind, row.scheme) == slot:
            problems.setdefault(
                "number",
                _("Peserta ini sudah punya %(kind)s nomor %(number)s.")
                % {"kind": row.get_kind_display().lower(), "number": row.number},
            )
    earlier = known.given.setdefault((enrolment.pk, slot), line.row.number)
    if earlier != line.row.number:
        problems.setdefault(
            "number", _("Peserta yang sama dengan baris %(row)s.") % {"row": earlier}
        )


def _check_guards(line, batch, attended, by):
    """What stands between the participant and the paper, unless the sheet itself mends it."""
    values, enrolment = line.row.values, line.enrolment
    kind, issuer = values["kind"], values["issuer"] or batch.agency.name
    found = certificate_guards.problems_of_issuer(batch.facility, kind, issuer, by)
    if early := certificate_guards.too_early(batch, kind):
        found["kind"] = early
    line.row.problems.update(found | line.row.problems)
    if enrolment.state in certificates.GONE:
        line.row.problems.setdefault(
            "name",
            _("Tidak bisa: peserta ini %(state)s.")
            % {"state": enrolment.get_state_display().lower()},
        )
    if line.row.problems or certificate_results.says_competent(values):
        return
    try:
        certificate_guards.need(
            enrolment, kind, values["override_reason"] or "", by, attended[enrolment.pk]
        )
    except NotAllowed as refusal:
        line.row.problems["override_reason"] = " ".join(refusal.messages)
