"""Sections of a meeting's page, in their order.

A section is a function `(meeting, user)` that gives a template and its context, or None when it
has nothing to say to this reader. The template reads the context under the name `section`, the
meeting as `meeting`; it begins with `<section aria-labelledby="...">` and an `h2`. Whom it names
stands in the context as `people`: the page writes the access record. A liaison of the meeting's
agency reads the same page.
"""

ATTENDANCE, TOOLS = 10, 20

_sections = []


def register(*, order):
    """Decorator: show the function's section at this place, e.g. `order=meeting_sections.TOOLS`.

    A module in `views` is imported with the addresses; any other from the app's `ready`.
    """

    def remember(function):
        if all(function is not known for _order, known in _sections):
            _sections.append((order, function))
            _sections.sort(key=lambda pair: pair[0])
        return function

    return remember


def of(meeting, user):
    """Pairs (template, context) of the sections that have something to say."""
    return [shown for shown in (section(meeting, user) for _order, section in _sections) if shown]
