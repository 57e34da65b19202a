"""The yearly plan: typed by several people, counted from batches, asked of agencies by letter."""

import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, today
from tests.factories.training import (
    CourseFactory,
    WaitingEntryFactory,
    confirmed_batch,
    enrolled,
)
from tests.races import race
from training.models import Batch, Certificate, PlanLine
from training.plan_picture import WIDTH, draw
from training.services import batches, plans

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def course(db):
    return CourseFactory(name="Las SMAW", package_seats=16)


@pytest.fixture
def line(facility, agency, course, officer):
    return plans.add(
        facility=facility,
        year=YEAR,
        course=course,
        agency=agency,
        fund="city",
        packages_planned=2,
        by=officer,
    )


def in_year(facility, agency, course, year=YEAR, **fields):
    """A confirmed batch that begins in March of a year."""
    days = {"starts_on": date(year, 3, 2), "ends_on": date(year, 3, 27)}
    return confirmed_batch(facility, agency, course=course, **days, **fields)


def stored(line):
    return PlanLine.objects.with_results().get(pk=line.pk)


class TestAdd:
    def test_seats_that_nobody_typed_follow_from_the_packages(self, line):
        assert (line.packages_planned, line.seats_planned) == (2, 32)

    def test_the_same_again_is_the_same_line_another_is_refused(
        self, line, facility, agency, course, officer, head
    ):
        same = {"facility": facility, "year": YEAR, "course": course, "agency": agency}
        again = plans.add(**same, fund="city", packages_planned=2, by=officer)
        assert again == line
        with pytest.raises(NotAllowed) as refusal:
            plans.add(**same, fund="city", packages_planned=1, by=head)
        assert "course" in refusal.value.error_dict
        assert plans.add(**same, fund="ministry", by=head) != line

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "liaison", "outsider"])
    def test_others_may_not(self, facility, course, role, request):
        with pytest.raises(Forbidden):
            plans.add(
                facility=facility,
                year=YEAR,
                course=course,
                fund="city",
                by=request.getfixturevalue(role),
            )

    @pytest.mark.parametrize("changed", [{"year": 1999}, {"packages_planned": -1}])
    def test_what_makes_no_sense_is_refused(self, facility, course, officer, changed):
        fields = {"facility": facility, "year": YEAR, "course": course, "fund": "city"} | changed
        with pytest.raises(NotAllowed):
            plans.add(**fields, by=officer)


class TestFill:
    def fill(self, line, by, **changes):
        return plans.fill(facility=line.facility, year=line.year, changes={line: changes}, by=by)

    def test_numbers_are_written_and_seats_follow(self, line, officer):
        assert self.fill(line, officer, packages_granted=(0, 1)) == 1
        assert (stored(line).packages_granted, stored(line).seats_granted) == (1, 16)

    def test_a_number_that_another_wrote_meanwhile_is_not_lost(self, line, officer, head):
        self.fill(line, head, seats_granted=(0, 20))
        with pytest.raises(NotAllowed) as refusal:
            self.fill(line, officer, seats_granted=(0, 32), packages_requested=(0, 9))
        assert set(refusal.value.error_dict) == {f"{line.public_id}-seats_granted"}
        assert (stored(line).seats_granted, stored(line).packages_requested) == (20, 0)

    def test_two_people_type_into_different_cells(self, line, officer, head):
        self.fill(line, head, seats_granted=(0, 20))
        self.fill(line, officer, seats_requested=(0, 32))
        assert (stored(line).seats_granted, stored(line).seats_requested) == (20, 32)

    @pytest.mark.parametrize("number", [-1, 10_000])
    def test_a_number_that_cannot_be_is_refused_beside_its_cell(self, line, officer, number):
        with pytest.raises(NotAllowed) as refusal:
            self.fill(line, officer, seats_granted=(0, number))
        assert set(refusal.value.error_dict) == {f"{line.public_id}-seats_granted"}

    def test_lines_of_another_prison_are_left_alone(self, line, outsider):
        other = FacilityFactory()
        planner = staff(other, "officer")
        assert plans.fill(facility=other, year=YEAR, changes={line: {}}, by=planner) == 0


class TestCopy:
    def test_what_was_planned_comes_along_what_was_granted_does_not(self, line, facility, officer):
        plans.fill(
            facility=facility, year=YEAR, changes={line: {"seats_granted": (0, 16)}}, by=officer
        )
        assert plans.copy(facility=facility, year=YEAR + 1, by=officer) == 1
        copied = PlanLine.objects.get(year=YEAR + 1)
        assert (copied.course, copied.seats_planned, copied.seats_granted) == (line.course, 32, 0)

    def test_twice_is_once_and_retired_courses_stay_behind(self, line, facility, course, officer):
        assert plans.copy(facility=facility, year=YEAR + 1, by=officer) == 1
        assert plans.copy(facility=facility, year=YEAR + 1, by=officer) == 0
        course.is_offered = False
        course.save()
        assert plans.copy(facility=facility, year=YEAR + 2, by=officer) == 0

    @pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    def test_two_who_copy_at_once_copy_once(self, facility, agency, officer, head):
        plans.add(
            facility=facility,
            year=YEAR,
            course=CourseFactory(),
            agency=agency,
            fund="city",
            by=officer,
        )
        outcomes = race(
            lambda: plans.copy(facility=facility, year=YEAR + 1, by=officer),
            lambda: plans.copy(facility=facility, year=YEAR + 1, by=head),
        )
        assert PlanLine.objects.filter(year=YEAR + 1).count() == 1
        assert all(isinstance(each, int | NotAllowed) for each in outcomes)


