"""Participants: the list that the agency may read, and who is kept from class or drops out."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from training.forms.enrolment import DropForm, ResumeForm, SuspendForm
from training.models import Enrolment
from training.services import enrolments, seat_offers
from training.states import BLOCKS_OTHERS, EnrolmentState
from training.views.selection import need_names


def suspend(request, public_id):
    return _leave(
        request,
        public_id,
        form_class=SuspendForm,
        service=enrolments.suspend,
        template="training/participant_suspend.html",
        sentence=_("Peserta ditangguhkan; kursinya tetap. Instansi diberi tahu kodenya."),
    )


def drop(request, public_id):
    return _leave(
        request,
        public_id,
        form_class=DropForm,
        service=enrolments.drop,
        template="training/participant_drop.html",
        sentence=_("Peserta keluar; instansi diberi tahu kodenya."),
    )


@require_POST
def resume(request, public_id):
    row = _find(request, public_id)
    form = ResumeForm(request.POST)
    form.full_clean()
    if perform(form, enrolments.resume, enrolment=row, by=request.user):
        return done(request, _("Peserta mengikuti pelatihan lagi."), row.batch)
    return _page(request, row, "training/participant_suspend.html", form, SuspendForm())


def _leave(request, public_id, *, form_class, service, template, sentence):
    row = _find(request, public_id)
    form = form_class(request.POST or None)
    if form.is_valid() and perform(
        form, service, enrolment=row, by=request.user, **form.cleaned_data
    ):
        return done(request, sentence, row.batch)
    return _page(request, row, template, form, form)


def _page(request, row, template, form, leave_form):
    access.record(request, access.VIEW, [row.inmate])
    return show(
        request,
        template,
        {
            "enrolment": row,
            "batch": row.batch,
            "leave_form": leave_form,
            "is_in": row.state in BLOCKS_OTHERS,
            "is_suspended": row.state == EnrolmentState.SUSPENDED,
            "reserves": len(seat_offers.waiting_reserves(row.batch)),
            "last_day": seat_offers.last_day_of_replacement(row.batch),
        },
        form=form,
    )


def _find(request, public_id):
    related = ("batch__course", "batch__agency", "inmate")
    row = find(Enrolment.objects.select_related(*related), request.user, public_id)
    if request.user.is_liaison:
        raise PermissionDenied
    need_names(request, row.facility_id)
    if not may(request.user, "propose_candidates", row.facility_id):
        raise PermissionDenied
    return row
