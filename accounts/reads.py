"""What a liaison may read in the database, said on each model as `liaison_reads`.

A model that says nothing is closed to the role `lapas_liaison`. `accounts.grants` turns the words
into grants, row policies and views after every migrate (docs/decisions/0024). The row conditions
know two things of the reader: the ids of the own agency and of the units below it, and the user.
"""

from dataclasses import dataclass, field, replace

from django.apps import apps

SCHEMA = "liaison"

# Each setting stands in a subselect: asked once for a statement, so that indexes are used. Once
# set and left, a setting reads as empty, never as NULL.
OWN_AGENCIES = (
    "ANY ((SELECT string_to_array(nullif(current_setting('app.agencies', true), ''), ','))"
    "::bigint[])"
)
OWN_USER = "(SELECT nullif(current_setting('app.user', true), '')::bigint)"


@dataclass(frozen=True)
class Reads:
    """Which rows, and of them which columns; see the functions below.

    `rows(model, as_owner)` gives the condition in SQL, for the role itself (a row policy) or for
    a view, which asks as the owner, whom no policy holds back.
    """

    rows: object
    when: str = ""
    shows: frozenset | None = None
    instead: dict = field(default_factory=dict)
    introductions: tuple = ()
    keeps_history: bool = False

    def only(self, condition):
        """Of these rows those for which a condition on their own columns holds."""
        return replace(self, when=condition)

    def showing(self, columns, **instead):
        """Through a view in which all other columns are empty.

        `instead` are expressions that stand there for a column; {fully} in them says whether the
        row was introduced fully.
        """
        return replace(self, shows=frozenset(columns.split()) | {"id"}, instead=instead)

    def introducing(self, key, *, fully="false"):
        """Whoever reads such a row knows the row that the foreign key `key` leads to.

        `fully` is a condition on the own columns, for columns that need more than that.
        """
        return replace(self, introductions=(*self.introductions, (key, fully)))

    def with_history(self):
        """The history of these rows, too."""
        return replace(self, keeps_history=True)

    def condition(self, model, *, as_owner=False):
        asked = self.rows(model, as_owner)
        return f"({asked}) AND ({self.when})" if self.when else asked

    @property
    def is_everybodys(self):
        return self.rows is _all and not self.when and self.shows is None


def _all(model, as_owner):
    return "true"


EVERYBODY = Reads(_all)


def by(*keys):
    """Rows that name an agency of the reader in one of these foreign keys."""
    return _any_of(keys, lambda column: f"{column} = {OWN_AGENCIES}")


def own(*keys):
    """Rows that name the reader, as a user, in one of these foreign keys."""
    return _any_of(keys, lambda column: f"{column} = {OWN_USER}")


def through(key):
    """Rows whose `key` leads to a row that the reader may read."""

    def rows(model, as_owner):
        target = model._meta.get_field(key)
        return f"{target.column} IN ({ids_of(target.related_model, as_owner)})"

    return Reads(rows)


def either(*ways):
    """Rows that one of several ways leads to."""
    return Reads(
        lambda model, as_owner: " OR ".join(
            f"({way.condition(model, as_owner=as_owner)})" for way in ways
        )
    )


def introduced(*, same="", or_else=()):
    """Rows to which others lead by `introducing`, and those that other ways lead to.

    `same` is a key between records of one thing: who knows one of them knows all.
    """

    def rows(model, as_owner):
        others = [f"({way.condition(model, as_owner=as_owner)})" for way in or_else]
        return " OR ".join([*_led_to(model), *others])

    rows.same = same
    return Reads(rows)


def fully(model):
    """SQL: whether a row of a model that is `introduced` was introduced fully to the reader."""
    return f"({' OR '.join(_led_to(model, only_fully=True)) or 'false'})"


