"""The page of one agreement: found inside one's scope, with all that hangs on it."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from accounts.views.pages import show
from partners import panels, rules, steps
from partners.forms import agreement_acts as forms
from partners.services import agreement_page
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
    for row in agreement_page.known(request.user, public_id):
        return row
    raise Http404


def page(request, agreement, act=None, bound=None):
    """The agreement with what the reader may do next; `bound` is the form that came back."""
    user = request.user
    acts = rules.next_acts(user, agreement)
    if bound is not None and act not in acts:
        for sentence in bound.non_field_errors():
            messages.error(request, sentence)
    rows = agreement_page.rows_of(agreement, user)
    duties, successor = rows.duties, rows.successor
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
            "documents": rows.documents,
            "duties": duties,
            "reviews": rows.reviews,
            "extensions": rows.extensions,
            "children": rows.children,
            "letters": rows.letters,
            "speakers": rows.speakers,
            "events": rows.events,
            "successor": successor,
            "next_review": rules.next_review(agreement),
            "parent": rows.parent if user.is_liaison else agreement.parent,
            "outlives_parent": rules.outlives(agreement, agreement.parent),
            "sections": panels.of(agreement, user, rows.of_panels),
            **_rights(user, agreement, successor),
        },
        form=bound,
    )


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
