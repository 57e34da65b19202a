"""Sections that higher apps add to the page of an agreement.

A panel is a function `(agreement, user)` that gives a template and its context, or None when it
has nothing to say. The template reads the context under the name `panel`.
"""

_panels = []


def register(function):
    """Add a panel to every agreement's page; also a decorator. Called from an app's `ready`."""
    if function not in _panels:
        _panels.append(function)
    return function


def of(agreement, user):
    """Pairs (template, context) of the panels that have something to say."""
    return [shown for shown in (panel(agreement, user) for panel in _panels) if shown]