def _led_to(model, only_fully=False):
    """Conditions on a row, each of which looks up by its key whether others lead to it.

    So a join finds the row by an index first and is asked about that one alone.
    """
    table, same = model._meta.db_table, of(model).rows.same
    ways = list(_ways_to(model, only_fully))
    known = [f"EXISTS (SELECT FROM {way} = {table}.id)" for way in ways]
    if not same:
        return known
    to = model._meta.get_field(same).column
    of_the_first = [f"EXISTS (SELECT FROM {way} = {table}.{to})" for way in ways]
    of_another = " OR ".join(f"EXISTS (SELECT FROM {way} = one.id)" for way in ways)
    return [
        *known,
        *of_the_first,
        f"EXISTS (SELECT FROM public.{table} one"
        f" WHERE one.{to} = coalesce({table}.{to}, {table}.id) AND ({of_another}))",
    ]


def _ways_to(model, only_fully):
    """`table WHERE condition AND key` of what leads to a model, to be compared with an id."""
    for other, reads in declared().items():
        for key, fully in reads.introductions:
            field = other._meta.get_field(key)
            if field.related_model is not model or (only_fully and fully == "false"):
                continue
            when = f" AND ({fully})" if only_fully else ""
            yield f"{rows_of(other)}{when} AND {field.column}"


def named_by(label, key):
    """Rows to which a key of another model leads, from a row of it that the reader may read."""

    def rows(model, as_owner):
        other = apps.get_model(label)
        column = other._meta.get_field(key).column
        return f"id IN ({ids_of(other, as_owner, column)})"

    return Reads(rows)


def about(label, *, kind="object_type", number="object_id"):
    """Rows that name, without a foreign key, a thing of this model which the reader may read."""

    def rows(model, as_owner):
        return f"{kind} = '{label}' AND {number} IN ({ids_of(apps.get_model(label), as_owner)})"

    return Reads(rows)


def where(condition):
    """Rows for which an SQL condition on their own columns holds.

    Other tables only where the row is shown through a view: a row policy asks as the liaison.
    """
    return Reads(lambda model, as_owner: condition)


def listed(values):
    """Values of an enumeration as SQL, to be put into brackets."""
    return ", ".join(f"'{value.value}'" for value in values)


def _any_of(keys, condition):
    def rows(model, as_owner):
        columns = ("id" if key == "id" else model._meta.get_field(key).column for key in keys)
        return " OR ".join(condition(column) for column in columns)

    return Reads(rows)


def ids_of(model, as_owner, column="id"):
    """A query for the ids (or another column) of the rows of a model that the reader may read."""
    if of(model).shows is None and not as_owner:  # its own policy holds for whoever asks
        return f"SELECT {column} FROM public.{model._meta.db_table}"
    return f"SELECT {column} FROM {rows_of(model)}"


def rows_of(model):
    """For the owner, whom no policy holds back: `table WHERE condition` of what may be read."""
    reads = of(model)
    if reads.shows is not None:
        return f"{SCHEMA}.{model._meta.db_table} WHERE true"
    return f"public.{model._meta.db_table} WHERE ({reads.condition(model, as_owner=True)})"


def of(model):
    """What the model itself says, or None."""
    return vars(model).get("liaison_reads")


def declared():
    """`{model: Reads}` of all tables that a liaison may read, histories with their objects."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        reads = of(model)
        if reads is None or not model._meta.managed or model._meta.proxy:
            continue
        found[model] = reads
        if reads.keeps_history:
            found[model.pgh_event_model] = _history_of(model, reads)
    return found


def _history_of(model, reads):
    """Who did it, but not why: reasons are the prison's own words."""
    event = model.pgh_event_model
    rows = Reads(lambda history, as_owner: f"pgh_obj_id IN ({ids_of(model, as_owner)})")
    told = (
        field.attname
        for field in event._meta.concrete_fields
        if field.name.startswith("pgh_") or reads.shows is None or field.name in reads.shows
    )
    who = "jsonb_build_object('user', pgh_context -> 'user', 'name', pgh_context -> 'name')"
    return (EVERYBODY if reads.is_everybodys else rows).showing(" ".join(told), pgh_context=who)


def undeclared():
    """Tables of models that a liaison may not read at all."""
    open_ones = declared()
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model not in open_ones and model._meta.managed and not model._meta.proxy
    )
