"""Of every field it is said what becomes of it: kept, masked, or dropped.

A new field fails here until its model's `privacy` names it (see `accounts.privacy`).
"""

import pytest
from django.apps import apps
from pghistory.models import Event

from accounts import privacy

OURS = (
    "accounts",
    "correspondence",
    "inmates",
    "partners",
    "training",
    "placements",
    "reports",
)
MODELS = [
    pytest.param(model, id=model._meta.label)
    for model in apps.get_models()
    if model._meta.app_label in OURS and not issubclass(model, Event)
]
EVENTS = [
    pytest.param(model, id=model._meta.label)
    for model in apps.get_models()
    if model._meta.app_label in OURS and issubclass(model, Event)
]


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_a_word(model):
    fields = {field.name for field in model._meta.concrete_fields}
    declared = privacy.of(model)
    assert not fields - set(declared), "fields without a privacy word"
    assert not set(declared) - fields, "words for fields that are gone"
    assert set(declared.values()) <= {privacy.KEEP, privacy.MASK, privacy.DROP}


@pytest.mark.parametrize("model", EVENTS)
def test_a_history_row_holds_only_fields_of_what_it_is_about(model):
    fields = {
        field.name for field in model._meta.concrete_fields if not field.name.startswith("pgh_")
    }
    assert fields <= set(privacy.of(model.pgh_tracked_model))


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("inmates.Inmate", "name"),
        ("inmates.Inmate", "nik_cipher"),
        ("inmates.Inmate", "birth_date"),
        ("inmates.Custody", "register_number"),
        ("inmates.ImportRow", "values"),
        ("training.Candidate", "note"),
        ("training.Enrolment", "reason"),
        ("correspondence.Letter", "data"),
        ("accounts.User", "nip"),
    ],
)
def test_what_tells_of_a_person_is_hidden_in_the_history(label, field):
    assert privacy.is_hidden(apps.get_model(label), field)


def test_no_history_row_holds_a_password():
    columns = {field.name for field in apps.get_model("accounts.UserEvent")._meta.concrete_fields}
    assert "password" not in columns
