"""The site with a page that breaks on somebody's data."""

from django.urls import path

from inmates.models import Inmate
from lapasprog.urls import handler500
from lapasprog.urls import urlpatterns as ours


def broken(request):
    person = Inmate.objects.exclude(name="").first()
    raise ValueError(f"{person.name} {person.person_key}")


__all__ = ["handler500", "urlpatterns"]
urlpatterns = [*ours, path("broken/", broken)]
