"""What changed for whom, what hangs on it, and what was decided: the inbox and one change."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.models import Circumstance
from placements.filters import CircumstanceFilter
from placements.forms.circumstance import DecideForm, UndoForm
from placements.rules import difference, state_in_words
from placements.services import circumstances
from placements.tables import CircumstanceTable


class CircumstanceList(ScopedListView):
    model = Circumstance
    table_class = CircumstanceTable
    filterset_class = CircumstanceFilter
    title = gettext_lazy("Perubahan keadaan")
    lead = gettext_lazy(
        "Pindah, bebas, pembatasan, tanggal atau persetujuan yang berubah, dan akibatnya bagi "
        "pelatihan."
    )
    empty_text = gettext_lazy(
        "Tidak ada perubahan yang menunggu. Yang sudah ditangani ada di saringan Keputusan."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().select_related("inmate")

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = [row.inmate for row in self.object_list.only("inmate__public_id")]
            access.record(self.request, access.EXPORT, people)
        else:
            people = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, people)
        return super().render_to_response(context, **kwargs)


def detail(request, public_id):
    return _page(request, _found(request, public_id))


@require_POST
def decide(request, public_id):
    circumstance = _found(request, public_id)
    if not may(request.user, "decide_circumstance", circumstance.facility_id):
        raise PermissionDenied
    form = _decide_form(circumstance, request.POST)
    if form.is_valid() and perform(
        form,
        circumstances.decide,
        circumstance=circumstance,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Keputusan dicatat."), circumstance)
    return _page(request, circumstance, form=form)


@require_POST
def undo(request, public_id):
    circumstance = _found(request, public_id)
    if not may(request.user, "correct_state", circumstance.facility_id):
        raise PermissionDenied
    form = UndoForm(request.POST)
    if form.is_valid() and perform(
        form, circumstances.undo, circumstance=circumstance, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Keputusan dibatalkan; perubahan ini menunggu lagi."), circumstance)
    return _page(request, circumstance, undo_form=form)


def _found(request, public_id):
    rows = Circumstance.objects.select_related("inmate", "facility", "created_by", "handled_by")
    return find(rows, request.user, public_id)


def _decide_form(circumstance, data=None):
    return DecideForm(
        data,
        kind=circumstance.kind,
        decisions=circumstances.decisions_for(
            circumstance.kind, circumstances.touches(circumstance) if circumstance.is_open else []
        ),
    )


def _page(request, circumstance, *, form=None, undo_form=None):
    access.record(request, access.VIEW, [circumstance.inmate])
    is_open, facility = circumstance.is_open, circumstance.facility_id
    may_decide = is_open and may(request.user, "decide_circumstance", facility)
    return show(
        request,
        "placements/circumstance_detail.html",
        {
            "circumstance": circumstance,
            "difference": difference(circumstance.kind, circumstance.old, circumstance.new),
            "legs": circumstances.touches(circumstance) if is_open else [],
            "outcome": [
                {
                    **line,
                    "was": state_in_words(line["what"], line["was"]),
                    "to": state_in_words(line["what"], line["to"]),
                }
                for line in circumstance.outcome
            ],
            "decide_form": (form or _decide_form(circumstance)) if may_decide else None,
            "undo_form": undo_form or UndoForm(),
            "may_undo": circumstances.may_be_undone(circumstance)
            and may(request.user, "correct_state", facility),
        },
        form=form or undo_form,
    )
