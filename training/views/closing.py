"""Closing a batch: what still lacks, the report, and the way back."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.pages import done, find, perform, reason_in, show
from training import figures, sections
from training.forms.batch import CloseForm
from training.models import Batch
from training.services import closing
from training.states import BatchState

BATCHES = Batch.objects.select_related("course", "agency", "agreement", "facility", "report")


def close(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    if not may(request.user, "plan_batch", batch.facility_id):
        raise PermissionDenied
    initial = {"cost": batch.cost, "obstacles": batch.obstacles}
    form = CloseForm(request.POST or None, initial=initial)
    if form.is_valid():
        closed = perform(form, closing.close, batch=batch, by=request.user, **form.cleaned_data)
        if closed:
            told = _("Angkatan ditutup. Konsep laporannya siap diperiksa dan diparaf.")
            return done(request, told, closed.report)
    context = {
        "batch": batch,
        "lacking": closing.lacking(batch),
        "figures": figures.of(batch),
        "is_finished": batch.state == BatchState.FINISHED,
    }
    return show(request, "training/batch_close.html", context, form=form)


@require_POST
def reopen(request, public_id):
    batch = find(BATCHES, request.user, public_id)
    closing.reopen(batch=batch, reason=reason_in(request), by=request.user)
    return done(request, _("Penutupan dibatalkan; angkatan selesai tetapi terbuka lagi."), batch)


@sections.register(order=sections.CLOSING)
def closing_section(batch, user, rows):
    """Once the training is over: what keeps it from being closed, or its report."""
    if user.is_liaison or batch.state not in (BatchState.FINISHED, BatchState.CLOSED):
        return None
    return "training/_closing.html", {
        "is_closed": batch.state == BatchState.CLOSED,
        "lacking": closing.lacking(batch) if batch.state == BatchState.FINISHED else [],
        "may_close": may(user, "plan_batch", batch.facility_id),
        "may_reopen": may(user, "correct_state", batch.facility_id),
    }
