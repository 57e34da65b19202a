"""What changed since yesterday: told to whom it concerns, without names, and old news is none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from correspondence.models import Letter
from inmates.models import Restriction
from partners.models import Agreement
from placements.employment import FollowUpState, ReferralState
from placements.models import FollowUp
from reports.news import since_yesterday
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import (
    AgencyFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.factories.placements import follow_up_of, placement_of, referral_of
from tests.factories.results import certificate_of
from tests.factories.training import BatchFactory, confirmed_batch, enrolled
from training.models import Batch, Decree, Hearing, SlotProposal
from training.states import BatchState, DecreeState, HearingState, ProposalState, Side

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=3)


@pytest.fixture(scope="module")
def place(stage):
    """A prison and an agency between which everything of which news tell happened today."""
    facility = FacilityFactory()
    agency = PartnershipFactory(facility=facility, agency=AgencyFactory(kind="disnaker")).agency
    happen(facility, agency, timezone.now())
    return facility, agency


def happen(facility, agency, moment):
    later = moment + timedelta(minutes=1)  # than the row was written down
    agreement = SignedAgreementFactory(facility=facility, agency=agency, title="PKS Baru")
    Agreement.objects.filter(pk=agreement.pk).update(state_at=later)
    for side in Side:
        batch = BatchFactory(agreement=agreement)
        made = SlotProposal.objects.create(
            batch=batch, facility=facility, agency=agency, side=side, round=1, seats=16,
            starts_on=batch.starts_on, ends_on=batch.ends_on, respond_by=today(5),
            state=ProposalState.ACCEPTED, answered_at=moment, entered_afterwards=True,
        )  # fmt: skip
        SlotProposal.objects.filter(pk=made.pk).update(created_at=moment)
    batch = confirmed_batch(facility, agency, seats_confirmed=3)
    hearing = Hearing.objects.create(
        facility=facility, batch=batch, held_on=today(-1), state=HearingState.HELD,
        entered_afterwards=True,
    )  # fmt: skip
    taking_part = enrolled(batch)
    letter = Letter.objects.create(
        facility=facility, kind="decree", subject="SK", state="signed", number=f"SK-{batch.pk}",
        dated=today(), year=today().year, signed_at=moment, entered_afterwards=True,
    )  # fmt: skip
    decree = Decree.objects.create(facility=facility, batch=batch, hearing=hearing)
    Decree.objects.filter(pk=decree.pk).update(state=DecreeState.ISSUED, letter=letter)
    certificate = certificate_of(taking_part)
    type(certificate).objects.filter(pk=certificate.pk).update(created_at=moment)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, state_at=later)
    person = inmate_at(facility, name="SITI RAHAYU")
    referral = referral_of(person, facility, agency, state=ReferralState.RECEIVED)
    type(referral).objects.filter(pk=referral.pk).update(state_at=moment, sent_at=moment)
    placement = placement_of(person, facility)
    type(placement).objects.filter(pk=placement.pk).update(created_at=moment)
    done = follow_up_of(person, facility, due_on=today(-3))
    FollowUp.objects.filter(pk=done.pk).update(
        state=FollowUpState.DONE, state_at=moment, done_on=today(), channel="phone",
        outcome="working",
    )  # fmt: skip
    kept_in = Restriction.objects.create(
        inmate=person, facility=facility, kind="security", starts=today()
    )
    Restriction.objects.filter(pk=kept_in.pk).update(created_at=moment)


def told(user):
    return {entry.sentence for entry in since_yesterday(user)}


SECTION = {
    "1 usulan kuota dijawab instansi",
    "1 pelatihan ditawarkan instansi",
    "1 perjanjian ditandatangani",
    "1 SK peserta ditetapkan",
    "1 angkatan berubah keadaan",
}
OF_PEOPLE = {
    "1 rujukan kerja dijawab Disnaker",
    "1 sertifikat dicatat",
    "1 penempatan kerja dicatat",
    "1 kabar lulusan dicatat",
}


@pytest.mark.parametrize(
    ("role", "sentences"),
    [
        ("head", SECTION | OF_PEOPLE),
        ("warden", SECTION | OF_PEOPLE),
        ("observer", SECTION),
        ("secretariat", {"1 perjanjian ditandatangani", "1 SK peserta ditetapkan"}),
        (
            "security",
            {
                "1 SK peserta ditetapkan",
                "1 angkatan berubah keadaan",
                "1 catatan pembatasan baru",
            },
        ),
        ("clinic", set()),
    ],
)
def test_each_post_reads_what_concerns_it(place, role, sentences):
    assert told(staff(place[0], role)) == sentences


def test_an_agency_reads_the_answers_to_it_and_what_is_sent_to_it(place):
    assert told(liaison_of(place[1])) == {
        "1 usulan Anda dijawab lapas",
        "1 usulan kuota baru dari lapas",
        "1 perjanjian ditandatangani",
        "1 rujukan kerja baru",
        "Peserta 1 angkatan ditetapkan",
        "1 angkatan berubah keadaan",
        "1 sertifikat dicatat",
    }


def test_an_agency_reads_of_participants_too_whose_batch_ended_since(place):
    batches = Batch.objects.filter(decrees__state=DecreeState.ISSUED, agency=place[1])
    for state in (BatchState.RUNNING, BatchState.FINISHED):
        assert batches.update(state=state, state_at=timezone.now()) == 1
    assert "Peserta 1 angkatan ditetapkan" in told(liaison_of(place[1]))


def test_nobody_is_named_and_every_row_opens(place, login):
    for user in (staff(place[0], "head"), staff(place[0], "observer"), liaison_of(place[1])):
        client = login(user)
        assert "SITI RAHAYU" not in client.get("/").text
        for entry in since_yesterday(user):
            for address in [url for _words, url in entry.rows] + [entry.url or "/"]:
                assert client.get(address).status_code == 200, address


def test_other_prisons_and_agencies_read_nothing_of_it(place):
    for user in (staff(FacilityFactory(), "head"), liaison_of(AgencyFactory())):
        assert told(user) == set()


def test_what_happened_before_yesterday_is_no_news(facility, agency, head):
    happen(facility, agency, timezone.now() - LONG_AGO)
    assert told(head) == set()


def test_past_facts_that_are_entered_today_are_no_news(facility, agency, head):
    SignedAgreementFactory(facility=facility, agency=agency)
    confirmed_batch(facility, agency, state=BatchState.RUNNING)
    assert told(head) == set()
