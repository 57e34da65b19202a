from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from partners import rules
from partners.filters import EngagementFilter
from partners.forms.engagement import ActionItemFormSet, EngagementForm
from partners.models import ActionItem, Agency, Agreement, Engagement
from partners.services import engagements
from partners.tables import EngagementTable
from partners.views.asked import asked_for


class EngagementList(ScopedListView):
    model = Engagement
    table_class = EngagementTable
    filterset_class = EngagementFilter
    title = gettext_lazy("Kunjungan")
    empty_text = gettext_lazy("Belum ada kunjungan. Catat kunjungan pertama ke sebuah instansi.")
    empty_url = reverse_lazy("partners:engagement-record")
    empty_label = gettext_lazy("Catat kunjungan")
    empty_act = "record_engagement"
    actions_template = "partners/_engagement_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("agency").with_open_items()


def record(request):
    if not may(request.user, "record_engagement"):
        raise PermissionDenied
    initial = {"agency": asked_for(request, "agency", Agency.objects)}
    form = EngagementForm(request.POST or None, user=request.user, initial=initial)
    items = ActionItemFormSet(request.POST or None, prefix="items")
    if form.is_valid() and not items.is_valid():
        form.add_error(None, _("Betulkan dulu baris tindak lanjut di bawah."))
    if form.is_valid():
        engagement = perform(
            form,
            engagements.record,
            facility=request.user.facility,
            action_items=items.promised(),
            by=request.user,
            **form.cleaned_data,
        )
        if engagement:
            return done(request, _("Kunjungan dicatat."), engagement)
    return show(request, "partners/engagement_record.html", {"items": items}, form=form)


def detail(request, public_id):
    engagement = find(
        Engagement.objects.select_related("agency", "created_by"), request.user, public_id
    )
    items = list(engagement.action_items.select_related("done_by"))
    return show(
        request,
        "partners/engagement_detail.html",
        {
            "engagement": engagement,
            "items": items,
            "finishable": {i.pk for i in items if rules.can_finish(request.user, i)},
            "agreements": Agreement.objects.visible_to(request.user)
            .filter(engagement=engagement)
            .with_status(),
            "may_draft": may(request.user, "draft_agreement", engagement.facility_id),
        },
    )


@require_POST
def finish_action_item(request, public_id):
    item = find(ActionItem.objects.select_related("engagement"), request.user, public_id)
    engagements.finish_action_item(item=item, by=request.user)
    return done(request, _("Tindak lanjut selesai."), item.engagement)
