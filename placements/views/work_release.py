"""Work while serving: its beginning with all its papers, and what changes in them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from placements.forms.work_release import ChangeForm, WorkReleaseForm
from placements.models import Referral
from placements.services import placements, work_release
from placements.services import work_release_checks as needs
from placements.views.placements import ACT, ask_about, found, whose


def begin(request, public_id):
    """For somebody in custody; `?referral=` with the accepted referral that it comes of."""
    inmate, prison = whose(request, public_id)
    referral = _referral(request)
    form = WorkReleaseForm(
        *_sent(request),
        user=request.user,
        facility_id=prison.pk,
        employer=referral and referral.employer,
        initial={"employer": request.GET.get("employer")},
    )
    if form.is_valid():
        work = perform(
            form,
            work_release.begin,
            inmate=inmate,
            facility=prison,
            referral=referral,
            by=request.user,
            **form.cleaned_data,
        )
        if work:
            return done(request, _("Asimilasi kerja dicatat; pengamanan diberi tahu."), work)
    access.record(request, access.VIEW, [inmate])
    return show(
        request,
        "placements/work_release_new.html",
        {
            "inmate": inmate,
            "referral": referral,
            "standing": needs.standing_of(inmate),
            "works": placements.problem_of_working(inmate, request.user),
        },
        form=form,
    )


def change(request, public_id):
    """Other hours, a new decree, the agreement that continues the old one."""
    work = found(request, public_id)
    if not may(request.user, ACT, work.facility_id):
        raise PermissionDenied
    if work.agreement_id is None:
        raise PermissionDenied
    form = ChangeForm(*_sent(request), placement=work)
    if form.is_valid() and perform(
        form,
        work_release.change,
        placement=work,
        changes=form.changes(),
        reason=form.cleaned_data["reason"],
        by=request.user,
    ):
        return done(request, _("Ketentuan asimilasi kerja diubah."), work)
    return ask_about(
        request,
        work,
        form,
        title=_("Ubah ketentuan asimilasi kerja"),
        button=_("Simpan"),
        lead=_("Berlaku mulai sekarang. Pindaian yang tidak dipilih tetap yang lama."),
    )


def _referral(request):
    """The accepted referral that the address names; the service knows whose it must be."""
    asked = request.GET.get("referral", "")
    if not asked:
        return None
    try:
        public_id = UUID(asked)
    except ValueError:
        raise Http404 from None
    return find(Referral.objects.select_related("employer", "vacancy"), request.user, public_id)


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()
