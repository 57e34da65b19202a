"""A person's training record as a paper, for the file of a parole or for the person."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.pages import find
from correspondence import typesetting
from correspondence.services import verifications
from correspondence.services.letter_numbers import holder_of
from inmates.models import Inmate
from training.papers import record as record_paper
from training.services import training_record
from training.views.uploads import named_file

TEMPLATE = "training_record_v1"


@require_safe
@never_cache
def pdf(request, public_id):
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    record = training_record.gather(inmate=inmate, by=request.user)
    data = record_paper.paper(record, _signatory(record), verifications.printed)
    content = typesetting.pdf(TEMPLATE, data, made_at=timezone.now())
    access.record(request, access.EXPORT, {inmate, record.person})
    name = f"riwayat-pelatihan-{str(record.person.public_id)[:8]}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers=named_file(name))


def _signatory(record):
    """The head of the section; an empty line to sign on where nobody holds the post."""
    try:
        return holder_of(record.facility.pk, roles.HEAD, record.on)
    except NotAllowed:
        return {"title": _("Kepala Seksi Kegiatan Kerja"), "name": "", "nip": "", "acting": ""}
