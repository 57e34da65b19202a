"""Pages about seats. Each finds the round inside one's scope, asks, calls the service, shows."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Window
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import listed, stand_ins
from accounts.views.pages import done, find, perform, show
from partners.models import Agency
from partners.views.downloads import download
from training import rules
from training.forms import slot as forms
from training.models import Batch, SlotProposal
from training.services import conversation, slots
from training.states import ProposalState

REPLY_DAYS = 7
PAGE = 50  # rounds
LATEST = 20  # answered ones
RELATED = ("batch__course", "batch__facility", "agency", "answered_by", "batch__agreement")
SHOWN = ("public_id", "seats", "batch__name", "batch__course__name")


def inbox(request):
    """Rounds that wait for an answer, first those that wait for mine."""
    mine, theirs, answered = _first_rounds(request.user)
    return show(
        request,
        "training/slot_inbox.html",
        {
            "mine": _paged(request, mine, _mine, "mine"),
            "theirs": _paged(request, theirs, _theirs, "theirs"),
            "answered": answered,
            "may_offer": Agency.objects.own(request.user) is not None,
        },
    )


@stand_ins.asked_often
def _first_rounds(reader):
    mine, theirs = _mine(reader), _theirs(reader)
    answered = SlotProposal.objects.visible_to(reader).exclude(state=ProposalState.OPEN)
    latest = _read(answered.order_by("-answered_at"), "state")[:LATEST]
    return mine[:PAGE], theirs[:PAGE], latest


def _mine(reader):
    """Rounds that the reader's side has to answer; with who waits."""
    rows = SlotProposal.objects.visible_to(reader)
    if reader.is_liaison:
        return _most_urgent(rows.awaiting_agency(), "starts_on", "ends_on", "batch__facility__name")
    return _most_urgent(rows.awaiting_prison(), "starts_on", "ends_on", "agency__name")


def _theirs(reader):
    rows = SlotProposal.objects.visible_to(reader)
    return _most_urgent(rows.awaiting_prison() if reader.is_liaison else rows.awaiting_agency())


def _most_urgent(rounds, *names):
    rounds = rounds.order_by("respond_by", "pk").annotate(of_all=Window(Count("pk")))
    return _read(rounds, "respond_by", *names)


def _read(rounds, *names):
    """What the page shows of rounds, not all that there is of them and of their batches."""
    related = {name.rpartition("__")[0] for name in (*SHOWN, *names) if "__" in name}
    return rounds.select_related(*related).only(*SHOWN, *names)


def _paged(request, found, waiting, parameter):
    """A page of the rounds that wait so, the most urgent first; `found` are the first of them, and
    know how many there are."""
    asked = request.GET.get(parameter, "")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
    further = _further(request, waiting, number) if number > 1 else []
    page = Paginator(range(found[0].of_all if found else 0), PAGE)
    page = page.get_page(number if further else 1)
    page.object_list = further or found
    return page


def _further(request, waiting, number):
    rows = listed.Rows(SlotProposal, request, waiting, lambda asked: waiting(asked.user))
    return list(rows[(number - 1) * PAGE : number * PAGE])


def propose(request, public_id):
    batch = find(
        Batch.objects.select_related("course", "agency", "facility"), request.user, public_id
    )
    if not rules.may_ask(request.user, batch):
        raise PermissionDenied
    if request.method == "GET" and not rules.may_propose(request.user, batch):
        raise PermissionDenied
    initial = {
        "starts_on": batch.starts_on,
        "ends_on": batch.ends_on,
        "place": batch.place,
        "seats": batch.seats_confirmed or None,
        "respond_by": timezone.localdate() + timedelta(days=REPLY_DAYS),
    }
    form = forms.ProposeForm(request.POST or None, initial=initial)
    if form.is_valid() and perform(
        form, slots.propose, batch=batch, by=request.user, **form.cleaned_data
    ):
        told = _("Usulan dikirim; narahubung instansi diberi tahu.")
        if request.user.is_liaison:
            told = _("Usulan dikirim; petugas lapas diberi tahu.")
        return done(request, told, batch)
    return show(request, "training/slot_propose.html", {"batch": batch}, form=form)


def offer(request):
    """An agency's liaison offers a prison seats in a new batch."""
    agency = Agency.objects.own(request.user)
    if agency is None:
        raise PermissionDenied
    partners = slots.partners_of(agency)
    initial = {"respond_by": timezone.localdate() + timedelta(days=REPLY_DAYS)}
    form = forms.OfferForm(request.POST or None, partners=partners, initial=initial)
    if form.is_valid():
        proposal = perform(form, slots.offer, agency=agency, by=request.user, **form.cleaned_data)
        if proposal:
            return done(request, _("Tawaran dikirim; petugas lapas diberi tahu."), proposal.batch)
    return show(
        request, "training/slot_offer.html", {"agency": agency, "partners": partners}, form=form
    )


