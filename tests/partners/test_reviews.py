"""Monev: the next one follows the last, once, and a mistaken one goes back."""

import pytest
from dateutil.relativedelta import relativedelta

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from partners import rules
from partners.models import Agreement, Review
from partners.services import reviews
from tests.factories.partners import SignedAgreementFactory, today
from tests.partners.steps import fields_of
from tests.races import race

pytestmark = pytest.mark.django_db


def agreed(facility, agency, **fields):
    """In force for a year and more, monev each half-year, the first one late."""
    fields = {"starts_on": today(-250), "review_months": 6, **fields}
    row = SignedAgreementFactory(facility=facility, agency=agency, **fields)
    Agreement.objects.filter(pk=row.pk).update(created_at=f"{today(-240)}T00:00:00Z")
    row.refresh_from_db()
    return row


@pytest.fixture
def late(facility, agency):
    return agreed(facility, agency)


def due_of(agreement):
    return rules.next_review(Agreement.objects.with_status().get(pk=agreement.pk))


def record(agreement, by, **more):
    facts = {"due": due_of(agreement), "held_on": today(-1), "result": "Berjalan baik"}
    return reviews.record(agreement=agreement, by=by, **(facts | more))


def test_the_next_one_is_counted_from_the_one_recorded(late, officer):
    due = due_of(late)
    assert due < today()

    record(late, officer)

    assert due_of(late) == due + relativedelta(months=6)


def test_a_double_click_records_once_and_others_learn_who(late, officer, head):
    due = due_of(late)
    first = record(late, officer, due=due)

    assert record(late, officer, due=due) == first
    with pytest.raises(AlreadyDone, match="Budi Petugas"):
        record(late, head, due=due)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"held_on": today(1)}, "held_on"),
        ({"held_on": today(-251)}, "held_on"),
        ({"result": " "}, "result"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(late, officer, more, field):
    with pytest.raises(NotAllowed) as refusal:
        record(late, officer, **more)

    assert fields_of(refusal) == {field}


def test_only_who_keeps_the_duties_may_and_only_of_a_signed_one(late, draft, warden, liaison, head):
    for other in (warden, liaison):
        with pytest.raises(Forbidden):
            record(late, other)
    with pytest.raises(NotAllowed, match="draf"):
        reviews.record(agreement=draft, due=today(), held_on=today(), result="x", by=head)


def test_the_head_takes_the_newest_back(late, officer, head):
    due = due_of(late)
    first = record(late, officer)
    second = record(late, officer, held_on=today())
    with pytest.raises(Forbidden):
        reviews.remove(review=second, reason="Salah", by=officer)
    with pytest.raises(NotAllowed, match="terakhir"):
        reviews.remove(review=first, reason="Salah", by=head)

    for review in (second, first):
        reviews.remove(review=review, reason="Salah", by=head)

    assert not Review.objects.exists()
    assert due_of(late) == due


def test_a_late_one_is_reminded_of_until_it_is_held(late, officer, head):
    sweep()
    rows = Notice.objects.live().filter(kind="agreement_review", object_id=late.pk)
    assert {row.recipient for row in rows} == {officer, head}
    assert {row.due for row in rows} == {due_of(late)}

    record(late, officer)
    assert not rows.all().exists(), "at once, before any sweep"
    sweep()
    assert not rows.filter(due__lt=today()).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_record_at_once(facility, agency, officer, head):
    row = agreed(facility, agency)
    due = due_of(row)

    outcomes = race(
        lambda: record(row, officer, due=due, held_on=today(-2)),
        lambda: record(row, head, due=due),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDone", "Review"]
