"""What one user did and saw between two days, for those who answer for it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.services import access
from accounts.views.again import sensitive
from accounts.views.pages import show
from reports import acts, breaches
from reports.forms.user_report import PeriodForm
from reports.views.breaches import MOST_PAGES, PER_PAGE, when
from reports.views.files import Sheet, as_csv

EXPORTS_MOST = 25


@sensitive
@require_safe
def report(request, public_id):
    """Sign-ins, changes, people seen, exports; `?format=csv` tells the changes."""
    prisons = breaches.prisons_of(request.user)
    if prisons is not None and not prisons:
        raise PermissionDenied
    account = acts.users_of(prisons).filter(public_id=public_id).first()
    if account is None:
        raise Http404
    form = PeriodForm(request.GET)
    context = {"account": account, "posts": acts.posts_of(account, prisons)}
    if not form.is_valid():
        return show(request, "reports/user_report.html", context, form=form)
    since, until = form.bounds
    if request.GET.get("format") == "csv":
        return _as_csv(request, account, since, until)
    looks = breaches.Looks(
        breaches.Asked(since, until, prisons and frozenset(prisons), account.email),
        breaches.names_people(request.user),
    )
    page, named = _page(request, account, since, until)
    exports = looks.only(act="export").rows(limit=EXPORTS_MOST)
    access.record(
        request, access.VIEW, [*named, *(each for row in exports for each in row.subjects)]
    )
    signed, times = acts.sign_ins(account, since, until)
    context |= {
        "page": page,
        "totals": looks.totals(),
        "seen": looks.seen(),
        "exports": exports,
        "signed": signed,
        "times": times,
        "since": f"{timezone.localtime(since):%Y-%m-%dT%H:%M}",
        "until": f"{timezone.localtime(until - timedelta(minutes=1)):%Y-%m-%dT%H:%M}",
    }
    return show(request, "reports/user_report.html", context, form=form)


def _page(request, account, since, until):
    """`(page of what was changed, people it names)`: asked for as a page, and counted with it."""
    number = request.GET.get("page", "1")
    number = int(number) if number.isdecimal() and 0 < int(number) < MOST_PAGES else 1
    found = _acts(request, account, since, until, number)
    page = Paginator(range(found.total), PER_PAGE).get_page(number)
    if page.number != number:
        found = _acts(request, account, since, until, 1)
        page = Paginator(range(found.total), PER_PAGE).get_page(1)
    page.object_list = found.acts
    return page, found.people


def _acts(request, account, since, until, number):
    offset = (number - 1) * PER_PAGE
    return acts.acts_of(account, since, until, reader=request.user, offset=offset, limit=PER_PAGE)


def _as_csv(request, account, since, until):
    found = acts.acts_of(account, since, until, reader=request.user, limit=acts.FILE_MOST)
    access.record(request, access.EXPORT, found.people)
    lines = (
        [
            when(act.at),
            "; ".join(each.words for each in act.changed),
            "; ".join(f"{each.thing} {each.person}" for each in act.changed if each.thing),
            act.reason if act.is_seen else "",
            act.path,
        ]
        for act in found.acts
    )
    columns = [_("Waktu"), _("Yang diubah"), _("Pada"), _("Alasan"), _("Halaman")]
    return as_csv("laporan-pengguna", Sheet(_("Laporan pengguna"), columns, lines))
