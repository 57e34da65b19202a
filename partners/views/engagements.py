"""Pages of the log of visits, meetings, calls and letters."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, reason_in, show
from partners import log, rules
from partners.filters import EngagementFilter
from partners.forms import engagement as forms
from partners.models import Agency, Agreement, Attachment, Engagement
from partners.services import engagements
from partners.tables import EngagementTable
from partners.views.asked import asked_for
from partners.views.downloads import download

FACTS = ("agency", "kind", "held_on", "purpose", "delegation", "hosts", "result")


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
        rows = super().get_queryset().select_related("agency").with_open_items()
        return rows.order_by(*Engagement._meta.ordering)  # rows that are counted up have none


def record(request):
    if not may(request.user, "record_engagement"):
        raise PermissionDenied
    initial = {"agency": asked_for(request, "agency", Agency.objects)}
    form = forms.NewEngagementForm(
        request.POST or None, request.FILES or None, user=request.user, initial=initial
    )
    items = forms.ActionItemFormSet(request.POST or None, prefix="items")
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


@require_safe
def detail(request, public_id):
    return _page(request, _find(request, public_id))


def edit(request, public_id):
    engagement = _find(request, public_id)
    if not may(request.user, "record_engagement", engagement.facility_id):
        raise PermissionDenied
    initial = {name: getattr(engagement, name) for name in FACTS}
    form = forms.EngagementForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid() and perform(
        form, engagements.edit, engagement=engagement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Perubahan disimpan."), engagement)
    return show(request, "partners/engagement_edit.html", {"engagement": engagement}, form=form)


@require_POST
def attach(request, public_id):
    engagement = _find(request, public_id)
    if not may(request.user, "record_engagement", engagement.facility_id):
        raise PermissionDenied
    form = forms.AttachForm(request.POST, request.FILES)
    if form.is_valid() and perform(
        form, engagements.attach, engagement=engagement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Lampiran disimpan."), engagement)
    return _page(request, engagement, form)


@require_safe
def attachment(request, public_id):
    """The file as a download, for whoever reads the log."""
    row = find(Attachment.objects, request.user, public_id)
    return download(row.file, PurePath(row.name).stem)


@require_POST
def remove_attachment(request, public_id):
    row = find(Attachment.objects.select_related("engagement"), request.user, public_id)
    engagements.remove_attachment(attachment=row, reason=reason_in(request), by=request.user)
    return done(request, _("Lampiran dihapus; riwayatnya tetap."), row.engagement)


def _find(request, public_id):
    rows = Engagement.objects.select_related("agency", "created_by", "facility")
    return find(rows, request.user, public_id)


def _page(request, engagement, attach_form=None):
    user = request.user
    items = list(engagement.action_items.select_related("done_by", "owner"))
    return show(
        request,
        "partners/engagement_detail.html",
        {
            "engagement": engagement,
            "items": items,
            "finishable": {item.pk for item in items if rules.can_finish(user, item)},
            "attachments": engagement.attachments.select_related("created_by"),
            "agreements": Agreement.objects.visible_to(user)
            .filter(engagement=engagement)
            .with_status(),
            "attach_form": attach_form or forms.AttachForm(),
            "may_record": may(user, "record_engagement", engagement.facility_id),
            "may_draft": may(user, "draft_agreement", engagement.facility_id),
            "entries": log.history_of_engagement(engagement, user),
        },
        form=attach_form,
    )
