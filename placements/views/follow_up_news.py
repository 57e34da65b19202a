"""News outside the schedule, and the beginning of a series for somebody who left long ago."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.views.pages import done, find, perform
from inmates.models import Custody, Inmate
from placements import asking
from placements.forms import follow_up as forms
from placements.services import follow_up_answers, follow_ups
from placements.views.follow_ups import found, offered_in, page
from placements.views.person import ask


@require_POST
def news_of(request, public_id):
    """Of the person of a follow-up, from its page."""
    row = found(request, public_id)
    if not asking.may_record(request.user, row):
        raise PermissionDenied
    form = forms.NewsForm(request.POST, **offered_in(request, row))
    if form.is_valid():
        written = perform(
            form, follow_up_answers.tell_news_of, follow_up=row, by=request.user,
            **form.cleaned_data,
        )  # fmt: skip
        if written:
            return done(request, _("Kabar dicatat."), written)
    return page(request, row, "news", form)


def news(request, public_id):
    """Of anybody who was at a prison of the reader's, from the person's page."""
    inmate, custody = _left(request, public_id)
    form = forms.NewsForm(request.POST or None)
    if form.is_valid():
        written = perform(
            form,
            follow_up_answers.tell_news,
            inmate=inmate,
            facility=custody.facility,
            by=request.user,
            **form.cleaned_data,
        )
        if written:
            return done(request, _("Kabar dicatat."), written)
    return ask(
        request,
        inmate,
        form,
        title=_("Catat kabar"),
        lead=_("Kabar di luar jadwal pemantauan: dari keluarga, PK Bapas, atau orangnya sendiri."),
        button=_("Simpan kabar"),
    )


@require_POST
def start(request, public_id):
    inmate, _custody = _left(request, public_id)
    follow_ups.start(inmate=inmate, by=request.user)
    return done(request, _("Pemantauan dijadwalkan."), inmate)


def _left(request, public_id):
    """The person and their last stay at a prison of the reader's, for who follows people up there.

    Who is still there is followed up by nobody: 403.
    """
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    custody = Custody.objects.visible_to(request.user).last_of(inmate)
    if custody is None:
        raise Http404
    if custody.until is None or not may(request.user, "follow_up", custody.facility_id):
        raise PermissionDenied
    return inmate, custody
