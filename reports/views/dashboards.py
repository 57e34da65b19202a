"""Training, agreements and work in figures, and the lists that only they lead to."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.views.lists import ScopedListView
from partners.models import Obligation
from partners.states import AgreementState
from partners.views.agreement_overview import AgreementList
from reports import dashboards
from reports.dashboards.agreements import idle
from reports.filters import ObligationFilter, PlanLineFilter
from reports.forms.dashboards import AgreementsForm, YearForm
from reports.tables import ObligationTable, PlanLineTable
from reports.views.reading import need_staff
from training.models import PlanLine


@require_safe
def training(request):
    form = of_a_year(request)
    return _page(request, form, dashboards.training, _("Pelatihan dalam angka"))


@require_safe
def agreements(request):
    need_staff(request.user)
    form = AgreementsForm(request.GET, user=request.user)
    return _page(request, form, dashboards.agreements, _("Perjanjian dalam angka"))


@require_safe
def work(request):
    form = of_a_year(request)
    return _page(request, form, dashboards.work, _("Kerja dalam angka"))


class OfStaff(ScopedListView):
    def dispatch(self, request, *args, **kwargs):
        need_staff(request.user)
        return super().dispatch(request, *args, **kwargs)


class PlanLineList(OfStaff):
    model = PlanLine
    table_class = PlanLineTable
    filterset_class = PlanLineFilter
    title = gettext_lazy("Baris rencana")
    lead = gettext_lazy("Semua baris rencana tahunan; ubah dari halaman tiap baris.")
    empty_text = gettext_lazy("Belum ada rencana. Isi rencana tahunan dahulu.")

    def get_queryset(self):
        return super().get_queryset().select_related("course", "agency", "facility")


class ObligationList(OfStaff):
    model = Obligation
    table_class = ObligationTable
    filterset_class = ObligationFilter
    title = gettext_lazy("Kewajiban")
    lead = gettext_lazy("Yang belum dipenuhi menurut semua perjanjian.")
    empty_text = gettext_lazy("Tidak ada kewajiban yang belum dipenuhi.")

    def get_queryset(self):
        rows = super().get_queryset().open().exclude(agreement__state=AgreementState.CANCELLED)
        return rows.select_related("agreement__agency").order_by("due", "pk")


class IdleAgreementList(OfStaff, AgreementList):
    template_name = "components/list.html"
    title = gettext_lazy("Perjanjian tanpa angkatan")
    lead = gettext_lazy("Berlaku hari ini, dan belum pernah dipakai untuk satu angkatan pun.")
    empty_text = gettext_lazy("Setiap perjanjian yang berlaku sudah dipakai.")
    empty_url = empty_label = actions_template = ""

    def get_queryset(self):
        return idle(super().get_queryset())


def of_a_year(request):
    """This year's, unless the address names another, or with `year=` none."""
    need_staff(request.user)
    asked = request.GET.copy()
    asked.setdefault("year", str(timezone.localdate().year))
    return YearForm(asked, user=request.user)


def _page(request, form, count, title):
    chosen = chosen_by(request.user, form)
    context = {
        "title": title,
        "form": form,
        "is_filtered": set(form.query) - {"year"},
        "sections": count(chosen),
        "as_of": chosen.was_kept and chosen.kept.as_of,
    }
    return render(request, "reports/dashboard.html", context)


def chosen_by(user, form):
    """What a form narrows the reader's prisons to."""
    chosen = form.chosen
    facility = chosen.pop("facility", None)
    prisons = (facility.pk,) if facility else tuple(user.facility_ids)
    sees_people = all(may(user, "see_people", pk) for pk in prisons)
    return dashboards.Chosen(prisons, form.query, sees_people=sees_people, **chosen)
