from django.contrib.auth.decorators import login_not_required
from django.views.i18n import set_language

from accounts.services import language


@login_not_required
def switch(request):
    """Django's own switch; for a person signed in it is remembered for their mails too."""
    if request.method == "POST" and request.user.is_authenticated:
        language.choose(language=request.POST.get("language"), by=request.user)
    return set_language(request)
