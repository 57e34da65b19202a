"""The rules of a prison's reminders, what they will send, and what was sent."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.permissions import acts_of
from accounts.views.lists import ScopedListView, csv_of
from accounts.views.pages import done, perform, show
from correspondence.filters import ForeseenFilter, SentFilter
from correspondence.foreseen import PERIOD_DAYS, foresee
from correspondence.forms.reminder import PolicyForm
from correspondence.models import Notice
from correspondence.services import policies
from correspondence.tables import ForeseenTable, SentTable

ACT = "set_policies"


def _prison(request):
    """The prison whose reminders the reader sets: the one they work at, or their first."""
    prisons = sorted(facility for facility, act in acts_of(request.user) if act == ACT)
    if not prisons:
        raise PermissionDenied
    own = request.user.facility.pk
    return own if own in prisons else prisons[0]


def _rule(request, facility_id):
    code = request.GET.get("kind")
    rules = policies.rules_of(facility_id)
    rule = next((rule for rule in rules if rule.kind.code == code and rule.policy), None)
    if rule is None:
        raise Http404
    return rule


@require_GET
def rules(request):
    facility_id = _prison(request)
    return show(
        request, "correspondence/policy_list.html", {"rules": policies.rules_of(facility_id)}
    )


@require_http_methods(["GET", "POST"])
def edit(request):
    facility_id = _prison(request)
    rule = _rule(request, facility_id)
    form = PolicyForm(request.POST or None, policy=rule.policy)
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            form,
            policies.set_own,
            facility_id=facility_id,
            kind=rule.kind.code,
            by=request.user,
            **form.cleaned_data,
        )
    ):
        sentence = _("Aturan “%(kind)s” berlaku mulai pemeriksaan berikutnya.")
        return done(request, sentence % {"kind": rule.kind.label}, "correspondence:policy-list")
    return show(request, "correspondence/policy_edit.html", {"rule": rule}, form=form)


@require_POST
def reset(request):
    facility_id = _prison(request)
    rule = _rule(request, facility_id)
    policies.reset(facility_id=facility_id, kind=rule.kind.code, by=request.user)
    sentence = _("“%(kind)s” kini mengikuti aturan nasional.") % {"kind": rule.kind.label}
    return done(request, sentence, "correspondence:policy-list")


@require_GET
def preview(request):
    rows = foresee(_prison(request), timezone.localdate())
    filters = ForeseenFilter(request.GET, rows)
    table = ForeseenTable(filters.rows)
    if request.GET.get("format") == "csv":
        return csv_of(table, _("Pratinjau pengingat"))
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    return show(
        request,
        "components/list.html",
        {
            "title": _("Pratinjau pengingat"),
            "lead": _(
                "Apa yang akan dikirim kepada siapa dalam %(days)s hari ke depan, bila tidak ada "
                "yang berubah. Penerusan ke atas hanya dikirim bila sampai hari itu tidak ada "
                "petugas yang menandai “Saya tahu”."
            )
            % {"days": PERIOD_DAYS},
            "table": table,
            "filter": filters,
            "is_filtered": filters.form.has_changed(),
            "empty_text": _("Tidak ada pengingat yang akan dikirim. Periksa aturan pengingat."),
            "actions_template": "correspondence/_reminder_links.html",
        },
    )


class SentList(ScopedListView):
    model = Notice
    table_class = SentTable
    filterset_class = SentFilter
    title = gettext_lazy("Pengingat terkirim")
    lead = gettext_lazy(
        "Apa yang diberitahukan kepada siapa, kapan, dan bagaimana nasib surelnya: petugas lapas "
        "dan narahubung mitranya."
    )
    empty_text = gettext_lazy("Belum ada yang dikirim.")
    actions_template = "correspondence/_reminder_links.html"

    def get_queryset(self):
        prison = _prison(self.request)
        return Notice.objects.logged_for([prison]).select_related("recipient", "mail")
