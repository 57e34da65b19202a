"""Moves between prisons: the list, one move with its answer, and sending somebody away."""

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.models import Custody, Inmate, Transfer
from inmates.services import transfers
from inmates.states import TransferState
from placements.filters import TransferFilter
from placements.forms.transfer import AcceptForm, AskForm, RefuseForm, SendForm
from placements.rules import outcome_in_words
from placements.services import departures
from placements.tables import TransferTable


class TransferList(ScopedListView):
    model = Transfer
    table_class = TransferTable
    filterset_class = TransferFilter
    title = gettext_lazy("Mutasi")
    lead = gettext_lazy("Warga Binaan yang pindah dari atau ke lapas ini.")
    empty_text = gettext_lazy(
        "Belum ada mutasi. Permintaan dibuat bila impor register memuat orang yang tercatat di "
        "lapas lain; pengiriman dimulai dari halaman Warga Binaan."
    )

    actions_template = "placements/_transfer_list_actions.html"

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().select_related("inmate", "origin", "destination")

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = [transfer.inmate for transfer in self.object_list]
            access.record(self.request, access.EXPORT, people)
        else:
            people = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, people)
        return super().render_to_response(context, **kwargs)


def detail(request, public_id):
    return _page(request, _found(request, public_id))


def propose(request):
    """A person who is here, by SDP key: their prison of origin is asked for the record."""
    if not may(request.user, "import_register"):
        raise PermissionDenied
    form = AskForm(request.POST or None)
    if form.is_valid():
        transfer = perform(
            form,
            transfers.propose,
            destination=request.user.facility,
            by=request.user,
            **form.cleaned_data,
        )
        if transfer:
            return done(request, _("Permintaan dikirim ke lapas asal."), transfer)
    return show(request, "placements/transfer_propose.html", form=form)


@require_POST
def accept(request, public_id):
    transfer = _answered_by(request, public_id)
    form = AcceptForm(request.POST)
    if form.is_valid() and perform(
        form, departures.accept, transfer=transfer, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Mutasi diterima; masa penempatan di sini berakhir."), transfer)
    return _page(request, transfer, form)


@require_POST
def refuse(request, public_id):
    transfer = _answered_by(request, public_id)
    form = RefuseForm(request.POST)
    if form.is_valid() and perform(
        form, transfers.refuse, transfer=transfer, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Permintaan ditolak; lapas yang meminta diberi tahu."), transfer)
    return _page(request, transfer, form)


@require_POST
def withdraw(request, public_id):
    transfer = _found(request, public_id)
    if not may(request.user, "import_register", transfer.destination_id):
        raise PermissionDenied
    form = Form(request.POST)
    if form.is_valid() and perform(form, transfers.withdraw, transfer=transfer, by=request.user):
        return done(request, _("Permintaan ditarik."), transfer)
    return _page(request, transfer, form)


def send(request, public_id):
    inmate = find(Inmate.objects, request.user, public_id)
    custody = Custody.objects.visible_to(request.user).last_of(inmate)
    if custody is None:
        raise Http404
    if not may(request.user, "import_register", custody.facility_id):
        raise PermissionDenied
    form = SendForm(request.POST or None, origin_id=custody.facility_id)
    if form.is_valid():
        transfer = perform(
            form,
            departures.send,
            inmate=inmate,
            origin=custody.facility,
            by=request.user,
            **form.cleaned_data,
        )
        if transfer:
            return done(request, _("Dikirim; lapas tujuan diberi tahu."), transfer)
    access.record(request, access.VIEW, [inmate])
    return show(
        request,
        "placements/transfer_send.html",
        {"inmate": inmate, "custody": custody},
        form=form,
    )


def _found(request, public_id):
    rows = Transfer.objects.select_related("inmate", "origin", "destination", "state_by")
    return find(rows, request.user, public_id)


def _answered_by(request, public_id):
    transfer = _found(request, public_id)
    if not may(request.user, "answer_transfer", transfer.origin_id):
        raise PermissionDenied
    return transfer


def _page(request, transfer, form=None):
    """One move; until it is accepted the asking prison reads no name and no origin here."""
    access.record(request, access.VIEW, [transfer.inmate])
    user, seen = request.user, transfers.seen(transfer, request.user)
    is_open = transfer.state == TransferState.PROPOSED
    answers = is_open and may(user, "answer_transfer", transfer.origin_id)
    circumstance = (
        departures.latest(transfer.inmate, transfer.origin_id) if seen.is_origin else None
    )
    accepting = AcceptForm(initial={"moved_on": transfer.moved_on})
    return show(
        request,
        "placements/transfer_detail.html",
        {
            "transfer": transfer,
            "seen": seen,
            "accept_form": (form if isinstance(form, AcceptForm) else accepting) if answers else "",
            "all": not answers,  # the form that came back does not stand on the page any more
            "refuse_form": form if isinstance(form, RefuseForm) else RefuseForm(),
            "may_withdraw": is_open and may(user, "import_register", transfer.destination_id),
            "circumstance": circumstance,
            "outcome": outcome_in_words(circumstance.outcome) if circumstance else [],
        },
        form=form,
    )
