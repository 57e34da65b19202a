"""Blanking what a privacy word says is not kept, in rows and in their history.

Only the owner of the tables may: the app's role has no right to change history, so nothing here
works on its connection.
"""

import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.db.models import (
    Case,
    CharField,
    F,
    FileField,
    Func,
    JSONField,
    Q,
    TextField,
    Value,
    When,
)

from accounts import privacy
from accounts.grants import OWNER
from accounts.privacy import REMOVED


def past_triggers(models):
    """Within it the owner may blank rows of the models and their history.

    No state is checked and no history written meanwhile. It rests on the owner's rights: setting
    the same as the app's role still ends at `permission denied`.
    """
    tables = [each for model in models for each in (model, privacy.history_of(model)) if each]
    uris = [
        f"{table._meta.label}:{trigger.name}"
        for table in tables
        for trigger in getattr(table._meta, "triggers", ())
    ]
    return pgtrigger.ignore(*uris, databases=[OWNER])


def blanks(model, table=None):
    """`{field: value}` that `update` takes for the fields which `model` does not keep.

    `table` is the model's history if that is to be blanked. Raises `ImproperlyConfigured` for a
    field that cannot be empty.
    """
    table = table or model
    columns = {field.name: field for field in table._meta.concrete_fields}
    return {
        name: _blank(columns[name], word)
        for name, word in privacy.of(model).items()
        if word != privacy.KEEP and name in columns and not columns[name].generated
    }


def _blank(field, word):
    if field.null:
        return None
    if isinstance(field, FileField) or (word == privacy.DROP and field.empty_strings_allowed):
        return ""
    if isinstance(field, CharField | TextField):
        return Case(When(**{field.name: ""}, then=Value("")), default=Value(REMOVED))
    if field.has_default():
        return field.get_default()
    raise ImproperlyConfigured(f"{field} can be masked but not blanked")


def ids_of(model, parents):
    """Ids of the rows of `model` that hang on the parents, also of those that only history knows.

    `parents` is `{model: ids}`.
    """
    event = privacy.history_of(model)
    ids = set(about(model, parents).using(OWNER).values_list("pk", flat=True))
    if event:
        ids |= set(about(event, parents).using(OWNER).values_list("pgh_obj_id", flat=True))
    return ids


def about(table, parents):
    """Rows of a table, or of a history, with a foreign key to one of `{model: ids}`."""
    hanging = Q(pk__in=[])
    for field in table._meta.concrete_fields:
        if field.is_relation and field.name != "pgh_obj" and field.related_model in parents:
            hanging |= Q(**{f"{field.attname}__in": parents[field.related_model]})
    return table._base_manager.filter(hanging)


def files_of(model, ids):
    """Names of stored files that rows with these ids have or, by their history, had."""
    words = privacy.of(model)
    fields = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, FileField) and words[field.name] != privacy.KEEP
    ]
    names = set()
    for rows in tables_of(model, ids).values():
        for field in fields:
            names |= set(rows.exclude(**{field: ""}).values_list(field, flat=True))
    return {name for name in names if name}


def tables_of(model, ids):
    """`{table: queryset}`: the rows with these ids, and the rows of their history."""
    rows = {model: model._base_manager.using(OWNER).filter(pk__in=ids)}
    if event := privacy.history_of(model):
        rows[event] = event._base_manager.using(OWNER).filter(pgh_obj_id__in=ids)
    return rows


def blank(model, ids):
    """Blank the fields that the model does not keep, in its rows and in their history."""
    for table, rows in tables_of(model, ids).items():
        if table is model:
            if values := blanks(model):
                rows.update(**values)
        else:
            blank_history(model, rows)


def blank_history(model, events):
    """Blank these rows of the model's history; why something was changed may name somebody too."""
    if values := blanks(model, events.model):
        events.update(**values)
    _blank_reasons(events)


def contexts_of(model, ids):
    """Ids of the requests that wrote the history of these rows, and said why."""
    event = privacy.history_of(model)
    if event is None:
        return set()
    events = tables_of(model, ids)[event].filter(pgh_context__has_key="reason")
    return set(events.exclude(pgh_context__reason=REMOVED).values_list("pgh_context_id", flat=True))


def blank_reasons(contexts):
    """Blank why these requests changed something, wherever else they wrote that down.

    A reason stands in the history of everything that its request touched, also of what is about
    nobody: a batch, a vacancy, a letter.
    """
    tracked = privacy.tracked()
    with past_triggers(tracked):
        for model in tracked:
            events = privacy.history_of(model)._base_manager.using(OWNER)
            _blank_reasons(events.filter(pgh_context_id__in=contexts))


def _blank_reasons(events):
    reason = Func(
        F("pgh_context"),
        Value("{reason}"),
        Value(REMOVED, JSONField()),
        function="jsonb_set",
        output_field=JSONField(),
    )
    events.filter(pgh_context__has_key="reason").update(pgh_context=reason)
