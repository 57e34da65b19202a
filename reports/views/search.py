"""The one box. The header posts to it, so that a NIK stands in no address; other texts then do."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.services import access
from accounts.views.pages import show
from inmates.rules import read_typed
from reports.search import groups_for


@never_cache
def search(request):
    text = (request.POST if request.method == "POST" else request.GET).get("q", "")
    typed = read_typed(text)
    if request.method == "POST" and not typed.nik:
        return redirect(f"{reverse('reports:search')}?{urlencode({'q': typed.text})}")
    groups = groups_for(request.user, typed)
    access.record(request, access.VIEW, [person for group in groups for person in group.people])
    return show(request, "reports/search.html", {"typed": typed, "groups": groups})
