"""Referrals as the prison sees them: the list, and one with each act that the reader may do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from placements import referred, steps
from placements.employment import ReferralState
from placements.forms import referral as forms
from placements.forms import referral_answer as answers
from placements.lists.referrals import ReferralFilter, ReferralTable, of_prisons, quick_links
from placements.models import Employer, Referral
from placements.services import (
    referral_answers,
    referral_checks,
    referral_corrections,
    referrals,
)
from placements.views import referral_inbox
from training.states import Channel

RELATED = (
    "inmate__merged_into", "agency", "facility", "employer", "vacancy__employer", "consent",
    "letter", "cover_letter", "approved_by", "state_by", "created_by",
)  # fmt: skip
NAMED = {
    "inmate": ("public_id", "name"), "agency": ("name",), "employer": ("name",),
    "vacancy": ("title",), "letter": ("state",),
}  # fmt: skip
LISTED = ("public_id", "person_code", "state", "available_from", "answer_by")
# Several drafts are submitted, several approved ones sent, from the list of exactly these.
TOGETHER = {
    ReferralState.DRAFT: ("placements:referral-submit-many", gettext_lazy("Ajukan yang dipilih")),
    ReferralState.APPROVED: ("placements:referral-send-many", gettext_lazy("Kirim yang dipilih")),
}
UNDO = "undo"
UNDOING = {
    ReferralState.ACCEPTED: referral_corrections.undo_accept,
    ReferralState.DECLINED: referral_corrections.undo_decline,
    ReferralState.WITHDRAWN: referral_corrections.undo_withdraw,
}


class ReferralList(ScopedListView):
    model = Referral
    table_class = ReferralTable
    filterset_class = ReferralFilter
    template_name = "placements/referral_list.html"
    title = gettext_lazy("Rujukan kerja")
    lead = gettext_lazy("Dari persetujuan Kalapas sampai jawaban pemberi kerja lewat Disnaker.")
    empty_text = gettext_lazy(
        "Belum ada rujukan. Buka halaman Warga Binaan atau lowongan, lalu pilih Rujuk."
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_liaison:
            return redirect("placements:referral-inbox")
        if not may(request.user, "see_people"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        """Of wide records only what the table shows of them."""
        rows = of_prisons(self.request.user).select_related(*NAMED)
        named = [f"{related}__{name}" for related, names in NAMED.items() for name in names]
        return rows.only(*LISTED, *named)

    @property
    def together(self):
        """Where those picked go and what the button says; None where they are not picked."""
        if not may(self.request.user, "refer"):
            return None
        return TOGETHER.get(self.request.GET.get("state"))

    def get_table_kwargs(self):
        return {} if self.together else {"exclude": ("pick",)}

    def get_context_data(self, **kwargs):
        links = quick_links(self.request)
        return super().get_context_data(**kwargs) | {"quick": links, "together": self.together}

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            people = Inmate.objects.visible_to(self.request.user)
            named = people.filter(pk__in=self.object_list.order_by().values("inmate"))
            access.record(self.request, access.EXPORT, named.only("public_id"))
        else:
            shown = [row.record.inmate for row in context["table"].paginated_rows]
            access.record(self.request, access.VIEW, shown)
        return super().render_to_response(context, **kwargs)


@require_safe
def detail(request, public_id):
    """Staff read all of it, a liaison what reached the agency (`referral_inbox`)."""
    referral = find(Referral.objects.select_related(*RELATED), request.user, public_id)
    if request.user.is_liaison:
        return referral_inbox.page(request, referral)
    return _page(request, _for_staff(request, referral))


def _found(request, public_id, act=None):
    """The referral, for staff who see its person; with `act`, for who may do that there."""
    referral = find(Referral.objects.select_related(*RELATED), request.user, public_id)
    return _for_staff(request, referral, act)


def _for_staff(request, referral, act=None):
    facility = referral.facility_id
    if request.user.is_liaison or not may(request.user, "see_people", facility):
        raise PermissionDenied
    if act and not may(request.user, act, facility):
        raise PermissionDenied
    return referral


def _page(request, referral, name="", bound=None):
    """One referral; `bound` is the form of the panel `name` that came back."""
    access.record(request, access.VIEW, [referral.inmate])
    user, acts = request.user, steps.acts_for(request.user, referral)
    offered = {UNDO if one.startswith(UNDO) else one for one in acts}
    panels = [
        (panel, bound if panel.name == name and bound else panel.form(request, referral))
        for panel in PANELS.values()
        if panel.name in offered
    ]
    is_shown = any(form is bound for _panel, form in panels)
    held_up = referral.is_with_agency and referral_checks.needs_nobody_else(referral, user)
    return show(
        request,
        "placements/referral_detail.html",
        {
            "referral": referral,
            "inmate": referral.inmate,
            "seen": referred.one(referral),
            "steps": steps.steps_of(referral),
            "next": steps.next_of(referral),
            "panels": panels,
            "refused": None if is_shown else bound,
            "may_record": steps.RECORD in acts,
            "recorded_how": dict(Channel.choices).get(referral.recorded_channel, ""),
            "held_up": held_up,
            "warning": referral_checks.warning_of(referral.employer),
        },
        form=bound,
    )


@dataclass(frozen=True)
class Panel:
    """One act on the page of a referral: what asks for it, and who does it."""

    name: str
    service: Callable
    form_class: type
    act: str
    label: str
    told: str
    tone: str = "btn-outline-secondary"

    @property
    def slug(self):
        return self.name.replace("_", "-")

    @property
    def url_name(self):
        return f"placements:referral-{self.slug}"

    @property
    def is_main(self):
        """Whether it stands open: what one came for."""
        return self.tone == MAIN

    def form(self, request, referral, data=None):
        arguments = {}
        if self.form_class is forms.ChangeForm:
            arguments = {
                "user": request.user,
                "facility_id": referral.facility_id,
                "initial": {"agency": referral.agency, "message": referral.message},
            }
        elif self.form_class is forms.AnswerByForm:
            arguments = {"initial": {"answer_by": referrals.in_time()}}
        return self.form_class(data, auto_id=f"{self.name}_%s", **arguments)

    def view(self):
        @require_POST
        def submit(request, public_id):
            referral = _found(request, public_id, self.act)
            form = self.form(request, referral, request.POST)
            if form.is_valid() and perform(
                form, self.service, referral=referral, by=request.user, **form.cleaned_data
            ):
                return done(request, self.told, referral)
            return _page(request, _found(request, public_id), self.name, form)

        return submit


def _one(service):
    """A service of several referrals, for one of them."""

    def act(*, referral, by, **content):
        return service(referrals=[referral], by=by, **content)

    return act


def _undo(*, referral, **content):
    undo = UNDOING.get(referral.state, referral_corrections.undo_decline)
    return undo(referral=referral, **content)


MAIN, DANGER = "btn-primary", "btn-outline-danger"
PANELS = {
    panel.name: panel
    for panel in (
        Panel(
            "submit",
            _one(referrals.submit),
            answers.PlainForm,
            "refer",
            gettext_lazy("Ajukan kepada Kalapas"),
            gettext_lazy("Rujukan diajukan; Kalapas diberi tahu."),
            MAIN,
        ),
        Panel(
            "approve",
            _one(referrals.approve),
            answers.PlainForm,
            "approve_referral",
            gettext_lazy("Setujui rujukan"),
            gettext_lazy("Rujukan disetujui; surat rekomendasinya dibuat."),
            MAIN,
        ),
        Panel(
            "send",
            _one(referrals.send),
            forms.AnswerByForm,
            "refer",
            gettext_lazy("Kirim ke Disnaker"),
            gettext_lazy("Rujukan dikirim; Disnaker diberi tahu."),
            MAIN,
        ),
        Panel(
            "resume",
            referrals.resume,
            forms.AnswerByForm,
            "refer",
            gettext_lazy("Kirim lagi ke Disnaker"),
            gettext_lazy("Rujukan dikirim lagi; Disnaker diberi tahu."),
            MAIN,
        ),
        Panel(
            "change",
            referrals.change,
            forms.ChangeForm,
            "refer",
            gettext_lazy("Ubah Disnaker atau pesan"),
            gettext_lazy("Rujukan diubah."),
        ),
        Panel(
            "extend",
            referrals.extend,
            forms.AnswerByForm,
            "refer",
            gettext_lazy("Perpanjang batas jawab"),
            gettext_lazy("Batas jawab diperpanjang; Disnaker diberi tahu."),
        ),
        Panel(
            "send_back",
            referrals.send_back,
            forms.SendBackForm,
            "approve_referral",
            gettext_lazy("Kembalikan kepada petugas"),
            gettext_lazy("Rujukan dikembalikan kepada petugas."),
            DANGER,
        ),
        Panel(
            "withdraw",
            referrals.withdraw,
            forms.WithdrawForm,
            "refer",
            gettext_lazy("Tarik rujukan"),
            gettext_lazy("Rujukan ditarik."),
            DANGER,
        ),
        Panel(
            UNDO,
            _undo,
            forms.UndoForm,
            "correct_state",
            gettext_lazy("Batalkan salah klik"),
            gettext_lazy("Keadaan rujukan dibetulkan."),
            DANGER,
        ),
    )
}


def record(request, public_id):
    """Write down what the agency answered by letter, call or WhatsApp."""
    referral = _found(request, public_id, "record_for_agency")
    possible = steps.answers_to(referral)
    form = answers.RecordForm(
        request.POST or None,
        referral=referral,
        answers=possible,
        employers=Employer.objects.visible_to(request.user).filter(is_active=True),
    )
    if form.is_valid() and perform(
        form,
        getattr(referral_answers, form.cleaned_data["answer"]),
        referral=referral,
        recorded=form.recorded(),
        by=request.user,
        **form.said(),
    ):
        return done(request, _("Jawaban dicatat; narahubung Disnaker diberi tahu."), referral)
    access.record(request, access.VIEW, [referral.inmate])
    return show(
        request,
        "placements/referral_record.html",
        {"referral": referral, "inmate": referral.inmate, "possible": possible},
        form=form,
    )
