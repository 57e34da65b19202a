"""Rows that a reader sees, asked by SQL that is made once for all readers with the same rights."""

from uuid import uuid4

import pytest
from django.db.models import Prefetch

from accounts import stand_ins
from partners.models import Agreement, AgreementDocument
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.partners import AgencyFactory, SignedAgreementFactory, liaison_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals():
    """An agreement each of two prisons with two agencies."""
    return SignedAgreementFactory(), SignedAgreementFactory()


def known_by(user, agreement, rows=Agreement.objects):
    return stand_ins.known_by(rows, user, agreement.public_id)


def test_officers_of_two_prisons_each_find_their_own(deals):
    one, other = deals
    first, second = staff(one.facility, "officer"), staff(other.facility, "officer")
    assert (known_by(first, one), known_by(first, other)) == ([one], [])
    assert (known_by(second, one), known_by(second, other)) == ([], [other])


def test_liaisons_of_two_agencies_each_find_their_own(deals):
    one, other = deals
    first, second = liaison_of(one.agency), liaison_of(other.agency)
    assert (known_by(first, one), known_by(first, other)) == ([one], [])
    assert (known_by(second, one), known_by(second, other)) == ([], [other])


def test_a_liaison_of_the_agency_above_finds_that_of_a_unit_below():
    above = AgencyFactory()
    deal = SignedAgreementFactory(agency=AgencyFactory(parent=above))
    assert known_by(liaison_of(above), deal) == [deal]


def test_who_has_a_post_at_several_prisons_finds_the_rows_of_each(deals):
    user = staff(deals[0].facility, "officer")
    PostingFactory(user=user, facility=deals[1].facility, role_id="head")
    assert [known_by(user, deal) for deal in deals] == [[deals[0]], [deals[1]]]
    third = SignedAgreementFactory(facility=FacilityFactory())
    assert known_by(user, third) == []


def test_nobody_finds_what_is_not_there(deals):
    user = staff(deals[0].facility, "officer")
    assert stand_ins.known_by(Agreement.objects, user, uuid4()) == []
    assert stand_ins.known_by(Agreement.objects, user, str(deals[0].public_id)) == [deals[0]]


def test_related_rows_come_along(deals, django_assert_num_queries):
    user = staff(deals[0].facility, "officer")
    rows = Agreement.objects.select_related("agency", "facility")
    known_by(user, deals[0], rows)
    with django_assert_num_queries(1):
        (found,) = known_by(user, deals[0], rows)
        assert (found.agency, found.facility) == (deals[0].agency, deals[0].facility)


@pytest.mark.parametrize(
    "narrower",
    [
        lambda rows: rows.filter(title="–"),
        lambda rows: rows.exclude(agency__isnull=False),
        lambda rows: rows.none(),
    ],
)
def test_a_queryset_with_conditions_keeps_them(deals, narrower):
    user = staff(deals[0].facility, "officer")
    assert known_by(user, deals[0]) == [deals[0]]
    assert known_by(user, deals[0], narrower(Agreement.objects.all())) == []


def test_one_with_columns_or_rows_of_its_own_keeps_them(deals):
    user = staff(deals[0].facility, "officer")
    (found,) = known_by(user, deals[0], Agreement.objects.with_status())
    assert found.status
    (found,) = known_by(user, deals[0], Agreement.objects.only("title"))
    assert "agency_id" in found.get_deferred_fields()
    none = Prefetch("documents", AgreementDocument.objects.none(), to_attr="papers")
    (found,) = known_by(user, deals[0], Agreement.objects.prefetch_related(none))
    assert found.papers == []


def test_a_right_that_ends_is_gone_with_the_next_request(deals):
    user = staff(deals[0].facility, "officer")
    assert known_by(user, deals[0]) == [deals[0]]
    user.postings.update(until="2021-01-01")
    again = type(user).objects.get(pk=user.pk)
    assert known_by(again, deals[0]) == []
