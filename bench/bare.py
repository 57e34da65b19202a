"""The yardstick: an empty page for a signed-in user behind Django's default middleware.

A new database connection per request, no view code, no rows. `BARE_HOST` is the folder of the
server's socket; `setup()` makes tables and the one user.
"""

import os

import django
from django.conf import settings

USER = "bare"
PAGE = (
    "<!doctype html><html lang=id><title>bare</title><h1>{{ user.username }}</h1>"
    "<form method=post>{% csrf_token %}{{ form }}<button>ok</button></form></html>"
)
LOADER = ("django.template.loaders.locmem.Loader", {"page.html": PAGE})
PROCESSORS = ("template.context_processors.request", "contrib.auth.context_processors.auth")

if not settings.configured:
    settings.configure(
        SECRET_KEY="bare-yardstick",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        LOGIN_REDIRECT_URL="/",
        LOGIN_URL="/login/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            f"django.contrib.{app}" for app in ("auth", "contenttypes", "sessions", "messages")
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.cached.Loader", [LOADER])],
                    "context_processors": [f"django.{name}" for name in PROCESSORS],
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "bare",
                "USER": "postgres",
                "HOST": os.environ["BARE_HOST"],
            }
        },
    )
    django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [
    path("", login_required(lambda request: render(request, "page.html"))),
    path("login/", LoginView.as_view(template_name="page.html")),
]
application = get_wsgi_application()


def setup(password):
    """Tables, and the user whose page is timed."""
    call_command("migrate", verbosity=0)
    User.objects.filter(username=USER).delete()
    User.objects.create_user(USER, password=password)


if __name__ == "__main__":
    setup(os.environ["BENCH_PASSWORD"])