class TestResults:
    @pytest.fixture
    def batch(self, facility, agency, course, line):
        return confirmed_batch(
            facility, agency, course=course, starts_on=today(-40), ends_on=today(-5), plan_line=line
        )

    def test_what_was_run_and_certified_is_counted_from_the_batches(self, line, batch, agency):
        people = [enrolled(batch) for _person in range(3)]
        assert (stored(line).packages_run, stored(line).people_run) == (0, 0)
        Batch.objects.filter(pk=batch.pk).update(state="running")
        type(people[0]).objects.filter(pk=people[0].pk).update(
            state="dropped", dropped_on=today(-9), reason="Pindah"
        )
        for number, (kind, holder) in enumerate(
            [("training", 1), ("competency", 1), ("competency", 2)]
        ):
            Certificate.objects.create(
                facility=batch.facility,
                agency=agency,
                inmate=people[holder].inmate,
                enrolment=people[holder],
                kind=kind,
                title="Las",
                issuer="BLK",
                number=f"S-{number}",
                issued_on=today(-2),
                valid_until=today(900) if kind == "competency" else None,
            )
        row = stored(line)
        assert (row.packages_run, row.people_run, row.people_certified) == (1, 2, 2)

    def test_a_batch_is_counted_on_one_line_of_its_course(
        self, line, batch, facility, agency, officer
    ):
        other = confirmed_batch(facility, agency)
        with pytest.raises(NotAllowed, match="program lain"):
            plans.attach(line=line, batches=[other], by=officer)
        second = plans.add(facility=facility, year=YEAR, course=line.course, fund="csr", by=officer)
        with pytest.raises(AlreadyDone, match="baris lain"):
            plans.attach(line=second, batches=[batch], by=officer)
        free = in_year(facility, agency, line.course)
        plans.attach(line=second, batches=[free], by=officer)
        free.refresh_from_db()
        assert (free.plan_line, free.fund) == (second, "csr")

    def test_a_batch_of_another_agency_or_year_is_not_counted(
        self, line, facility, agency, officer
    ):
        course = line.course
        with pytest.raises(NotAllowed, match="instansi lain"):
            plans.attach(
                line=line, by=officer, batches=[in_year(facility, AgencyFactory(), course)]
            )
        with pytest.raises(NotAllowed, match="mulai pada tahun 2027"):
            plans.attach(
                line=line, by=officer, batches=[in_year(facility, agency, course, YEAR + 1)]
            )
        assert not line.batches.exists()

    def test_the_agency_of_a_line_stays_that_of_its_batches(self, line, batch, officer):
        with pytest.raises(NotAllowed) as refusal:
            plans.change(line=line, agency=AgencyFactory(), fund="csr", note="", by=officer)
        assert set(refusal.value.error_dict) == {"agency"}
        plans.change(line=line, agency=None, fund="csr", note="", by=officer)
        plans.change(line=line, agency=batch.agency, fund="csr", note="", by=officer)
        assert stored(line).agency == batch.agency

    def test_a_batch_that_moved_into_another_year_can_still_be_edited(
        self, line, facility, agency, officer
    ):
        moved = in_year(facility, agency, line.course, YEAR + 1, plan_line=line)
        batches.edit(batch=moved, place="Bengkel 2", by=officer)
        moved.refresh_from_db()
        assert moved.place == "Bengkel 2"
        with pytest.raises(NotAllowed) as refusal:
            batches.edit(
                batch=in_year(facility, agency, line.course, YEAR + 1), by=officer, plan_line=line
            )
        assert "plan_line" in refusal.value.error_dict

    def test_a_line_with_a_batch_is_not_removed(self, line, batch, officer):
        with pytest.raises(NotAllowed, match="angkatan"):
            plans.remove(line=line, by=officer)
        Batch.objects.filter(pk=batch.pk).update(plan_line=None)
        plans.remove(line=line, by=officer)
        with pytest.raises(AlreadyDone):
            plans.remove(line=line, by=officer)


class TestPicture:
    def test_the_longest_bar_fits_and_nothing_is_negative(self):
        picture = draw([("Las", "#a", {"planned": 32, "granted": 16, "run": 0})])
        (group,) = picture.groups
        assert [bar.number for bar in group.bars] == [32, 16, 0]
        assert group.bars[0].width > group.bars[1].width > group.bars[2].width == 0
        assert group.bars[0].width < WIDTH
        assert picture.ticks[0] == (0, 0)

    def test_nothing_planned_is_no_picture(self):
        assert draw([]) is None
        assert draw([("Las", "#a", {"planned": 0, "granted": 0})]) is None


