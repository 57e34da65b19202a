"""Who is told, by whichever way they are named."""

import pytest

from accounts.models import User
from correspondence.models import Mail, Notice
from correspondence.services import notices
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import SignedAgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return SignedAgreementFactory()


def tell(agreement, recipients, kind="agreement_end"):
    return notices.tell(kind=kind, obj=agreement, recipients=recipients, data={}, link="/")


def test_those_in_sql_are_those_who_hold_the_post_today(agreement):
    facility, other = FacilityFactory(), FacilityFactory()
    first, second, head = (staff(facility, role) for role in ("officer", "officer", "head"))
    staff(other, "officer")
    former, closed = staff(facility, "officer"), staff(facility, "officer", is_active=False)
    former.postings.update(until="2020-01-01", starts="2019-01-01")
    for roles, but, told in (
        (["officer"], None, {first, second}),
        (["officer", "head"], None, {first, second, head}),
        (["officer", "head"], first, {second, head}),
        (["warden"], None, set()),
    ):
        assert set(notices.holders(facility.pk, *roles, but=but)) == told
        Notice.objects.all().delete()
        keys = notices.holders_in_sql(facility.pk, *roles, but=but)
        assert tell(agreement, keys) == len(told)
        assert set(User.objects.filter(notices__isnull=False)) == told
    assert closed not in told


def test_told_twice_is_told_once_whichever_way_they_are_named(agreement):
    facility = FacilityFactory()
    person = staff(facility, "officer")
    assert tell(agreement, notices.holders_in_sql(facility.pk, "officer")) == 1
    for again in ([person], notices.holders_in_sql(facility.pk, "officer")):
        assert tell(agreement, again) == 0
    assert Notice.objects.count() == 1


def test_an_urgent_kind_queues_a_mail_for_each(agreement):
    facility = FacilityFactory()
    people = [staff(facility, "officer") for _n in range(2)]
    assert tell(agreement, notices.holders_in_sql(facility.pk, "officer"), "seat_offered") == 2
    assert {notice.mail.recipient for notice in Notice.objects.all()} == set(people)
    assert Mail.objects.count() == 2


def test_a_mail_to_each_in_words_of_its_own_needs_the_people(agreement):
    facility = FacilityFactory()
    staff(facility, "officer")
    with pytest.raises(TypeError, match="needs the people"):
        notices.tell(
            kind="agreement_end",
            obj=agreement,
            recipients=notices.holders_in_sql(facility.pk, "officer"),
            data={},
            link="/",
            write_mail=lambda person: Mail(recipient=person),
        )
    assert not Notice.objects.exists()
