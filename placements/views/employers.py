"""Employers: the list, one with its vacancies, and how they are entered once."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, reason_in, show
from partners.models import Agency
from placements import rules
from placements.forms.employer import EmployerForm, JoinForm, NewEmployerForm
from placements.forms.end import ReasonNeeded
from placements.lists.employers import EmployerFilter, EmployerTable
from placements.models import Employer, Placement, Referral, Vacancy
from placements.services import employers

SHOWN = 10


class EmployerList(ScopedListView):
    model = Employer
    table_class = EmployerTable
    filterset_class = EmployerFilter
    title = gettext_lazy("Pemberi kerja")
    lead = gettext_lazy("Perusahaan dan perorangan yang mencari orang.")
    empty_text = gettext_lazy(
        "Belum ada pemberi kerja. Daftarkan yang pertama, atau impor lowongan dari lembar."
    )
    empty_url = reverse_lazy("placements:employer-add")
    empty_label = gettext_lazy("Daftarkan pemberi kerja")
    actions_template = "placements/_employer_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().with_vacancies(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        keeps = bool(employers.side_of(self.request.user))
        empty_url = self.empty_url if keeps else ""
        return context | {"may_keep": keeps, "empty_url": empty_url}


@require_safe
def detail(request, public_id):
    return _page(request, _found(request, public_id))


def add(request):
    """Enter an employer; who is known by number, or seems to be by name, is shown instead."""
    side = _side(request)
    numbered, known = None, []
    if request.method == "POST":
        numbered = employers.with_number(request.POST.get("identity_number", "").replace("\0", ""))
        known = _alike(request)
    asks = bool(known)
    form = NewEmployerForm(request.POST or None, user=request.user, asks=asks, near=_near(request))
    if form.is_valid():
        made = perform(form, employers.register, by=request.user, **side, **form.cleaned_data)
        if made:
            return done(request, _("Pemberi kerja didaftarkan."), made)
    seen = Employer.objects.visible_to(request.user)
    context = {
        "numbered": numbered,
        "may_open": bool(numbered) and seen.filter(pk=numbered.pk).exists(),
        "known": known,
    }
    return show(request, "placements/employer_add.html", context, form=form)


@require_POST
def join(request):
    """Keep an employer that somebody else entered, by its number."""
    side = _side(request)
    form = JoinForm(request.POST)
    if form.is_valid():
        employer = perform(form, employers.join, by=request.user, **side, **form.cleaned_data)
        if employer:
            return done(request, _("Pemberi kerja ini kini ada di daftar Anda."), employer)
    blank = NewEmployerForm(user=request.user, near=_near(request))
    return show(request, "placements/employer_add.html", {"entry": blank}, form=form)


def edit(request, public_id):
    employer = _kept(request, public_id)
    form = EmployerForm(
        request.POST or None, user=request.user, employer=employer, near=_near(request)
    )
    if form.is_valid():
        if perform(form, employers.edit, employer=employer, by=request.user, **form.cleaned_data):
            return done(request, _("Perubahan disimpan."), employer)
        form.look_again(_found(request, public_id), employers.FACTS)
    return show(request, "placements/employer_edit.html", {"employer": employer}, form=form)


@require_POST
def deactivate(request, public_id):
    employer = _kept(request, public_id)
    form = ReasonNeeded({"reason": reason_in(request)})
    if form.is_valid() and perform(
        form, employers.deactivate, employer=employer, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Pemberi kerja ditandai tidak aktif."), employer)
    return _page(request, employer, form)


@require_POST
def activate(request, public_id):
    employer = _kept(request, public_id)
    employers.activate(employer=employer, by=request.user)
    return done(request, _("Pemberi kerja aktif lagi."), employer)


def _found(request, public_id):
    rows = Employer.objects.select_related("facility", "agency", "partner")
    return find(rows.prefetch_related("keepers"), request.user, public_id)


def _kept(request, public_id):
    employer = _found(request, public_id)
    if not rules.keeps_employer(request.user, employer):
        raise PermissionDenied
    return employer


def _side(request):
    side = employers.side_of(request.user)
    if not side:
        raise PermissionDenied
    return side


def _near(request):
    return request.user.facility.residence_code if request.user.facility else ""


def _alike(request):
    """Employers like the one that is being typed, by name and, if it is one, region."""
    typed = EmployerForm(request.POST, user=request.user)
    typed.is_valid()
    name = typed.cleaned_data.get("name", "")
    region = typed.cleaned_data.get("region_code", "")
    return list(employers.alike(name, region, request.user)) if name else []


def _page(request, employer, form=None):
    user = request.user
    vacancies = Vacancy.objects.visible_to(user).filter(employer=employer)
    referrals = Referral.objects.visible_to(user).filter(employer=employer)
    placements = Placement.objects.visible_to(user).counted().filter(employer=employer)
    keeps = rules.keeps_employer(user, employer)
    return show(
        request,
        "placements/employer_detail.html",
        {
            "employer": employer,
            "knows": employers.knows(user, employer),
            "keeps": keeps,
            "may_post": bool(employers.side_of(user)) and employer.is_active,
            "partner": Agency.objects.visible_to(user).filter(pk=employer.partner_id).first(),
            "vacancies": vacancies.soonest_first()[:SHOWN],
            "numbers": {
                "vacancies": vacancies.count(),
                "open": vacancies.open().count(),
                "referrals": referrals.count(),
                "placements": placements.count(),
            },
        },
        form=form,
    )
