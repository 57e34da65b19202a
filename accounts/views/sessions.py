"""One's own sessions: where one is signed in, and ending what one does not know."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.services import sessions
from accounts.views.pages import done, show

OTHERS = "others"
DIGITS = 18  # of the number of a row


@require_safe
def own(request):
    rows = sessions.standing(request.user)
    here = request.session.session_key
    return show(request, "account/sessions.html", {"sessions": rows, "here": here})


@require_POST
def end(request):
    """Ends the one that was asked for, or all but this one. The own one ends by signing out."""
    others = sessions.standing(request.user).exclude(session_key=request.session.session_key)
    asked = request.POST.get("session", "")
    if asked != OTHERS:
        is_number = asked.isdecimal() and len(asked) <= DIGITS
        others = others.filter(pk=int(asked)) if is_number else others.none()
    number = sessions.end(sessions=list(others))
    sentence = ngettext(
        "%(number)d sesi lain diakhiri.", "%(number)d sesi lain diakhiri.", number
    ) % {"number": number}
    return done(request, sentence if number else _("Sesi itu sudah berakhir."), "sessions")
