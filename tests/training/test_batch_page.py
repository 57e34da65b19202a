"""What a batch's page offers next, and how it names those who were chosen."""

import pytest

from tests.factories.partners import today
from tests.factories.training import approved, confirmed_batch, enrolled
from training.services import enrolments

pytestmark = pytest.mark.django_db


def page_of(batch, user, login):
    return login(user).get(f"/batches/{batch.public_id}/").content.decode()


def test_once_people_are_approved_the_head_is_offered_the_decree(facility, agency, head, login):
    batch = confirmed_batch(facility, agency)
    assert "Siapkan SK peserta" not in page_of(batch, head, login)
    approved(batch, 2)
    assert "Siapkan SK peserta" in page_of(batch, head, login)


def test_who_dropped_out_is_called_so_among_the_candidates(facility, agency, head, login):
    participant = enrolled(confirmed_batch(facility, agency))
    assert "Berhenti" not in page_of(participant.batch, head, login)
    enrolments.drop(enrolment=participant, dropped_on=today(), reason="Sakit", by=head)
    assert "Berhenti" in page_of(participant.batch, head, login)
