"""All agreements at one glance: as a list, and as bars beside each other."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.forms import offered
from accounts.views.lists import ScopedListView
from accounts.views.pages import show
from partners import timeline
from partners.filters import AgreementFilter, quick_links
from partners.models import Agreement
from partners.tables import AgreementTable

MOST = 400  # bars that one can still look at


class AgreementList(ScopedListView):
    template_name = "partners/agreement_list.html"
    model = Agreement
    table_class = AgreementTable
    filterset_class = AgreementFilter
    title = gettext_lazy("Perjanjian")
    empty_text = gettext_lazy("Belum ada perjanjian. Susun yang pertama dari sebuah kunjungan.")
    empty_url = reverse_lazy("partners:engagement-list")
    empty_label = gettext_lazy("Lihat kunjungan")
    empty_act = "draft_agreement"
    actions_template = "partners/_agreement_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("agency").with_status()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"quick": quick_links(self.request)}


@require_safe
def overview(request):
    """`?from=2025&to=2028` are the years shown; further filters are those of the list."""
    first, last = timeline.span_of_years(request.GET.get("from"), request.GET.get("to"))
    rows = Agreement.objects.visible_to(request.user)
    chosen = AgreementFilter(request.GET, rows, request=request)
    offered.together(chosen)
    dated = chosen.qs.touching(first, last).with_status().with_what_is_due()
    agreements = list(dated.order_by("agency__name", "starts_on", "pk")[: MOST + 1])
    terms = timeline.in_order(timeline.term_of(agreement) for agreement in agreements[:MOST])
    return show(
        request,
        "partners/agreement_timeline.html",
        {
            "filter": chosen,
            "is_filtered": chosen.form.has_changed(),
            "first": first,
            "last": last,
            "earlier": _moved(request, first.year - 1, last.year - 1),
            "later": _moved(request, first.year + 1, last.year + 1),
            "picture": timeline.draw(terms, first, last),
            "terms": terms,
            "left_out": MOST if len(agreements) > MOST else 0,
            "undated": chosen.qs.undated().select_related("agency").with_status()[:MOST],
        },
        form=chosen.form,
    )


def _moved(request, first, last):
    query = request.GET.copy()
    query["from"], query["to"] = first, last
    return query.urlencode()
