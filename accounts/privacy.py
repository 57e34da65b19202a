"""The privacy word of every field of every model: what becomes of it.

*keep*: stays, also in the history. *mask*: the history only says that it changed, and retention
blanks it. *drop*: as mask, for what is kept no longer than it is needed. A model names its fields
once, in an attribute `privacy`; those of its base class count too.
"""

KEEP, MASK, DROP = "keep", "mask", "drop"


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
