"""The list with which an agency registers participants of a batch; each download is recorded."""

import io

import xlsxwriter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.spreadsheets import harmless
from accounts.views.again import sensitive
from accounts.views.pages import find
from correspondence import typesetting
from correspondence.services.letter_numbers import holder_of
from training import sections
from training.models import Batch
from training.papers import participants as list_paper
from training.services import enrolment_exports
from training.states import EnrolmentState
from training.views.uploads import XLSX, named_file

BATCHES = Batch.objects.select_related("course", "agency", "facility")
TEMPLATE = "participants_v1"
WIDTHS = (5, 14, 34, 20, 14, 20, 14, 16)


@require_safe
@never_cache
@sensitive
def as_xlsx(request, public_id):
    export, refusal = _export(request, public_id)
    if refusal:
        return refusal
    access.record(request, access.EXPORT, export.people)
    return HttpResponse(
        _workbook(export), content_type=XLSX, headers=named_file("pendaftaran-peserta.xlsx")
    )


@require_safe
@never_cache
@sensitive
def as_pdf(request, public_id):
    export, refusal = _export(request, public_id)
    if refusal:
        return refusal
    signatory = None if request.user.is_liaison else _warden_of(export)
    content = typesetting.pdf(TEMPLATE, list_paper.paper(export, signatory), made_at=timezone.now())
    access.record(request, access.EXPORT, export.people)
    return HttpResponse(
        content, content_type="application/pdf", headers=named_file("pendaftaran-peserta.pdf")
    )


def _export(request, public_id):
    """The export, or the answer that says why there is none yet."""
    batch = find(BATCHES, request.user, public_id)
    if not enrolment_exports.may_export(batch, request.user):
        raise PermissionDenied
    try:
        return enrolment_exports.gather(batch=batch, by=request.user), None
    except NotAllowed as too_early:
        messages.error(request, " ".join(too_early.messages))
        return None, redirect("training:participant-list", batch.public_id)


def _warden_of(export):
    try:
        return holder_of(export.batch.facility_id, roles.WARDEN, export.on)
    except NotAllowed:
        return {"title": _("Kepala Lapas"), "name": "", "nip": "", "acting": ""}


def _workbook(export):
    """One row per person below the headings, so that a registration form can take it as it is."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet, about = book.add_worksheet(_("Peserta")), book.add_worksheet(_("Keterangan"))
    bold = book.add_format({"bold": True, "bg_color": "#E6F0EE", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    headings = (
        _("No."),
        _("Kode peserta"),
        _("Nama"),
        _("NIK"),
        _("Jenis kelamin"),
        _("Tempat lahir"),
        _("Tanggal lahir"),
        _("Pendidikan"),
    )
    for place, (heading, width) in enumerate(zip(headings, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    for number, person in enumerate(export.people, 1):
        sheet.write_number(number, 0, number)
        cells = (person.code, person.name, person.nik, person.sex, person.birth_place)
        for place, cell in enumerate(cells, 1):
            sheet.write_string(number, place, harmless(str(cell)), text)
        if person.birth_date:
            sheet.write_datetime(number, 6, person.birth_date, day)
        sheet.write_string(number, 7, harmless(person.education), text)
    sheet.freeze_panes(1, 0)
    _explain(about, export, bold)
    book.close()
    return stream.getvalue()


def _explain(about, export, bold):
    batch = export.batch
    facts = [
        (_("Program"), batch.course.name),
        (_("Angkatan"), batch.name),
        (_("Instansi"), batch.agency.name),
        (_("Mulai"), f"{batch.starts_on:%d/%m/%Y}"),
        (_("Sampai"), f"{batch.ends_on:%d/%m/%Y}"),
        (_("SK"), ", ".join(export.decrees)),
        (_("Tanpa NIK"), ", ".join(export.without_nik) or "—"),
        (_("Persetujuan belum tercatat, tanpa NIK"), ", ".join(export.unconsented) or "—"),
        (_("Persetujuan ditarik, tidak dicantumkan"), ", ".join(export.withheld) or "—"),
    ]
    about.set_column(0, 0, 36)
    about.set_column(1, 1, 60)
    for row, (label, fact) in enumerate(facts):
        about.write_string(row, 0, label, bold)
        about.write_string(row, 1, harmless(fact))


@sections.register(order=sections.SELECTION + 5)
def registration(batch, user, rows):
    """Where the agency takes the list with which it registers the participants."""
    if not enrolment_exports.may_export(batch, user):
        return None
    if not enrolment_exports.is_time_for(batch, user):
        return None
    if not rows.enrolled:
        return None
    stayed = [row for row in rows.enrolled if row.state != EnrolmentState.DROPPED]
    lacking = 0 if user.is_liaison else sum(not row.has_consent for row in stayed)
    return "training/_batch_registration.html", {"without_consent": lacking}
