"""Sections that higher apps add to the page of an agreement.

A panel is a function `(agreement, user, rows, ...)` that gives a template and its context, or None
when it has nothing to say. The template reads the context under the name `panel`. What it reads
stands in a function `(reader, agreement)` of its own: for each list of `rows` a queryset of what
the reader sees of the agreement (its id). The page asks all of them in one statement.
"""

from inspect import signature

_panels = []


def register(reads):
    """Decorator: add a panel to every agreement's page. Imported from an app's `ready`."""

    def remember(function):
        if all(function is not known for known, _reads in _panels):
            _panels.append((function, reads))
        return function

    return remember


def asked(reader, agreement):
    """The querysets of all panels, in their order."""
    return [queryset for _panel, reads in _panels for queryset in reads(reader, agreement)]


def of(agreement, user, rows):
    """Pairs (template, context) of the panels that have something to say; `rows` are the lists of
    what was `asked`."""
    left, found = iter(rows), []
    for panel, _reads in _panels:
        own = len(signature(panel).parameters) - 2
        found.append(panel(agreement, user, *(next(left) for _list in range(own))))
    return [shown for shown in found if shown]
