"""Joins of at most one row, which a number of rows does without."""

from django.db.models import FilteredRelation
from django.db.models.sql.constants import LOUTER


class AtMostOne(FilteredRelation):
    """A relation of which one row at most meets the condition: neither Django nor PostgreSQL can
    know that its join leaves as many rows as there were."""

    def clone(self):
        clone = super().clone()
        clone.__class__ = type(self)
        return clone


def without_idle_joins(rows):
    """The queryset without the join of each `AtMostOne` of which it neither reads nor asks."""
    rows = rows.all()
    query = rows.query
    for alias, join in query.alias_map.items():
        if join.join_type != LOUTER or not isinstance(join.filtered_relation, AtMostOne):
            continue
        uses, query.alias_refcount[alias] = query.alias_refcount[alias], 0
        if f"{alias}." in query.sql_with_params()[0]:
            query.alias_refcount[alias] = uses
    return rows
