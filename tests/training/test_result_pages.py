"""The page of results by keyboard and one unit at a time, and the page of outcomes."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessRecord
from tests.factories.partners import today
from tests.factories.results import finished_batch
from tests.factories.training import confirmed_batch, enrolled
from training.models import Assessment, Enrolment
from training.services import results
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(facility, agency):
    return finished_batch(facility, agency, people=2, units=2)


@pytest.fixture
def batch(finished):
    return finished[0]


def url(batch, name="batch-results"):
    return reverse(f"training:{name}", args=[batch.public_id])


def cell(person, part):
    return f"{person.public_id.hex}-{part.key}"


def seen_in(page):
    """The marks that the page sends back, as its hidden field holds them."""
    return page.context["form"].fields["seen"].initial


def filled(page, **cells):
    heading = {"assessor": "Asesor Uji", "assessed_on": today(-3).isoformat()}
    return heading | {"seen": seen_in(page)} | cells


class TestGrid:
    def test_all_people_and_units_on_one_page(self, batch, login, liaison):
        client = login(liaison)
        page = client.get(url(batch))
        one, other = Enrolment.objects.filter(batch=batch).order_by("participant_code")
        evaluation, first, second = results.parts_of(batch)
        sent = filled(
            page,
            **{
                f"{cell(one, evaluation)}-knowledge": "81,5",
                f"{cell(one, evaluation)}-skill": "77",
                cell(one, first): "K",
                cell(other, second): "BK",
            },
        )
        answer = client.post(url(batch), sent)
        assert (answer.status_code, answer.url) == (302, url(batch))
        assert Assessment.objects.count() == 3
        assert str(Assessment.objects.get(kind="evaluation").knowledge) == "81.50"

    def test_one_unit_at_a_time_by_its_code(self, batch, finished, login, head):
        client = login(head)
        first = results.parts_of(batch)[1]
        page = client.get(url(batch), {"part": first.unit.code})
        assert set(json.loads(seen_in(page))) == {cell(row, first) for row in finished[1]}

    def test_one_score_alone_asks_for_the_other(self, batch, finished, login, head):
        client = login(head)
        page = client.get(url(batch))
        name = cell(finished[1][0], results.parts_of(batch)[0])
        answer = client.post(url(batch), filled(page, **{f"{name}-knowledge": "80"}))
        assert answer.status_code == 422
        assert "Isi juga nilai ini" in answer.content.decode()
        assert 'value="80"' in answer.content.decode()

    @pytest.mark.parametrize("score", ["101", "-1", "delapan", "80.123"])
    def test_a_score_that_is_none_is_said_beside_it(self, batch, finished, login, head, score):
        client = login(head)
        page = client.get(url(batch))
        name = cell(finished[1][0], results.parts_of(batch)[0])
        sent = filled(page, **{f"{name}-knowledge": score, f"{name}-skill": "70"})
        answer = client.post(url(batch), sent)
        assert answer.status_code == 422
        assert f"{name}-knowledge-error" in answer.content.decode()

    def test_who_was_slower_is_told_beside_the_cell(self, batch, finished, login, head, liaison):
        slower, faster = login(head), login(liaison)
        page = slower.get(url(batch))
        name = cell(finished[1][0], results.parts_of(batch)[1])
        faster.post(url(batch), filled(faster.get(url(batch)), **{name: "BK"}))
        answer = slower.post(url(batch), filled(page, **{name: "K"}))
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Sementara itu tercatat belum kompeten" in text
        assert "Narahubung BLK" in text
        assert Assessment.objects.count() == 1
        emptied = slower.post(url(batch), filled(page, **{name: ""}))
        assert emptied.status_code == 302

    def test_a_further_attempt_has_its_own_mode(self, batch, finished, login, liaison):
        client = login(liaison)
        name = cell(finished[1][0], results.parts_of(batch)[1])
        client.post(url(batch), filled(client.get(url(batch)), **{name: "BK"}))
        page = client.get(url(batch), {"mode": "retake"})
        assert list(json.loads(seen_in(page))) == [name]
        client.post(f"{url(batch)}?mode=retake", filled(page, **{name: "K"}))
        assert list(Assessment.objects.values_list("attempt", "result")) == [(1, "BK"), (2, "K")]

    def test_a_slip_is_mended_in_its_own_mode(self, batch, finished, login, liaison):
        client = login(liaison)
        name = cell(finished[1][0], results.parts_of(batch)[1])
        client.post(url(batch), filled(client.get(url(batch)), **{name: "K"}))
        page = client.get(url(batch), {"mode": "correct"})
        sent = {"assessor": "", "assessed_on": "", "seen": seen_in(page), name: "BK"}
        client.post(f"{url(batch)}?mode=correct", sent)
        (row,) = Assessment.objects.all()
        assert (row.attempt, row.result, row.assessor) == (1, "BK", "Asesor Uji")

    @pytest.mark.parametrize("seen", ["", "[]", "{", '{"x": 1}', "null", "\0"])
    def test_a_mangled_page_writes_nothing(self, batch, finished, login, head, seen):
        client = login(head)
        name = cell(finished[1][0], results.parts_of(batch)[1])
        sent = filled(client.get(url(batch)), **{name: "K"}) | {"seen": seen}
        assert client.post(url(batch), sent).status_code in (302, 422)
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize("seen", ["[" * 100_000, "[" * 300_000, "{mark}"])
    def test_a_page_made_to_break_it_writes_nothing(self, batch, finished, login, head, seen):
        _batch, (one, _other) = finished
        name = cell(one, results.parts_of(batch)[1])
        client = login(head)
        client.post(url(batch), filled(client.get(url(batch)), **{name: "BK"}))
        sent = filled(client.get(url(batch)), **{name: "BK"})
        for mark in ("9" * 39, "9" * 5000):
            sent["seen"] = json.dumps({name: mark}) if seen == "{mark}" else seen
            assert client.post(url(batch), sent).status_code in (302, 422)
        assert Assessment.objects.count() == 1

    def test_before_it_runs_nothing_is_asked(self, facility, agency, login, head):
        batch = confirmed_batch(facility, agency)
        enrolled(batch)
        page = login(head).get(url(batch)).content.decode()
        assert "Simpan hasil" not in page

    def test_the_officer_reads_it(self, batch, finished, login, officer):
        page = login(officer).get(url(batch))
        assert finished[1][0].inmate.name in page.content.decode()
        assert "Simpan hasil" not in page.content.decode()
        assert set(AccessRecord.objects.get().subjects) == {
            row.inmate.public_id for row in finished[1]
        }

    def test_the_number_of_queries_does_not_grow(self, facility, agency, login, liaison):
        client, asked = login(liaison), []
        for people in (2, 6):
            batch, _rows = finished_batch(facility, agency, people=people, units=people)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url(batch)).status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestOutcomes:
    def test_all_who_meet_everything_by_one_press(self, batch, finished, login, officer):
        client = login(officer)
        page = client.get(url(batch, "batch-outcomes")).content.decode()
        assert "Selesaikan 2 orang" in page
        client.post(url(batch, "batch-outcomes-suggested"))
        assert batch.enrolments.filter(state=EnrolmentState.COMPLETED).count() == 2

    def test_each_by_choice_and_a_missing_cause_is_asked(self, batch, finished, login, officer):
        client, (one, _other) = login(officer), finished[1]
        key = one.public_id.hex
        sent = {f"state-{key}": "not_completed", f"reason-{key}": "Sering dibon"}
        answer = client.post(url(batch, "batch-outcomes"), sent)
        assert answer.status_code == 422
        assert "Sering dibon" in answer.content.decode()
        client.post(url(batch, "batch-outcomes"), sent | {f"cause-{key}": "absent"})
        one.refresh_from_db()
        assert (one.state, one.cause) == (EnrolmentState.NOT_COMPLETED, "absent")

    def test_taken_back_by_the_head(self, batch, finished, login, head, officer):
        one = finished[1][0]
        login(officer).post(url(batch, "batch-outcomes-suggested"))
        where = reverse("training:enrolment-outcome-undo", args=[one.public_id])
        assert login(officer).post(where, {"reason": "Salah"}).status_code == 403
        login(head).post(where, {"reason": "Salah"})
        one.refresh_from_db()
        assert one.state == EnrolmentState.ENROLLED


def test_the_page_of_the_batch_tells_the_figures(batch, login, officer):
    page = login(officer).get(batch.get_absolute_url()).content.decode()
    assert "Hasil dan sertifikat" in page
    assert url(batch) in page