def answer(request, public_id):
    """The round, and what the reader may do with it: accept, counter, decline, or write down."""
    proposal = _find(request, public_id)
    return _answer_page(request, proposal)


@require_POST
def accept(request, public_id):
    proposal = _find(request, public_id)
    slots.accept(proposal=proposal, by=request.user)
    return done(request, _("Diterima. Kuota sudah dikonfirmasi."), _back(request, proposal))


@require_POST
def counter(request, public_id):
    return _answered_with(
        request,
        public_id,
        forms.CounterForm,
        slots.counter,
        _("Usul balik dikirim."),
        rules.how_may_answer,
    )


@require_POST
def decline(request, public_id):
    return _answered_with(
        request,
        public_id,
        forms.DeclineForm,
        slots.decline,
        _("Penolakan dikirim."),
        rules.how_may_answer,
    )


@require_POST
def extend(request, public_id):
    return _answered_with(
        request,
        public_id,
        forms.ExtendForm,
        slots.extend,
        _("Batas jawab diperpanjang."),
        rules.is_on_side,
    )


@require_POST
def object_to(request, public_id):
    return _answered_with(
        request,
        public_id,
        forms.ObjectForm,
        slots.object_to,
        _("Keberatan dikirim ke lapas."),
        rules.speaks_for_agency,
    )


@require_POST
def withdraw(request, public_id):
    proposal = _find(request, public_id)
    slots.withdraw(proposal=proposal, by=request.user)
    return done(request, _("Usulan ditarik."), _back(request, proposal))


def record(request, public_id):
    """Write down what the agency answered by letter, call or WhatsApp."""
    proposal = _find(request, public_id)
    if rules.how_may_answer(request.user, proposal) != rules.FOR_AGENCY:
        raise PermissionDenied
    form = forms.RecordForm(request.POST or None, request.FILES or None, initial=terms_of(proposal))
    if form.is_valid():
        terms = form.terms()
        service, arguments = {
            forms.ACCEPT: (slots.accept, {}),
            forms.COUNTER: (slots.counter, terms),
            forms.DECLINE: (slots.decline, {"reason": terms["reason"]}),
        }[form.cleaned_data["answer"]]
        if perform(
            form,
            service,
            proposal=proposal,
            recorded=form.recorded(),
            by=request.user,
            **arguments,
        ):
            sentence = _("Jawaban dicatat; narahubung instansi diberi tahu dan dapat keberatan.")
            return done(request, sentence, proposal.batch)
    return show(request, "training/slot_record.html", {"proposal": proposal}, form=form)


def proof(request, public_id):
    """The scan of an answer that the prison wrote down; for both sides."""
    proposal = _find(request, public_id)
    return download(proposal.recorded_scan, f"{proposal.batch} {proposal.recorded_on}")


def _find(request, public_id):
    return find(SlotProposal.objects.select_related(*RELATED), request.user, public_id)


def _back(request, proposal):
    return proposal if request.user.is_liaison else proposal.batch


def terms_of(proposal):
    """What a form for other terms begins with."""
    return {
        "seats": proposal.seats,
        "starts_on": proposal.starts_on,
        "ends_on": proposal.ends_on,
        "respond_by": timezone.localdate() + timedelta(days=REPLY_DAYS),
    }


def _answered_with(request, public_id, form_class, service, sentence, allowed):
    proposal = _find(request, public_id)
    if not allowed(request.user, proposal):
        raise PermissionDenied
    form = form_class(request.POST)
    if form.is_valid() and perform(
        form, service, proposal=proposal, by=request.user, **form.cleaned_data
    ):
        return done(request, sentence, _back(request, proposal))
    return _answer_page(request, _find(request, public_id), bound=form)


def _answer_page(request, proposal, bound=None):
    is_open = proposal.state == ProposalState.OPEN
    how = rules.how_may_answer(request.user, proposal) if is_open else None
    offered = {}
    if how in (rules.AS_AGENCY, rules.AS_PRISON):
        offered = {
            "counter_form": forms.CounterForm(initial=terms_of(proposal), prefix=None),
            "decline_form": forms.DeclineForm(),
        }
    is_own = is_open and rules.is_on_side(request.user, proposal)
    if is_own:
        offered["extend_form"] = forms.ExtendForm()
    if rules.may_object(request.user, proposal):
        offered["object_form"] = forms.ObjectForm()
    for name, form in offered.items():
        form.auto_id = f"{name}_%s"
        if bound is not None and type(form) is type(bound):
            bound.auto_id = f"{name}_%s"
            offered[name] = bound
    return show(
        request,
        "training/slot_answer.html",
        {
            "proposal": proposal,
            "turns": conversation.of(proposal.batch, request.user),
            "how": how,
            "is_own": is_own,
            "refused": bound if bound is not None and bound not in offered.values() else None,
            **offered,
        },
        form=bound,
    )
