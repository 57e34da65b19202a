"""All that is held on one person: what the file is, and the file; each download is recorded."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.services import access
from accounts.views.again import sensitive
from accounts.views.pages import find, show
from correspondence import typesetting
from inmates.models import Inmate
from placements import documents
from placements.services import subject_file

TEMPLATE = "subject_file_v1"


@require_safe
@sensitive
def detail(request, public_id):
    """What the file holds, section by section, and its two forms."""
    inmate = _find(request, public_id)
    file = subject_file.gather(inmate=inmate, by=request.user)
    access.record(request, access.VIEW, file.records)
    return show(request, "placements/subject_file.html", {"inmate": file.person, "file": file})


@require_safe
@never_cache
@sensitive
def pdf(request, public_id):
    file = subject_file.gather(inmate=_find(request, public_id), by=request.user)
    content = typesetting.pdf(TEMPLATE, documents.on_paper(file), made_at=file.made_at)
    access.record(request, access.EXPORT, file.records)
    return HttpResponse(
        content, content_type="application/pdf", headers=_attached(file.person, "pdf")
    )


@require_safe
@never_cache
@sensitive
def as_json(request, public_id):
    file = subject_file.gather(inmate=_find(request, public_id), by=request.user)
    access.record(request, access.EXPORT, file.records)
    return JsonResponse(
        documents.for_machines(file),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers=_attached(file.person, "json"),
    )


def _find(request, public_id):
    return find(Inmate.objects.select_related("merged_into"), request.user, public_id)


def _attached(person, suffix):
    """The name of the file says nothing of whom it is about."""
    name = f"berkas-{str(person.public_id)[:8]}.{suffix}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
