"""What each side has to do: written down by the prison, done by either side."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners import rules
from partners.forms import agreement_duties as forms
from partners.models import Obligation
from partners.services import obligations
from partners.views.agreement_page import found
from partners.views.downloads import download


def add(request, public_id):
    """Several rows at once; `?usual=1` fills them with what such agreements usually ask."""
    agreement = found(request, public_id)
    if not may(request.user, "keep_obligations", agreement.facility_id):
        raise PermissionDenied
    usual = forms.usual_duties(agreement) if "usual" in request.GET else ()
    rows = forms.duties(request.POST or None, usual)
    form = forms.Whole(request.POST or None)
    if form.is_valid() and not rows.is_valid():
        form.add_error(None, _("Betulkan dulu baris di bawah."))
    if form.is_valid() and perform(
        form, obligations.add, agreement=agreement, duties=rows.written(), by=request.user
    ):
        return done(request, _("Kewajiban dicatat."), agreement)
    context = {"agreement": agreement, "rows": rows}
    return show(request, "partners/obligation_add.html", context, form=form)


@require_safe
def detail(request, public_id):
    return _page(request, _found(request, public_id))


def _by_form(form_class, service, sentence, allows):
    @require_POST
    def submit(request, public_id):
        obligation = _found(request, public_id)
        if not allows(request.user, obligation):
            raise PermissionDenied
        form = form_class(request.POST, request.FILES)
        if form.is_valid() and perform(
            form, service, obligation=obligation, by=request.user, **form.cleaned_data
        ):
            return done(request, sentence, obligation.agreement)
        return _page(request, obligation, form)

    return submit


def _keeps(user, obligation):
    return may(user, "keep_obligations", obligation.agreement.facility_id)


finish = _by_form(
    forms.FinishForm,
    obligations.finish,
    gettext_lazy("Kewajiban dicatat selesai."),
    rules.can_report,
)
drop = _by_form(forms.DropForm, obligations.drop, gettext_lazy("Kewajiban dihapus."), _keeps)
reopen = _by_form(
    forms.ReopenForm, obligations.reopen, gettext_lazy("Kewajiban dibuka lagi."), _keeps
)


@require_safe
def evidence(request, public_id):
    obligation = _found(request, public_id)
    return download(obligation.evidence, f"bukti {obligation.what}")


def _found(request, public_id):
    rows = Obligation.objects.select_related(
        "agreement__agency", "agreement__facility", "done_by", "dropped_by"
    )
    return find(rows, request.user, public_id)


def _page(request, obligation, bound=None):
    """The duty, with the forms that its state and the reader's post allow."""
    is_open = obligation.done_on is None and obligation.dropped_at is None
    keeps = _keeps(request.user, obligation)
    allowed = {
        forms.FinishForm: is_open and rules.can_report(request.user, obligation),
        forms.DropForm: is_open and keeps,
        forms.ReopenForm: keeps and obligation.done_on and not obligation.dropped_at,
    }
    made = {
        form_class: bound if isinstance(bound, form_class) else form_class()
        for form_class, is_allowed in allowed.items()
        if is_allowed
    }
    for form_class, form in made.items():
        form.auto_id = f"{form_class.__name__.lower()}_%s"
    context = {
        "obligation": obligation,
        "agreement": obligation.agreement,
        "finish_form": made.get(forms.FinishForm),
        "drop_form": made.get(forms.DropForm),
        "reopen_form": made.get(forms.ReopenForm),
    }
    return show(request, "partners/obligation_detail.html", context, form=bound)
