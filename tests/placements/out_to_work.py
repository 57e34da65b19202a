"""Steps of tests about work release: a person who may go out, and all its papers."""

from datetime import time, timedelta

from django.utils import timezone

from inmates.states import ConsentPurpose
from partners.states import AgencyKind
from placements.employment import PayBand
from placements.models import WorkDay
from placements.services import work_release
from tests.factories.inmates import inmate_at
from tests.factories.partners import (
    AgencyFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.factories.placements import EmployerFactory, consent_of

HALF_SERVED = {"one_half": today(-30)}
ALL_WEEK = [1, 2, 3, 4, 5, 6, 7]


def may_go_out(facility, **given):
    """In custody, half served, and agrees that an employer gets to know them."""
    inmate = inmate_at(facility, sentence=HALF_SERVED | given.pop("sentence", {}), **given)
    consent_of(inmate, facility, purpose=ConsentPurpose.PROFILE)
    return inmate


def partner_employer(facility, **given):
    """An employer who is a partner of the prison."""
    partner = AgencyFactory(kind=AgencyKind.COMPANY, name="PT Mitra Uji")
    PartnershipFactory(facility=facility, agency=partner)
    return EmployerFactory(facility=facility, partner=partner, name="PT Mitra Uji", **given)


def agreed_with(employer, **given):
    """A signed agreement with the employer that is in force."""
    return SignedAgreementFactory(facility=employer.facility, agency=employer.partner, **given)


def papers(employer, **given):
    """Everything that work release needs beside the person."""
    return {
        "job": "Operator produksi",
        "employer": employer,
        "starts_on": today(),
        "agreement": given.pop("agreement", None) or agreed_with(employer),
        "decree_number": "W12-PK.05.09-17",
        "decree_on": today(-5),
        "decree_until": None,
        "decree_scan": scan_file(),
        "family_guarantee": scan_file(),
        "institution_guarantee": scan_file(),
        "leaves_at": time(7),
        "returns_at": time(16),
        "weekdays": ALL_WEEK,
        "pay_band": PayBand.AROUND,
        "eligibility_note": "",
        **given,
    }


def goes_out(facility, by, *, inmate=None, employer=None, **given):
    """Work release with all that it needs."""
    employer = employer or partner_employer(facility)
    return work_release.begin(
        inmate=inmate or may_go_out(facility), facility=facility, by=by, **papers(employer, **given)
    )


def out_today(work, *, hours=-1, due_in=5, **given):
    """They went out `hours` from now, and are due back in so many."""
    now = timezone.now()
    values = {"out_at": now + timedelta(hours=hours), "due_back_at": now + timedelta(hours=due_in)}
    return WorkDay.objects.create(
        facility=work.facility, placement=work, day=today(), **(values | given)
    )
