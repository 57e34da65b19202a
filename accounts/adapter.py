from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation or from the admin, never by signing up."""

    def is_open_for_signup(self, request):
        return False
