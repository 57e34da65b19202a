"""The register of letters, and one letter from its draft to the scan of what was sent."""

from dataclasses import dataclass
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.files import StorageFull
from accounts.permissions import may
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.lists import ScopedListView
from accounts.views.pages import done, find, opened, perform, show
from correspondence import letter_kinds, paragraphs, rules
from correspondence.filters import LetterFilter
from correspondence.forms import letter as forms
from correspondence.models import Letter
from correspondence.services import letter_numbers, letter_papers, letters
from correspondence.states import LETTER_UNNUMBERED, SeriesMode
from correspondence.tables import LetterTable


class LetterList(ScopedListView):
    model = Letter
    table_class = LetterTable
    filterset_class = LetterFilter
    title = gettext_lazy("Surat")
    empty_text = gettext_lazy("Belum ada surat. Surat disusun dari halaman mitra atau perjanjian.")
    actions_template = "correspondence/_letter_list_actions.html"


def draft(request):
    """A letter about nothing that the program knows; the others begin on their object's page."""
    if not may(request.user, "write_letters"):
        raise PermissionDenied
    kind = letter_kinds.get(letter_kinds.GENERAL)
    form = forms.LetterForm(
        request.POST or None,
        initial={"classification": kind.classification, "signed_by": kind.signed_by},
    )
    if form.is_valid():
        letter = perform(
            form,
            letters.draft,
            facility=request.user.facility,
            kind=kind.code,
            template=kind.template,
            by=request.user,
            **form.content(),
        )
        if letter:
            return done(request, _("Konsep surat disimpan."), letter)
    return show(request, "correspondence/letter_form.html", {"kind": kind}, form=form)


@require_safe
def detail(request, public_id):
    return _detail_page(request, _find(request, public_id))


def edit(request, public_id):
    letter = _find(request, public_id)
    if not may(request.user, "write_letters", letter.facility_id):
        raise PermissionDenied
    if "rewrite" not in rules.next_acts(request.user, letter):
        messages.error(request, _("Surat ini tidak bisa diubah lagi."))
        return redirect(letter)
    form = forms.LetterForm(request.POST or None, initial=forms.typed_of(letter))
    if form.is_valid() and perform(
        form,
        letters.rewrite,
        letter=letter,
        seen=form.cleaned_data["seen"],
        by=request.user,
        **form.content(),
    ):
        return done(request, _("Konsep surat disimpan."), letter)
    context = {"letter": letter, "kind": letter_kinds.get(letter.kind)}
    return show(request, "correspondence/letter_form.html", context, form=form)


def _by_button(service, sentence):
    """An act that needs nothing but the click."""

    @require_POST
    def press(request, public_id):
        letter = _find(request, public_id)
        service(letter=letter, by=request.user)
        return done(request, sentence, letter)

    return press


def _by_form(name, service, sentence):
    """An act asked for on the letter's page; a form with problems is shown there again."""

    @require_POST
    def submit(request, public_id):
        letter = _find(request, public_id)
        if not any(may(request.user, act, letter.facility_id) for act in PANELS[name].acts):
            raise PermissionDenied
        form = _form(name, letter, request.POST, request.FILES)
        if form.is_valid() and perform(
            form, service, letter=letter, by=request.user, **form.cleaned_data
        ):
            return done(request, sentence, letter)
        return _detail_page(request, _find(request, public_id), name, form)

    return submit


@require_POST
def initial(request, public_id):
    """The button says in `?seen=` which words its reader had before them."""
    letter = _find(request, public_id)
    letters.initial(letter=letter, seen=request.GET.get("seen", ""), by=request.user)
    return done(request, _("Surat diparaf."), letter)


request_number = _by_button(letters.request_number, gettext_lazy("Nomor diminta ke Tata Usaha."))
sign = _by_button(letters.sign, gettext_lazy("Surat ditandatangani."))
give_number = _by_form("give_number", letters.give_number, gettext_lazy("Surat diberi nomor."))
sign_by_scan = _by_form(
    "sign_by_scan", letters.sign, gettext_lazy("Tanda tangan dicatat dengan pindaiannya.")
)
send = _by_form("send", letters.send, gettext_lazy("Pengiriman dicatat."))
add_scan = _by_form("add_scan", letters.add_scan, gettext_lazy("Pindaian disimpan."))
void = _by_form(
    "void", letters.void, gettext_lazy("Surat dibatalkan; nomornya tidak dipakai lagi.")
)


@require_POST
def discard(request, public_id):
    letter = _find(request, public_id)
    letters.discard(letter=letter, by=request.user)
    return done(request, _("Konsep surat dibuang."), "correspondence:letter-list")


