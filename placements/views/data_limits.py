"""A person's data are kept and used no further, and used again."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.pages import done, find, perform
from inmates.models import Inmate
from placements.forms.data_limit import LiftForm, LimitForm
from placements.services import data_limits, in_charge
from placements.views.person import ask


def impose(request, public_id):
    inmate = _found(request, public_id)
    form = LimitForm(request.POST or None)
    if form.is_valid() and perform(
        form, data_limits.impose, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Pemrosesan dibatasi; data hanya disimpan."), inmate)
    return ask(
        request,
        inmate,
        form,
        title=_("Batasi pemrosesan data"),
        button=_("Batasi pemrosesan"),
        lead=_(
            "Atas permintaan orangnya. Data tetap disimpan dan dibaca petugas, tetapi tidak dibaca "
            "instansi; orangnya tidak diusulkan, dicocokkan atau dirujuk. Rujukan yang terbuka "
            "berakhir, dan pemantauan oleh instansi kembali ke lapas."
        ),
        is_dangerous=True,
    )


@require_POST
def lift(request, public_id):
    inmate = _found(request, public_id)
    form = LiftForm(request.POST)
    if form.is_valid() and perform(
        form, data_limits.lift, inmate=inmate, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Pembatasan dicabut; yang sudah berakhir dimulai lagi."), inmate)
    return ask(
        request, inmate, form, title=_("Cabut pembatasan pemrosesan"), button=_("Cabut pembatasan")
    )


def _found(request, public_id):
    """The person, for who answers their requests where they are, or were last."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    if not in_charge.acts(request.user, inmate, data_limits.ACT):
        raise PermissionDenied
    return inmate
