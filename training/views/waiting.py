"""The waiting list of the prison; who was shown is written down."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from training.filters import WaitingFilter
from training.forms.waiting import AddForm, WithdrawForm
from training.models import WaitingEntry
from training.services import waiting
from training.tables import WaitingTable


class WaitingList(ScopedListView):
    model = WaitingEntry
    table_class = WaitingTable
    filterset_class = WaitingFilter
    asks = ("state",)
    title = gettext_lazy("Daftar tunggu")
    lead = gettext_lazy("Warga Binaan yang menunggu pelatihan, yang paling lama lebih dulu.")
    empty_text = gettext_lazy(
        "Belum ada yang menunggu. Catat permintaan dari halaman Warga Binaan."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        rows = super().get_queryset().of_people_at(self.request.user.facility_ids)
        rows = rows.with_expected_release()
        if not self.request.GET.get("state"):
            rows = rows.open()
        return rows.select_related("inmate__merged_into", "course")

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = Inmate.objects.visible_to(self.request.user)
            named = people.filter(pk__in=self.object_list.order_by().values("inmate"))
            access.record(self.request, access.EXPORT, named.only("public_id"))
        else:
            shown = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


def add(request, public_id):
    """Somebody asks for a course: from the person's page onto the list."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    if not may(request.user, "propose_candidates", inmate.prison_id):
        raise PermissionDenied
    form = AddForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if form.is_valid() and perform(
        form, waiting.add, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Dicatat di daftar tunggu."), inmate)
    access.record(request, access.VIEW, [inmate])
    return show(request, "training/waiting_add.html", {"inmate": inmate}, form=form)


def withdraw(request, public_id):
    entry = find(
        WaitingEntry.objects.select_related("inmate__merged_into", "course"),
        request.user,
        public_id,
    )
    if not may(request.user, "propose_candidates", waiting.place_of(entry)):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if form.is_valid() and perform(
        form, waiting.withdraw, entry=entry, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Tidak lagi di daftar tunggu."), "training:waiting-list")
    access.record(request, access.VIEW, [entry.inmate])
    return show(request, "training/waiting_withdraw.html", {"entry": entry}, form=form)
