import pytest

from tests import postmaster as smtp


@pytest.fixture
def postmaster(settings):
    """A real SMTP server that Django's settings point at."""
    with smtp.running() as (handler, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.SITE_URL = "https://lapas.test"
        yield handler
