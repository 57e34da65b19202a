"""Pages of agencies: the partners of a prison, and the story of one relationship."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from partners import log, rules, story
from partners.filters import AgencyFilter
from partners.forms.agency import AgencyForm, KnownAgencyForm, NewAgencyForm
from partners.models import ActionItem, Agency, Agreement, Contact
from partners.services import agencies, liaisons
from partners.tables import AgencyTable

EVENTS = 20


class AgencyList(ScopedListView):
    model = Agency
    table_class = AgencyTable
    filterset_class = AgencyFilter
    title = gettext_lazy("Instansi")
    empty_text = gettext_lazy("Belum ada instansi mitra. Kasi mendaftarkan yang pertama.")
    empty_url = reverse_lazy("partners:agency-add")
    empty_label = gettext_lazy("Daftarkan instansi")
    empty_act = "manage_agencies"
    actions_template = "partners/_agency_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("parent").with_figures(self.request.user)


@require_safe
def detail(request, public_id):
    """The story of one relationship: what stands, what waits, what happened, whom to call."""
    user = request.user
    agency = find(Agency.objects.select_related("parent"), user, public_id)
    items = ActionItem.objects.visible_to(user).filter(agency=agency).open()
    items = list(items.select_related("engagement", "owner"))
    kind = request.GET.get("kind", "")
    page = Paginator(story.days(agency, user, kind), EVENTS).get_page(request.GET.get("page"))
    ours, theirs = story.waiting(agency, user)
    prison = agencies.prison_of(user, agency, "record_engagement")
    return show(
        request,
        "partners/agency_detail.html",
        {
            "agency": agency,
            "parent": Agency.objects.visible_to(user).filter(pk=agency.parent_id).first(),
            "units": Agency.objects.visible_to(user).filter(parent=agency),
            "sentences": story.sentences(agency, user),
            "ours": ours,
            "theirs": theirs,
            "kinds": story.chapters(user),
            "kind": kind,
            "page": page,
            "events": story.told(agency, user, list(page.object_list)),
            "agreements": Agreement.objects.visible_to(user).filter(agency=agency).with_status(),
            "items": items,
            "finishable": {item.pk for item in items if rules.can_finish(user, item)},
            "contacts": Contact.objects.visible_to(user).filter(agency=agency),
            "liaisons": liaisons.open_of(agency.pk),
            "may_record": prison is not None,
            "may_draft": may(user, "draft_agreement"),
            "may_edit": agencies.prison_of(user, agency, "manage_agencies") is not None,
            "entries": [] if user.is_liaison else log.history_of_agency(agency, user),
        },
    )


def add(request):
    """A further partner: one of those whose name is much like it, or a new agency."""
    if not may(request.user, "manage_agencies"):
        raise PermissionDenied
    chosen = KnownAgencyForm(request.POST if "agency" in request.POST else None)
    if chosen.is_valid() and perform(
        chosen,
        agencies.add_partner,
        facility=request.user.facility,
        by=request.user,
        **chosen.cleaned_data,
    ):
        return done(request, _("Instansi menjadi mitra."), chosen.cleaned_data["agency"])
    typed = request.POST if request.method == "POST" and not chosen.is_bound else None
    name = (typed or request.GET).get("name", "").replace("\0", "").strip()
    known = agencies.near(name) if name else []
    form = NewAgencyForm(typed, user=request.user, asks=bool(known), initial={"name": name})
    if form.is_valid():
        agency = perform(
            form,
            agencies.add_partner,
            facility=request.user.facility,
            by=request.user,
            **form.cleaned_data,
        )
        if agency:
            return done(request, _("Instansi didaftarkan sebagai mitra."), agency)
    partners = Agency.objects.visible_to(request.user).filter(pk__in=[one.pk for one in known])
    context = {"known": known, "partners": set(partners), "chosen": chosen}
    return show(request, "partners/agency_add.html", context, form=form)


def edit(request, public_id):
    agency = find(Agency.objects.select_related("parent"), request.user, public_id)
    if agencies.prison_of(request.user, agency, "manage_agencies") is None:
        raise PermissionDenied
    initial = {name: getattr(agency, name) for name in agencies.FACTS}
    form = AgencyForm(request.POST or None, user=request.user, agency=agency, initial=initial)
    if form.is_valid() and perform(
        form, agencies.edit, agency=agency, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Perubahan disimpan."), agency)
    return show(request, "partners/agency_edit.html", {"agency": agency}, form=form)
