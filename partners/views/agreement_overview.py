"""All agreements at one glance: as a list, and as bars beside each other."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import listed, prepared, stand_ins
from accounts.forms import offered
from accounts.views.lists import ScopedListView
from accounts.views.pages import show
from partners import timeline
from partners.filters import AgreementFilter, quick_links
from partners.models import Agreement, Obligation
from partners.tables import AgreementTable

MOST = 400  # bars that one can still look at
# What is drawn or listed of an agreement, and what its days follow from.
READ = (
    *("public_id", "title", "kind", "state", "agency__name", "renews", "starts_on", "ends_on"),
    *("terminated_on", "review_months", "created_at", "entered_afterwards"),
)


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
    rows = listed.Later(lambda: Agreement.objects.visible_to(request.user), Agreement)
    chosen = AgreementFilter(request.GET, rows, request=request)
    offered.together(chosen)
    is_filtered = chosen.form.has_changed()
    if is_filtered:
        agreements, undated = map(list, _in_years(chosen.qs, first, last))
    else:
        agreements, undated = _asked(request.user, first, last)
    drawn = agreements[:MOST]
    _bring_duties(drawn)
    terms = timeline.in_order(timeline.terms_of(drawn))
    return show(
        request,
        "partners/agreement_timeline.html",
        {
            "filter": chosen,
            "is_filtered": is_filtered,
            "first": first,
            "last": last,
            "earlier": _moved(request, first.year - 1, last.year - 1),
            "later": _moved(request, first.year + 1, last.year + 1),
            "picture": timeline.draw(terms, first, last),
            "terms": terms,
            "left_out": MOST if len(agreements) > MOST else 0,
            "undated": undated,
        },
        form=chosen.form,
    )


@stand_ins.asked_often
def _asked(reader, first, last):
    return _in_years(Agreement.objects.visible_to(reader), first, last)


def _in_years(rows, first, last):
    """Agreements between two days, one more than are drawn; and those without a term yet."""
    rows = rows.select_related("agency").with_status().only(*READ)
    dated = rows.touching(first, last).order_by("agency__name", "starts_on", "pk")
    return dated[: MOST + 1], rows.undated()[:MOST]


def _bring_duties(agreements):
    """Each gets its `obligations_open`."""
    found = {agreement.pk: agreement for agreement in agreements}
    for agreement in agreements:
        agreement.obligations_open = []
    for duty in _duties_under(list(found)) if found else ():
        found[duty.agreement_id].obligations_open.append(duty)


@prepared.asked_often
def _duties_under(keys):
    return Obligation.objects.under(keys).open()


def _moved(request, first, last):
    query = request.GET.copy()
    query["from"], query["to"] = first, last
    return query.urlencode()
