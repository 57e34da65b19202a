"""Certificates of a batch, many at once: a template, a look with choices, all or nothing."""

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.services import access
from accounts.spreadsheets import BYTE_ORDER_MARK, csv_line
from accounts.views.pages import find, perform, show
from correspondence.services.letter_papers import Subject
from training import rules, sections
from training.forms.upload import BatchSheetForm
from training.models import Batch
from training.services import certificate_uploads, enrolments
from training.services.certificate_lines import ASK, ERROR, EXISTING, NEW, SKIPPED
from training.sheet import template as workbooks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT, KEPT_SECONDS = "certificates.report", 86_400
BATCHES = Batch.objects.select_related("course", "agency", "facility")


def batch_sheet(request, public_id):
    """Checking writes nothing and says what each row means; recording writes all or none."""
    batch = _certified_by(request, public_id)
    if batch.state not in certificate_uploads.UPLOADING:
        return show(request, "training/certificate_sheet_early.html", {"batch": batch})
    form = BatchSheetForm(
        request.POST or None, request.FILES or None, units=certificate_uploads.units_of(batch)
    )
    report = read_sheet(request, form, certificate_uploads, batch=batch)
    return show_report(request, "training/certificate_sheet_batch.html", form, report, batch=batch)


@require_safe
def batch_template(request, public_id):
    """The workbook to fill in, with the batch's participants as the roster shows them."""
    batch = _certified_by(request, public_id)
    roster = enrolments.roster(batch, request.user)
    access.record(request, access.EXPORT, [person for person in roster if person.is_named])
    content = workbooks.for_batch(certificate_uploads.units_of(batch), roster)
    return attached(content, "sertifikat-angkatan.xlsx")


@require_POST
def report(request):
    """What a sheet was found to say, as CSV: the page that showed it sends it back, signed."""
    try:
        said = signing.loads(request.POST.get("report", ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("Hasil ini sudah kedaluwarsa. Periksa lagi lembarnya."))
        return redirect("training:certificate-list")
    if said["user"] != request.user.pk:
        raise PermissionDenied
    access.record(request, access.EXPORT, [Subject(UUID(each)) for each in said["people"]])
    return HttpResponse(
        BYTE_ORDER_MARK + "".join(map(csv_line, said["rows"])),
        content_type="text/csv; charset=utf-8",
        headers=named_file(f"hasil-sertifikat-{timezone.localdate():%Y-%m-%d}.csv"),
    )


def read_sheet(request, form, service, **about):
    """The `Report` of a valid form: recorded if that was asked and is possible, else looked at."""
    if not form.is_valid():
        return None
    sent = {
        **about,
        "rows": form.cleaned_data["sheet"],
        "scans": form.cleaned_data["scans"],
        "people": form.answers("person"),
        "files": form.answers("scan"),
        "by": request.user,
    }
    recorded = perform(form, service.record, **sent) if "record" in request.POST else None
    return recorded or perform(form, service.check, **sent)


def show_report(request, template, form, report, **context):
    """The page with what became, or is to become, of each row; whom it names is on record."""
    if report:
        access.record(request, access.VIEW, report.people)
        context |= {"report": report, "groups": _groups(report), "signed": _signed(request, report)}
    answer = show(request, template, context, form=form)
    if request.htmx:  # it would not show an answer that says "error"
        answer.status_code = 200
    return answer


def attached(content, name):
    """A workbook as a download."""
    return HttpResponse(content, content_type=XLSX, headers=named_file(name))


def named_file(name):
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@sections.register(order=sections.RESULTS + 5)
def bulk(batch, user, rows):
    """The way to many certificates at once, for whoever may write them down."""
    if batch.state not in certificate_uploads.UPLOADING:
        return None
    if not rules.may_certify(user, batch.facility_id, batch.agency_id):
        return None
    return "training/_batch_upload.html", {}


def _certified_by(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    if not rules.may_certify(request.user, batch.facility_id, batch.agency_id):
        raise PermissionDenied
    return batch


def _groups(report):
    """Lines by what is to be done with them: pairs of an outcome and its lines, none empty."""
    written = report.written
    groups = [(outcome, report.of(outcome)) for outcome in (ERROR, ASK, NEW, EXISTING, SKIPPED)]
    groups = [
        (outcome, [line for line in lines if not line.is_written]) for outcome, lines in groups
    ]
    return [(outcome, lines) for outcome, lines in [("written", written), *groups] if lines]


def _signed(request, report):
    """The report as text that only this user can bring back, for its download."""
    people = {str(person.public_id) for person in report.people}
    rows = [_headings(), *map(_as_row, report.lines)]
    said = {"user": request.user.pk, "people": sorted(people), "rows": rows}
    return signing.dumps(said, salt=SALT, compress=True)


def _headings():
    return [
        _("Baris"),
        _("Hasil"),
        _("Keterangan"),
        _("Nama di lembar"),
        _("Orang"),
        _("Nomor sertifikat"),
        _("Berkas"),
    ]


def _as_row(line):
    words = {
        NEW: _("baru"),
        EXISTING: _("sudah ada"),
        ASK: _("perlu dipilih"),
        SKIPPED: _("dilewati"),
        ERROR: _("keliru"),
    }
    told = [f"{heading}: {text}" if heading else text for heading, text in line.row.told]
    return [
        line.row.number,
        _("dicatat") if line.is_written else words[line.outcome],
        " ".join([*told, *line.row.remarks]),
        line.row.values["name"] or "",
        line.who,
        line.row.values["number"] or "",
        line.scan_name,
    ]
