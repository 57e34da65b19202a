"""Job-seeker cards (AK-1): the list, one card, and what is written on it."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, opened, perform, reason_in, show
from inmates.models import Inmate
from placements.forms import job_seeker as forms
from placements.lists.job_seekers import CardFilter, CardTable
from placements.models import JobSeekerCard
from placements.services import in_charge, job_seekers
from placements.views.person import ask

CARDS = JobSeekerCard.objects.select_related(
    "inmate__merged_into", "agency", "facility", "created_by"
)


class CardList(ScopedListView):
    model = JobSeekerCard
    table_class = CardTable
    filterset_class = CardFilter
    title = gettext_lazy("Kartu pencari kerja (AK-1)")
    lead = gettext_lazy("Kartu dilaporkan berkala ke Disnaker penerbit sampai orangnya bekerja.")
    empty_text = gettext_lazy(
        "Belum ada kartu AK-1. Catat dari halaman orangnya, atau mulai dari daftar kesiapan kerja."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().select_related("inmate__merged_into", "agency")

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = Inmate.objects.visible_to(self.request.user)
            named = people.filter(pk__in=self.object_list.order_by().values("inmate"))
            access.record(self.request, access.EXPORT, named.only("public_id"))
        else:
            shown = [_person(row.record) for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


@require_safe
def detail(request, public_id):
    return _page(request, find(CARDS, request.user, public_id))


def register(request, public_id):
    """A card of the person, as the paper says."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    if not in_charge.acts(request.user, inmate, "record_readiness"):
        raise PermissionDenied
    form = forms.RegisterForm(*_sent(request), reader=request.user)
    if form.is_valid():
        card = perform(
            form, job_seekers.register, inmate=inmate, by=request.user, **form.cleaned_data
        )
        if card:
            return done(request, _("Kartu AK-1 dicatat."), card)
    return ask(
        request, inmate, form, title=_("Catat kartu AK-1"), button=_("Simpan kartu"), lead=_LEAD
    )


def report(request, public_id):
    card = _found(request, public_id)
    form = forms.ReportForm(request.POST or None)
    if form.is_valid() and perform(
        form, job_seekers.report, card=card, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Laporan dicatat."), card)
    return _ask(request, card, form, title=_("Catat lapor berkala"), button=_("Simpan laporan"))


def renew(request, public_id):
    card = _found(request, public_id)
    form = forms.RenewForm(
        *_sent(request), reader=request.user, standing=card.agency, initial={"agency": card.agency}
    )
    if form.is_valid():
        renewed = perform(form, job_seekers.renew, card=card, by=request.user, **form.cleaned_data)
        if renewed:
            return done(request, _("Kartu baru dicatat; yang lama berakhir."), renewed)
    return _ask(request, card, form, title=_("Ganti dengan kartu baru"), button=_("Simpan kartu"))


def correct(request, public_id):
    card = _found(request, public_id)
    form = forms.CorrectForm(*_sent(request), reader=request.user, card=card)
    if form.is_valid() and perform(
        form,
        job_seekers.correct,
        card=card,
        changes=form.changes(),
        reason=form.cleaned_data["reason"],
        by=request.user,
    ):
        return done(request, _("Kartu dibetulkan."), card)
    return _ask(request, card, form, title=_("Betulkan kartu AK-1"), button=_("Simpan pembetulan"))


def end(request, public_id):
    card = _found(request, public_id)
    form = forms.EndForm(request.POST or None)
    if form.is_valid() and perform(
        form, job_seekers.end, card=card, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Kartu diakhiri."), card)
    return _ask(
        request,
        card,
        form,
        title=_("Akhiri kartu AK-1"),
        button=_("Akhiri kartu"),
        is_dangerous=True,
    )


@require_POST
def reopen(request, public_id):
    card = _found(request, public_id, "correct_state")
    job_seekers.reopen(card=card, reason=reason_in(request), by=request.user)
    return done(request, _("Kartu berlaku lagi."), card)


@require_safe
def scan(request, public_id):
    card = find(CARDS, request.user, public_id)
    scan = opened(card.scan)
    access.record(request, access.EXPORT, [_person(card)])
    name = slugify(f"ak1 {_person(card).person_key}")
    return FileResponse(
        scan,
        as_attachment=True,
        filename=f"{name}{PurePath(card.scan.name).suffix}",
    )


_LEAD = gettext_lazy(
    "Isi menurut kartunya. Pengingat lapor berkala dan akhir masa berlaku dibuat sendiri."
)


def _found(request, public_id, act_name="record_readiness"):
    card = find(CARDS, request.user, public_id)
    if not in_charge.acts(request.user, card.inmate, act_name):
        raise PermissionDenied
    return card


def _person(card):
    return card.inmate.merged_into or card.inmate


def _page(request, card):
    person = _person(card)
    access.record(request, access.VIEW, [person])
    user = request.user
    return show(
        request,
        "placements/card_detail.html",
        {
            "card": card,
            "inmate": person,
            "reports": job_seekers.reports_of(card),
            "may_record": in_charge.acts(user, person, "record_readiness"),
            "may_reopen": bool(card.ended_on) and in_charge.acts(user, person, "correct_state"),
        },
    )


def _ask(request, card, form, **words):
    return ask(request, _person(card), form, back=card.get_absolute_url(), **words)


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()
