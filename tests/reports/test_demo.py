"""The demo prison is loaded once, through the services, and holds every state there is."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Facility, Posting, User
from correspondence.models import Letter
from correspondence.services import letter_papers
from inmates.models import (
    Absence,
    AptitudeAssessment,
    Circumstance,
    Consent,
    Inmate,
    Transfer,
)
from inmates.states import RegisterClass, TransferState
from partners.models import Agency, Agreement
from partners.states import AgreementState
from placements import duplicates
from placements.employment import ReferralState
from placements.models import Referral
from placements.services import data_limits
from reports import integrity
from training.models import Batch, Candidate, Decree, Enrolment, SlotProposal, WaitingEntry
from training.services import batches, eligible
from training.states import BatchState, CandidateState, DecreeState, EnrolmentState, Side

ACCOUNTS = [
    *(f"{role}@cilegon.test" for role in ("officer", "head", "warden", "registrar")),
    *(f"{role}@cilegon.test" for role in ("secretariat", "security", "clinic", "observer")),
    *("admin@cilegon.test", "blk@kota.test", "disnaker@kota.test"),
    *("officer@serang.test", "registrar@serang.test", "blk@serang.test"),
]


def states(rows):
    return set(rows.values_list("state", flat=True))


def everybody_signs_in(password):
    for email in ACCOUNTS:
        client = Client(REMOTE_ADDR=f"10.0.0.{ACCOUNTS.index(email) + 1}")
        answer = client.post("/login/", {"login": email, "password": password})
        assert answer.status_code == 302, email
        assert client.get("/", follow=True).status_code == 200, email


def every_state_exists():
    assert states(Batch.objects.filter(facility__code="CLG")) == set(BatchState.values)
    assert states(Agreement.objects.filter(facility__code="CLG")) == set(AgreementState.values)
    assert states(Enrolment.objects) == set(EnrolmentState.values)
    assert states(Candidate.objects) >= {
        CandidateState.PROPOSED,
        CandidateState.APPROVED,
        CandidateState.REJECTED,
        CandidateState.DEFERRED,
    }
    assert states(Decree.objects) >= {
        DecreeState.PREPARED,
        DecreeState.RETURNED,
        DecreeState.ISSUED,
    }
    assert states(Referral.objects) == set(ReferralState)
    assert Referral.objects.resting().exists()


def the_city_is_asked_and_answers():
    asked = SlotProposal.objects.open().filter(facility__code="CLG")
    blk = User.objects.get(email="blk@kota.test")
    assert SlotProposal.objects.visible_to(blk).awaiting_agency().exists()
    assert asked.filter(side=Side.AGENCY).exists()


def a_new_batch_can_be_filled():
    """What the main story in the browser needs."""
    prison = Facility.objects.get(code="CLG")
    officer = User.objects.get(email="officer@cilegon.test")
    today = timezone.localdate()
    blk = Agency.objects.get(name="BLK Cilegon")
    long_enough = Agreement.objects.in_force(today + timedelta(days=365))
    batch = batches.plan(
        facility=prison,
        course=Batch.objects.first().course,
        agency=blk,
        agreement=long_enough.filter(agency=blk).first(),
        name="Uji",
        starts_on=today + timedelta(days=14),
        ends_on=today + timedelta(days=54),
        by=officer,
    )
    people, number = [], 1
    while (page := eligible.page(batch, officer, number=number)).number == number:
        people += page.object_list
        number += 1
    free = [
        person
        for person in people
        if not person.fails and not person.candidacies.exists() and not person.enrolments.exists()
    ]
    assert len(free) >= 40
    assert sum(person.register_class.startswith("A") for person in people) >= 3
    assert Enrolment.objects.filter(
        batch__state=BatchState.RUNNING,
        batch__ends_on__gte=today + timedelta(days=55),
        state=EnrolmentState.ENROLLED,
    ).exists()


def what_happens_to_people_is_there():
    """Each list about people has something to show."""
    assert Absence.objects.open().count() == 3
    assert states(Transfer.objects) >= {TransferState.PROPOSED, TransferState.ACCEPTED}
    assert set(Circumstance.objects.values_list("decision", flat=True)) >= {"", "nothing"}
    assert Consent.objects.filter(withdrawn_on__isnull=False).exists()
    (limited,) = Inmate.objects.limited()
    assert not limited.referrals.exists()
    assert data_limits.of(limited).created_by.email == "registrar@cilegon.test"
    assert AptitudeAssessment.objects.exists()
    assert WaitingEntry.objects.open().exists()
    assert duplicates.pairs([Facility.objects.get(code="CLG").pk])


def the_people_are_plausible():
    here = Inmate.objects.in_custody(Facility.objects.get(code="CLG").pk)
    assert here.count() == 199  # two hundred, of whom one was sent to the other prison
    assert 50 <= here.filter(city="Kota Cilegon").count() <= 90
    detained = here.filter(custodies__register_class__in=[RegisterClass.A1, RegisterClass.A3])
    assert detained.exists()
    assert not Enrolment.objects.filter(
        inmate__custodies__register_class__startswith="A", inmate__custodies__until=None
    ).exists()


@pytest.mark.django_db
def test_the_demo_is_alive_in_every_state(settings):
    call_command("load_demo", verbosity=0)

    everybody_signs_in(settings.DEMO_PASSWORD)
    every_state_exists()
    the_city_is_asked_and_answers()
    the_people_are_plausible()
    what_happens_to_people_is_there()
    assert [(check, rows) for check, rows in integrity.differences() if rows] == []
    for letter in Letter.objects.select_related("facility"):
        if letter.entered_afterwards:  # a decree of the past is its scan
            assert letter.scan
            continue
        paper = letter_papers.render if letter.number else letter_papers.preview
        assert paper(letter).startswith(b"%PDF-")
    a_new_batch_can_be_filled()

    before = [model.objects.count() for model in (User, Posting, Inmate, Batch, Agreement)]
    call_command("load_demo", if_empty=True)
    assert [model.objects.count() for model in (User, Posting, Inmate, Batch, Agreement)] == before
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo")


@pytest.mark.django_db
def test_the_demo_stays_out_of_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", if_empty=True)
    assert not Facility.objects.exists()
