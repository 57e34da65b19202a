from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation or from the admin, never by signing up.

    Links in mails lead to our own address, whatever host was asked: who asked is a stranger.
    """

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        return _at_home(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request, emailconfirmation):
        return _at_home(super().get_email_confirmation_url(request, emailconfirmation))


def _at_home(url):
    return settings.SITE_URL + urlsplit(url).path
