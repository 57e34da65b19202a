"""Every address times every role: what it answers (the table is `tests/access_matrix/`)."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from inmates.models import AptitudeAssessment, Consent, Document, ImportRun, Restriction
from inmates.services.circumstances import note
from partners.models import AgreementDocument, Extension, Review
from placements.employment import ReferralState
from reports.services import handover, monthly_reports
from tests import rendering
from tests.access_matrix import MATRIX, ROLES
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.correspondence import NoticeFactory, letter_draft
from tests.factories.inmates import inmate_at, merged_pair, transfer_from
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    EngagementFactory,
    ObligationFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    scan_file,
    today,
)
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    job_seeker_card,
    referral_of,
)
from tests.factories.results import certificate_of
from tests.factories.training import (
    BatchFactory,
    CandidateFactory,
    InstructorFactory,
    MeetingFactory,
    RoomFactory,
    WaitingEntryFactory,
    approved,
    confirmed_batch,
    enrolled,
)
from tests.placements.followed import given_to
from tests.placements.out_to_work import goes_out, out_today
from tests.training.conftest import terms
from training.models import Hearing, PlanLine, SeatOffer, ToolCheck
from training.services import decrees, slots

pytestmark = pytest.mark.django_db

# Pages of allauth that take part in our tests of sign-in; what stands behind them is allauth's.
NOT_OURS = ("account_", "mfa_")
ENTRANCES = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_reset_password",
    "account_change_password",
    "account_email",
    "mfa_index",
    "mfa_activate_totp",
}


def addresses():
    """`{name: route}` of all our addresses; the admin has rights of its own."""
    return dict(_named(get_resolver().url_patterns))


def _named(patterns, namespace="", before=""):
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            if pattern.app_name != "admin":
                yield from _named(pattern.url_patterns, pattern.namespace or namespace, route)
        elif not str(pattern.name).startswith(NOT_OURS) or pattern.name in ENTRANCES:
            yield f"{namespace}:{pattern.name}" if namespace else pattern.name or route, route


def expectations():
    """`{address: {method: {role: status}}}` from the table."""
    found = {}
    for line in MATRIX.strip().splitlines():
        name, method, *statuses = line.split()
        assert len(statuses) == len(ROLES), line
        found.setdefault(name, {})[method] = dict(zip(ROLES, map(int, statuses), strict=True))
    return found


EXPECTED, ROUTES = expectations(), addresses()


def test_every_address_stands_in_the_table():
    assert set(addresses()) == set(EXPECTED)
    assert all(set(methods) == {"GET", "POST"} for methods in EXPECTED.values())


@pytest.fixture(scope="module")
def prison(stage):
    return FacilityFactory(code="CLG", name="Lapas Kelas IIA Cilegon", city="Cilegon")


@pytest.fixture(scope="module")
def partner(prison):
    return PartnershipFactory(facility=prison).agency


@pytest.fixture(scope="module")
def users(prison, partner):
    return {
        "anonymous": None,
        "officer": staff(prison, "officer", name="Budi Petugas"),
        "head": staff(prison, "head", name="Kasi Giatja"),
        "warden": staff(prison, "warden", name="Kalapas", nip="197001011990031001"),
        "registrar": staff(prison, "registrar", name="Petugas Register"),
        "secretariat": staff(prison, "secretariat", name="Tata Usaha"),
        "observer": staff(prison, "observer", kind="observer"),
        "liaison": liaison_of(partner, name="Narahubung BLK"),
        "other_liaison": liaison_of(AgencyFactory(name="BLK Lain"), name="Narahubung Lain"),
        "outsider": staff(FacilityFactory(code="SRG", name="Lapas Serang"), "officer"),
        "suspended": staff(prison, "head", is_active=False),
    }


@pytest.fixture(scope="module")
def objects(prison, partner, users):
    """One thing of each kind at the prison, as `{noun of the address: object}`."""
    facility, agency, officer, head = prison, partner, users["officer"], users["head"]
    batch = confirmed_batch(facility, agency)
    participant = enrolled(batch)
    agreement = SignedAgreementFactory(facility=facility, agency=agency, signed_scan=scan_file())
    asked = BatchFactory(agreement=agreement)
    proposal = slots.propose(batch=asked, by=officer, **terms())
    slots.propose(batch=batch, by=officer, **terms())  # the liaison sees what was asked
    (candidate,), held = approved(confirmed_batch(facility, agency), 1)
    (reserve,), _held = approved(confirmed_batch(facility, agency), 1, is_reserve=True)
    visit = EngagementFactory(facility=facility, agency=agency)
    return {
        "batch": batch,
        "slot": proposal,
        "participant": batch,
        "enrolment": participant,
        "certificate": certificate_of(participant, scan=scan_file()),
        "candidate": CandidateFactory(batch=batch),
        "seat": SeatOffer.objects.create(
            facility=facility, batch=reserve.batch, candidate=reserve, until=today(3)
        ),
        "hearing": Hearing.objects.create(facility=facility, batch=batch, held_on="2030-01-01"),
        "decree": decrees.prepare(
            batch=candidate.batch, hearing=held, candidates=[candidate], by=head
        ),
        "person": inmate_at(facility),
        "duplicate": inmate_at(facility),
        "merge": merged_pair(facility),
        "assessment": AptitudeAssessment.objects.create(
            inmate=participant.inmate, facility=facility, assessed_on=today(), assessor="Psikolog"
        ),
        "consent": Consent.objects.create(
            inmate=participant.inmate,
            facility=facility,
            purpose="training",
            signed_on=today(),
            scan=scan_file(),
        ),
        "document": Document.objects.create(
            inmate=participant.inmate,
            facility=facility,
            kind="photo",
            seen_on=today(),
            scan=scan_file(),
        ),
        "inmate": inmate_at(facility),
        "departure": inmate_at(facility),
        "transfer": transfer_from(facility),
        "circumstance": note(
            inmate=participant.inmate,
            facility_id=facility.pk,
            kind="discipline",
            effective=today(),
            source="test",
            by=None,
        ),
        "restriction": Restriction.objects.create(
            inmate=participant.inmate, facility=facility, kind="security", starts=today()
        ),
        "import": ImportRun.objects.create(
            facility=facility, file_name="register.xlsx", as_of=today()
        ),
        "course": batch.course,
        "meeting": (meeting := MeetingFactory(batch=batch)),
        "attendance": batch,
        "schedule": batch,
        "instructor": InstructorFactory(agency=agency),
        "room": RoomFactory(facility=facility),
        "plan": PlanLine.objects.create(
            facility=facility, year=today().year, course=batch.course, fund="city"
        ),
        "tool": ToolCheck.objects.create(
            facility=facility,
            meeting=meeting,
            name="Palu",
            quantity_out=2,
            out_at=timezone.now(),
        ),
        "card": job_seeker_card(participant.inmate, facility, agency, scan=scan_file()),
        "employer": (employer := EmployerFactory(facility=facility)),
        "vacancy": VacancyFactory(employer=employer),
        "referral": referral_of(inmate_at(facility), facility, agency, state=ReferralState.SENT),
        "placement": (work := goes_out(facility, officer)),
        "gate": out_today(work),
        "follow": given_to(agency, facility),
        "waiting": WaitingEntryFactory(facility=facility, course=batch.course),
        "posting": staff(facility, "clinic").postings.get(),
        "handover": handed_over(facility, head),
        "user": officer,
        "report": counted_report(facility, head),
        "agency": agency,
        "liaison": agency.liaisons.first() or liaison_of(agency).liaisons.get(),
        "engagement": visit,
        "attachment": visit.attachments.create(name="surat.pdf", file=scan_file()),
        "contact": agency.contacts.create(name="Ibu Rina", phone="0812-3456-7890"),
        "action": ActionItemFactory(engagement=visit),
        "agreement": agreement,
        "extension": Extension.objects.create(
            agreement=agreement,
            old_end=today(100),
            new_end=agreement.ends_on,
            signed_on=today(-1),
            reason="Lanjut",
            scan=scan_file(),
        ),
        "text": AgreementDocument.objects.create(
            agreement=agreement, kind="draft", version=1, file=scan_file()
        ),
        "review": Review.objects.create(
            agreement=agreement, due=today(-9), held_on=today(-9), result="Baik"
        ),
        "obligation": ObligationFactory(agreement=agreement, evidence=scan_file()),
        "notice": NoticeFactory(recipient=officer),
        "letter": letter_draft(facility, officer),
    }


def counted_report(facility, head):
    report = monthly_reports.begin(facility=facility, month=today(-32), by=head)
    return monthly_reports.count(report=report)


def handed_over(facility, head):
    posting = staff(facility, "security").postings.get()
    return handover.end(posting=posting, last_day=today(), by=head)


OF_A_BATCH = {
    "training:slot-propose",
    "training:candidate-propose",
    "training:candidate-order",
    "training:hearing-schedule",
    "training:decree-prepare",
    "training:meeting-add",
}
OF_AN_AGENCY = {"partners:liaison-invite"}
OF_A_PARTICIPANT = {
    "training:participant-suspend",
    "training:participant-resume",
    "training:participant-drop",
}
OF_WHO_LEFT = {"placements:person-news", "placements:person-follow"}
OF_A_PERSON = {
    "placements:placement-begin",
    "placements:placement-release",
    "placements:card-register",
    "placements:readiness-detail",
    "placements:cv-detail",
    "placements:cv-write",
    "placements:cv-approve",
    "placements:cv-remove",
    "placements:cv-pdf",
    "training:waiting-add",
    "placements:subject-file",
    "placements:subject-file-pdf",
    "placements:subject-file-json",
    "placements:access-list",
    "placements:restriction-new",
    "placements:limit-data",
    "placements:limit-lift",
}


def address_of(name, objects):
    if "public_id" not in ROUTES[name]:
        return f"/{ROUTES[name]}"
    noun = name.partition(":")[2].partition("-")[0]
    if name == "reports:history":
        return reverse(name, args=["batch", objects["batch"].public_id])
    if name in OF_A_BATCH:
        noun = "batch"
    elif name in OF_A_PARTICIPANT:
        noun = "enrolment"
    elif name == "training:seat-offer":
        noun = "candidate"
    elif name in OF_AN_AGENCY:
        noun = "agency"
    elif name in OF_A_PERSON:
        noun = "inmate"
    elif name == "placements:placement-referred":
        noun = "referral"
    elif name == "placements:gate-out":
        noun = "placement"
    elif name in OF_WHO_LEFT:
        return reverse(name, args=[objects["follow"].inmate.public_id])
    return reverse(name, args=[objects[noun].public_id])


@pytest.fixture(scope="module")
def sessions(users):
    """What the browser of each role holds after signing in."""
    return {role: user and session_of(user) for role, user in users.items()}


def session_of(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# What every answer of the site says of itself, whoever asks for whatever (refusals and files, too).
HEADS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"}
REFERRERS = {"same-origin", "strict-origin"}  # `strict-origin`: where the address is a key
ELSEWHERE = "https://evil.test/"
NONSENSE = {
    "typed": "nothing useful",
    **dict.fromkeys(("next", "back", "to", "from", "url", "return"), ELSEWHERE),
}


def ask(method, address, session, **headers):
    """The status that a user gets; whatever it changed is undone."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    sent = NONSENSE if method == "POST" else {}
    with transaction.atomic():
        answer = getattr(client, method.lower())(
            address, sent, headers={"Referer": ELSEWHERE, **headers}
        )
        transaction.set_rollback(True)
    assert ELSEWHERE not in answer.get("Location", "")
    assert {name: answer.get(name) for name in HEADS} == HEADS
    policy = answer.get("Content-Security-Policy", "")
    assert set(policy.split("; ")) >= POLICY, policy
    assert "unsafe" not in policy
    assert answer.get("Referrer-Policy") in REFERRERS
    assert "camera=()" in answer.get("Permissions-Policy", "")
    return answer.status_code


@pytest.fixture(scope="module")
def heads():
    """Pages are rendered for one of those who get them: here only their heads are looked at."""
    rendering.rendered.clear()
    quick = [settings.TEMPLATES[0] | {"BACKEND": "tests.rendering.Once"}]
    with override_settings(TEMPLATES=quick):
        yield


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_answers(name, sessions, objects, heads):
    address = address_of(name, objects)
    for method, by_role in EXPECTED[name].items():
        answered = {role: ask(method, address, sessions[role]) for role in by_role}
        assert answered == by_role, f"{method} {address}"
