"""Vacancies: the list, one of them, and what whoever keeps it does with it."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from placements import rules
from placements.employment import VacancyState
from placements.forms.vacancy import (
    CancelForm,
    CloseForm,
    NewVacancyForm,
    ReopenForm,
    VacancyForm,
)
from placements.lists.vacancies import VacancyFilter, VacancyTable, quick_links
from placements.models import Employer, Placement, Referral, Vacancy
from placements.services import employers, vacancies

NEWEST = 20  # referrals on the page; all stand on their list
RELATED = ("employer", "trade", "facility", "agency", "state_by", "created_by")


class VacancyList(ScopedListView):
    model = Vacancy
    table_class = VacancyTable
    filterset_class = VacancyFilter
    template_name = "placements/vacancy_list.html"
    title = gettext_lazy("Lowongan")
    lead = gettext_lazy("Yang bernomor laporan terbaca oleh semua lapas.")
    empty_text = gettext_lazy(
        "Belum ada lowongan. Catat yang pertama, atau impor dari lembar Disnaker."
    )
    empty_url = reverse_lazy("placements:vacancy-add")
    empty_label = gettext_lazy("Catat lowongan")
    actions_template = "placements/_vacancy_list_actions.html"

    def get_queryset(self):
        return super().get_queryset().select_related("employer", "trade").soonest_first()

    def get_table_kwargs(self):
        return {} if self.wants_csv else {"exclude": ("report_number",)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        keeps = bool(employers.side_of(self.request.user))
        return context | {
            "may_keep": keeps,
            "empty_url": self.empty_url if keeps else "",
            "quick": quick_links(self.get_queryset(), self.request),
        }


@require_safe
def detail(request, public_id):
    return _page(request, _found(request, public_id))


def add(request):
    """A vacancy of an employer that is known; `?employer=` chooses it."""
    side = employers.side_of(request.user)
    if not side:
        raise PermissionDenied
    form = NewVacancyForm(
        request.POST or None,
        user=request.user,
        near=_near(request),
        initial={"employer": request.GET.get("employer")},
    )
    if form.is_valid():
        made = perform(form, vacancies.post, by=request.user, **side, **form.cleaned_data)
        if made:
            return done(request, _("Lowongan dicatat."), made)
    has_employers = form.fields["employer"].queryset.exists()
    return show(request, "placements/vacancy_add.html", {"has_employers": has_employers}, form=form)


def edit(request, public_id):
    vacancy = _kept(request, public_id)
    form = VacancyForm(request.POST or None, vacancy=vacancy, near=_near(request))
    if form.is_valid():
        if perform(form, vacancies.edit, vacancy=vacancy, by=request.user, **form.cleaned_data):
            return done(request, _("Perubahan disimpan."), vacancy)
        form.look_again(_found(request, public_id), vacancies.FACTS)
    return show(request, "placements/vacancy_edit.html", {"vacancy": vacancy}, form=form)


def _by_form(form_class, service, sentence):
    @require_POST
    def submit(request, public_id):
        vacancy = _kept(request, public_id)
        form = form_class(request.POST)
        if form.is_valid() and perform(
            form, service, vacancy=vacancy, by=request.user, **form.cleaned_data
        ):
            return done(request, sentence, vacancy)
        return _page(request, _found(request, public_id), form)

    return submit


close = _by_form(CloseForm, vacancies.close, gettext_lazy("Lowongan ditutup."))
cancel = _by_form(CancelForm, vacancies.cancel, gettext_lazy("Lowongan dibatalkan."))
reopen = _by_form(ReopenForm, vacancies.reopen, gettext_lazy("Lowongan dibuka lagi."))


def _found(request, public_id):
    return find(Vacancy.objects.select_related(*RELATED), request.user, public_id)


def _kept(request, public_id):
    vacancy = _found(request, public_id)
    if not rules.keeps(request.user, vacancy):
        raise PermissionDenied
    return vacancy


def _near(request):
    return request.user.facility.residence_code if request.user.facility else ""


def _page(request, vacancy, form=None):
    """One vacancy, with the forms that its state and the reader's post allow."""
    user = request.user
    keeps = rules.keeps(user, vacancy)
    is_open = vacancy.state == VacancyState.OPEN
    made = {
        form_class: form if isinstance(form, form_class) else form_class()
        for form_class, is_allowed in {
            CloseForm: keeps and is_open,
            CancelForm: keeps and is_open,
            ReopenForm: keeps and not is_open,
        }.items()
        if is_allowed
    }
    for form_class, each in made.items():
        each.auto_id = f"{form_class.__name__.lower()}_%s"
    referrals = Referral.objects.visible_to(user).filter(vacancy=vacancy)
    placements = Placement.objects.visible_to(user).counted().filter(vacancy=vacancy)
    return show(
        request,
        "placements/vacancy_detail.html",
        {
            "vacancy": vacancy,
            "employer": Employer.objects.visible_to(user).get(pk=vacancy.employer_id),
            "units": vacancies.units_of(vacancy),
            "keeps": keeps,
            # Reasons are the words of whoever keeps it; an agency reads none of a prison's.
            "reads_why": keeps or not user.is_liaison,
            "close_form": made.get(CloseForm),
            "cancel_form": made.get(CancelForm),
            "reopen_form": made.get(ReopenForm),
            "all": form is not None and type(form) not in made,
            "numbers": {"referrals": referrals.count(), "placements": placements.count()},
            "referrals": referrals.select_related("agency")[:NEWEST],
        },
        form=form,
    )
