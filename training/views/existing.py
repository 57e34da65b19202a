"""Batches that exist already: one on a page, or many from a sheet; for the head."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, perform, show
from inmates.models import Inmate
from partners.models import Agency
from training.forms.existing import BatchForm, SheetForm
from training.models import Course
from training.services import existing_batches, existing_sheet
from training.services.eligible import with_register_numbers_of
from training.sheet.batch_template import workbook
from training.views.plans import uuid_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FOUND_MOST = 12


def page(request):
    """One batch. `find` looks people up, `add` writes them into the list; all typed is kept."""
    _need_head(request)
    asks = "find" in request.POST or "add" in request.POST
    typed = request.POST if request.method == "POST" and not asks else None
    added = _ticked(request) if "add" in request.POST else []
    form = BatchForm(
        typed,
        request.FILES or None,
        user=request.user,
        initial=_with_people(request, added) if asks else request.GET.dict(),
    )
    if typed is not None and form.is_valid():
        batch = perform(
            form,
            existing_batches.record,
            facility=request.user.facility,
            by=request.user,
            **form.facts(),
        )
        if batch:
            return done(request, _("Angkatan lama dicatat; tidak ada yang diberi tahu."), batch)
    found = _found(request) if "find" in request.POST else []
    access.record(request, access.VIEW, [*found, *added])
    answer = show(
        request,
        "training/existing_batch.html",
        {"found": found, "sought": request.POST.get("q", ""), "asks": "find" in request.POST},
        form=form,
    )
    if request.htmx:  # it would not show an answer that says "error"
        answer.status_code = 200
    return answer


def sheet(request):
    """Checking writes nothing and answers with a table; recording writes all new ones or none."""
    _need_head(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    report = None
    if form.is_valid():
        sent = {
            "facility": request.user.facility,
            "rows": form.cleaned_data["sheet"],
            "scans": form.cleaned_data["scans"],
            "by": request.user,
        }
        report = existing_sheet.check(**sent)
        access.record(request, access.VIEW, report.people)
        if "record" in request.POST and report.can_be_recorded:
            recorded = perform(form, existing_sheet.record, **sent)
            if recorded:
                return _done(request, recorded)
    answer = show(
        request,
        "training/existing_sheet.html",
        {
            "report": report,
            "is_refused": "record" in request.POST and report and not report.can_be_recorded,
        },
        form=form,
    )
    if request.htmx:
        answer.status_code = 200
    return answer


@require_safe
def template(request):
    """The workbook to fill in, with the courses and partners to choose from."""
    _need_head(request)
    agencies = Agency.objects.visible_to(request.user).order_by("name")
    courses = Course.objects.visible_to(request.user).order_by("code")
    return HttpResponse(
        workbook(
            list(courses.values_list("code", flat=True)),
            list(agencies.values_list("name", flat=True)),
        ),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="angkatan-lama.xlsx"'},
    )


def _need_head(request):
    if not may(request.user, "correct_state"):
        raise PermissionDenied


def _found(request):
    sought = request.POST.get("q", "").replace("\0", "").strip()
    if not sought:
        return []
    people = Inmate.objects.visible_to(request.user).filter(merged_into=None).search(sought)
    return with_register_numbers_of(list(people[:FOUND_MOST]), request.user.facility_ids)


def _ticked(request):
    """Those of the search who are to be added to the list."""
    ids = filter(None, map(uuid_in, request.POST.getlist("found")[:FOUND_MOST]))
    people = Inmate.objects.visible_to(request.user).filter(merged_into=None, public_id__in=ids)
    return list(people.order_by("name"))


def _with_people(request, added):
    """All that was typed, with the people ticked in the search added to the list."""
    typed = request.POST.dict()
    lines = [typed.get("people", "").rstrip()]
    lines += [f"{person.person_key} # {person.name}" for person in added]
    return typed | {"people": "\n".join(line for line in lines if line)}


def _done(request, report):
    number = len(report.written)
    sentence = ngettext(
        "%(number)s angkatan lama dicatat.", "%(number)s angkatan lama dicatat.", number
    ) % {"number": number}
    if existing := report.numbers["existing"]:
        sentence += " " + _("%(number)s sudah ada dan dilewati.") % {"number": existing}
    messages.success(request, sentence)
    return redirect("training:batch-list")
