"""Pages of what was promised: the list of a prison, one promise added or corrected."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, reason_in, show
from partners import rules
from partners.filters import ActionItemFilter
from partners.forms.engagement import PromiseForm
from partners.models import ActionItem, Engagement
from partners.services import action_items
from partners.tables import ActionItemTable

FACTS = ("what", "owner_role", "owner", "due")


class ActionItemList(ScopedListView):
    model = ActionItem
    table_class = ActionItemTable
    filterset_class = ActionItemFilter
    title = gettext_lazy("Tindak lanjut")
    lead = gettext_lazy("Yang dijanjikan pada kunjungan dan belum selesai, paling mendesak dulu.")
    empty_text = gettext_lazy("Tidak ada tindak lanjut yang terbuka.")
    empty_url = reverse_lazy("partners:engagement-list")
    empty_label = gettext_lazy("Lihat kunjungan")

    def get_queryset(self):
        rows = super().get_queryset().select_related("engagement", "agency", "owner", "done_by")
        return rows.order_by("due", "pk")

    @property
    def filter_data(self):
        """Asked even without a query string: without a word it holds what is open."""
        return self.request.GET

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["table"].paginated_rows
        return context | {
            "finishable": {
                row.record.pk for row in page if rules.can_finish(self.request.user, row.record)
            }
        }


def add(request, public_id):
    engagement = find(Engagement.objects.select_related("agency"), request.user, public_id)
    if not may(request.user, "record_engagement", engagement.facility_id):
        raise PermissionDenied
    form = PromiseForm(request.POST or None, owners=action_items.owners(engagement.facility_id))
    if form.is_valid() and perform(
        form, action_items.add, engagement=engagement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Tindak lanjut dicatat."), engagement)
    return show(request, "partners/action_item_add.html", {"engagement": engagement}, form=form)


def edit(request, public_id):
    item = _find(request, public_id)
    if not may(request.user, "record_engagement", item.facility_id):
        raise PermissionDenied
    initial = {"what": item.what, "owner_role": item.owner_role_id, "due": item.due}
    form = PromiseForm(
        request.POST or None,
        owners=action_items.owners(item.facility_id),
        item=item,
        initial=initial | {"owner": item.owner_id},
    )
    if form.is_valid() and perform(
        form, action_items.change, item=item, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Tindak lanjut diubah."), item.engagement)
    return show(request, "partners/action_item_edit.html", {"item": item}, form=form)


@require_POST
def finish(request, public_id):
    item = _find(request, public_id)
    action_items.finish(item=item, by=request.user)
    return _back(request, _("Tindak lanjut selesai."), item)


@require_POST
def reopen(request, public_id):
    item = _find(request, public_id)
    action_items.reopen(item=item, reason=reason_in(request), by=request.user)
    return _back(request, _("Tanda selesai ditarik; tindak lanjut terbuka lagi."), item)


@require_POST
def remove(request, public_id):
    item = _find(request, public_id)
    action_items.remove(item=item, reason=reason_in(request), by=request.user)
    return done(request, _("Tindak lanjut dihapus; riwayatnya tetap."), item.engagement)


def _find(request, public_id):
    return find(ActionItem.objects.select_related("engagement", "owner"), request.user, public_id)


def _back(request, sentence, item):
    """To where the button stood: the list of promises, or the visit."""
    if request.POST.get("from") == "list":
        return done(request, sentence, "partners:action-item-list")
    return done(request, sentence, item.engagement)
