"""The people of one's prison, and the NIK of one of them. Who was shown is written down."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.filters import NO_NIK, InmateFilter
from inmates.forms.nik import NikForm
from inmates.models import Inmate
from inmates.services import niks
from inmates.tables import InmateTable


class InmateList(ScopedListView):
    model = Inmate
    table_class = InmateTable
    filterset_class = InmateFilter
    title = gettext_lazy("Warga Binaan")
    lead = gettext_lazy(
        "Tanggal menurut SDP pada impor register terakhir; perkiraan bebas dihitung darinya."
    )
    empty_text = gettext_lazy(
        "Belum ada data. Petugas registrasi memasukkannya dengan impor register."
    )
    empty_url = reverse_lazy("inmates:import-list")
    empty_label = gettext_lazy("Impor register")
    empty_act = "import_register"
    actions_template = "inmates/_inmate_list_actions.html"
    in_index_order = True

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        user = self.request.user
        return Inmate.objects.held_for(user).for_list(user.facility)

    @property
    def lists_no_nik(self):
        return NO_NIK in self.request.GET.getlist("found")

    def get_table_kwargs(self):
        if not self.lists_no_nik:
            return {"exclude": InmateTable.FOR_RECORDING}
        return {} if may(self.request.user, "import_register") else {"exclude": ("nik",)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.lists_no_nik:
            context["lead"] = _(
                "Ajukan perekaman KTP-el bagi mereka ke Disdukcapil (unduh daftar ini sebagai "
                "CSV), lalu isi NIK yang terbit. Tanpa NIK tidak ada akun SIAPkerja dan AK-1."
            )
            context["nothing_text"] = _(
                "Tidak ada Warga Binaan tanpa NIK menurut saringan ini: tidak ada yang perlu "
                "diajukan."
            )
        return context

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            access.record(self.request, access.EXPORT, self.object_list.only("public_id"))
        else:
            shown = [row.record for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


def state_nik(request, public_id):
    """The NIK that Disdukcapil has given to somebody who had none."""
    inmate = find(Inmate.objects.canonical(), request.user, public_id)
    if inmate.prison_id is None or not may(request.user, "import_register", inmate.prison_id):
        raise PermissionDenied
    form = NikForm(request.POST or None)
    if form.is_valid():
        stated = perform(form, niks.state, inmate=inmate, by=request.user, **form.cleaned_data)
        if stated:
            for sentence in stated.warnings:
                messages.warning(request, sentence)
            following = f"{reverse('inmates:inmate-list')}?found={NO_NIK}"
            sentence = _("NIK %(name)s dicatat.") % {"name": inmate.name}
            return done(request, sentence, following, people=[inmate])
    access.record(request, access.VIEW, [inmate])
    return show(request, "inmates/inmate_nik.html", {"inmate": inmate}, form=form)
