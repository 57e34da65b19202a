"""What became of those who left: the due list, one follow-up, and what is written about it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.history import timeline
from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView, csv_of
from accounts.views.pages import done, find, perform, show
from placements import asking, followed
from placements.employment import FollowUpState
from placements.forms import follow_up as forms
from placements.lists.follow_ups import FollowedTable, FollowUpFilter, FollowUpTable, lines_of
from placements.models import FollowUp
from placements.services import follow_up_answers

LIST = "placements:follow-up-list"
CARD = "placements/_follow_up_card.html"


class FollowUpList(ScopedListView):
    """Cards, so that a telephone shows them; the table is the file."""

    model = FollowUp
    table_class = FollowUpTable
    filterset_class = FollowUpFilter
    template_name = "placements/follow_up_list.html"
    title = gettext_lazy("Pemantauan")
    lead = gettext_lazy(
        "Kabar peserta sesudah bebas atau mulai bekerja: siapa yang perlu dihubungi."
    )
    empty_text = gettext_lazy(
        "Tidak ada yang jatuh tempo. Pemantauan dijadwalkan sendiri bila lulusan pelatihan bebas "
        "atau mulai bekerja."
    )

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_liaison and not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        rows = super().get_queryset().with_leave(reader=self.request.user)
        return rows.select_related(*followed.RELATED)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        if self.wants_csv:
            return context
        rows = [row.record for row in context["table"].paginated_rows]
        may_assign = may(user, "follow_up")
        return context | {
            "items": _shown(rows, user),
            "lines": lines_of(super().get_queryset(), self.request),
            "back": self.request.get_full_path(),
            "may_record": may_assign or user.is_liaison,
            "owner_form": self._owner_form() if may_assign else None,
        }

    def _owner_form(self):
        """Of the agencies that the filter's box offers."""
        offered = self.filterset.form.fields["agency"].widget.choices.rows
        return forms.OwnerForm(user=self.request.user, form_id="assign", agencies=offered)

    def render_to_response(self, context, **kwargs):
        if not self.wants_csv:
            rows = [row.record for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, map(followed.person_of, rows))
            return super().render_to_response(context, **kwargs)
        access.record(self.request, access.EXPORT, map(followed.person_of, self.object_list))
        if self.request.user.is_liaison:
            rows = list(self.object_list.order_by("due_on", "pk"))
            return csv_of(FollowedTable(followed.for_agency(rows)), self.title)
        return super().render_to_response(context, **kwargs)


@require_safe
def detail(request, public_id):
    return page(request, found(request, public_id))


def record(request, public_id):
    """Write down what was learned; htmx gets the form and then the card of the list, in place."""
    row = found(request, public_id)
    if not asking.may_record(request.user, row):
        raise PermissionDenied
    form = forms.RecordForm(request.POST or None, **offered_in(request, row))
    if form.is_valid():
        written = perform(
            form, follow_up_answers.record, follow_up=row, by=request.user, **form.cleaned_data
        )
        if written:
            return _recorded(request, public_id, written)
    if request.htmx:
        return _card(request, row, form=form)
    if request.method == "POST":
        return page(request, row, "record", form)
    return redirect(f"{row.get_absolute_url()}#record")


