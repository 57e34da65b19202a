"""Pages on which several letters are numbered from the book, or signed, at once."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import ngettext

from accounts.permissions import acts_of
from accounts.views.pages import done, perform, show
from correspondence.forms import letter_bundles as forms
from correspondence.models import Letter
from correspondence.services import letter_bundles, letter_numbers
from correspondence.states import LetterState

MOST = 100  # on one page; the rest comes when these are done
LIST = "correspondence:letter-list"


def number(request):
    """The button `fill` writes the numbers that follow into the empty fields, and saves nothing."""
    waiting = _in_book(_waiting(request, "number_letters").filter(state=LetterState.AWAITING))
    if request.method != "POST":
        return _numbers(request, forms.NumbersForm(waiting=waiting))
    if "fill" in request.POST:
        given = forms.filled_up(request.POST, waiting)
        return _numbers(request, forms.NumbersForm(initial=given, waiting=waiting))
    form = forms.NumbersForm(request.POST, waiting=waiting)
    if form.is_valid():
        numbers, dated = form.chosen(), form.cleaned_data["dated"]
        if perform(form, letter_bundles.number, numbers=numbers, dated=dated, by=request.user):
            said = ngettext(
                "%(count)d surat diberi nomor.", "%(count)d surat diberi nomor.", len(numbers)
            )
            return done(request, said % {"count": len(numbers)}, LIST)
    return _numbers(request, form)


def sign(request):
    rows = _waiting(request, "sign_letters").filter(
        state=LetterState.NUMBERED, signatory__user=str(request.user.public_id)
    )
    form = forms.SignForm(request.POST or None, waiting=list(rows[:MOST]))
    if form.is_valid():
        chosen = list(form.chosen())
        if perform(form, letter_bundles.sign, waiting=chosen, by=request.user):
            said = ngettext(
                "%(count)d surat ditandatangani.", "%(count)d surat ditandatangani.", len(chosen)
            )
            return done(request, said % {"count": len(chosen)}, LIST)
    return show(request, "correspondence/letter_sign_many.html", form=form)


def _numbers(request, form):
    return show(request, "correspondence/letter_number_many.html", form=form)


def _waiting(request, act):
    prisons = {facility for facility, name in acts_of(request.user) if name == act}
    if not prisons:
        raise PermissionDenied
    rows = Letter.objects.visible_to(request.user).ordinary().filter(facility__in=prisons)
    return rows.select_related("facility").order_by("state_at", "pk")


def _in_book(rows):
    """Those whose number comes from the book; each kind of a prison is asked about once."""
    kinds, found = {}, []
    for letter in rows[:MOST]:
        key = (letter.facility_id, letter.kind)
        if key not in kinds:
            kinds[key] = letter_numbers.is_in_book(letter.facility, letter.kind)
        if kinds[key]:
            found.append(letter)
    return found
