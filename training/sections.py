"""Sections of a batch's page, in their order.

A section is a function `(batch, user, rows)` that gives a template and its context, or None when
it has nothing to say to this reader. `rows` is what the page read (`services.batch_page.Rows`);
a section that needs more says so there. The template reads the context under the name `section`,
the batch as `batch`; it begins with `<section aria-labelledby="...">` and an `h2`. Whom it names
stands in the context as `people`: the page writes the access record. A liaison of the batch's
agency reads the same page: give a liaison codes, never names, or None. The number of queries does
not depend on the number of rows.
"""

SLOTS, SELECTION, TEACHING, RESULTS, CLOSING = 10, 20, 30, 40, 50

_sections = []


def register(*, order):
    """Decorator: show the function's section at this place, e.g. `order=sections.TEACHING`.

    A module in `views` is imported with the addresses; any other from the app's `ready`.
    """

    def remember(function):
        if all(function is not known for _order, known in _sections):
            _sections.append((order, function))
            _sections.sort(key=lambda pair: pair[0])
        return function

    return remember


def of(batch, user, rows):
    """Pairs (template, context) of the sections that have something to say."""
    found = (section(batch, user, rows) for _order, section in _sections)
    return [shown for shown in found if shown]
