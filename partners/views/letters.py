"""Begin a letter about an agency, a visit or an agreement; liaisons read what was sent to them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from correspondence import letter_kinds
from correspondence.forms.letter import LetterForm
from correspondence.views.letters import pdf_of
from partners.documents import letters as documents
from partners.letter_kinds import OF_AGENCY, OF_AGREEMENT, OF_ENGAGEMENT
from partners.models import Agency, Agreement, Engagement
from partners.services import letters


def agency_letter(request, public_id):
    agency = find(Agency.objects, request.user, public_id)
    facility = request.user.facility
    return _begin(
        request,
        agency,
        facility,
        OF_AGENCY,
        lambda kind: documents.of_agency(kind, agency, facility),
    )


def engagement_letter(request, public_id):
    rows = Engagement.objects.select_related("agency", "facility")
    engagement = find(rows, request.user, public_id)
    return _begin(
        request,
        engagement,
        engagement.facility,
        OF_ENGAGEMENT,
        lambda kind: documents.of_engagement(kind, engagement),
    )


def agreement_letter(request, public_id):
    rows = Agreement.objects.select_related("agency", "facility")
    agreement = find(rows, request.user, public_id)
    return _begin(
        request,
        agreement,
        agreement.facility,
        OF_AGREEMENT,
        lambda kind: documents.of_agreement(kind, agreement),
    )


@require_safe
def pdf(request, public_id):
    """The paper of a letter that was sent to the liaison's agency."""
    letter = letters.readable_by_liaison(request.user, public_id)
    if letter is None:
        raise Http404
    return pdf_of(request, letter)


def _begin(request, about, facility, codes, words):
    """The form of a letter of the kind in `?kind=`, filled with what `words(kind)` says."""
    if request.user.is_liaison or not may(request.user, "write_letters", facility and facility.pk):
        raise PermissionDenied
    code = request.GET.get("kind", codes[0])
    if code not in codes:
        raise Http404
    kind = letter_kinds.get(code)
    usual = {"classification": kind.classification, "signed_by": kind.signed_by}
    form = LetterForm(request.POST or None, initial=usual | words(code))
    if form.is_valid():
        letter = perform(
            form,
            letters.begin,
            kind=code,
            about=about,
            facility=facility,
            by=request.user,
            **form.content(),
        )
        if letter:
            return done(request, _("Konsep surat disimpan."), letter)
    context = {"kind": kind, "about": about}
    return show(request, "correspondence/letter_form.html", context, form=form)