class TestPages:
    def address(self, facility, name="", **more):
        query = "&".join(f"{key}={value}" for key, value in more.items())
        return f"/plan/{name}?prison={facility.code}&year={YEAR}&{query}"

    def test_numbers_are_typed_in_place(self, line, facility, officer, login):
        client = login(officer)
        page = client.get(self.address(facility)).content.decode()
        assert f'name="{line.public_id}-seats_granted"' in page
        answer = client.post(
            self.address(facility, "fill/"),
            {
                f"{line.public_id}-seen": "2 32 0 0 0 0",
                f"{line.public_id}-packages_granted": "1",
                f"{line.public_id}-seats_granted": "20",
            },
            follow=True,
        )
        assert "1 baris disimpan" in answer.content.decode()
        assert (stored(line).seats_granted, stored(line).seats_planned) == (20, 32)

    def test_what_was_typed_stays_when_a_cell_is_refused(self, line, facility, officer, login):
        answer = login(officer).post(
            self.address(facility, "fill/"),
            {
                f"{line.public_id}-seen": "2 32 0 0 0 5",
                f"{line.public_id}-seats_granted": "77",
            },
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="77"' in page
        assert "Orang lain baru saja menulis 0" in page

    @pytest.mark.parametrize("seen", ["9" * 5000, "0 0 0 0 0 " + "9" * 5000])
    def test_what_is_said_to_have_stood_there_does_no_harm(
        self, line, facility, officer, login, seen
    ):
        typed = {f"{line.public_id}-seen": seen, f"{line.public_id}-seats_granted": "20"}
        login(officer).post(self.address(facility, "fill/"), typed)
        assert stored(line).seats_granted == 20

    def test_who_may_not_plan_reads_numbers_without_fields(self, line, facility, warden, login):
        page = login(warden).get(self.address(facility)).content.decode()
        assert "Las SMAW" in page
        assert "seats_granted" not in page

    def test_as_a_sheet_and_as_csv(self, line, facility, officer, login):
        client = login(officer)
        lines = client.get(self.address(facility, format="csv")).streaming_content
        csv = b"".join(lines).decode("utf-8-sig")
        assert "Las SMAW" in csv.splitlines()[1]
        answer = client.get(self.address(facility, format="xlsx"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        row = book.get_sheet_by_index(0).to_python()[1]
        assert row[2:8] == ["Las SMAW", line.agency.name, "APBD kota/kabupaten", 2, 32, 0]

    def test_another_prison_s_plan_cannot_be_named(self, line, facility, outsider, login):
        page = login(outsider).get(self.address(facility)).content.decode()
        assert "Las SMAW" not in page

    def test_the_letter_asks_for_what_was_typed(self, line, facility, agency, officer, head, login):
        WaitingEntryFactory(facility=facility, course=line.course, inmate=inmate_at(facility))
        plans.fill(
            facility=facility,
            year=YEAR,
            changes={line: {"packages_requested": (0, 1), "seats_requested": (0, 20)}},
            by=officer,
        )
        client, address = login(officer), self.address(facility, "letter/", agency=agency.public_id)
        page = client.get(address)
        words = page.context["form"].initial["text"]
        assert (
            "Las SMAW, 1 paket untuk 20 orang, sumber dana APBD kota/kabupaten "
            "(1 orang menunggu, 1 orang memenuhi syarat);"
        ) in words
        form = page.context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        answer = client.post(address, typed)
        letter = Letter.objects.get(kind="package_request")
        assert answer.url == letter.get_absolute_url()
        paper = client.get(reverse("correspondence:letter-preview", args=[letter.public_id]))
        assert paper.status_code == 200

    def test_a_letter_to_an_agency_out_of_sight_is_not_begun(self, facility, officer, login):
        stranger = AgencyFactory()
        address = self.address(facility, "letter/", agency=stranger.public_id)
        assert login(officer).get(address).status_code == 404

    @pytest.mark.parametrize(
        "query", ["year=abc", "year=99999999", "year=" + "9" * 5000, "prison=%00", "agency=x"]
    )
    def test_an_address_typed_by_hand_does_no_harm(self, line, officer, login, query):
        assert login(officer).get(f"/plan/?{query}").status_code == 200

    def test_numbers_lead_to_their_rows(self, line, facility, officer, login):
        WaitingEntryFactory(facility=facility, course=line.course, inmate=inmate_at(facility))
        client = login(officer)
        page = client.get(self.address(facility, "demand/")).content.decode()
        course = line.course.public_id
        assert f"/waiting/?course={course}" in page
        supply = client.get(self.address(facility, "supply/", course=course, outcome="pass"))
        assert len(supply.context["people"].object_list) == 1
        rows = client.get(f"/waiting/?course={course}&release_since=2000-01-01").content.decode()
        assert "1 baris" in rows
        unknown = client.get(f"/waiting/?course={course}&release=unknown").content.decode()
        assert "1 baris" not in unknown
