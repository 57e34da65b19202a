"""Who saw whose data between two moments: what a notification within 3 x 24 hours asks for."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.services import access
from accounts.views.again import sensitive
from accounts.views.pages import show
from correspondence import typesetting
from reports import acts, breaches
from reports.breach_paper import on_paper
from reports.forms.breach import BreachForm
from reports.views.files import Sheet, as_csv, as_xlsx

PER_PAGE, MOST_PAGES = 25, 1_000_000
FILES = {"csv": as_csv, "xlsx": lambda name, sheet: as_xlsx(name, [sheet])}


def _asked(request):
    """`(form, looks)`; no looks before a time was asked for, or where it cannot be understood."""
    prisons = breaches.prisons_of(request.user)
    if prisons is not None and not prisons:
        raise PermissionDenied
    names = breaches.names_people(request.user)
    typed = request.GET if "since" in request.GET else None
    form = BreachForm(typed, prisons=prisons, names=names)
    if not form.is_bound or not form.is_valid():
        return form, None
    return form, breaches.Looks(form.asked, names)


@sensitive
@require_safe
def summary(request):
    """How many people, which kinds of data, which users; `?format=csv` or `xlsx`: each look."""
    form, looks = _asked(request)
    if looks is None:
        return show(request, "reports/breach.html", form=form)
    if request.GET.get("format") in FILES:
        access.record(request, access.EXPORT, looks.subjects())
        return FILES[request.GET["format"]](_file_name(), _sheet(looks))
    seen, page = _page_of_people(request, looks)
    users = looks.users(seen)
    context = {
        "totals": looks.totals(),
        "seen": seen,
        "users": users,
        "reachable": _reachable(request.user, users),
        "page": page,
        "kinds": breaches.kinds_of(looks.pages()),
        "query": _query(request),
    }
    access.record(request, access.VIEW, page)  # counted by none of these yet
    return show(request, "reports/breach.html", context, form=form)


@sensitive
@require_safe
def rows(request):
    """Each response by itself, newest first."""
    form, looks = _asked(request)
    context = {"query": _query(request)}
    if looks is not None:
        page = _page(request, _Sliced(looks.totals().responses, looks.rows))
        access.record(request, access.VIEW, [each for row in page for each in row.subjects])
        context |= {"page": page}
    return show(request, "reports/breach_rows.html", context, form=form)


@sensitive
@require_safe
def paper(request):
    """The numbers that a letter of notification needs, to be printed; it names no inmate."""
    form, looks = _asked(request)
    if looks is None:
        return show(request, "reports/breach.html", form=form)
    data = on_paper(looks, facility=form.prison, by=request.user)
    return HttpResponse(
        typesetting.pdf("breach_v1", data, made_at=timezone.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_file_name()}.pdf"'},
    )


def _reachable(reader, users):
    """Public ids of those of the users whose report the reader may open."""
    reach = acts.users_of(breaches.prisons_of(reader))
    ids = {user.public_id for user in users if user.public_id}
    return set(reach.filter(public_id__in=ids).values_list("public_id", flat=True))


def _page_of_people(request, looks):
    """`(what was seen, a page of the people)`: asked for together, because it takes long."""
    number = request.GET.get("page", "1")
    number = int(number) if number.isdecimal() and 0 < int(number) < MOST_PAGES else 1
    seen = looks.seen(offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    page = Paginator(range(seen.total), PER_PAGE).get_page(number)
    if page.number != number:
        seen = looks.seen(offset=(page.number - 1) * PER_PAGE, limit=PER_PAGE)
    page.object_list = seen.people
    return seen, page


class _Sliced:
    """For a paginator: a known number of things, of which a slice is asked for."""

    def __init__(self, number, ask):
        self.number, self.ask = number, ask

    def __len__(self):
        return self.number

    def __getitem__(self, part):
        return self.ask(offset=part.start, limit=part.stop - part.start)


def _page(request, things):
    return Paginator(things, PER_PAGE).get_page(request.GET.get("page"))


def _query(request):
    """What was asked, without what narrows it further by a link of the page."""
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    return query


def _sheet(looks):
    columns = [_("Waktu"), _("Surel pengguna"), _("Nama pengguna"), _("Alamat jaringan")]
    columns += [_("Tindakan"), _("Halaman"), _("Alamat halaman"), _("Nama"), _("Nomor Induk")]
    lines = ([when(at), *cells] for at, *cells in looks.each())
    return Sheet(_("Daftar insiden"), columns, lines)


def when(at):
    """A moment to the second, as files tell it."""
    return date_format(timezone.localtime(at), "d/m/Y H.i.s")


def _file_name():
    return f"daftar-insiden-{timezone.localtime():%Y-%m-%d-%H%M}"
