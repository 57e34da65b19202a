from django.utils.translation import gettext_lazy as _

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import find, show
from partners import rules
from partners.filters import AgencyFilter
from partners.models import ActionItem, Agency, Agreement, Engagement
from partners.services import liaisons
from partners.tables import AgencyTable

LATEST = 10


class AgencyList(ScopedListView):
    model = Agency
    table_class = AgencyTable
    filterset_class = AgencyFilter
    title = _("Instansi")
    empty_text = _("Belum ada instansi mitra. Admin mendaftarkan instansi dan kemitraannya.")

    def get_queryset(self):
        return super().get_queryset().select_related("parent").with_figures(self.request.user)


def detail(request, public_id):
    """The story of one relationship: visits, agreements, promises, people."""
    user = request.user
    agency = find(Agency.objects.select_related("parent"), user, public_id)
    engagements = Engagement.objects.visible_to(user).filter(agency=agency).with_open_items()
    agreements = Agreement.objects.visible_to(user).filter(agency=agency).with_status()
    items = ActionItem.objects.visible_to(user).filter(agency=agency).open()
    items = list(items.select_related("engagement"))
    return show(
        request,
        "partners/agency_detail.html",
        {
            "agency": agency,
            "units": Agency.objects.visible_to(user).filter(parent=agency),
            "engagements": engagements[:LATEST],
            "agreements": agreements,
            "items": items,
            "finishable": {item.pk for item in items if rules.can_finish(user, item)},
            "liaisons": liaisons.open_of(agency.pk),
            "may_record": may(user, "record_engagement"),
            "may_draft": may(user, "draft_agreement"),
        },
    )
