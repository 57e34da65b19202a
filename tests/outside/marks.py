"""What tells of people is replaced, in every row there is, by marks that say where they stood.

Every field that its model calls masked or dropped (`accounts.privacy`) is planted, and every text
in which somebody says why, so a new one is watched from its first day; a leak then names itself, as
`inmates.Custody.register_number`.
"""

import re

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from pghistory.models import Event

from accounts import privacy
from inmates import nik
from inmates.models import Custody, Inmate, Sentence

OURS = (
    *("accounts", "correspondence", "inmates", "partners", "training", "placements", "reports"),
)
# Names of fields that hold what somebody wrote freely, also where the history keeps them.
FREE = ("reason", "why", "note", "message", "objection", "result")
# Keys of links and sign-in: changed, nothing would open any more.
KEYS = {"token_hash", "password", "nik_digest", "nik_key", "nik_last4"}
BORN, DETAINED = "1968-02-29", "2077-05-17"
PATTERNS = {
    "inmates.Inmate.birth_date": r"29 Feb(\.|ruari|ruary)? 1968|1968-02-29|29[/.-]0?2[/.-]1968",
    # The year, but not where chance writes it into a key.
    "inmates.Sentence": r"(?<![0-9A-Za-z])(?<![0-9a-f]{8}-)2077(?![0-9A-Za-z])",
    "inmates.Inmate.nik": r"367201550890\d{4}|3672015508\d{2}-?\d{4}",
    "inmates.Custody.register_class": r"\bB\.?\s?II\s?b\b",
}


def _texts():
    for model in apps.get_models():
        if model._meta.app_label in OURS and model._meta.managed and not issubclass(model, Event):
            words = privacy.of(model)
            for field in model._meta.concrete_fields:
                if (
                    isinstance(field, models.CharField | models.TextField)
                    and not field.choices
                    and not field.is_relation
                    and (words.get(field.name) != privacy.KEEP or field.name.endswith(FREE))
                    and field.name not in KEYS
                ):
                    yield f"{model._meta.label}.{field.name}", model, field


# Of these nobody may read who is not to see people.
OF_PEOPLE = {
    label
    for label, model, _field in _texts()
    if model is Inmate or model in privacy.hanging_on(Inmate)
} | {"inmates.Inmate.birth_date", "inmates.Inmate.nik", "inmates.Sentence"}
NUMBERED = dict(enumerate((label for label, _model, _field in _texts()), start=100))
MARK = re.compile(r"\bqz(\d{3})x", re.IGNORECASE)


def plant():
    """Change all rows; returns the fields that the database let nobody change."""
    left = set()
    for number, (label, model, field) in zip(NUMBERED, _texts(), strict=True):
        mark = Concat(Value(f"QZ{number}X"), Cast("pk", models.CharField()))
        if not any(_changed(rows, field, mark) for rows in _ways(model, field)):
            left.add(label)
    for person in Inmate.objects.all():
        sealed = nik.seal(f"367201550890{person.pk % 10_000:04d}")
        Inmate.objects.filter(pk=person.pk).update(
            nik_cipher=sealed["cipher"].encode(),
            nik_key=sealed["key"],
            nik_digest=sealed["digest"],
            nik_last4=sealed["last4"],
            birth_date=BORN,
        )
    days = ("one_third", "one_half", "two_thirds", "expires", "released_on")
    Sentence.objects.update(**dict.fromkeys(days, DETAINED))
    Custody.objects.update(register_class="B.IIb")
    return left


def _ways(model, field):
    """All rows, else those where something stands: a state may demand that nothing does."""
    rows = model._base_manager.all()
    return rows, rows.exclude(**{field.name: ""})


def _changed(rows, field, mark):
    try:
        with transaction.atomic():
            return rows.update(**{field.name: mark}) >= 0
    except DatabaseError:
        return False


def found_in(text):
    """`{field: what stood there}` of all marks in a text."""
    found = {NUMBERED[int(hit[1])]: hit[0] for hit in MARK.finditer(text)}
    for label, pattern in PATTERNS.items():
        if hit := re.search(pattern, text):
            found[label] = hit[0]
    return found
