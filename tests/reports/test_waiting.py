"""Work that several posts share, and batches that no agreement covers any more."""

import pytest

from reports.waiting import waiting_for
from tests.factories.accounts import staff
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory
from tests.partners.steps import body

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(facility, agency):
    agreement = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(40))
    return BatchFactory(agreement=agreement, starts_on=today(30), ends_on=today(70))


def bare_rows(user, **more):
    return [one for one in waiting_for(user, **more).groups if one.url == "/batches/?covered=no"]


@pytest.mark.parametrize("role", ["officer", "head"])
def test_officer_and_head_are_told_of_batches_without_cover(facility, bare, role):
    (row,) = bare_rows(staff(facility, role))

    assert (row.count, row.due) == (1, bare.starts_on)
    assert row.only.url == bare.get_absolute_url()


def test_the_head_who_also_does_the_officers_work_reads_it_once(bare, head):
    assert len(bare_rows(head, vacant={"officer"})) == 1


def test_other_posts_and_prisons_read_nothing_of_it(bare, registrar, outsider):
    assert not bare_rows(registrar)
    assert not bare_rows(outsider)


def test_the_row_leads_to_exactly_these_batches(bare, head, login):
    client = login(head)
    BatchFactory(agreement=bare.agreement, starts_on=today(30), ends_on=today(70))

    assert "/batches/?covered=no" in body(client.get("/"))
    assert bare.name in body(client.get("/batches/?covered=no"))
