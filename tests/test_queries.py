"""Each list asks the same number of queries for one row and for three, and the number is known.

Who makes a list dearer changes the number here, on purpose.
"""

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inmates.models import Circumstance, Distinct, ImportRun
from inmates.services.circumstances import note
from placements.employment import INSIDE, WITH_AGENCY, ReferralState
from placements.models import Vacancy
from reports.models import Handover, Report
from tests.factories.accounts import PostingFactory, staff
from tests.factories.correspondence import NoticeFactory, letter_draft
from tests.factories.inmates import absent_from, gone_from, inmate_at, merged_pair, transfer_from
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    job_seeker_card,
    placement_of,
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
    confirmed_batch,
    enrolled,
    hours,
)
from tests.factories.work import leaving
from tests.placements.followed import free_follow_up, given_to
from tests.placements.out_to_work import goes_out, out_today
from tests.test_access_matrix import addresses, partner, prison  # noqa: F401 - fixtures
from tests.training.conftest import terms
from training.models import Batch, Hearing, PlanLine
from training.services import slots

pytestmark = pytest.mark.django_db

QUERIES = {
    ("officer", "/"): 8,
    ("officer", "/inmates/"): 8,
    ("registrar", "/inmates/import/"): 6,
    ("registrar", "/inmates/absences/"): 7,
    ("registrar", "/"): 9,
    ("registrar", "/inmates/duplicates/"): 10,
    ("registrar", "/inmates/retention/"): 8,
    ("registrar", "/transfers/"): 7,
    ("officer", "/follow-ups/"): 10,
    ("liaison", "/follow-ups/"): 11,
    ("officer", "/agencies/"): 6,
    ("officer", "/action-items/"): 7,
    ("officer", "/engagements/"): 7,
    ("officer", "/agreements/"): 8,
    ("officer", "/agreements/calendar/"): 8,
    ("officer", "/agreements/timeline/"): 7,
    ("officer", "/agreements/register/"): 7,
    ("liaison", "/agreements/timeline/"): 7,
    ("liaison", "/agreements/calendar/"): 7,
    ("officer", "/circumstances/"): 7,
    ("officer", "/batches/"): 7,
    ("officer", "/meetings/"): 7,
    ("officer", "/instructors/"): 8,
    ("officer", "/rooms/"): 6,
    ("officer", "/slots/"): 5,
    ("officer", "/hearings/"): 6,
    ("officer", "/courses/"): 7,
    ("officer", "/certificates/"): 8,
    ("liaison", "/certificates/"): 7,
    ("officer", "/days/"): 11,
    ("officer", "/plan/"): 9,
    ("warden", "/plan/"): 8,
    ("officer", "/plan/demand/"): 11,
    ("officer", "/waiting/"): 8,
    ("officer", "/job-seekers/"): 8,
    ("officer", "/readiness/"): 9,
    ("officer", "/referrals/"): 9,
    ("officer", "/referrals/?state=draft"): 9,
    ("warden", "/referrals/approval/"): 8,
    ("liaison", "/referrals/inbox/"): 8,
    ("officer", "/placements/"): 8,
    ("officer", "/work-release/"): 8,
    ("officer", "/notices/"): 6,
    ("head", "/reminders/"): 5,
    ("head", "/reminders/preview/"): 9,
    ("head", "/reminders/log/"): 6,
    ("officer", "/letters/"): 6,
    ("head", "/"): 10,
    ("head", "/postings/"): 9,
    ("head", "/handovers/"): 6,
    ("warden", "/"): 10,
    ("warden", "/breach/"): 4,
    ("secretariat", "/"): 8,
    ("security", "/"): 8,
    ("clinic", "/"): 8,
    ("observer", "/"): 8,
    ("liaison", "/"): 9,
    ("liaison", "/agencies/"): 6,
    ("liaison", "/agreements/"): 8,
    ("liaison", "/batches/"): 7,
    ("liaison", "/meetings/"): 7,
    ("liaison", "/instructors/"): 8,
    ("liaison", "/slots/"): 5,
    ("liaison", "/notices/"): 5,
    ("officer", "/dashboard/prisons/"): 6,
    ("officer", "/reports/city/"): 8,
    ("officer", "/participants/"): 6,
    ("officer", "/candidates/"): 8,
    ("officer", "/reports/"): 6,
    ("officer", "/plan/list/"): 7,
    ("officer", "/obligations/"): 6,
    ("officer", "/agreements/idle/"): 8,
    ("officer", "/employers/"): 8,
    ("liaison", "/employers/"): 9,
    ("officer", "/vacancies/"): 9,
    ("liaison", "/vacancies/"): 10,
    ("officer", "one batch"): 8,
    ("officer", "who could join"): 9,
    ("officer", "one agreement"): 6,
    ("liaison", "one batch"): 6,
    ("liaison", "one agreement"): 6,
}
MOST = 12  # of any page that somebody works with


def test_no_page_asks_more_than_a_dozen():
    assert not {key for key, number in QUERIES.items() if number > MOST}


def test_every_list_stands_in_the_table():
    lists = {f"/{route}" for name, route in addresses().items() if name.endswith("-list")}
    lists -= {route for route in lists if "public_id" in route}
    assert lists <= {address for _role, address in QUERIES}


def meet_today(facility, agency):
    """A planned batch that meets today, and a tool that is missing."""
    batch = confirmed_batch(facility, agency, starts_on=today(), ends_on=today(20))
    enrolled(batch)
    batch.plan_line = PlanLine.objects.create(
        facility=facility, year=today().year, course=batch.course, agency=agency, fund="city"
    )
    batch.save()
    batch.course.tools.create(name="Palu", quantity=2)
    meeting = MeetingFactory(batch=batch, during=hours(today(), 8, 14))
    now = timezone.now()
    meeting.tool_checks.create(
        facility=facility, name="Palu", quantity_out=2, out_at=now, quantity_in=1, in_at=now
    )


