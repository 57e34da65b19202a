"""A change of circumstances: what it touches, what the policy does, what a post decides."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Circumstance
from inmates.services.circumstances import note
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind
from placements.models import CircumstancePolicy
from placements.services import circumstances
from placements.states import Effect
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, approved, confirmed_batch, enrolled
from training.models import Batch
from training.services import decrees
from training.states import CandidateState, DecreeState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-5), ends_on=today(30))


@pytest.fixture
def enrolment(batch):
    return enrolled(batch)


def happened(row, kind, *, by=None, **fields):
    """The change of a candidate's or participant's person, not settled yet."""
    fields = {"effective": today(), "source": "test", **fields}
    return note(inmate=row.inmate, facility_id=row.facility_id, kind=kind, by=by, **fields)


def settled(row, kind, **fields):
    circumstance = happened(row, kind, **fields)
    circumstances.settle(circumstances=[circumstance])
    circumstance.refresh_from_db()
    row.refresh_from_db()
    return circumstance


def policy(kind, effect, facility=None):
    CircumstancePolicy.objects.update_or_create(
        facility=facility, kind=kind, defaults={"effect": effect}
    )


def told(user, kind):
    return list(Notice.objects.live().filter(recipient=user, kind=kind))


class TestLeaving:
    @pytest.mark.parametrize("kind", LEAVES)
    def test_ends_the_enrolment_and_frees_the_seat(self, enrolment, batch, kind):
        circumstance = settled(enrolment, kind)
        assert circumstance.decision == CircumstanceDecision.ENDED
        assert circumstance.handled_by is None
        assert (enrolment.state, enrolment.dropped_on) == (EnrolmentState.DROPPED, today())
        assert Batch.objects.get(pk=batch.pk).seats_taken == 0
        assert circumstance.outcome == [
            {
                "what": "enrolment",
                "row": str(enrolment.public_id),
                "batch": batch.name,
                "code": enrolment.participant_code,
                "was": "enrolled",
                "to": "dropped",
            }
        ]

    def test_says_why_in_words(self, enrolment):
        settled(enrolment, CircumstanceKind.TRANSFERRED, effective=today(-1))
        assert enrolment.reason.startswith("Pindah lapas per ")
        assert enrolment.dropped_on == today(-1)

    def test_a_candidature_lapses(self, batch):
        candidate = CandidateFactory(batch=batch)
        settled(candidate, CircumstanceKind.RELEASED)
        assert candidate.state == CandidateState.LAPSED
        assert candidate.note.startswith("Bebas per ")
