"""The waiting list: once a person and course, left for a reason or by a decree."""

import pytest

from accounts.models import AccessRecord
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Custody
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    CourseFactory,
    approved,
    confirmed_batch,
    decree_series,
    enrolled,
)
from tests.races import race
from training.models import WaitingEntry
from training.services import decrees, enrolments, waiting
from training.states import WaitingState

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(name="Las SMAW")


@pytest.fixture
def person(facility):
    return inmate_at(facility, name="SITI AMINAH")


def asked(person, course, by, **changed):
    usual = {"asked_on": today(-30), "asked_by": "self"}
    return waiting.add(inmate=person, course=course, by=by, **(usual | changed))


class TestAdd:
    def test_a_person_waits_since_the_day_they_asked(self, person, course, officer, facility):
        entry = asked(person, course, officer)
        assert (entry.facility, entry.asked_on, entry.state) == (facility, today(-30), "waiting")

    def test_a_double_click_is_one_entry(self, person, course, officer):
        assert asked(person, course, officer) == asked(person, course, officer)

    def test_by_another_it_is_already_done_with_who_and_since_when(
        self, person, course, officer, head
    ):
        asked(person, course, officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            asked(person, course, head)

    def test_two_courses_are_two_entries(self, person, course, officer):
        asked(person, course, officer)
        asked(person, CourseFactory(), officer)
        assert WaitingEntry.objects.open().count() == 2

    def test_not_in_the_future(self, person, course, officer):
        with pytest.raises(NotAllowed) as refusal:
            asked(person, course, officer, asked_on=today(1))
        assert "asked_on" in refusal.value.error_dict

    def test_not_while_taking_part_in_it(self, facility, agency, officer):
        batch = confirmed_batch(facility, agency)
        with pytest.raises(NotAllowed) as refusal:
            asked(enrolled(batch).inmate, batch.course, officer)
        assert "course" in refusal.value.error_dict

    def test_an_entry_of_a_merged_record_is_the_persons(self, person, course, officer, head):
        earlier = InmateFactory(merged_into=person)
        WaitingEntry.objects.create(
            facility=officer.facility,
            inmate=earlier,
            course=course,
            asked_on=today(-400),
            created_by=head,
        )
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            asked(person, course, officer)
        with pytest.raises(NotAllowed):
            asked(earlier, CourseFactory(), officer)

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, person, course, role, request):
        with pytest.raises(Forbidden):
            asked(person, course, request.getfixturevalue(role))

    def test_not_for_who_has_left(self, person, course, officer):
        Custody.objects.update(until=today(-1), ended_how="released")
        with pytest.raises(NotAllowed, match="tidak lagi berada di lapas"):
            asked(person, course, officer)


class TestWithdraw:
    @pytest.fixture
    def entry(self, person, course, officer):
        return asked(person, course, officer)

    def test_with_a_reason_and_twice_is_once(self, entry, officer):
        waiting.withdraw(entry=entry, reason="Pindah minat", by=officer)
        again = waiting.withdraw(entry=entry, reason="Pindah minat", by=officer)
        assert (again.state, again.reason) == (WaitingState.WITHDRAWN, "Pindah minat")

    def test_not_without_one(self, entry, officer):
        with pytest.raises(NotAllowed) as refusal:
            waiting.withdraw(entry=entry, reason=" ", by=officer)
        assert "reason" in refusal.value.error_dict

    def test_with_another_reason_it_is_already_done(self, entry, officer, head):
        waiting.withdraw(entry=entry, reason="Pindah minat", by=officer)
        with pytest.raises(AlreadyDone, match="tidak menunggu lagi"):
            waiting.withdraw(entry=entry, reason="Sakit", by=head)

    def test_afterwards_one_may_ask_again(self, entry, person, course, officer):
        waiting.withdraw(entry=entry, reason="Sakit", by=officer)
        assert asked(person, course, officer).pk != entry.pk

    def test_it_goes_with_the_person_to_the_next_prison(self, entry, person, officer, outsider):
        Custody.objects.update(until=today(), ended_how="transferred")
        CustodyFactory(inmate=person, facility=outsider.facility, starts=today())
        with pytest.raises(Forbidden):
            waiting.withdraw(entry=entry, reason="X", by=officer)
        assert WaitingEntry.objects.visible_to(outsider).get() == entry
        waiting.withdraw(entry=entry, reason="X", by=outsider)


