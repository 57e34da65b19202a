"""Whoever is named in passing leaves a record too: in a refusal, in a form, in a green sentence."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import Inmate
from tests.factories.inmates import inmate_at
from tests.factories.planted import seal
from tests.factories.planted_words import NIK
from tests.factories.training import confirmed_batch, enrolled
from tests.test_access_records import signed_in, text_of
from tests.training.conftest import terms
from training.services import slots

pytestmark = pytest.mark.django_db


def subjects():
    return {subject for record in AccessRecord.objects.all() for subject in record.subjects}


def test_whom_a_refusal_names_on_the_next_page_is_on_record(facility, agency, officer, liaison):
    batch = confirmed_batch(facility, agency)
    participant = enrolled(batch).inmate
    theirs = slots.propose(batch=batch, by=officer, **terms(seats=14))
    fewer = slots.counter(proposal=theirs, by=liaison, reason="Alat rusak", **terms(seats=1))
    enrolled(batch)
    answer = signed_in(officer).post(
        reverse("training:slot-accept", args=[fewer.public_id]), follow=True
    )
    assert participant.name not in text_of(answer)  # the last one would lose the seat
    (subject,) = subjects()
    assert Inmate.objects.get(public_id=subject).name in text_of(answer)


def test_whom_a_refusal_names_in_a_form_is_on_record(facility, registrar):
    person, other = inmate_at(facility), inmate_at(facility)
    seal(other)
    other.save()
    answer = signed_in(registrar).post(
        reverse("inmates:inmate-nik", args=[person.public_id]), {"nik": NIK}
    )
    assert other.name in text_of(answer)
    assert subjects() == {person.public_id, other.public_id}


def test_whom_a_green_sentence_names_is_on_record(facility, registrar):
    person = inmate_at(facility, sex="P", birth_date=None)
    signed_in(registrar).post(reverse("inmates:inmate-nik", args=[person.public_id]), {"nik": NIK})
    assert subjects() == {person.public_id}
