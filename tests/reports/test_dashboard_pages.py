"""Who reads the dashboards, what they cost, and what they say of nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.partners import PartnershipFactory
from tests.reports import deals, lives
from tests.reports.test_dashboards import AGREEMENTS, MOST, TRAINING, WORK, figures, linked, text

pytestmark = pytest.mark.django_db

PAGES = [TRAINING, AGREEMENTS, WORK]


@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_statements_does_not_grow(facility, agency, officer, login, page):
    client = login(officer)
    counts = []
    for seed in (1, 2):
        for draw in (lives.draw, deals.deal):
            draw(seed, (facility, agency))
        with CaptureQueriesContext(connection) as caught:
            client.get(page)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize("page", PAGES)
def test_nothing_yet_is_said(officer, login, page):
    answer = login(officer).get(page)
    assert answer.status_code == 200
    assert all(section.is_empty for section in answer.context["sections"])
    assert '<svg class="bars"' not in text(answer)


@pytest.mark.parametrize("page", PAGES)
def test_a_filter_that_means_nothing_is_left_out(facility, agency, officer, login, page):
    lives.draw(1, (facility, agency))
    answer = login(officer).get(f"{page}?year=abc&course=zz&agency=zz&kind=zz&facility=zz")
    assert answer.status_code == 200
    assert "zz" not in "".join(url for url, _number in linked(text(answer)))


@pytest.mark.parametrize("page", PAGES)
def test_an_observer_of_two_prisons_chooses_one(facility, agency, login, page):
    other = PartnershipFactory(facility=FacilityFactory())
    for draw in (lives.draw, deals.deal):
        draw(3, (facility, agency), (other.facility, other.agency))
    observer = staff(facility, "observer")
    alone = figures(login(observer).get(page))
    PostingFactory(user=observer, facility=other.facility, role=observer.postings.get().role)
    client = login(observer)
    assert figures(client.get(page)) != alone
    assert figures(client.get(f"{page}?facility={facility.code}")) == alone


def test_who_may_see_no_people_reads_numbers_that_lead_to_no_names(facility, agency, login):
    for draw in (lives.draw, deals.deal):
        draw(1, (facility, agency))
    officer, observer = (login(staff(facility, role)).get(WORK) for role in ("officer", "observer"))
    assert figures(officer) == figures(observer)
    assert linked(text(officer))
    assert not linked(text(observer))


@pytest.mark.parametrize("page", PAGES)
def test_a_liaison_reads_none(liaison, login, page):
    assert login(liaison).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_one_entry_of_the_menu_is_the_present_one(officer, login, page):
    menu = login(officer).get(page).context["menu"]
    assert [item.name for item in menu.items if item.is_current] == [
        {
            TRAINING: "reports:training-dashboard",
            AGREEMENTS: "reports:agreements-dashboard",
            WORK: "reports:work-dashboard",
        }[page]
    ]
