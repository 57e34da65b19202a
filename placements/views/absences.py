"""Whoever stands no more in the register: each decided on the list itself, or several at once."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from inmates.models import Absence
from placements.filters import AbsenceFilter
from placements.forms.absence import AbsenceForm, TogetherForm
from placements.services import departures
from placements.tables import AbsenceTable

ROW = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-decision")


class AbsenceList(ScopedListView):
    model = Absence
    table_class = AbsenceTable
    filterset_class = AbsenceFilter
    template_name = "placements/absence_list.html"
    title = gettext_lazy("Tidak tercantum lagi")
    lead = gettext_lazy(
        "Tercatat di lapas ini, tetapi tidak ada dalam register terakhir. Tidak ada yang dihapus: "
        "tentukan apa yang terjadi."
    )
    empty_text = gettext_lazy(
        "Tidak ada yang menunggu keputusan: semua yang tercatat ada dalam register terakhir."
    )

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "import_register"):
            raise PermissionDenied
        self.forms, self.refused, self.together = {}, [], TogetherForm()
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        prisons = [pk for pk in self.request.user.facility_ids if self._may_decide(pk)]
        return super().get_queryset().filter(facility__in=prisons).with_stay()

    def get_table_kwargs(self):
        return {"forms": self.forms}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "refused": self.refused,
            "together": self.together,
        }

    def post(self, request, *args, **kwargs):
        rows = self.get_queryset().filter(public_id__in=_keys(request.POST))
        self.forms = {row.pk: AbsenceForm(request.POST, absence=row) for row in rows}
        self.together = TogetherForm(request.POST)
        if self.together.is_valid() and all(form.is_valid() for form in self.forms.values()):
            said = [form.said(self.together.cleaned_data) for form in self.forms.values()]
            answer = departures.decide_absences(decisions=list(filter(None, said)), by=request.user)
            self.refused = answer.refused
            if answer.decided:
                messages.success(request, _sentence(len(answer.decided)))
            elif not answer.refused:
                messages.warning(request, _("Pilih keputusan untuk paling sedikit satu orang."))
            if not answer.refused:
                return redirect(request.get_full_path())
        response = self.get(request, *args, **kwargs)
        response.status_code = 422
        return response

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = [absence.inmate for absence in self.object_list]
            access.record(self.request, access.EXPORT, people)
        else:
            people = [row.record.inmate for row in context["table"].paginated_rows]
            people += [absence.inmate for absence, _why in self.refused]
            access.record(self.request, access.VIEW, people)
        return super().render_to_response(context, **kwargs)

    def _may_decide(self, facility_id):
        return may(self.request.user, "import_register", facility_id)


def _keys(data):
    """The ids of the rows that the page sent, from the names of its fields."""
    return {found[1] for name in data if (found := ROW.fullmatch(name))}


def _sentence(count):
    return ngettext("%(count)s keputusan dicatat.", "%(count)s keputusan dicatat.", count) % {
        "count": count
    }
