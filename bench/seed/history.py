"""The history of what was filled: the row's first state, as the triggers would have kept it."""

from accounts import privacy
from bench.seed.load import Rows

# Rows that came to their state step by step have one row of history more.
STEPS = {"batch", "agreement", "candidate", "enrolment", "referral", "placement", "letter"}


def rows(models):
    for model in dict.fromkeys(models):
        event = privacy.history_of(model)
        if event is None:
            continue
        own = {field.name for field in model._meta.local_concrete_fields}
        kept = {
            field.name: f't."{field.column}"'
            for field in event._meta.local_concrete_fields
            if field.name in own
        }
        labels = "'insert'"
        if model._meta.model_name in STEPS:
            labels += ", 'update'"
        yield Rows(
            event,
            f"FROM {model._meta.db_table} t, unnest(ARRAY[{labels}]) label",
            pgh_created_at="t.created_at",
            pgh_label="label",
            pgh_obj="t.id",
            **kept,
        )