@require_safe
def preview(request, public_id):
    """The draft on paper, marked as one; made anew each time and kept nowhere."""
    letter = _find(request, public_id)
    if letter.state not in LETTER_UNNUMBERED:
        return redirect("correspondence:letter-pdf", letter.public_id)
    access.record(request, access.VIEW, letter_papers.subjects_of(letter))
    return HttpResponse(
        letter_papers.preview(letter),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="konsep.pdf"'},
    )


@require_safe
def pdf(request, public_id):
    """The letter's one PDF, printed now if the worker has not done it yet."""
    return pdf_of(request, _find(request, public_id))


@require_safe
def scan(request, public_id):
    """The scan of the signed paper; whom the letter names is on record."""
    letter = _find(request, public_id)
    answer = scan_of(letter)
    access.record(request, access.EXPORT, letter_papers.subjects_of(letter))
    return answer


def pdf_of(request, letter):
    """The paper of a letter that the reader was found to read."""
    try:
        stored = letter_papers.file_of(letter)
    except StorageFull:  # the letter is there, only the room for its paper is not
        raise
    except NotAllowed as refusal:
        raise Http404(str(refusal)) from None
    content = opened(stored.pdf)
    access.record(request, access.EXPORT, letter_papers.subjects_of(letter))
    return FileResponse(
        content,
        as_attachment="download" in request.GET,
        filename=f"{letter.kind}-{letter.year}-{letter.sequence or str(letter.public_id)[:8]}.pdf",
        content_type="application/pdf",
    )


def scan_of(letter):
    suffix = PurePath(letter.scan.name).suffix
    number = letter.sequence or str(letter.public_id)[:8]
    return FileResponse(
        opened(letter.scan),
        as_attachment=True,
        filename=f"{letter.kind}-{letter.year}-{number}{suffix}",
    )


@dataclass(frozen=True)
class Panel:
    """A step that asks for something: its form, the words on its button, and whose it is."""

    form: type
    label: str
    acts: tuple
    tone: str = "btn-primary"


PANELS = {
    "give_number": Panel(forms.NumberForm, gettext_lazy("Beri nomor"), ("number_letters",)),
    "sign_by_scan": Panel(
        forms.ScanForm,
        gettext_lazy("Catat tanda tangan dengan pindaian"),
        ("sign_letters", "number_letters"),
        "btn-outline-secondary",
    ),
    "send": Panel(forms.SendForm, gettext_lazy("Catat pengiriman"), ("number_letters",)),
    "add_scan": Panel(
        forms.ScanForm,
        gettext_lazy("Unggah pindaian"),
        ("number_letters",),
        "btn-outline-secondary",
    ),
    "void": Panel(
        forms.VoidForm, gettext_lazy("Batalkan surat"), ("number_letters",), "btn-outline-danger"
    ),
}


def _find(request, public_id):
    rows = Letter.objects.select_related("facility", "series", "state_by", "signed_by")
    letter = find(rows, request.user, public_id)
    if not rules.may_read(request.user, letter):
        raise PermissionDenied
    return letter


def _form(name, letter, *sent):
    if name != "give_number":
        return PANELS[name].form(*sent)
    series = letter_numbers.series_of(letter)
    return forms.NumberForm(*sent, is_book=bool(series) and series.mode == SeriesMode.BOOK)


def _detail_page(request, letter, name=None, bound=None):
    """The letter with what the reader may do next; `bound` is the form that came back."""
    acts = rules.next_acts(request.user, letter)
    if bound is not None and name not in acts:
        for sentence in bound.non_field_errors():
            messages.error(request, sentence)
    return show(
        request,
        "correspondence/letter_detail.html",
        {
            "letter": letter,
            "kind": letter_kinds.get(letter.kind),
            "about": letters.object_of(letter),
            "blocks": paragraphs.blocks(letter.data.get("text", "")),
            "acts": acts,
            "panels": [
                _panel(each, letter, bound if each == name else None)
                for each in PANELS
                if each in acts
            ],
            "is_draft": letter.state in LETTER_UNNUMBERED,
            "paper": letter.state not in LETTER_UNNUMBERED and "template" in letter.data,
        },
        form=bound,
    )


def _panel(name, letter, bound):
    form = _form(name, letter) if bound is None else bound
    form.auto_id = f"{name}_%s"
    url = reverse(f"correspondence:letter-{name.replace('_', '-')}", args=[letter.public_id])
    return {
        "panel": PANELS[name],
        "form": form,
        "url": url,
        "is_open": bound is not None,
    }