def add_one_of_each(facility, agency, officer, liaison):
    inmate_at(facility)
    job_seeker_card(leaving(facility), facility, agency)
    transfer_from(facility)
    absent_from(facility)
    gone_from(facility)
    pair = merged_pair(facility)
    Distinct.objects.create(first=pair.winner, second=inmate_at(facility))
    ImportRun.objects.create(facility=facility, file_name="register.xlsx", as_of=today())
    PartnershipFactory(facility=facility, agency=AgencyFactory(parent=agency))
    visit = EngagementFactory(facility=facility, agency=agency)
    ActionItemFactory(engagement=visit)
    agreement = SignedAgreementFactory(facility=facility, agency=agency, engagement=visit)
    SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(3))
    batch = confirmed_batch(facility, agency)
    enrolled(batch)
    teach(batch)
    meet_today(facility, agency)
    CandidateFactory(batch=batch)
    WaitingEntryFactory(facility=facility, course=batch.course)
    Hearing.objects.create(facility=facility, batch=batch, held_on=today(3))
    asked = [BatchFactory(agreement=agreement) for _side in range(3)]
    rounds = [slots.propose(batch=each, by=officer, **terms()) for each in asked]
    slots.counter(proposal=rounds[1], by=liaison, reason="Alat", **terms(seats=12))
    slots.accept(proposal=rounds[2], by=liaison)
    Handover.objects.create(
        posting=PostingFactory(facility=facility, starts=today(-9), until=today(-1)),
        facility=facility,
        data={"post": "Petugas", "last_day": "1 Juli 2026"},
    )
    month = today().replace(day=1) - relativedelta(months=Report.objects.count())
    Report.objects.create(facility=facility, starts_on=month, due_on=month + relativedelta(day=31))
    NoticeFactory(recipient=officer)
    letter_draft(facility, officer)
    offer_work(facility, agency)
    refer(facility, agency)
    given_to(agency, facility)
    free_follow_up(facility)
    placement_of(inmate_at(facility), facility)
    out_today(goes_out(facility, officer))
    change = note(
        inmate=inmate_at(facility),
        facility_id=facility.pk,
        kind="discipline",
        effective=today(),
        source="test",
        by=None,
    )
    Circumstance.objects.filter(pk=change.pk).update(asked_at=timezone.now())


def offer_work(facility, agency):
    """A vacancy of the prison, a reported one, and one of the agency."""
    for kept in ({"facility": facility}, {"facility": None, "agency": agency}):
        VacancyFactory(employer=EmployerFactory(**kept))
    number = f"L-{Vacancy.objects.count()}"
    VacancyFactory(employer=EmployerFactory(facility=facility), report_number=number)


def refer(facility, agency):
    """A referral in each state of its way, of somebody with a certificate."""
    states = (*INSIDE, *WITH_AGENCY, ReferralState.ACCEPTED)
    batch = confirmed_batch(facility, agency)
    for state in states:
        row = enrolled(batch)
        certificate_of(row)
        employer = EmployerFactory(facility=facility)
        vacancy = VacancyFactory(employer=employer)
        day = today(-1) if state == ReferralState.SENT else today(9)
        referral_of(
            row.inmate, facility, agency,
            state=state, employer=employer, vacancy=vacancy, answer_by=day,
        )  # fmt: skip


def teach(batch):
    """A meeting to mark, a meeting to come, a room and an instructor."""
    taught = {
        "room": RoomFactory(facility=batch.facility),
        "instructor": InstructorFactory(agency=batch.agency),
    }
    MeetingFactory(batch=batch, during=hours(today(-1), 8, 14), **taught)
    MeetingFactory(batch=batch, **taught)


def address_of(name, facility):
    """A list's own address, or that of a page about the prison's first confirmed batch."""
    if name.startswith("/"):
        return name
    batch = Batch.objects.filter(facility=facility, state="confirmed").order_by("pk")[0]
    if name == "who could join":
        return reverse("training:candidate-propose", args=[batch.public_id])
    return (batch if name == "one batch" else batch.agreement).get_absolute_url()


def queries_of(user, address):
    """`(status, number of queries)`; whatever the visit changed is undone."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        client.force_login(
            get_user_model().objects.get(pk=user.pk), "django.contrib.auth.backends.ModelBackend"
        )
        with CaptureQueriesContext(connection) as asked:
            status = client.get(address).status_code
        transaction.set_rollback(True)
    return status, len(asked)


@pytest.fixture(scope="module")
def counted(prison, partner):  # noqa: F811
    """`{(role, address): [for one row, for three]}`: all pages are asked of the same prison."""
    officer, liaison = staff(prison, "officer"), liaison_of(partner)

    def more():
        add_one_of_each(prison, partner, officer, liaison)

    def now():
        found = {}
        for role in dict.fromkeys(role for role, _address in QUERIES):
            with transaction.atomic():
                there = {"officer": officer, "liaison": liaison}
                user = there.get(role) or staff(prison, role)
                asked = [name for other, name in QUERIES if other == role]
                for name in asked:
                    found[role, name] = queries_of(user, address_of(name, prison))
                transaction.set_rollback(True)
        return found

    more()
    now()  # what is cached once is cached from here on
    for_one = now()
    more()
    more()
    for_three = now()
    return {key: [for_one[key], for_three[key]] for key in QUERIES}


@pytest.mark.parametrize(("role", "address"), QUERIES)
def test_as_many_for_three_rows_as_for_one(role, address, counted):
    assert counted[role, address] == [(200, QUERIES[role, address])] * 2