class TestTheDecree:
    @pytest.fixture
    def issued(self, facility, agency, head, warden, officer):
        decree_series(facility)
        batch = confirmed_batch(facility, agency)
        (candidate, other), hearing = approved(batch, 2)
        entries = [
            asked(candidate.inmate, batch.course, officer),
            asked(candidate.inmate, CourseFactory(), officer),
            asked(inmate_at(facility), batch.course, officer),
        ]
        decree = decrees.prepare(
            batch=batch, hearing=hearing, candidates=[candidate, other], by=head
        )
        decrees.issue(decree=decree, by=warden)
        return batch, candidate, entries

    def states(self, entries):
        by_pk = dict(WaitingEntry.objects.values_list("pk", "state"))
        return [by_pk[entry.pk] for entry in entries]

    def test_ends_the_waiting_of_those_it_lists_for_this_course_only(self, issued):
        _batch, _candidate, entries = issued
        assert self.states(entries) == ["enrolled", "waiting", "waiting"]

    def test_dropping_out_does_not_open_it_again(self, issued, officer):
        batch, candidate, entries = issued
        enrolment = batch.enrolments.get(candidate=candidate)
        enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Sakit", by=officer)
        assert self.states(entries)[0] == "enrolled"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_officers_put_the_same_person_on_the_list(facility, officer, head):
    person, course = inmate_at(facility), CourseFactory()
    answers = race(
        lambda: asked(person, course, officer),
        lambda: asked(person, course, head),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDone", "WaitingEntry"]
    assert WaitingEntry.objects.count() == 1


def test_an_entry_of_a_merged_record_stands_on_the_list_of_the_prison(
    facility, course, person, officer, outsider
):
    earlier = InmateFactory(merged_into=person)
    entry = WaitingEntry.objects.create(
        facility=outsider.facility, inmate=earlier, course=course, asked_on=today(-400)
    )
    assert WaitingEntry.objects.visible_to(officer).of_people_at([facility.pk]).get() == entry
    assert waiting.withdraw(entry=entry, reason="Dua kali tercatat", by=officer)


class TestPages:
    @pytest.fixture
    def entry(self, person, course, officer):
        return asked(person, course, officer)

    def subjects(self, act):
        records = AccessRecord.objects.filter(act=act)
        return {subject for record in records for subject in record.subjects}

    def test_the_list_shows_who_waits_and_since_when(self, entry, officer, login):
        page = login(officer).get("/waiting/").content.decode()
        assert "SITI AMINAH" in page
        assert f"{today(-30):%d/%m/%Y}" in page
        assert self.subjects("view") == {entry.inmate.public_id}

    def test_it_is_filtered_by_course(self, entry, officer, login):
        client = login(officer)
        other = CourseFactory()
        assert "SITI" in client.get(f"/waiting/?course={entry.course.public_id}").content.decode()
        page = client.get(f"/waiting/?course={other.public_id}").content.decode()
        assert "SITI" not in page

    def test_it_is_searched_by_name(self, entry, officer, login):
        client = login(officer)
        assert "SITI AMINAH" in client.get("/waiting/?q=aminah").content.decode()
        assert "SITI AMINAH" not in client.get("/waiting/?q=wahyudi").content.decode()

    def test_who_waits_no_more_is_on_it_only_when_asked_for(self, entry, officer, login):
        waiting.withdraw(entry=entry, reason="Sakit", by=officer)
        client = login(officer)
        assert "SITI AMINAH" not in client.get("/waiting/").content.decode()
        assert "SITI AMINAH" in client.get("/waiting/?state=withdrawn").content.decode()

    def test_as_a_sheet_it_is_on_record_as_an_export(self, entry, officer, login):
        answer = login(officer).get("/waiting/?format=csv")
        assert "SITI AMINAH" in b"".join(answer.streaming_content).decode()
        assert self.subjects("export") == {entry.inmate.public_id}

    def test_another_prison_does_not_see_them(self, entry, outsider, login):
        client = login(outsider)
        assert "SITI AMINAH" not in client.get("/waiting/").content.decode()
        assert client.get(f"/waiting/{entry.public_id}/withdraw/").status_code == 404

    def test_an_observer_sees_no_names(self, facility, login):
        assert login(staff(facility, "observer")).get("/waiting/").status_code == 403

    def test_from_the_person_onto_the_list(self, person, course, officer, login):
        client, page = login(officer), f"/inmates/{person.public_id}/waiting/"
        assert client.get(page).status_code == 200
        typed = {
            "course": course.pk,
            "asked_on": today(1).isoformat(),
            "asked_by": "guardian",
        }
        answer = client.post(page, typed)
        assert answer.status_code == 422
        assert today(1).isoformat() in answer.content.decode()
        answer = client.post(page, typed | {"asked_on": today(-9).isoformat()})
        assert answer.status_code == 302
        assert WaitingEntry.objects.get().asked_by == "guardian"

    def test_off_the_list_with_a_reason(self, entry, officer, login):
        client, page = login(officer), f"/waiting/{entry.public_id}/withdraw/"
        assert client.get(page).status_code == 200
        assert client.post(page, {"reason": ""}).status_code == 422
        assert client.post(page, {"reason": "Pindah minat"}).status_code == 302
        entry.refresh_from_db()
        assert entry.reason == "Pindah minat"

    def test_a_registrar_reads_and_does_not_change(self, entry, registrar, login):
        client = login(registrar)
        page = client.get("/waiting/").content.decode()
        assert "SITI AMINAH" in page
        assert "/withdraw/" not in page
        assert client.get(f"/waiting/{entry.public_id}/withdraw/").status_code == 403

    def test_of_a_person_elsewhere_nobody_writes(self, course, officer, login):
        stranger = inmate_at(FacilityFactory())
        assert login(officer).get(f"/inmates/{stranger.public_id}/waiting/").status_code == 404
