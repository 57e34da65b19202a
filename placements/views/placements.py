"""Work that people have: the list, one, how it begins after release, is corrected and ends."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Facility
from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, opened, perform, reason_in, show
from inmates.models import Inmate
from placements.employment import PlacementKind, PlacementState
from placements.forms import placement as forms
from placements.lists.placements import PlacementFilter, PlacementTable
from placements.models import FollowUp, Placement, Referral
from placements.services import in_charge, placement_corrections, placements, work_days
from placements.views.person import ask

RELATED = (
    *("inmate__merged_into", "facility", "employer", "vacancy", "referral__agency"),
    *("agreement__agency", "agreement__successor", "created_by", "state_by"),
)
DAYS_SHOWN = 14
ACT, CORRECTS = "place_people", "correct_state"
# Addresses of the scans of work release.
PAPERS = {
    "decree": "decree_scan",
    "family": "family_guarantee",
    "institution": "institution_guarantee",
}


class PlacementList(ScopedListView):
    model = Placement
    table_class = PlacementTable
    filterset_class = PlacementFilter
    asks = ("state",)
    title = gettext_lazy("Penempatan kerja")
    lead = gettext_lazy("Pekerjaan sesudah bebas, wirausaha, dan asimilasi kerja.")
    empty_text = gettext_lazy(
        "Belum ada penempatan. Catat dari rujukan yang sudah diterima, atau dari halaman orangnya."
    )
    actions_template = "placements/_placement_list_actions.html"

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        """What was written down wrongly is there only for who asks for it."""
        rows = super().get_queryset().select_related("inmate", "employer")
        is_asked = self.request.GET.get("state") == PlacementState.VOID
        return rows if is_asked else rows.counted()

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            named = self.object_list.order_by().values("inmate")
            people = Inmate.objects.visible_to(self.request.user).filter(pk__in=named)
            access.record(self.request, access.EXPORT, people.only("public_id"))
        else:
            people = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, people)
        return super().render_to_response(context, **kwargs)


@require_safe
def detail(request, public_id):
    return _page(request, found(request, public_id))


def begin(request, public_id):
    """Work of somebody who was released, for a place of `?vacancy=` if one was chosen."""
    inmate, prison = whose(request, public_id)
    form = forms.BeginForm(
        request.POST or None,
        user=request.user,
        initial={"vacancy": request.GET.get("vacancy"), "employer": request.GET.get("employer")},
    )
    if form.is_valid():
        work = perform(
            form,
            placements.begin,
            inmate=inmate,
            facility=prison,
            by=request.user,
            **form.cleaned_data,
        )
        if work:
            return done(request, _("Penempatan dicatat."), work)
    return ask(
        request,
        inmate,
        form,
        title=_("Catat penempatan kerja"),
        button=_("Simpan"),
        lead="" if form.is_bound else placements.problem_of_working(inmate, request.user),
    )


def begin_referred(request, public_id):
    """Work that came of an accepted referral; who still serves goes by work release."""
    rows = Referral.objects.select_related("inmate", "employer", "vacancy", "agency")
    referral = find(rows, request.user, public_id)
    if not may(request.user, ACT, referral.facility_id):
        raise PermissionDenied
    form = forms.ReferredForm(
        request.POST or None,
        initial={"job": referral.vacancy.title if referral.vacancy else ""},
    )
    if form.is_valid():
        work = perform(
            form,
            placements.begin_referred,
            referral=referral,
            by=request.user,
            **form.cleaned_data,
        )
        if work:
            return done(request, _("Penempatan dicatat; instansi perujuk diberi tahu."), work)
    access.record(request, access.VIEW, [referral.inmate])
    return show(
        request,
        "placements/placement_referred.html",
        {"referral": referral, "is_inside": referral.inmate.prison_id is not None},
        form=form,
    )


def correct(request, public_id):
    work = _mine(request, public_id)
    form = forms.CorrectForm(
        request.POST or None,
        user=request.user,
        placement=work,
        names=placements.correctable(work),
    )
    if form.is_valid() and perform(
        form,
        placements.correct,
        placement=work,
        changes=form.changes(),
        reason=form.cleaned_data["reason"],
        by=request.user,
    ):
        return done(request, _("Penempatan dibetulkan."), work)
    return ask_about(request, work, form, title=_("Betulkan penempatan"), button=_("Simpan"))


@require_POST
def end(request, public_id):
    work = _mine(request, public_id)
    form = forms.EndForm(request.POST)
    if form.is_valid() and perform(
        form, placements.end, placement=work, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Akhir pekerjaan dicatat."), work)
    return _page(request, work, form)


@require_POST
def reopen(request, public_id):
    work = found(request, public_id)
    if not may(request.user, CORRECTS, work.facility_id):
        raise PermissionDenied
    form = Form(request.POST)
    reason = reason_in(request)
    if form.is_valid() and perform(
        form, placements.undo_end, placement=work, reason=reason, by=request.user
    ):
        return done(request, _("Pekerjaan ini berjalan lagi."), work)
    return _page(request, work, form)


@require_POST
def void(request, public_id):
    work = found(request, public_id)
    if not may(request.user, CORRECTS, work.facility_id):
        raise PermissionDenied
    form = Form(request.POST)
    reason = reason_in(request)
    if form.is_valid() and perform(
        form, placement_corrections.void, placement=work, reason=reason, by=request.user
    ):
        return done(request, _("Catatan ini dibatalkan; tidak dihitung di mana pun."), work)
    return _page(request, work, form)


@require_safe
def paper(request, public_id, scan):
    """One of the scans (`PAPERS`) on which work release rests."""
    work = found(request, public_id)
    file = getattr(work, scan)
    content = opened(file)
    access.record(request, access.EXPORT, [work.inmate])
    title = slugify(f"{Placement._meta.get_field(scan).verbose_name} {work.inmate.person_key}")
    return FileResponse(
        content, as_attachment=True, filename=f"{title}{PurePath(file.name).suffix}"
    )


def found(request, public_id):
    return find(Placement.objects.select_related(*RELATED), request.user, public_id)


def whose(request, public_id):
    """The person, and the prison that answers for them, where the reader may place people."""
    rows = Inmate.objects.select_related("merged_into__prison", "prison")
    inmate = find(rows, request.user, public_id)
    inmate = inmate.merged_into or inmate
    prison = Facility.objects.visible_to(request.user).filter(pk=in_charge.of(inmate)).first()
    if prison is None or not may(request.user, ACT, prison.pk):
        raise PermissionDenied
    return inmate, prison


def ask_about(request, work, form, *, title, button, lead=""):
    """The page of one form about a placement."""
    access.record(request, access.VIEW, [work.inmate])
    return show(
        request,
        "placements/placement_form.html",
        {"work": work, "title": title, "button": button, "explanation": lead},
        form=form,
    )


def _mine(request, public_id):
    work = found(request, public_id)
    if not may(request.user, ACT, work.facility_id):
        raise PermissionDenied
    return work


def _page(request, work, form=None):
    user = request.user
    access.record(request, access.VIEW, [work.inmate])
    is_running, is_void = work.state == PlacementState.RUNNING, work.state == PlacementState.VOID
    may_correct = may(user, CORRECTS, work.facility_id)
    is_release = work.kind == PlacementKind.WORK_RELEASE
    may_place = may(user, ACT, work.facility_id)
    end_form = form if isinstance(form, forms.EndForm) else forms.EndForm()
    return show(
        request,
        "placements/placement_detail.html",
        {
            "work": work,
            "is_release": is_release,
            "may_place": may_place and not is_void,
            "end_form": end_form if is_running and may_place else None,
            "all": not (is_running and may_place),
            "is_void": is_void,
            "may_reopen": work.state == PlacementState.ENDED and may_correct,
            "may_void": may_correct and not is_void,
            "hanging": may_correct and placement_corrections.problem_of_voiding(work),
            "obstacles": work_days.obstacles_today(work) if is_release and is_running else [],
            "days": work_days.latest(work, DAYS_SHOWN) if is_release else [],
            "follow_ups": _follow_ups(user, work),
            "sees_referral": Referral.objects.visible_to(user).filter(pk=work.referral_id).exists(),
        },
        form=form,
    )


def _follow_ups(user, work):
    rows = FollowUp.objects.visible_to(user).filter(placement=work)
    return rows.order_by("due_on", "pk")
