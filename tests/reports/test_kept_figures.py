"""Who reads many prisons at once reads figures that were kept: those that counting gives."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from inmates.models import Inmate
from reports import tasks
from reports.kept import MANY
from reports.models import KeptCount, KeptGroup
from reports.services import kept_figures
from tests.factories.accounts import FacilityFactory, PostingFactory, UserFactory
from tests.factories.partners import PartnershipFactory, today
from tests.reports import deals, lives
from training.models import Enrolment
from training.states import BATCH_BEGUN

pytestmark = pytest.mark.django_db

PIPELINE, TRAINING, PRISONS = "/dashboard/", "/dashboard/training/", "/dashboard/prisons/"
YEAR = today().year
SAID = "Angka peserta dihitung pada"


@pytest.fixture(scope="module")
def country(stage):
    places = [(each.facility, each.agency) for each in PartnershipFactory.create_batch(2)]
    for draw in (lives.draw, deals.deal):
        draw(11, *places)
    return places, [place for place, _agency in places] + FacilityFactory.create_batch(MANY - 2)


@pytest.fixture(scope="module")
def observer(country):
    user = UserFactory()
    for facility in country[1]:
        PostingFactory(user=user, facility=facility, role_id="observer")
    return user


def asked_in(country):
    """What the pages are narrowed by: each filter once, and some together."""
    (_first, agency), (second, _other) = country[0]
    course = Enrolment.objects.filter(facility=second).order_by("pk")[0].batch.course
    one = [
        {"year": YEAR},
        {"year": YEAR - 1},
        {"year": ""},
        {"course": course.public_id},
        {"trade": course.trade_id},
        {"agency": agency.public_id},
        {"resident": "yes"},
        {"resident": "no"},
        {"sex": "L"},
        {"sex": "unknown"},
        {"facility": second.code},
        {"year": 1850},
        {"course": "none such"},
    ]
    return [{}, *one, {"year": YEAR, "agency": agency.public_id, "sex": "P"}]


def pipeline(answer):
    bars = [(bar.label, bar.number, bar.whole) for bar in answer.context["bars"]]
    return bars, [time for time, _url in answer.context["times"]]


def training(answer):
    return [
        (line.bar.label, line.bar.number, line.bar.whole, line.rows and line.rows.number)
        for section in answer.context["sections"]
        for line in section.lines
    ]


def prisons(answer):
    rows = [*answer.context["rows"], *filter(None, [answer.context["total"]])]
    return [
        (row.facility, [(bar.label, bar.number, bar.whole) for bar in row.cells]) for row in rows
    ]


PAGES = [(PIPELINE, pipeline), (TRAINING, training), (PRISONS, prisons)]


@pytest.mark.parametrize(("path", "told"), PAGES)
def test_what_is_kept_is_what_is_counted_whatever_narrows_it(country, observer, login, path, told):
    client, asked = login(observer), asked_in(country)
    counted = [client.get(path, given) for given in asked]
    assert not any(SAID in answer.content.decode() for answer in counted)
    assert kept_figures.keep_all() == len(country[1])
    for given, answer in zip(asked, counted, strict=True):
        kept = client.get(path, given)
        assert (SAID in kept.content.decode()) == ("facility" not in given), given
        assert told(kept) == told(answer), given


def test_there_is_something_to_count(country, observer, login):
    bars, times = pipeline(login(observer).get(PIPELINE))
    assert sum(1 for _label, number, _whole in bars if number) > 5
    assert any(time.count and time.median != time.slowest for time in times)


@pytest.mark.parametrize(("path", "_told"), PAGES)
def test_no_page_asks_more_than_twelve_statements(observer, login, path, _told):
    client = login(observer)
    for kept in (False, True):
        if kept:
            kept_figures.keep_all()
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= 12


def test_what_changes_is_told_after_the_next_count(country, observer, login):
    client = login(observer)
    person = Inmate.objects.filter(sex="L", enrolments__batch__state__in=BATCH_BEGUN)[0]

    def men():
        return client.get(PIPELINE, {"sex": "L"}).context["bars"][0].number

    kept_figures.keep_all()
    before = men()
    Inmate.objects.filter(pk=person.pk).update(sex="P")
    assert men() == before
    assert kept_figures.keep_all() == 0  # not old yet
    assert kept_figures.keep_all(timezone.now() + timedelta(hours=7)) == len(country[1])
    assert men() == before - person.enrolments.filter(batch__state__in=BATCH_BEGUN).count()


def test_a_prison_that_was_never_counted_lets_all_be_counted_now(country, observer, login):
    kept_figures.keep_all()
    KeptCount.objects.filter(facility=country[1][-1]).delete()
    assert SAID not in login(observer).get(PIPELINE).content.decode()
    assert kept_figures.keep_all() == 1
    assert SAID in login(observer).get(PIPELINE).content.decode()


def test_the_page_says_since_when_its_oldest_figure_is(country, observer, login):
    kept_figures.keep_all()
    old = timezone.make_aware(timezone.datetime(2026, 2, 3, 4, 5))
    KeptCount.objects.filter(facility=country[1][3]).update(counted_at=old)
    assert f"{SAID} 3 Februari 2026, 04.05" in login(observer).get(PIPELINE).content.decode()


def test_nothing_is_kept_where_nobody_reads_many_prisons(country, observer):
    User.objects.filter(pk=observer.pk).update(is_active=False)
    tasks.keep_figures()
    assert not KeptCount.objects.exists()


def test_who_reads_few_prisons_reads_what_is_counted_now(country, observer, login):
    user = UserFactory()
    for facility in country[1][: MANY - 1]:
        PostingFactory(user=user, facility=facility, role_id="observer")
    kept_figures.keep_all()
    KeptGroup.objects.update(enrolled=10_000)
    answer = login(user).get(PIPELINE)
    assert SAID not in answer.content.decode()
    assert pipeline(answer)[0][0][1] < 10_000


def test_nobody_sees_figures_of_other_prisons(country, observer, login):
    kept_figures.keep_all()
    elsewhere = PartnershipFactory()
    lives.draw(3, (elsewhere.facility, elsewhere.agency))
    before = pipeline(login(observer).get(PIPELINE))
    kept_figures.keep(elsewhere.facility)
    assert pipeline(login(observer).get(PIPELINE)) == before


def test_the_home_of_who_reads_many_prisons_tells_what_was_kept(country, observer, login):
    counted = login(observer).get("/")
    kept_figures.keep_all()
    told = login(observer).get("/")
    assert list(told.context["figures"]) == list(counted.context["figures"])
    assert any(figure.number for figure in told.context["figures"])
    assert (counted.context["figures"].as_of, bool(told.context["figures"].as_of)) == (None, True)
    assert "Keikutsertaan dihitung pada" in told.content.decode()
