"""Each number of a home lists exactly the rows it counts, and says nothing of another prison."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from correspondence.models import Letter
from inmates.models import Circumstance, ImportRun
from inmates.services.circumstances import note
from inmates.states import ImportState
from partners.states import AgreementState
from placements.employment import FollowUpState, ReferralState
from reports.deadlines import due_soon
from reports.figures import figures_for
from reports.waiting import waiting_for
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.correspondence import letter_draft
from tests.factories.inmates import absent_from, inmate_at, transfer_from
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    follow_up_of,
    placement_of,
    referral_of,
)
from tests.factories.results import certificate_of
from tests.factories.training import (
    BatchFactory,
    CandidateFactory,
    CourseFactory,
    MeetingFactory,
    confirmed_batch,
    enrolled,
    hours,
)
from tests.placements.out_to_work import goes_out, out_today
from training.models import Decree, Hearing, SeatOffer, SlotProposal
from training.states import CandidateState, DecreeState, HearingState, Side

pytestmark = pytest.mark.django_db
POSTS = (
    *("officer", "head", "warden", "registrar", "secretariat", "security", "clinic", "observer"),
)
MOST = 12  # statements of a home


@pytest.fixture(scope="module")
def places(stage):
    """Two prisons with two rows of everything that a home tells of, each with its own agency."""
    made = []
    for code in ("CLG", "SRG"):
        facility = FacilityFactory(code=code)
        agency = PartnershipFactory(facility=facility, agency=AgencyFactory(kind="disnaker")).agency
        by = staff(facility, "officer", name="Petugas")
        for _row in range(2):
            fill(facility, agency, by)
        made.append((facility, agency))
    return made


def fill(facility, agency, by):
    """One more row of each kind that waits for somebody."""
    agreement = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(85))
    AgreementFactory(
        facility=facility, agency=agency, state=AgreementState.READY, entered_afterwards=True
    )
    visit = EngagementFactory(facility=facility, agency=agency)
    ActionItemFactory(engagement=visit, owner_role_id="officer")
    _seats(facility, agency, agreement)
    _selection(facility, agency)
    _teaching(facility, agency)
    _people(facility)
    _letters(facility, by)
    _work(facility, agency, by)


def _seats(facility, agency, agreement):
    for side in Side:
        batch = BatchFactory(agreement=agreement, ends_on=today(60))
        SlotProposal.objects.create(
            batch=batch,
            facility=facility,
            agency=agency,
            side=side,
            round=1,
            seats=16,
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            respond_by=today(5),
        )
    BatchFactory(agreement=agreement, ends_on=today(60))
    BatchFactory(agreement=agreement, starts_on=today(70), ends_on=today(120))  # not covered


def _selection(facility, agency):
    """Batches at each step of the selection."""
    course = CourseFactory(fitness_within_months=6)
    batch = confirmed_batch(facility, agency, course=course, seats_confirmed=9)
    CandidateFactory(batch=batch)
    planned = confirmed_batch(facility, agency, seats_confirmed=1)
    CandidateFactory(batch=planned)
    Hearing.objects.create(facility=facility, batch=planned, held_on=today(3))
    for state in (None, DecreeState.PREPARED, DecreeState.RETURNED):
        heard = confirmed_batch(facility, agency, seats_confirmed=1)
        accepted = CandidateFactory(
            batch=heard, state=CandidateState.APPROVED, entered_afterwards=True
        )
        hearing = Hearing.objects.create(
            facility=facility,
            batch=heard,
            held_on=today(-1),
            state=HearingState.HELD,
            entered_afterwards=True,
        )
        if state:
            Decree.objects.create(
                facility=facility,
                batch=heard,
                hearing=hearing,
                state=state,
                entered_afterwards=state == DecreeState.RETURNED,
            )
    SeatOffer.objects.create(facility=facility, batch=heard, candidate=accepted, until=today(2))


def _teaching(facility, agency):
    batch = confirmed_batch(facility, agency, starts_on=today(-3), ends_on=today(20))
    certificate_of(enrolled(batch))
    now = timezone.now()
    MeetingFactory(batch=batch)
    over = MeetingFactory(batch=batch, during=hours(today(-1), 8, 14))
    over.tool_checks.create(facility=facility, name="Palu", quantity_out=2, out_at=now)
    short = MeetingFactory(batch=batch, during=hours(today(-2), 8, 14))
    short.tool_checks.create(
        facility=facility, name="Palu", quantity_out=2, out_at=now, quantity_in=1, in_at=now
    )


def _people(facility):
    ImportRun.objects.create(
        facility=facility, file_name="x.csv", as_of=today(), state=ImportState.READY
    )
    absent_from(facility)
    transfer_from(facility)
    twin = inmate_at(facility, name=f"BUDI SANTOSA {facility.pk}", birth_date=today(-9000))
    inmate_at(facility, name=f"BUDI SANTOSO {facility.pk}", birth_date=twin.birth_date)
    for asked_at in (None, timezone.now()):
        change = note(
            inmate=inmate_at(facility),
            facility_id=facility.pk,
            kind="discipline",
            effective=today(),
            source="test",
            by=None,
        )
        Circumstance.objects.filter(pk=change.pk).update(asked_at=asked_at)


def _letters(facility, by):
    letter_draft(facility, by)
    for state, role in (
        ("draft", "warden"), ("awaiting", "warden"), ("numbered", "head"), ("numbered", "warden"),
        ("signed", "warden"),
    ):  # fmt: skip
        is_numbered = state not in ("draft", "awaiting")
        Letter.objects.create(
            facility=facility, kind="general", subject="Undangan", state=state,
            initials=[{"name": "Petugas"}], signatory={"role": role},
            number=f"W12-{Letter.objects.count()}" if is_numbered else "",
            dated=today() if is_numbered else None, year=today().year if is_numbered else None,
            entered_afterwards=True,
        )  # fmt: skip


def _work(facility, agency, by):
    for state in (
        ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.APPROVED, ReferralState.SENT,
        ReferralState.ACCEPTED,
    ):  # fmt: skip
        employer = EmployerFactory(facility=facility)
        referral_of(
            inmate_at(facility), facility, agency, state=state, employer=employer,
            answer_by=today(-1), letter=_signed(facility) if state == "approved" else None,
        )  # fmt: skip
    VacancyFactory(employer=EmployerFactory(facility=None, agency=agency))
    follow_up_of(inmate_at(facility), facility, due_on=today(-1))
    follow_up_of(inmate_at(facility), facility, due_on=today(-9), state=FollowUpState.DUE)
    placement_of(inmate_at(facility), facility)
    out_today(goes_out(facility, by, decree_until=today(20)))


def _signed(facility):
    return Letter.objects.create(
        facility=facility, kind="recommendation", subject="Rekomendasi", state="signed",
        number=f"R-{Letter.objects.count()}", dated=today(), year=today().year,
        entered_afterwards=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def homes(places):
    """`{post: (client, answer of the home, its statements)}` of everybody at the first prison."""
    (facility, agency), _other = places
    users = {role: staff(facility, role) for role in POSTS} | {"liaison": liaison_of(agency)}
    found = {}
    for role, user in users.items():
        client = Client()
        client.force_login(
            get_user_model().objects.get(pk=user.pk), "django.contrib.auth.backends.ModelBackend"
        )
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/")
        found[role] = client, answer, len(asked)
    return found


def rows_behind(client, url):
    """How many rows a list shows in all, whatever kind of list it is."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    there = answer.context
    path = url.partition("?")[0]
    if path in COUNTED:
        return COUNTED[path](there)
    return len(there["table"].rows) if "table" in there else there["page"].paginator.count


