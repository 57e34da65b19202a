from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.admin import SecondFactorAdmin
from accounts.views import language, sessions
from lapasprog import health
from lapasprog.addresses import of_app
from lapasprog.watching import exposition

admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "lapasprog"
admin.site.unregister(UserSession)  # its rows hold the keys of sessions; users end their own
admin.site.unregister(Authenticator)  # its rows hold the secrets of second factors
admin.site.register(Authenticator, SecondFactorAdmin)

handler404 = "lapasprog.trouble.not_found"
handler500 = "lapasprog.trouble.page"


@login_not_required
def favicon(request):
    return RedirectView.as_view(url=staticfiles_storage.url("img/favicon.svg"))(request)


urlpatterns = [
    path("", of_app("reports")),
    path("", of_app("placements")),
    path("", of_app("inmates")),
    path("", of_app("partners")),
    path("", of_app("training")),
    path("", of_app("correspondence")),
    path("", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("account/sessions/", sessions.own, name="sessions"),
    path("account/sessions/end/", sessions.end, name="sessions_end"),
    path("i18n/setlang/", language.switch, name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("healthz/page/", health.empty, name="healthz_page"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", exposition.show, name="metrics"),
    path("health/", health.page, name="health"),
    path("favicon.ico", favicon),
    path("admin/", admin.site.urls),
]