@require_POST
def correct(request, public_id):
    row = found(request, public_id)
    if not _may_correct(request.user, row):
        raise PermissionDenied
    form = forms.CorrectForm(request.POST, follow_up=row, **offered_in(request, row))
    if form.is_valid() and perform(
        form, follow_up_answers.correct, follow_up=row, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Catatan dibetulkan."), row)
    return page(request, row, "correct", form)


@require_POST
def undo(request, public_id):
    row = found(request, public_id)
    if not may(request.user, "correct_state", row.facility_id):
        raise PermissionDenied
    form = forms.UndoForm(request.POST)
    if form.is_valid() and perform(
        form, follow_up_answers.undo, follow_up=row, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Catatan dibatalkan."), row)
    return page(request, row, "undo", form)


def found(request, public_id):
    """The follow-up, if the reader may see it, with what its page shows."""
    rows = FollowUp.objects.with_leave(reader=request.user).select_related(*followed.RELATED)
    return find(rows, request.user, public_id)


def page(request, row, name="", bound=None):
    """The page of one follow-up; `bound` is the form of the panel `name` that came back."""
    user, person = request.user, followed.person_of(row)
    access.record(request, access.VIEW, [person])
    offered = {
        one: bound if one == name and bound is not None else form(request, row)
        for one, form in PANELS.items()
        if one in acts_for(user, row)
    }
    for one, form in offered.items():
        form.auto_id = f"{one}_%s"
    context = {
        "item": _shown([row], user)[0],
        "panels": offered,
        "refused": bound if bound is not None and name not in offered else None,
        "attempts": row.attempts.all(),
    }
    if user.is_liaison:
        return show(request, "placements/follow_up_for_agency.html", context, form=bound)
    series = FollowUp.objects.visible_to(user).with_leave().select_related(*followed.RELATED)
    series = series.filter(inmate=row.inmate_id, counted_from=row.counted_from)
    context |= {
        "row": row,
        "inmate": person,
        "code": asking.code_of(row),
        "series": followed.here(list(series.order_by("months")), user),
        "links": row.links.select_related("mail", "created_by").order_by("-pk"),
        "history": timeline(row, user) if may(user, "follow_up", row.facility_id) else [],
    }
    return show(request, "placements/follow_up_detail.html", context, form=bound)


def acts_for(user, row):
    """Names of the panels that the reader may use as the follow-up is."""
    is_due, is_done = (row.state == state for state in (FollowUpState.DUE, FollowUpState.DONE))
    is_open = asking.opens_on(row.due_on) <= timezone.localdate()
    at_prison = may(user, "follow_up", row.facility_id)
    offered = {
        "record": is_due and is_open and asking.may_record(user, row),
        "news": asking.may_record(user, row),
        "correct": is_done and _may_correct(user, row),
        "undo": is_done and may(user, "correct_state", row.facility_id),
        "assign": is_due and at_prison,
        "link": is_due and at_prison,
    }
    return {name for name, is_offered in offered.items() if is_offered}


def offered_in(request, row):
    """What a form about this follow-up may offer to this reader."""
    leave = asking.has_leave(row.has_consent, row.sentence_ends)
    return {"restricted": not request.user.is_liaison, "has_leave": leave}


PANELS = {
    "record": lambda request, row: forms.RecordForm(**offered_in(request, row)),
    "news": lambda request, row: forms.NewsForm(**offered_in(request, row)),
    "correct": lambda request, row: forms.CorrectForm(follow_up=row, **offered_in(request, row)),
    "undo": lambda request, row: forms.UndoForm(),
    "assign": lambda request, row: forms.AssignForm(user=request.user, follow_up=row),
    "link": lambda request, row: forms.LinkForm(),
}


def _shown(rows, user):
    return followed.for_agency(rows) if user.is_liaison else followed.here(rows, user)


def _may_correct(user, row):
    if user.is_liaison:
        return asking.speaks_for_owner(user, row) and bool(row.state_by and row.state_by.is_liaison)
    return may(user, "follow_up", row.facility_id)


def _recorded(request, public_id, written):
    """After a record: the card in place, or back to the list that one came from."""
    row = found(request, public_id)
    if request.htmx:
        return _card(request, row, is_saved=True)
    is_vain = written.state == FollowUpState.DUE
    told = _("Percobaan dicatat; pemantauan tetap menunggu.") if is_vain else _("Dicatat.")
    return done(request, told, back_to(request, row))


def _card(request, row, form=None, *, is_saved=False):
    """The card of one row in the list, closed or with its form; to htmx an answer of 200."""
    access.record(request, access.VIEW, [followed.person_of(row)])
    if form is not None:
        form.auto_id = f"{row.public_id}_%s"
    context = {
        "item": _shown([row], request.user)[0],
        "form": None if request.GET.get("close") else form,
        "back": _back(request),
        "may_record": True,
        "is_saved": is_saved,
    }
    return render(request, CARD, context)


def back_to(request, otherwise=LIST):
    """Where to go on: the list that the reader came from, as it was filtered."""
    return _back(request) or otherwise


def _back(request):
    back = request.POST.get("back") or request.GET.get("back") or ""
    return back if back.partition("?")[0] == reverse(LIST) else ""
