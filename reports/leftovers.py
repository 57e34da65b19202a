"""What must be gone of people who were made anonymous, asked of every table that is about people.

From the privacy words, not by a list: each field that is not kept is empty in the rows of somebody
anonymous and in their history; no reason of a change is left where it touched them; no letter that
was never issued names them. Issued letters are archives. A name in the text of what is about
nobody (a batch, a visit) cannot be found any more: nothing is left to look for.
"""

from functools import cache, partial

from django.db.models import CharField, FileField, Q, TextField

from accounts import privacy
from accounts.privacy import ANONYMOUS, REMOVED
from correspondence.models import Letter
from correspondence.states import LETTER_UNNUMBERED
from inmates.models import Inmate

MOST = 10  # ids that a check tells
# The record itself says that it is anonymous, and keeps the year of birth.
MADE_UP = {"name", "search_name", "person_key", "birth_date"}


def checks():
    """`(sentence, ids)` of each table in which something is left, and of the letters.

    Where nobody is anonymous nothing can be left, and no table is asked.
    """
    anybody = Inmate._base_manager.filter(anonymised_on__isnull=False).exists()
    for sentence, found in _questions():
        yield sentence, found() if anybody else []


@cache
def _questions():
    """`(sentence, what finds the ids)` of each check."""
    return [
        *(
            (_sentence(table), partial(_ids, table, _of_anonymous(model, table, paths) & left))
            for model, paths in ({Inmate: ("",)} | privacy.hanging_on(Inmate)).items()
            for table in filter(None, (model, privacy.history_of(model)))
            if (left := _left(model, table))
        ),
        ("an anonymised person is called by a code", partial(_ids, Inmate, _named())),
        ("why somebody anonymous was changed is told nowhere", _reasons),
        ("no letter that was not issued names somebody anonymous", _letters),
    ]


def _sentence(table):
    return f"nothing that is not kept is left of anonymised people in {table._meta.db_table}"


def _ids(table, condition):
    found = table._base_manager.filter(condition).order_by().values_list("pk", flat=True)
    return list(found.distinct()[:MOST])


def _of_anonymous(model, table, paths):
    """Rows of a table or of its history that are about people who are anonymous."""
    if model is Inmate:
        paths = ("pgh_obj",) if table is not Inmate else ("",)
    condition = Q(pk__in=[])
    for path in paths:
        look_up = f"{path}__anonymised_on" if path else "anonymised_on"
        condition |= Q(**{f"{look_up}__isnull": False})
    return condition


def _left(model, table):
    """Rows in which a field that is not kept says something; None where every field is kept."""
    columns = {field.name: field for field in table._meta.concrete_fields}
    left = None
    for name, word in privacy.of(model).items():
        column = columns.get(name)
        if word == privacy.KEEP or column is None or column.generated:
            continue
        if table is Inmate and name in MADE_UP:
            continue
        condition = _says(column)
        if model is Inmate and name in MADE_UP:  # in the row of history that says so, too
            condition &= Q(anonymised_on__isnull=True)
        left = condition if left is None else left | condition
    return left


def _says(column):
    """That the column holds something, as `blanking` would have emptied it."""
    if column.null:
        return Q(**{f"{column.name}__isnull": False})
    if isinstance(column, CharField | TextField | FileField):
        return ~Q(**{f"{column.name}__in": ["", REMOVED]})
    return ~Q(**{column.name: column.get_default()})


def _named():
    return Q(anonymised_on__isnull=False) & (
        ~Q(name__startswith=f"{ANONYMOUS} ")
        | ~Q(search_name__startswith=f"{ANONYMOUS.lower()} ")
        | ~Q(person_key__regex="^[0-9a-f]{30}$")
        | (Q(birth_date__isnull=False) & ~(Q(birth_date__month=1) & Q(birth_date__day=1)))
    )


def _reasons():
    """Ids of rows of any history with a reason that also stood in that of somebody anonymous."""
    contexts = set()
    for model, paths in ({Inmate: ("",)} | privacy.hanging_on(Inmate)).items():
        if event := privacy.history_of(model):
            about = event._base_manager.filter(_of_anonymous(model, event, paths))
            contexts |= set(_telling(about).values_list("pgh_context_id", flat=True))
            contexts |= set(
                about.filter(pgh_context__reason=REMOVED).values_list("pgh_context_id", flat=True)
            )
    found = []
    for model in privacy.tracked():
        events = privacy.history_of(model)._base_manager.filter(pgh_context_id__in=contexts)
        found += _telling(events).values_list("pk", flat=True)[:MOST]
    return found


def _telling(events):
    return events.filter(pgh_context__has_key="reason").exclude(pgh_context__reason=REMOVED)


def _letters():
    """Drafts and the like that list somebody anonymous among their subjects."""
    gone = {
        str(public_id)
        for public_id in Inmate.objects.filter(anonymised_on__isnull=False).values_list(
            "public_id", flat=True
        )
    }
    drafts = Letter._base_manager.filter(
        state__in=LETTER_UNNUMBERED, data__has_key="subjects"
    ).values_list("pk", "data__subjects")
    return [pk for pk, subjects in drafts.iterator() if gone & set(subjects or ())]
