"""The dashboard of the pipeline: each figure leads to a list of exactly that many rows."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRecord
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.partners import PartnershipFactory, today
from tests.factories.training import CandidateFactory, WaitingEntryFactory
from tests.reports import lives
from training.models import Enrolment
from training.states import BATCH_BEGUN

pytestmark = pytest.mark.django_db

PAGE, LIST = "/dashboard/", "/participants/"


@pytest.fixture
def lived(facility, agency):
    elsewhere = FacilityFactory()
    other = PartnershipFactory(facility=elsewhere).agency
    lives.draw(11, (facility, agency), (elsewhere, other))
    return facility


def text(answer):
    return answer.content.decode()


def linked(page):
    """`{address: figure}` of the tables and cards that lead to a list."""
    found = re.findall(r'<a (?:class="figure-card" )?href="([^"]+)">(?:<strong>)?(\d+)<', page)
    return {unescape(url): int(number) for url, number in found}


def rows_in(answer):
    return answer.context["table"].paginator.count if "table" in answer.context else 0


@pytest.mark.parametrize("asked", ["", "?resident=yes", "?sex=L", f"?year={today().year}"])
def test_every_figure_lists_exactly_that_many_rows(lived, officer, login, asked):
    client = login(officer)
    figures = linked(text(client.get(PAGE + asked)))
    assert len(figures) >= 8
    for url, number in figures.items():
        assert rows_in(client.get(url)) == number, url
    assert any(figures.values()) or asked


def test_of_a_course_also_who_could_join_it(lived, officer, login):
    client = login(officer)
    course = Enrolment.objects.filter(facility=lived).first().batch.course
    WaitingEntryFactory(facility=lived, course=course)
    CandidateFactory(batch=Enrolment.objects.filter(facility=lived).first().batch)
    figures = linked(text(client.get(f"{PAGE}?course={course.public_id}")))
    (supply,) = [url for url in figures if url.startswith("/plan/supply/")]
    tabs = {str(words): count for _code, words, count in client.get(supply).context["tabs"]}
    assert figures[supply] == next(iter(tabs.values()))
    assert figures[f"/candidates/?course={course.public_id}"] == 1
    for path in ("waiting", "candidates"):
        url = f"/{path}/?course={course.public_id}"
        assert figures[url] == rows_in(client.get(url)) >= 1


def test_a_list_by_length_begins_with_the_longest(lived, officer, login):
    answer = login(officer).get(f"{LIST}?took=teaching")
    days = [row.get_cell_value("days") for row in answer.context["table"].paginated_rows]
    assert days == sorted(days, reverse=True)
    assert days


def test_who_may_see_no_people_reads_codes_only(lived, login):
    answer = login(staff(lived, "observer")).get(LIST)
    enrolment = Enrolment.objects.filter(facility=lived, batch__state="closed").first()
    enrolment = enrolment or Enrolment.objects.get(pk=answer.context["table"].data.data[0].pk)
    assert enrolment.participant_code in text(answer)
    names = Enrolment.objects.values_list("inmate__name", flat=True)
    assert not [name for name in names if name in text(answer)]
    assert not AccessRecord.objects.exists()
    assert "figure-card" not in text(login(staff(lived, "observer")).get(PAGE))


def test_names_are_read_on_record(lived, officer, login):
    answer = login(officer).get(LIST)
    shown = {str(row.record.inmate.public_id) for row in answer.context["table"].paginated_rows}
    assert shown == {str(each) for each in AccessRecord.objects.get().subjects}


def test_an_observer_of_two_prisons_chooses_one(lived, login):
    other = Enrolment.objects.exclude(facility=lived).first().facility
    observer = staff(lived, "observer")
    before = login(observer).get(PAGE).context["bars"][0].number
    PostingFactory(user=observer, facility=other, role=observer.postings.get().role)
    client = login(observer)
    both = client.get(PAGE).context["bars"][0].number
    assert both > before
    assert client.get(f"{PAGE}?facility={lived.code}").context["bars"][0].number == before
    assert "Lapas" in [str(column.header) for column in client.get(LIST).context["table"].columns]


def test_the_number_of_statements_does_not_grow(facility, agency, officer, login):
    client = login(officer)
    counts = []
    for seed in (1, 2):
        lives.draw(seed, (facility, agency))
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 16


def test_nothing_yet_says_what_comes(officer, login):
    assert "Belum ada angkatan yang mulai" in text(login(officer).get(PAGE))
    assert "saringan" in text(login(officer).get(f"{PAGE}?sex=P"))


def test_a_filter_that_means_nothing_is_said(lived, officer, login):
    assert login(officer).get(f"{PAGE}?year=abc&course=xyz&took=zz").status_code == 200
    assert login(officer).get(f"{LIST}?step=zz&took=zz").status_code == 200


def test_who_reads_after_somebody_of_another_prison_reads_the_own(lived, officer, login):
    elsewhere = Enrolment.objects.exclude(facility=lived).first().facility
    for user, prison in ((officer, lived), (staff(elsewhere, "officer"), elsewhere)):
        client = login(user)
        WaitingEntryFactory(facility=prison)
        figures = linked(text(client.get(PAGE)))
        begun = Enrolment.objects.filter(facility=prison, batch__state__in=BATCH_BEGUN)
        assert figures["/participants/?step=enrolled"] == begun.count()
        for url, number in figures.items():
            assert rows_in(client.get(url)) == number, url
