"""Who holds which post of the prison, and how a post is handed over."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Posting
from accounts.permissions import may
from accounts.views.again import sensitive
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from reports import documents, posts, work
from reports.filters import HandoverFilter
from reports.forms.handover import EndPostingForm
from reports.models import Handover
from reports.services import handover as handovers
from reports.tables import HandoverTable

LATEST = 5


def _prisons(request):
    """Where the reader ends postings."""
    prisons = {pk for pk in request.user.facility_ids if may(request.user, "end_posting", pk)}
    if not prisons:
        raise PermissionDenied
    return prisons


def overview(request):
    """All posts, vacant ones first, and the hand-overs of late."""
    prisons = _prisons(request)
    done_here = Handover.objects.visible_to(request.user).filter(facility__in=prisons)
    return show(
        request,
        "reports/handover_posts.html",
        {
            "today": timezone.localdate(),
            "posts": posts.board(prisons),
            "several": len(prisons) > 1,
            "handovers": done_here.select_related("posting__user", "successor__user")[:LATEST],
        },
    )


class HandoverList(ScopedListView):
    model = Handover
    table_class = HandoverTable
    filterset_class = HandoverFilter
    title = gettext_lazy("Serah terima jabatan")
    empty_text = gettext_lazy(
        "Belum ada jabatan yang diserahterimakan. Pilih seorang pemegang jabatan bila ia pindah."
    )
    empty_url = reverse_lazy("reports:posting-overview")
    empty_label = gettext_lazy("Pemegang jabatan")
    actions_template = "reports/_handover_list_actions.html"

    def get_queryset(self):
        rows = super().get_queryset().filter(facility__in=_prisons(self.request))
        return rows.select_related("posting__user", "successor__user", "facility")


@sensitive
def end(request, public_id):
    """The open work of a post, and the form that hands it over."""
    posting = find(Posting.objects.select_related("user", "facility"), request.user, public_id)
    if not may(request.user, "end_posting", posting.facility_id):
        raise PermissionDenied
    form = EndPostingForm(request.POST or None, posting=posting)
    if form.is_valid():
        handover = perform(
            form, handovers.end, posting=posting, by=request.user, **form.cleaned_data
        )
        if handover:
            return done(request, _("Penugasan diakhiri; serah terima siap dicetak."), handover)
    above = handovers.above(posting)
    return show(
        request,
        "reports/handover_end.html",
        {
            "posting": posting,
            "post": documents.title_of(posting),
            "sections": work.open_work(posting, request.user),
            "above": above,
            "above_post": above and documents.title_of(above),
            "earlier": Handover.objects.visible_to(request.user).filter(posting=posting).first(),
        },
        form=form,
    )


def detail(request, public_id):
    return show(request, "reports/handover_detail.html", {"handover": _found(request, public_id)})


def pdf(request, public_id):
    handover = _found(request, public_id)
    return HttpResponse(
        handovers.paper(handover),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="serah-terima-jabatan.pdf"'},
    )


def _found(request, public_id):
    """For whoever ends postings there, and for the two between whom the post changes hands."""
    rows = Handover.objects.select_related("posting__user", "successor__user", "created_by")
    handover = find(rows, request.user, public_id)
    parties = {handover.posting.user_id, handover.successor and handover.successor.user_id}
    if request.user.pk not in parties and not may(
        request.user, "end_posting", handover.facility_id
    ):
        raise PermissionDenied
    return handover
