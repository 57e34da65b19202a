from datetime import timedelta

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.states import UserKind
from partners.models import (
    ActionItem,
    Agency,
    Agreement,
    Engagement,
    Liaison,
    Obligation,
    Partnership,
)
from partners.states import AgencyKind, AgreementState, Party
from tests.factories.accounts import FacilityFactory, UserFactory


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"BLK Uji {n}")
    kind = AgencyKind.BLK


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    facility = factory.SubFactory(FacilityFactory)
    agency = factory.SubFactory(AgencyFactory)


def liaison_of(agency, **fields):
    """A user who speaks for the agency."""
    user = UserFactory(kind=UserKind.LIAISON, **fields)
    Liaison.objects.create(user=user, agency=agency, starts=today(-100))
    return user


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement

    facility = factory.SubFactory(FacilityFactory)
    agency = factory.SubFactory(AgencyFactory)
    held_on = factory.LazyFunction(today)
    delegation = "Kasi Giatja"
    purpose = "Menjajaki pelatihan las"


class ActionItemFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    engagement = factory.SubFactory(EngagementFactory)
    facility = factory.SelfAttribute("engagement.facility")
    agency = factory.SelfAttribute("engagement.agency")
    what = "Kirim surat penawaran"
    owner_role_id = "officer"
    due = factory.LazyFunction(lambda: today(14))


def scan_file(content=b"%PDF-1.7 naskah", name="naskah.pdf"):
    """An uploaded scan of a signed agreement."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


class AgreementFactory(DjangoModelFactory):
    """A draft by default; `SignedAgreementFactory` makes one that is in force."""

    class Meta:
        model = Agreement

    facility = factory.SubFactory(FacilityFactory)
    agency = factory.SubFactory(AgencyFactory)
    title = factory.Sequence(lambda n: f"PKS Pelatihan {n}")


class SignedAgreementFactory(AgreementFactory):
    entered_afterwards = True
    state = AgreementState.SIGNED
    our_number = factory.Sequence(lambda n: f"W12-HH.05-{n}")
    their_number = factory.Sequence(lambda n: f"560/{n}/BLK")
    signed_on = factory.LazyFunction(lambda: today(-200))
    starts_on = factory.LazyFunction(lambda: today(-200))
    ends_on = factory.LazyFunction(lambda: today(500))
    signed_scan = "agreements/uji.pdf"


class ObligationFactory(DjangoModelFactory):
    class Meta:
        model = Obligation

    agreement = factory.SubFactory(SignedAgreementFactory)
    party = Party.AGENCY
    what = factory.Sequence(lambda n: f"Kewajiban {n}")
    due = factory.LazyFunction(lambda: today(5))
