"""The page of one agreement: found inside one's scope, with all that hangs on it."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.views.pages import find, show
from partners import panels, rules, steps
from partners.forms import agreement_acts as forms
from partners.models import Agreement, AgreementDocument, Obligation
from partners.states import AgreementState

# Acts that ask for something: their form, and the words on their button.
FORMS = {
    "send_for_review": (forms.AnswerForm, gettext_lazy("Kirim untuk ditelaah")),
    "reopen": (forms.AnswerForm, gettext_lazy("Telaah lagi")),
    "cancel": (forms.CancelForm, gettext_lazy("Batalkan perjanjian")),
    "terminate": (forms.TerminateForm, gettext_lazy("Hentikan perjanjian")),
    "undo_signing": (forms.UndoForm, gettext_lazy("Tarik penandatanganan")),
    "undo_termination": (forms.UndoForm, gettext_lazy("Tarik penghentian")),
    "undo_cancellation": (forms.UndoForm, gettext_lazy("Tarik pembatalan")),
}
FORWARD = {"send_for_review", "reopen"}


def found(request, public_id):
    rows = Agreement.objects.select_related("agency", "facility", "renews", "parent", "state_by")
    if not request.user.is_liaison:
        rows = rows.select_related("engagement")
    return find(rows.with_status(), request.user, public_id)


def page(request, agreement, act=None, bound=None):
    """The agreement with what the reader may do next; `bound` is the form that came back."""
    user = request.user
    acts = rules.next_acts(user, agreement)
    if bound is not None and act not in acts:
        for sentence in bound.non_field_errors():
            messages.error(request, sentence)
    duties = _duties(user, agreement)
    successor = _successor(user, agreement)
    late = any(duty.is_late for duty in duties)
    asked = {
        name: _panel(name, agreement, bound if name == act else None)
        for name in FORMS
        if name in acts
    }
    return show(
        request,
        "partners/agreement_detail.html",
        {
            "agreement": agreement,
            "acts": acts,
            "step": steps.next_step(agreement, successor=successor, late_duties=late),
            "forward": next((asked[name] for name in FORWARD if name in asked), None),
            "others": [panel for name, panel in asked.items() if name not in FORWARD],
            "documents": AgreementDocument.objects.visible_to(user)
            .filter(agreement=agreement)
            .select_related("created_by"),
            "duties": duties,
            "reviews": agreement.reviews.select_related("created_by"),
            "extensions": agreement.extensions.select_related("created_by", "voided_by"),
            "children": agreement.children.visible_to(user).select_related("agency").with_status(),
            "successor": successor,
            "next_review": rules.next_review(agreement),
            "parent": _parent(user, agreement),
            "outlives_parent": rules.outlives(agreement, agreement.parent),
            "sections": panels.of(agreement, user),
            **_rights(user, agreement, successor),
        },
        form=bound,
    )


def _duties(user, agreement):
    rows = Obligation.objects.visible_to(user).filter(agreement=agreement)
    rows = rows.select_related("done_by", "dropped_by")
    return list(rows.standing() if user.is_liaison else rows)


def _parent(user, agreement):
    """Its umbrella, if the reader may see that: a unit does not read its parent's agreements."""
    if agreement.parent_id is None or not user.is_liaison:
        return agreement.parent
    return Agreement.objects.visible_to(user).filter(pk=agreement.parent_id).first()


def _successor(user, agreement):
    """What continues it, if the reader may see that."""
    rows = Agreement.objects.visible_to(user).exclude(state=AgreementState.CANCELLED)
    return rows.filter(renews=agreement).with_status().first()


def _rights(user, agreement, successor):
    facility = agreement.facility_id
    is_signed = agreement.state == AgreementState.SIGNED
    is_open = agreement.state != AgreementState.CANCELLED
    writes = may(user, "draft_agreement", facility)
    keeps = may(user, "keep_obligations", facility)
    return {
        "may_edit": rules.can_edit(user, agreement),
        "may_add_document": writes and is_open,
        "may_add_duty": keeps and is_open,
        "may_review": keeps and is_signed,
        "may_extend": is_signed and may(user, "sign_agreement", facility),
        "may_renew": writes and is_signed and not successor,
        "may_link": is_open and may(user, rules.act_of_linking(agreement), facility),
        "may_correct": may(user, "correct_state", facility),
    }


def _panel(act, agreement, bound):
    form_class, label = FORMS[act]
    form = form_class() if bound is None else bound
    form.auto_id = f"{act}_%s"
    url = reverse(f"partners:agreement-{act.replace('_', '-')}", args=[agreement.public_id])
    return {"act": act, "label": label, "form": form, "url": url, "is_open": bound is not None}
