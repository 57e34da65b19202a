"""One's own notices, and the mails that were made of them. Reading changes nothing: GET is GET."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect
from django.utils import formats
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.prepared import asked_often
from accounts.views.pages import done, find, perform, show
from correspondence.filters import InboxForm
from correspondence.forms.reminder import MailChoicesForm, SnoozeForm
from correspondence.models import Mail, Notice
from correspondence.services import notices, silences

PER_PAGE = 25


# What stands under each tab besides the mails.
TABS = {
    "waiting": lambda own: own.waiting().by_due(),
    "snoozed": lambda own: own.snoozed().order_by("snoozed_until", "due"),
    "all": lambda own: own.shown(),
}


@require_GET
def inbox(request):
    tab, user = request.GET.get("tab"), request.user
    tab = tab if tab in (*TABS, "mail") else "waiting"
    numbers, shown, first = _asked(user.pk, tab)
    if tab == "mail":
        form, rows = None, Mail.objects.visible_to(user).rendered()
    else:
        of_kinds = {each["kind"]: each[tab] for each in shown or numbers if each.get(tab)}
        form = InboxForm(request.GET, of_kinds)
        rows = _Rows(tab, user, of_kinds, form.chosen, first)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if tab != "mail":
        _say_who_else_knows(page.object_list, user)
    return show(
        request,
        "correspondence/notice_list.html",
        {
            "tab": tab,
            "page": page,
            "filter": form,
            "waiting": sum(each["waiting"] for each in numbers),
            "snoozed": sum(each["snoozed"] for each in numbers),
            "has_unread": any(each["unread"] for each in numbers),
        },
    )


@asked_often
def _asked(user, tab):
    """Of the user with this id: how many of each kind wait, are put off and unread; how many of
    each kind were told at all; and the first page. What the tab does not show is empty."""
    own = Notice.objects.visible_to(user)
    rows = TABS[tab](own) if tab in TABS else own.none()
    told = rows.order_by() if tab == "all" else own.none()
    return own.tally(), told.values("kind").annotate(all=Count("pk")), rows[:PER_PAGE]


class _Rows:
    """The notices under a tab as a paginator asks for them; how many there are is known."""

    def __init__(self, tab, user, numbers, kind, first):
        self._tab, self._user, self._kind = tab, user, kind
        self._number = numbers[kind] if kind else sum(numbers.values())
        self._first = None if kind else first

    def count(self):
        return self._number

    def __getitem__(self, part):
        if self._first is not None and not part.start:
            return self._first[part]
        rows = TABS[self._tab](Notice.objects.visible_to(self._user))
        return list((rows.filter(kind=self._kind) if self._kind else rows)[part])


def _say_who_else_knows(page, reader):
    """Each deadline of the reader's own prison gets `others`: colleagues told of it."""
    shared = [
        notice
        for notice in page
        if notice.facility_id in reader.facility_ids and notice.has_deadline
    ]
    told = {}
    for row in _beside([notice.pk for notice in shared]) if shared else ():
        if row.recipient_id != reader.pk:
            told.setdefault(_deadline_of(row), {})[row.recipient_id] = row
    for notice in shared:
        notice.others = list(told.get(_deadline_of(notice), {}).values())


@asked_often
def _beside(keys):
    return Notice.objects.beside(keys).select_related("recipient").by_due()


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
