"""Prisons beside each other: each figure as plain SQL counts it, and as its list holds it."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from correspondence.models import Letter
from reports.models import Report
from tests.factories.accounts import PostingFactory, staff
from tests.factories.partners import PartnershipFactory, today
from tests.reports import deals, lives
from tests.reports.test_dashboards import HEALTH, MOST, ask, rows_in, text

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/prisons/"
STEPS = """
SELECT count(*) AS enrolled, count(*) FILTER (WHERE e.state = 'completed') AS finished,
       count(*) FILTER (WHERE e.state = 'completed' AND EXISTS (
         SELECT FROM training_certificate c WHERE c.enrolment_id = e.id
            AND c.state = 'issued' AND c.kind <> 'participation')) AS certified,
       count(*) FILTER (WHERE e.state = 'completed' AND EXISTS (
         SELECT FROM placements_placement p JOIN inmates_inmate w ON w.id = p.inmate_id
          WHERE coalesce(w.merged_into_id, w.id) = coalesce(i.merged_into_id, i.id)
            AND p.starts_on >= b.starts_on)) AS placed
  FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
  JOIN inmates_inmate i ON i.id = e.inmate_id
 WHERE e.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
   AND extract(year FROM b.starts_on) = %(year)s
"""
SEATS = """
SELECT coalesce(sum(seats_confirmed), 0) AS confirmed,
       coalesce(sum(seats_confirmed + seats_extra), 0) AS offered,
       coalesce(sum(seats_taken), 0) AS taken,
       (SELECT coalesce(sum(seats_per_year), 0) FROM partners_agreement
         WHERE facility_id = %(facility)s AND state IN ('signed', 'terminated')
           AND %(today)s BETWEEN starts_on AND ends_on
           AND (terminated_on IS NULL OR terminated_on > %(today)s)) AS promised
  FROM training_batch WHERE facility_id = %(facility)s AND state <> 'cancelled'
   AND extract(year FROM starts_on) = %(year)s
"""


@pytest.fixture(scope="module")
def prisons(stage):
    places = [(each.facility, each.agency) for each in PartnershipFactory.create_batch(3)]
    for draw in (lives.draw, deals.deal):
        draw(4, *places[:2])
    return [facility for facility, _agency in places]


@pytest.fixture(scope="module")
def observer(prisons):
    """Of the first two, and of one where nothing is yet; counts without names."""
    first, *others = prisons
    user = staff(first, "observer")
    for other in others:
        PostingFactory(user=user, facility=other, role_id="observer")
    return user


def figures(answer):
    """`{prison: {name: (number, denominator)}}`."""
    return {
        row.facility: {name: (bar.number, bar.whole) for name, bar in row.figures.items()}
        for row in answer.context["rows"]
    }


def test_every_figure_equals_a_recount(prisons, observer, login):
    seen = figures(login(observer).get(PAGE))
    assert set(seen) == set(prisons)
    for facility in prisons:
        steps, seats, health = (ask(sql, facility) for sql in (STEPS, SEATS, HEALTH))
        found = seen[facility]
        assert found["enrolled"] == (steps["enrolled"], None)
        assert found["finished"] == (steps["finished"], steps["enrolled"])
        assert found["certified"] == (steps["certified"], steps["finished"])
        assert found["placed"] == (steps["placed"], steps["finished"])
        assert found["promised"] == (seats["promised"], None)
        assert found["confirmed"] == (seats["confirmed"], None)
        assert found["filled"] == (seats["taken"], seats["offered"])
        assert found["in_force"] == (health["holds"], None)
        assert found["ending"] == (health["ending"], health["holds"])
        assert found["past_notice"] == (health["late"], health["holds"])
        assert found["late"] == (health["ours_late"] + health["theirs_late"], None)
    assert seen[prisons[0]]["finished"][0]
    assert not any(number for number, _whole in seen[prisons[2]].values())


@pytest.mark.parametrize("asked", ["", "?year="])
def test_every_count_lists_exactly_that_many_rows(observer, login, asked):
    client = login(observer)
    page = text(client.get(PAGE + asked))
    found = re.findall(r'<a href="(/[^"]+)">(\d+)<span class="visually-hidden"', page)
    sums = "seats="  # of seats the list holds the rows that are added up
    counts = [(unescape(url), int(n)) for url, n in found if sums not in url and int(n)]
    for url, number in counts[:: max(len(counts) // 14, 1)]:
        assert rows_in(client.get(url)) == number, url
    for url in [unescape(url) for url, n in found if sums in url and int(n)][:2]:
        assert rows_in(client.get(url))
    assert len(counts) > 20


def test_of_one_prison_only_the_own_row_without_names(prisons, observer, login):
    answer = login(staff(prisons[1], "officer")).get(PAGE)
    (alone,) = figures(answer)
    assert alone == prisons[1]
    entry = "Lapas dalam angka"  # in the menu of whoever has several
    assert entry not in [str(item.label) for item in answer.context["menu"].items]
    client = login(observer)
    assert entry in [str(item.label) for item in client.get(PAGE).context["menu"].items]
    (chosen,) = figures(client.get(f"{PAGE}?facility={prisons[0].code}"))
    assert chosen == prisons[0]
    hidden = PartnershipFactory().facility
    assert set(figures(client.get(f"{PAGE}?facility={hidden.code}"))) == set(prisons)
    answer = client.get(f"/participants/?facility={prisons[0].code}")
    names = {row.record.inmate.name for row in answer.context["table"].paginated_rows}
    assert names
    assert not [name for name in names if name in text(answer)]


def test_the_last_report_handed_in_is_of_a_signed_letter(prisons, observer, login):
    for month, state in ((1, "sent"), (2, "signed"), (3, "draft")):
        letter = Letter.objects.create(
            facility=prisons[0], kind="monthly_report", subject="Laporan",
            state=state, entered_afterwards=True, number=f"W-{month}", dated=today(-9),
            year=today().year,
        )  # fmt: skip
        first = today().replace(year=today().year - 1, month=month, day=1)
        Report.objects.create(
            facility=prisons[0], starts_on=first, due_on=today(), letter=letter, state="ready"
        )
    rows = {row.facility: row.report for row in login(observer).get(PAGE).context["rows"]}
    assert rows[prisons[0]].starts_on.month == 2
    assert rows[prisons[1]] is None


def test_rows_are_put_in_order_and_taken_along(prisons, observer, login):
    client = login(observer)
    for name in ("enrolled", "-enrolled", "report", "nonsense"):
        rows = client.get(f"{PAGE}?sort={name}").context["rows"]
        if "enrolled" in name:
            numbers = [row.figures["enrolled"].number for row in rows]
            assert numbers == sorted(numbers, reverse=name.startswith("-"))
    page = client.get(f"{PAGE}?sort=-enrolled").context["rows"]
    plain = b"".join(client.get(f"{PAGE}?sort=-enrolled&format=csv").streaming_content)
    lines = list(csv.reader(io.StringIO(plain.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [row.facility.name for row in page]
    book = b"".join(client.get(f"{PAGE}?sort=-enrolled&format=xlsx").streaming_content)
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python()
    assert rows[1][1] == page[0].figures["enrolled"].number
    assert rows[-1][1] == sum(row.figures["enrolled"].number for row in page)


def test_the_number_of_statements_does_not_grow_with_prisons(prisons, observer, login):
    counts = []
    for user in (staff(prisons[0], "observer"), observer):
        client = login(user)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        counts.append(len(caught))
    assert counts[0] <= counts[1] <= MOST


def test_a_liaison_reads_none(liaison, login):
    assert login(liaison).get(PAGE).status_code == 403
