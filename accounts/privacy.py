"""The privacy word of every field of every model: what becomes of it.

*keep*: stays, also in the history. *mask*: the history only says that it changed, and retention
blanks it. *drop*: as mask, for what is kept no longer than it is needed. A model names its fields
once, in an attribute `privacy`; those of its base class count too.
"""

from django.apps import apps
from pghistory.models import Event

KEEP, MASK, DROP = "keep", "mask", "drop"
REMOVED = "—"  # stands where there was a text that a constraint may ask for
ANONYMOUS = "Anonim"  # how everybody is called whose time is over, with a code


def words(*, keep="", mask="", drop=""):
    """`{field: word}` from names with blanks between them."""
    named = {KEEP: keep, MASK: mask, DROP: drop}
    return {name: word for word, names in named.items() for name in names.split()}


def of(model):
    """`{field: word}` of a model (a history row has those of what it is about)."""
    declared = [vars(base).get("privacy", {}) for base in reversed(model.__mro__)]
    return {name: word for each in declared for name, word in each.items()}


def is_hidden(model, field):
    """Whether the history may only say that this field changed."""
    return of(model).get(field, KEEP) != KEEP


def hanging_on(root):
    """`{model: look-ups}` of every model whose rows are about one row of `root`.

    That is every model with a foreign key to `root`, and every model with one to a model of the
    answer; the look-ups (`("inmate",)`, `("candidate__inmate",)`) lead from it to `root`. History
    tables are left out: `history_of` gives them.
    """
    found = {root: ("",)}
    models = [
        model
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and not issubclass(model, Event)
    ]
    while True:
        further = {
            model: paths
            for model in models
            if model not in found and (paths := _paths_into(model, found))
        }
        if not further:
            break
        found |= further
    del found[root]
    return found


def _paths_into(model, found):
    return tuple(
        f"{field.name}__{path}" if path else field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in found
        for path in found[field.related_model]
    )


def history_of(model):
    """The model of its history rows, None if it has none."""
    return next(
        (
            relation.related_model
            for relation in model._meta.related_objects
            if issubclass(relation.related_model, Event) and relation.field.name == "pgh_obj"
        ),
        None,
    )


def tracked():
    """Models that have a history."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, Event) and history_of(model) is not None
    ]
