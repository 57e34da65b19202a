"""Addresses told apart by their first word, so that a request is compared with few of them."""

from importlib import import_module

from django.urls import URLPattern, include, path


def of_app(name):
    """What `include` makes of an app's `urls`, its addresses behind their first words."""
    urls = import_module(f"{name}.urls")
    return include((by_first_word(urls.urlpatterns), urls.app_name))


def by_first_word(patterns):
    """The same addresses and names, those that begin with one word behind one prefix.

    A word holds no part that is filled in; an address without such a word stays as it is.
    """
    groups = {}
    for each in patterns:
        word, slash, rest = str(each.pattern).partition("/")
        if isinstance(each, URLPattern) and slash and "<" not in word:
            one = path(rest, each.callback, each.default_args, each.name)
            groups.setdefault(f"{word}/", []).append(one)
        else:
            groups[each] = each
    return [
        path(word, include(them)) if isinstance(them, list) else them
        for word, them in groups.items()
    ]
