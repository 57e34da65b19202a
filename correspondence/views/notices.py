"""One's own notices, and the mails that were made of them. Reading changes nothing: GET is GET."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.views.pages import done, find, show
from correspondence.models import Mail, Notice
from correspondence.services import notices

PER_PAGE = 25


@require_GET
def inbox(request):
    tab = request.GET.get("tab")
    own = Notice.objects.visible_to(request.user)
    if tab == "mail":
        rows = Mail.objects.visible_to(request.user).rendered()
    elif tab == "all":
        rows = own.shown()
    else:
        tab, rows = "waiting", own.waiting().by_due()
    return show(
        request,
        "correspondence/notice_list.html",
        {
            "tab": tab,
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "has_unread": own.unread().exists(),
            "digest_at": settings.DIGEST_AT,
        },
    )


@require_POST
def open_one(request, public_id):
    notice = find(Notice.objects, request.user, public_id)
    notices.mark_read(notices=Notice.objects.visible_to(request.user).filter(pk=notice.pk))
    if url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None):
        return redirect(notice.link)
    return redirect("correspondence:notice-list")


@require_POST
def acknowledge(request, public_id):
    notices.acknowledge(notice=find(Notice.objects, request.user, public_id), by=request.user)
    return done(request, _("Pemberitahuan sudah Anda ketahui."), "correspondence:notice-list")


@require_POST
def read_all(request):
    notices.mark_read(notices=Notice.objects.visible_to(request.user))
    return done(request, _("Semua pemberitahuan ditandai terbaca."), "correspondence:notice-list")