COUNTED = {
    "/slots/": lambda there: len(there["mine"]),
    "/days/": lambda there: len(there["sessions"]),
    "/work-release/": lambda there: sum(
        bool(line.log and not line.log.back_at) for line in there["lines"]
    ),
    "/referrals/approval/": lambda there: len(there["form"].waiting),
}


@pytest.mark.parametrize("role", [*POSTS, "liaison"])
def test_each_number_lists_exactly_its_rows(homes, role):
    client, answer, statements = homes[role]
    assert statements <= MOST
    cards = re.findall(r'class="figure-card" href="([^"]+)"><strong>(\d+)', answer.text)
    assert 4 <= len(cards) <= 6
    for url, number in cards:
        assert rows_behind(client, url.replace("&amp;", "&")) == int(number), url
    groups = answer.context["waiting"].groups if role != "liaison" else ()
    for group in groups:
        assert rows_behind(client, group.url) == group.count, group.url
    for entry in answer.context["news"]:
        if "recorded=" in entry.url:
            assert rows_behind(client, entry.url) == entry.count, entry.url
    due = answer.context["due"]
    for task in {task.what: task for task in [*due.coming, *due.passed]}.values():
        assert client.get(task.url).status_code == 200, task.what


OFFICER = {
    "Jawab usulan kuota": 2,
    "Usulkan kuota": 4,
    "Amankan dasar perjanjian angkatan": 2,
    "Usulkan calon peserta": 4,
    "Jadwalkan sidang TPP": 2,
    "Catat kehadiran": 6,
    "Catat jawaban cadangan": 2,
    "Putuskan perubahan keadaan": 2,
    "Tanyakan kabar lulusan": 4,
    "Hitung kembali alat": 2,
    "Selesaikan surat": 2,
    "Ajukan rujukan kerja": 2,
    "Kirim rujukan kerja ke Disnaker": 2,
    "Tanyakan jawaban rujukan kerja": 2,
    "Catat hari mulai bekerja": 2,
    "Perbarui dasar asimilasi kerja": 2,
    "Penuhi janji kunjungan": 2,
}


