"""What people need before work: who leaves soon and lacks what, and the list of one person."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import timeline_of
from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from placements import checklist
from placements.forms.readiness import ReadinessForm
from placements.lists.readiness import ReadinessFilter, ReadinessTable, quick_links
from placements.models import ReadinessItem
from placements.services import readiness

CELL = "placements/_readiness_cell.html"
FORM = "placements/_readiness_form.html"


class ReadinessList(ScopedListView):
    model = Inmate
    table_class = ReadinessTable
    filterset_class = ReadinessFilter
    template_name = "placements/readiness_list.html"
    title = gettext_lazy("Kesiapan kerja")
    lead = gettext_lazy(
        "Siapa segera bebas, dan apa yang masih kurang untuk melamar kerja. KTP, ijazah dan "
        "pasfoto dibaca dari dokumen yang pernah dilihat, riwayat hidup dari yang disetujui."
    )
    empty_text = gettext_lazy(
        "Tidak ada yang segera bebas. Daftar seseorang dibuka sendiri beberapa bulan sebelum "
        "perkiraan bebasnya."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def people(self):
        user = self.request.user
        return Inmate.objects.held_for(user).with_expected_release()

    def get_queryset(self):
        return checklist.read(self.people).order_by("expected_release", "name", "pk")

    def get_context_data(self, **kwargs):
        quick = quick_links(self.people, self.request)
        return super().get_context_data(**kwargs) | {"quick": quick}

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            access.record(self.request, access.EXPORT, self.object_list.only("public_id"))
        else:
            shown = [row.record for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


def detail(request, public_id):
    """The list of one person. `?kind=` opens the form of one thing, `?back=` is the list to
    return to; htmx gets only the cell of it, or its form, in place.
    """
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    prison, user = inmate.prison_id, request.user
    may_record = prison is not None and may(user, "record_readiness", prison)
    is_theirs = prison is not None and may(user, "see_people", prison)
    if not is_theirs or (request.method == "POST" and not may_record):
        raise PermissionDenied
    access.record(request, access.VIEW, [inmate])
    person = checklist.of(inmate)
    items = checklist.items_of(person)
    kind = request.POST.get("kind") or request.GET.get("kind")
    item = next((each for each in items if each.kind == kind), None)
    page = {"person": person, "item": item, "may_record": may_record, "back": _back(request)}
    form = None
    if item or request.method == "POST":
        form = ReadinessForm(request.POST or None, item=item, person=inmate)
    if form and form.is_valid():
        written = perform(form, readiness.record, inmate=inmate, by=user, **form.cleaned_data)
        if written:
            page["item"] = written
            return _saved(request, page)
    if request.htmx and item:
        asked = FORM if may_record and not request.GET.get("close") else CELL
        return render(request, asked, {**page, "form": form})
    return show(
        request,
        "placements/readiness_detail.html",
        {
            **page,
            "inmate": inmate,
            "items": items,
            "opens_on": checklist.opens_on(person.expected_release),
            "due": checklist.due_day(person.expected_release),
            "is_open": checklist.is_open(person),
            "history": timeline_of(ReadinessItem, readiness.history_of(inmate), user),
        },
        form=form,
    )


def _saved(request, page):
    if request.htmx:
        return render(request, CELL, {**page, "is_saved": True})
    return done(
        request,
        _("%(what)s: %(state)s.")
        % {"what": page["item"].label, "state": page["item"].standing.label.lower()},
        page["back"] or reverse("placements:readiness-detail", args=[page["person"].public_id]),
    )


def _back(request):
    """The list that the reader came from, if it is one."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    path = back.partition("?")[0]
    return back if path == reverse("placements:readiness-list") else ""
