"""One's own notices, and the mails that were made of them. Reading changes nothing: GET is GET."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils import formats
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.pages import done, find, perform, show
from correspondence.filters import InboxFilter
from correspondence.forms.reminder import MailChoicesForm, SnoozeForm
from correspondence.models import Mail, Notice
from correspondence.services import notices, silences

PER_PAGE = 25


@require_GET
def inbox(request):
    tab = request.GET.get("tab")
    own = Notice.objects.visible_to(request.user)
    if tab == "mail":
        rows = Mail.objects.visible_to(request.user).rendered()
    elif tab == "all":
        rows = own.shown()
    elif tab == "snoozed":
        rows = own.snoozed().order_by("snoozed_until", "due")
    else:
        tab, rows = "waiting", own.waiting().by_due()
    filter = None if tab == "mail" else InboxFilter(request.GET, rows)
    page = Paginator(filter.qs if filter else rows, PER_PAGE).get_page(request.GET.get("page"))
    if tab != "mail":
        _say_who_else_knows(page.object_list, request.user)
    return show(
        request,
        "correspondence/notice_list.html",
        {
            "tab": tab,
            "page": page,
            "filter": filter,
            "waiting": own.waiting().count(),
            "snoozed": own.snoozed().count(),
            "has_unread": own.unread().exists(),
            "digest_at": settings.DIGEST_AT,
        },
    )


def _say_who_else_knows(page, reader):
    """Each deadline of the reader's own prison gets `others`: colleagues told of it."""
    shared = [
        notice
        for notice in page
        if notice.facility_id in reader.facility_ids and notice.has_deadline
    ]
    told = {}
    rows = Notice.objects.beside(shared).select_related("recipient").by_due() if shared else ()
    for row in rows:
        if row.recipient_id != reader.pk:
            told.setdefault(_deadline_of(row), {})[row.recipient_id] = row
    for notice in shared:
        notice.others = list(told.get(_deadline_of(notice), {}).values())


def _deadline_of(notice):
    return (notice.kind, notice.object_type, notice.object_id, notice.due)


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


@require_http_methods(["GET", "POST"])
def snooze(request, public_id):
    notice = find(Notice.objects, request.user, public_id)
    form = SnoozeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(form, notices.snooze, notice=notice, by=request.user, **form.cleaned_data)
    ):
        until = formats.date_format(form.cleaned_data["until"])
        sentence = _("Ditunda: Anda diingatkan lagi pada %(day)s.") % {"day": until}
        return done(request, sentence, "correspondence:notice-list")
    return show(request, "correspondence/notice_snooze.html", {"notice": notice}, form=form)


@require_http_methods(["GET", "POST"])
def mail_choices(request):
    if request.method == "POST":
        form = MailChoicesForm(request.POST)
        if form.is_valid():
            perform(form, silences.choose, by=request.user, **form.cleaned_data)
        if not form.errors:
            return done(request, _("Pilihan surel disimpan."), "correspondence:mail-choices")
    else:
        form = MailChoicesForm(initial={"silenced": sorted(silences.of(request.user))})
    return show(request, "correspondence/mail_choices.html", form=form)