def test_every_kind_of_work_waits_for_its_post(homes):
    _client, answer, _statements = homes["officer"]
    found = {group.what: group.count for group in answer.context["waiting"].groups}
    assert found == OFFICER


def test_what_is_due_is_told_to_each_prison_by_itself(places):
    """The statement is made once for all who have the same rights."""
    told = [due_soon(staff(facility, "officer")) for facility, _agency in places]
    links = [{task.url for task in [*due.coming, *due.passed]} for due in told]
    assert len(links[0]) == len(links[1]) > 3
    assert not links[0] & links[1]
    assert told[0].passed_count == told[1].passed_count > 0


def test_who_has_posts_at_two_prisons_reads_of_both(places, login):
    (first, _agency), (second, _other) = places
    user = staff(first, "observer")
    PostingFactory(user=user, facility=second, role_id="observer", starts=today(-9))
    answer = login(user).get("/")
    links = {task.url for task in answer.context["due"].coming}
    for facility in (first, second):
        assert links & {task.url for task in due_soon(staff(facility, "observer")).coming}
    numbers = {each.label: each.number for each in answer.context["figures"]}
    alone = {each.label: each.number for each in figures_for(staff(first, "observer"))}
    assert numbers["perjanjian berlaku"] == 2 * alone["perjanjian berlaku"] > 0


def test_a_member_of_the_hearing_board_reads_what_the_post_may_act_on(places, login):
    """A role of an admin's own making, which owns no kind of work."""
    role = Group.objects.create(name="tpp")
    acts = ("see_people", "record_hearing")
    role.permissions.set(Permission.objects.filter(codename__in=acts))
    client = login(staff(places[0][0], "tpp"))
    answer = client.get("/")
    (group,) = answer.context["waiting"].groups
    assert (group.what, group.count) == ("Catat hasil sidang TPP", 2)
    assert rows_behind(client, group.url) == 2
    assert len(answer.context["figures"]) == 4


def test_the_promises_of_a_post_that_nobody_holds_are_listed_for_the_head(places, login):
    facility, _agency = places[0]
    client = login(staff(facility, "head"))
    waiting = waiting_for(User.objects.get(pk=client.session["_auth_user_id"]), {"officer"})
    (group,) = [one for one in waiting.groups if "jabatan yang kosong" in one.what]
    assert rows_behind(client, group.url) == group.count == 2
