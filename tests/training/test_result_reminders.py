"""Reminders of certificates that end and of people who were not assessed again."""

import pytest

from correspondence.models import Notice
from correspondence.services.sweep import sweep
from inmates.models import Custody
from tests.factories.correspondence import tell_only
from tests.factories.partners import today
from tests.factories.results import finished_batch
from tests.factories.training import enrolled
from tests.training.test_assessments import record, unit
from training.services import certificates, results
from training.services.assessments import mark_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("certificate_end", "retest")


@pytest.fixture
def finished(facility, agency):
    return finished_batch(facility, agency, people=2, units=1)


def competency(person, by, until, **changed):
    usual = {"kind": "competency", "number": f"K-{until}", "issued_on": today(-5), "scheme": "Las"}
    return certificates.record(
        enrolment=person, by=by, valid_until=today(until), **(usual | changed)
    )


def told(kind):
    return set(Notice.objects.live().filter(kind=kind).values_list("recipient__name", flat=True))


class TestEndOfACertificate:
    def test_both_sides_are_told_by_code(self, finished, liaison, officer, head):
        _batch, (one, other) = finished
        row = competency(one, liaison, 90)
        competency(other, liaison, 400)
        sweep()
        assert told("certificate_end") == {officer.name, head.name, liaison.name}
        for notice in Notice.objects.filter(kind="certificate_end"):
            assert notice.data == {"scheme": "Las", "code": one.participant_code}
            assert one.inmate.name not in str(notice.data)
            assert notice.link == row.get_absolute_url()

    def test_it_stands_on_the_home_of_whom_it_tells(
        self, finished, liaison, other_liaison, officer, login
    ):
        _batch, (one, _other) = finished
        row = competency(one, liaison, 20)
        for user, is_there in ((officer, True), (liaison, True), (other_liaison, False)):
            html = login(user).get("/").content.decode()
            assert (row.get_absolute_url() in html) is is_there
            assert one.inmate.name not in html

    def test_not_of_a_training_certificate_or_one_revoked(self, finished, liaison, head):
        _batch, (one, other) = finished
        competency(one, liaison, 90, kind="training", scheme="")
        row = competency(other, liaison, 90, number="K-2")
        certificates.revoke(certificate=row, reason="Salah", by=head)
        sweep()
        assert told("certificate_end") == set()

    def test_not_once_a_newer_one_took_its_place(self, facility, agency, finished, liaison):
        _batch, (one, _other) = finished
        competency(one, liaison, 90)
        dates = {"starts_on": today(-6), "ends_on": today(-2)}
        later, _rows = finished_batch(facility, agency, people=0, units=0, **dates)
        competency(enrolled(later, one.inmate), liaison, 1000, issued_on=today(-1))
        sweep()
        assert told("certificate_end") == set()

    def test_not_of_who_has_left(self, finished, liaison, head):
        _batch, (one, _other) = finished
        competency(one, liaison, 90)
        Custody.objects.filter(inmate=one.inmate).update(until=today(-1), ended_how="released")
        sweep()
        assert told("certificate_end") == set()


class TestAnotherAssessment:
    def test_after_a_month_for_the_whole_batch(self, finished, liaison, officer, head):
        batch, (one, other) = finished
        part = results.parts_of(batch)[1]
        record(batch, unit(one, part, "BK"), unit(other, part, "BK"), by=liaison, on=today(-35))
        sweep()
        assert told("retest") == {officer.name, head.name, liaison.name}
        notice = Notice.objects.filter(kind="retest").first()
        assert notice.data == {"batch": f"{batch.course.name} – {batch.name}", "people": 2}
        assert notice.due == today(-5)

    def test_it_stands_on_the_home_of_whom_it_tells(
        self, finished, liaison, other_liaison, officer, login
    ):
        batch, (one, _other) = finished
        record(batch, unit(one, results.parts_of(batch)[1], "BK"), by=liaison, on=today(-35))
        sentence = "1 orang belum diuji lagi"
        homes = {user: login(user).get("/") for user in (officer, liaison, other_liaison)}
        said = [sentence in answer.content.decode() for answer in homes.values()]
        assert said == [True, True, False]

    def test_not_yet(self, finished, liaison, head):
        batch, (one, _other) = finished
        record(batch, unit(one, results.parts_of(batch)[1], "BK"), by=liaison, on=today(-20))
        sweep()
        assert told("retest") == set()

    def test_the_next_attempt_settles_it(self, finished, liaison, head):
        batch, (one, _other) = finished
        part = results.parts_of(batch)[1]
        (row,) = record(batch, unit(one, part, "BK"), by=liaison, on=today(-35))
        sweep()
        record(batch, unit(one, part, "K", mark_of(row)), by=liaison, on=today(-1))
        assert sweep()["cancelled"] == 2
        assert told("retest") == set()
