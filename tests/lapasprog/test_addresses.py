from importlib import import_module

import pytest
from django.urls import URLPattern, get_resolver, path

from lapasprog.addresses import by_first_word

APPS = ("reports", "placements", "inmates", "partners", "training", "correspondence")


def routes_of(patterns, before=""):
    """`[(route, name, view)]` in the order in which a request meets them."""
    found = []
    for each in patterns:
        route = f"{before}{each.pattern}"
        if isinstance(each, URLPattern):
            found.append((route, each.name, each.callback))
        else:
            found += routes_of(each.url_patterns, route)
    return found


@pytest.mark.parametrize("app", APPS)
def test_the_addresses_of_an_app_are_those_of_its_list(app):
    (of_app,) = (
        each
        for each in get_resolver().url_patterns
        if getattr(each, "namespace", None) == import_module(f"{app}.urls").app_name
    )
    listed = routes_of(import_module(f"{app}.urls").urlpatterns)
    assert sorted(routes_of(of_app.url_patterns), key=str) == sorted(listed, key=str)


def test_a_request_is_compared_with_few_of_them():
    assert max(len(each.url_patterns) for each in get_resolver().url_patterns[:6]) < 40


def test_of_two_that_fit_the_first_one_listed_is_met_first():
    def one(request):
        pass

    def other(request):
        pass

    listed = [path("a/b/", one, name="one"), path("<str:x>/", one), path("a/<str:x>/", other)]
    assert [route for route, _name, _view in routes_of(by_first_word(listed))] == [
        "a/b/",
        "a/<str:x>/",
        "<str:x>/",
    ]
