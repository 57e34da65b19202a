"""One's calendar address, and the feed that a calendar reads without a session."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.views.pages import done, show
from correspondence import calendars
from correspondence.services import feeds


@require_GET
def page(request):
    return show(request, "correspondence/calendar.html", {"feed": feeds.open_of(request.user)})


@require_POST
def create(request):
    """The one page that ever shows the address."""
    token = feeds.create(by=request.user)
    address = f"{settings.SITE_URL}{reverse('correspondence:calendar-feed')}?token={token}"
    context = {"feed": feeds.open_of(request.user), "address": address}
    response = show(request, "correspondence/calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request):
    feeds.revoke(by=request.user)
    return done(
        request, _("Alamat kalender Anda tidak berlaku lagi."), "correspondence:calendar-page"
    )


@login_not_required
@require_safe
def feed(request):
    found = feeds.find(request.GET.get("token", ""))
    if found is None:
        raise Http404
    content, modified = calendars.calendar_of(found, timezone.localdate())
    feeds.note_read(feed=found)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="lapasprog.ics"',
            "Cache-Control": "private, max-age=900",
            "ETag": etag,
            "Last-Modified": http_date(modified.timestamp()),
        },
    )
    # A deadline that was settled changes the calendar but no time: only the ETag tells.
    return get_conditional_response(request, etag=etag, response=response)
