"""Papers from elsewhere or from before: one by one, or a sheet of the whole prison.

They are past facts: `entered_afterwards`, and nobody is told. By whoever certifies at the prison.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import verifications
from inmates.models import Inmate
from partners.sheet.columns import bare
from training.models import Certificate, Course
from training.services import certificate_guards as guards
from training.services import certificate_lines as papers
from training.services.certificate_lines import Known, Line, Report
from training.services.certificate_people import People
from training.services.certificates import LETTER_KIND, end_of
from training.sheet import matching
from training.teaching import CertificateKind

WORDS = ("number", "registration_number", "scheme")


@act
def record_existing(
    *,
    facility,
    inmate,
    kind,
    title,
    issuer,
    number,
    issued_on,
    by,
    registration_number="",
    scheme="",
    valid_until=None,
    jp=None,
    scan=None,
):
    """Write down one old paper of somebody who is or was in custody at the prison.

    The same again by the same person returns the row. Raises `NotAllowed` with field errors,
    `AlreadyDone` naming who wrote the paper down before.
    """
    require(by, "certify", facility.pk)
    inmate = Inmate.objects.select_for_update(no_key=True, of=["self"]).get(
        pk=inmate.merged_into_id or inmate.pk
    )
    if not Inmate.objects.been_at([facility.pk]).filter(pk=inmate.pk).exists():
        raise NotAllowed(_("Orang ini tidak pernah ditempatkan di lapas ini."))
    content = {
        "kind": kind,
        "title": title.strip(),
        "issuer": issuer.strip(),
        "number": number.strip(),
        "registration_number": registration_number.strip(),
        "scheme": scheme.strip(),
        "issued_on": issued_on,
        "valid_until": end_of(kind, issued_on, valid_until),
        "jp": jp,
    }
    known = _known([inmate], [content["number"]])
    same = known.same(kind, content["issuer"], content["number"])
    if same:
        return _already(same, inmate, content, by)
    _check(content)
    if scan:
        try:
            checked_scan(scan)
        except ValidationError as error:
            raise NotAllowed({"scan": error}) from error
    (certificate,) = _write([_built(facility, inmate, content, scan, by)])
    return certificate


def check(*, facility, rows, scans, by, people=None, files=None):
    """The `Report` about rows of `training.sheet.reading` and uploaded scans. Writes nothing.

    A person is found by key or register number, and the name is compared. `people` and `files`
    are the sender's answers by a line's key: a person's public id or `skip`, a file or `none`.
    """
    require(by, "certify", facility.pk)
    people, files = people or {}, files or {}
    lines = [Line.of(row) for row in rows]
    register = People(facility, [line.row.values for line in lines])
    for line in lines:
        register.find(line, people.get(line.key, ""))
    known = _known(
        [line.person for line in lines if line.person],
        [line.row.values["number"] for line in lines if line.row.values["number"]],
    )
    for line in lines:
        _compare(line, known)
    return Report(lines, papers.find_scans(lines, scans, files))


@act
def record(*, facility, rows, scans, by, people=None, files=None):
    """Record every row that is new, or none: the `Report`, with `is_written` on those lines.

    The same sheet again changes nothing. Raises `NotAllowed` while a row is in error or waits
    for an answer.
    """
    require(by, "certify", facility.pk)
    Facility.objects.select_for_update(no_key=True, of=["self"]).get(pk=facility.pk)
    report = check(facility=facility, rows=rows, scans=scans, by=by, people=people, files=files)
    if not report.is_ready:
        raise NotAllowed(_("Ada baris yang perlu dibetulkan atau dipilih; belum ada yang dicatat."))
    new = report.of(papers.NEW)
    built = [
        _built(facility, line.person, _content(line.row.values), line.scan, by) for line in new
    ]
    _write(built)
    for line in new:
        line.is_written = True
    return report


def _known(people, numbers):
    own = Certificate.objects.filter(inmate__in=Inmate.objects.none())
    if people:
        roots = {person.pk for person in people}
        own = Certificate.objects.filter(inmate__in=Inmate.objects.records_of_all(roots))
    return Known(own, numbers)


def _already(same, inmate, content, by):
    if same.inmate_id != inmate.pk:
        raise NotAllowed(
            {"number": ValidationError(_("Nomor ini sudah tercatat dari penerbit itu."))}
        )
    if same.created_by_id == by.pk and all(
        getattr(same, name) == value for name, value in content.items()
    ):
        return same
    raise AlreadyDone(
        _("Sertifikat ini sudah dicatat oleh %(who)s.") % {"who": same.created_by or "—"}
    )


def _check(content):
    problems = {}
    for name in ("title", "issuer", "number"):
        if not content[name]:
            problems[name] = _("Wajib diisi.")
    if content["issued_on"] > timezone.localdate():
        problems["issued_on"] = _("Tanggal terbit tidak boleh di masa depan.")
    if content["valid_until"] and content["valid_until"] < content["issued_on"]:
        problems["valid_until"] = _("Masa berlaku berakhir sebelum tanggal terbit.")
    if content["kind"] == CertificateKind.COMPETENCY and not content["scheme"]:
        problems["scheme"] = _("Sebutkan skema sertifikat kompetensi.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _compare(line, known):
    """With what is recorded, and with the rows above it."""
    values, problems = line.row.values, line.row.problems
    if line.answer == papers.SKIP or not (values["kind"] and values["issuer"] and values["number"]):
        return
    paper = values["kind"], values["issuer"], values["number"]
    same = known.same(*paper)
    if same and line.person and _root(same) == line.person.pk:
        if line.answer or line.sureness == matching.SURE:
            line.found = same
            line.row.remarks += papers.differences(same, values)
            problems.clear()
            return
    elif same:
        problems["number"] = _("Nomor ini sudah tercatat dari penerbit itu untuk orang lain.")
    known.repeats(line, *paper)


def _root(certificate):
    return certificate.inmate.merged_into_id or certificate.inmate_id


def _content(values):
    return {
        "kind": values["kind"],
        "title": values["title"],
        "issuer": values["issuer"],
        **{name: values[name] or "" for name in WORDS},
        "issued_on": values["issued_on"],
        "valid_until": end_of(values["kind"], values["issued_on"], values["valid_until"]),
        "jp": values["jp"],
    }


def _built(facility, inmate, content, scan, by):
    if scan:
        checked_scan(scan)
    return Certificate(
        facility=facility,
        inmate=inmate,
        scan=scan or "",
        entered_afterwards=True,
        created_by=by,
        state_by=by,
        **content,
    )


def _write(certificates):
    """Store papers that belong to no batch, each with what the public may check of it."""
    courses = {bare(course.name): course for course in Course.objects.only("pk", "name")}
    for certificate in certificates:
        certificate.course = courses.get(bare(certificate.title))
        if guards.is_neutral(certificate.number):
            certificate.verification = verifications.write(
                kind=LETTER_KIND.format(kind=certificate.kind),
                number=certificate.number,
                issued_on=certificate.issued_on,
                valid_until=certificate.valid_until,
                public=guards.public_facts(certificate, certificate.inmate.name),
                by=certificate.created_by,
            )
    with papers.all_or_nothing(certificates):
        return Certificate.objects.bulk_create(certificates)
