import pghistory
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.logs import without_secrets
from accounts.refusals import NotAllowed
from accounts.services import access, sessions


class HistoryMiddleware:
    """Tells the history triggers who acts; the name as text, so that it outlives the user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        who = {"user": request.user.pk, "name": str(request.user), "request": request.id}
        with pghistory.context(**who, url=without_secrets(request.path)):
            return self.get_response(request)


class RefusalMiddleware:
    """A refusal that no form caught becomes a message on the page one came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, NotAllowed) or request.method != "POST":
            return None
        access.record(request, access.VIEW, exception.people)
        for sentence in exception.messages:
            messages.error(request, sentence)
        back = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = "/"
        return redirect(back)


class LanguageMiddleware:
    """Indonesian unless the reader chose otherwise: a cookie, else the user's own setting.

    The browser's language says nothing here: an office's English browser belongs to a reader of
    Indonesian.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen is None and request.user.is_authenticated:
            chosen = request.user.language
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in page; a part of a page takes the whole page there."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return to_the_door(request)
        return super().handle_no_permission(request, view_func)


def to_the_door(request):
    """To the sign-in page, and from there back to the page that was asked for."""
    back = request.path if request.method == "GET" else "/"
    to = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)


class SessionEndMiddleware:
    """Signs out whoever left the browser alone, or has been signed in for a whole day's work."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if sessions.is_over(request.session):
                return self._ended(request)
            sessions.seen(request.session)
        return self.get_response(request)

    def _ended(self, request):
        logout(request)
        messages.info(
            request,
            _(
                "Sesi Anda sudah berakhir. Masuk lagi untuk melanjutkan; yang sedang Anda ketik "
                "masih ada bila Anda kembali dengan tombol mundur peramban."
            ),
        )
        return to_the_door(request)


class SecondFactorMiddleware:
    """Kinds of users in `MFA_REQUIRED_FOR` set up a second factor before anything else."""

    OPEN = ("mfa_", "account_", "set_language", "sessions")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if (
            user.is_authenticated
            and user.kind in settings.MFA_REQUIRED_FOR
            and getattr(view, "login_required", True)
            and not self._is_open(request.resolver_match)
            and not is_mfa_enabled(user)
        ):
            messages.warning(
                request,
                _(
                    "Akun Anda perlu faktor kedua: aplikasi kode atau passkey. Pasang dahulu, "
                    "lalu lanjutkan."
                ),
            )
            return redirect("mfa_index")
        return None

    def _is_open(self, match):
        """Tables in the admin have names that begin like these, but stand in its namespace."""
        return not match.namespace and str(match.url_name).startswith(self.OPEN)


class PermissionsPolicyMiddleware:
    """Tells the browser that no page of ours needs a camera, a place, a payment, and so on."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = ", ".join(f"{name}=()" for name in settings.PERMISSIONS_REFUSED)

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        return response
