"""Employers, vacancies and what leads a person to work."""

from datetime import timedelta

import factory

from inmates.models import Consent
from inmates.states import ConsentPurpose
from placements.employment import EmployerKind, Openness, PlacementKind, ReferralState
from placements.models import Employer, FollowUp, JobSeekerCard, Placement, Referral, Vacancy
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import scan_file, today


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    facility = factory.SubFactory(FacilityFactory)
    kind = EmployerKind.COMPANY
    name = factory.Sequence(lambda n: f"PT Contoh Karya {n}")
    sector = "Logam"
    region_code = "36.72"
    openness = Openness.YES


class VacancyFactory(factory.django.DjangoModelFactory):
    """Open, two places, closing in a month."""

    class Meta:
        model = Vacancy

    employer = factory.SubFactory(EmployerFactory)
    facility = factory.SelfAttribute("employer.facility")
    agency = factory.SelfAttribute("employer.agency")
    title = factory.Sequence(lambda n: f"Tukang las {n}")
    places = 2
    region_code = "36.72"
    closes_on = factory.LazyFunction(lambda: today(30))


def consent_of(inmate, facility, purpose=ConsentPurpose.REFERRAL, **given):
    """In force since yesterday."""
    values = {"signed_on": today(-1), "scan": scan_file()} | given
    return Consent.objects.create(inmate=inmate, facility=facility, purpose=purpose, **values)


def job_seeker_card(inmate, facility, agency, **given):
    """Valid for two years since a month ago."""
    values = {
        "number": f"3672-{inmate.pk:06}",
        "issued_on": today(-30),
        "expires_on": today(700),
        "report_by": today(150),
    }
    return JobSeekerCard.objects.create(
        inmate=inmate, facility=facility, agency=agency, **(values | given)
    )


def referral_of(inmate, facility, agency, *, state=ReferralState.DRAFT, **given):
    """A referral told as a fact: consent given, and approved and sent where its state asks it."""
    consent = inmate.consents.in_force(purpose=ConsentPurpose.REFERRAL).first()
    consent = consent or consent_of(inmate, facility)
    moment = consent.created_at
    values = {
        "consent": consent,
        "person_code": f"R-{inmate.pk}-{Referral.objects.count()}",
        "available_from": today(60).replace(day=1),
        "answer_by": today(30),
        "state": state,
        "entered_afterwards": state != ReferralState.DRAFT,
    }
    if state not in (ReferralState.DRAFT, ReferralState.SUBMITTED):
        values["approved_at"] = moment
        if state != ReferralState.APPROVED:
            values["sent_at"] = moment
    return Referral.objects.create(
        inmate=inmate, facility=facility, agency=agency, **(values | given)
    )


def placement_of(inmate, facility, **given):
    """Work with an employer after release, begun today."""
    values = {
        "kind": PlacementKind.AFTER_RELEASE,
        "job": "Tukang las",
        "starts_on": today(),
    }
    if "employer" not in given:
        values["employer"] = EmployerFactory(facility=facility)
    return Placement.objects.create(inmate=inmate, facility=facility, **(values | given))


def follow_up_of(inmate, facility, *, months=1, **given):
    """Due in so many months, of a series that is counted from today."""
    values = {"counted_from": today(), "due_on": today() + timedelta(days=30 * months)}
    return FollowUp.objects.create(
        inmate=inmate, facility=facility, months=months, **(values | given)
    )
