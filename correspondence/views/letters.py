from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import find
from correspondence.filters import LetterFilter
from correspondence.models import Letter
from correspondence.services import letters
from correspondence.tables import LetterTable


class LetterList(ScopedListView):
    model = Letter
    table_class = LetterTable
    filterset_class = LetterFilter
    title = gettext_lazy("Surat")
    empty_text = gettext_lazy("Belum ada surat bernomor.")


def pdf(request, public_id):
    """The letter's one PDF, printed now if the worker has not done it yet."""
    letter = find(Letter.objects, request.user, public_id)
    if not any(
        may(request.user, act, letter.facility_id) for act in ("see_people", "number_letters")
    ):
        raise PermissionDenied
    try:
        stored = letters.file_of(letter)
    except NotAllowed as refusal:
        raise Http404(str(refusal)) from None
    access.record(request, access.EXPORT, letters.subjects_of(letter))
    return FileResponse(
        stored.pdf.open("rb"),
        as_attachment="download" in request.GET,
        filename=f"{letter.kind}-{letter.year}-{letter.sequence}.pdf",
        content_type="application/pdf",
    )
