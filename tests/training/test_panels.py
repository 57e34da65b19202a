"""What an agreement's page says about its batches, and which batches it covers no more."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners import panels as page_panels
from partners.services import agreement_page, agreements
from partners.states import AgreementState
from tests.factories.partners import AgreementFactory, SignedAgreementFactory, today
from tests.factories.training import BatchFactory, ConfirmedBatchFactory, enrolled
from tests.partners.steps import body
from training import panels, rules
from training.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        starts_on=today(-400),
        ends_on=today(400),
        seats_per_year=30,
    )


def uncovered():
    return set(Batch.objects.uncovered())


class TestBatchesThatAreCoveredNoMore:
    def test_a_batch_inside_the_term_is_covered(self, agreement):
        BatchFactory(agreement=agreement)

        assert not uncovered()

    def test_a_terminated_agreement_shows_its_batches_at_once(self, agreement, head, login):
        batch = BatchFactory(agreement=agreement, starts_on=today(30), ends_on=today(70))
        agreements.terminate(
            agreement=agreement,
            terminated_on=today(50),
            ground="mutual",
            reason="Tempat pindah",
            by=head,
        )

        page = body(login(head).get(agreement.get_absolute_url()))

        assert uncovered() == {batch}
        assert "tidak lagi tercakup" in page
        assert "tidak tercakup" in page

    def test_a_batch_over_the_last_day_is_shown(self, agreement):
        batch = BatchFactory(agreement=agreement, starts_on=today(380), ends_on=today(401))

        assert uncovered() == {batch}

    def test_a_signed_successor_covers_the_rest(self, agreement):
        BatchFactory(agreement=agreement, starts_on=today(380), ends_on=today(430))
        SignedAgreementFactory(
            facility=agreement.facility,
            agency=agreement.agency,
            renews=agreement,
            starts_on=today(401),
            ends_on=today(800),
        )

        assert not uncovered()

    def test_a_drafted_successor_covers_nothing(self, agreement):
        batch = BatchFactory(agreement=agreement, starts_on=today(380), ends_on=today(430))
        AgreementFactory(
            facility=agreement.facility,
            agency=agreement.agency,
            renews=agreement,
            starts_on=today(401),
            ends_on=today(800),
        )

        assert uncovered() == {batch}

    def test_a_batch_that_is_over_or_has_a_ground_of_its_own_is_no_matter(self, agreement):
        BatchFactory(agreement=agreement, starts_on=today(-480), ends_on=today(-430))
        BatchFactory(
            agreement=agreement,
            starts_on=today(380),
            ends_on=today(430),
            exception="Kontrak DIPA 2027",
        )

        assert not uncovered()

    def test_the_list_holds_exactly_them(self, agreement, officer, login):
        covered = BatchFactory(agreement=agreement, name="Angkatan Tercakup")
        bare = BatchFactory(
            agreement=agreement, name="Angkatan Lewat", starts_on=today(380), ends_on=today(430)
        )

        page = body(login(officer).get("/batches/?covered=no"))

        assert bare.name in page
        assert covered.name not in page


class TestTheSameAnswerInSql(TestCase):
    day = st.dates(date(2027, 1, 1), date(2027, 3, 1))
    maybe = st.none() | day

    @given(
        term=st.tuples(day, day),
        terminated=maybe,
        state=st.sampled_from([AgreementState.SIGNED, AgreementState.DRAFT]),
        following=st.none() | st.tuples(day, day, maybe),
        span=st.tuples(day, day),
    )
    def test_as_the_rule(self, term, terminated, state, following, span):
        starts, ends = sorted(term)
        facts = {"starts_on": starts, "ends_on": ends}
        if terminated and state == AgreementState.SIGNED:
            facts |= {"state": AgreementState.TERMINATED, "terminated_on": terminated}
        else:
            facts["state"] = state
        agreement = SignedAgreementFactory(**facts)
        if following:
            first, last = sorted(following[:2])
            SignedAgreementFactory(
                facility=agreement.facility,
                agency=agreement.agency,
                renews=agreement,
                starts_on=first,
                ends_on=last,
                **(
                    {"state": AgreementState.TERMINATED, "terminated_on": following[2]}
                    if following[2]
                    else {}
                ),
            )
        first, last = sorted(span)
        BatchFactory(agreement=agreement, starts_on=first, ends_on=last)

        batch = Batch.objects.with_cover().select_related("agreement").get()

        said = rules.problem_of_cover(batch.agreement, "", first, last)
        assert batch.is_covered == (said is None)


def seats_shown(agreement, user):
    """The seats as the agreement's page shows them: (template, context), None if it does not."""
    rows = agreement_page.rows_of(agreement, user).of_panels
    shown = page_panels.of(agreement, user, rows)
    return next((panel for panel in shown if panel[0] == "training/_agreement_seats.html"), None)


class TestSeatsPerYear:
    def test_promised_granted_and_used_in_each_year(self, agreement, officer):
        first = ConfirmedBatchFactory(
            agreement=agreement, starts_on=today(-300), ends_on=today(-250)
        )
        enrolled(first)
        ConfirmedBatchFactory(agreement=agreement, starts_on=today(100), ends_on=today(150))

        _template, shown = seats_shown(agreement, officer)

        assert [(y.promised, y.granted, y.used) for y in shown["years"]] == [
            (30, 12, 1),
            (30, 12, 0),
            (30, 0, 0),
        ]
        assert [year.is_short for year in shown["years"]] == [True, False, False]

    def test_each_number_leads_to_its_rows(self, agreement, officer, login):
        batch = ConfirmedBatchFactory(agreement=agreement, name="Angkatan Satu")
        other = ConfirmedBatchFactory(
            agreement=agreement, name="Angkatan Dua", starts_on=today(-300), ends_on=today(-250)
        )
        _template, shown = seats_shown(agreement, officer)
        year = next(year for year in shown["years"] if year.starts <= batch.starts_on <= year.ends)

        rows = body(login(officer).get(year.granted_rows))

        assert batch.name in rows
        assert other.name not in rows

    def test_an_agreement_without_term_or_seats_shows_none(self, facility, agency, officer):
        draft = AgreementFactory(facility=facility, agency=agency)
        silent = SignedAgreementFactory(facility=facility, agency=agency)

        assert seats_shown(draft, officer) is None
        assert seats_shown(silent, officer) is None

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 3000))
    def test_years_cover_the_term_without_gap_or_overlap(self, starts, days):
        ends = starts + timedelta(days=days)

        years = panels.years_of(starts, ends)

        assert years[0][0] == starts
        assert years[-1][1] == ends
        for (_first, last), (following, _end) in pairwise(years):
            assert following == last + timedelta(days=1)
