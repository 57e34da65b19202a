"""Steps of tests about referrals: a Disnaker, people who may be referred, the way to a state."""

from datetime import timedelta

from django.utils import timezone

from correspondence.models import LetterSeries
from partners.models import Agency
from partners.states import AgencyKind
from placements.employment import ReferralState
from placements.models import Referral
from placements.services import referral_answers, referrals
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of, today
from tests.factories.placements import EmployerFactory, VacancyFactory, consent_of
from training.models import Certificate
from training.teaching import CertificateKind

ON_THE_WAY = (
    ReferralState.DRAFT,
    ReferralState.SUBMITTED,
    ReferralState.APPROVED,
    ReferralState.SENT,
    ReferralState.RECEIVED,
    ReferralState.FORWARDED,
    ReferralState.INTERVIEW,
    ReferralState.ACCEPTED,
)


class Desk:
    """A prison with its posts, a Disnaker with a liaison, and the numbers of letters."""

    def __init__(self, facility):
        self.facility = facility
        self.disnaker = AgencyFactory(
            name=f"Disnaker {facility.city}", kind=AgencyKind.DISNAKER, city=facility.city
        )
        PartnershipFactory(facility=facility, agency=self.disnaker)
        self.liaison = liaison_of(self.disnaker, name="Narahubung Disnaker")
        self.officer = staff(facility, "officer", name="Petugas Rujukan")
        self.head = staff(facility, "head", name="Kasi Rujukan")
        self.warden = staff(facility, "warden", name="Kalapas Rujukan", nip="197001011990031001")
        self.series = LetterSeries.objects.create(
            facility=facility, kind="general", pattern="W12-{code}-{number:04d}"
        )

    def person(self, **fields):
        """Somebody held here who has consented."""
        inmate = inmate_at(self.facility, **fields)
        consent_of(inmate, self.facility)
        return inmate

    def vacancy(self, **fields):
        return VacancyFactory(employer=EmployerFactory(facility=self.facility), **fields)

    def draft(self, inmate=None, agency=None, **fields):
        return referrals.draft(
            inmate=inmate or self.person(),
            agency=agency or self.disnaker,
            by=self.officer,
            **fields,
        )

    def referral(self, state=ReferralState.SENT, inmate=None, agency=None, **fields):
        """A referral brought to the state by those whose acts they are."""
        row = self.draft(inmate, agency, **fields)
        for wanted in ON_THE_WAY[1 : ON_THE_WAY.index(state) + 1]:
            self.step(row, wanted)
        return now_of(row)

    def step(self, row, state):
        """The next act on the way to the state."""
        liaison = self.liaison
        if row.agency_id != self.disnaker.pk:
            liaison = Agency.objects.get(pk=row.agency_id).liaisons.get().user
        acts = {
            ReferralState.SUBMITTED: lambda: referrals.submit(referrals=[row], by=self.officer),
            ReferralState.APPROVED: lambda: referrals.approve(referrals=[row], by=self.warden),
            ReferralState.SENT: lambda: referrals.send(referrals=[row], by=self.officer),
            ReferralState.RECEIVED: lambda: referral_answers.receive(referral=row, by=liaison),
            ReferralState.FORWARDED: lambda: referral_answers.forward(
                referral=row, by=liaison, employer=row.employer or EmployerFactory()
            ),
            ReferralState.INTERVIEW: lambda: referral_answers.interview(
                referral=row, at=tomorrow(), by=liaison
            ),
            ReferralState.ACCEPTED: lambda: referral_answers.accept(
                referral=now_of(row), by=liaison
            ),
        }
        return acts[state]()


def certified(inmate, facility, **fields):
    """A competency certificate that is valid for years."""
    values = {
        "kind": CertificateKind.COMPETENCY,
        "title": "Las SMAW 3G",
        "scheme": "Las SMAW 3G",
        "issuer": "LSP Las Nusantara",
        "number": f"71102 {inmate.pk:06}",
        "issued_on": today(-60),
        "valid_until": today(900),
    }
    return Certificate.objects.create(inmate=inmate, facility=facility, **(values | fields))


def tomorrow():
    return timezone.now().replace(microsecond=0) + timedelta(days=1)


def now_of(row):
    return Referral.objects.select_related("vacancy", "inmate").get(pk=row.pk)


def by_call(said_by="Bu Sari, Pengantar Kerja"):
    return referral_answers.Recorded(channel="call", said_by=said_by)
