"""Job-seeker cards: what may be written on one, its reports, its end and the card after it."""

from datetime import date, timedelta

import pghistory
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from placements.employment import CardEnd, CardStanding
from placements.models import JobSeekerCard
from placements.rules import next_report
from placements.services import job_seekers
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import gone_from, inmate_at, merged_pair
from tests.factories.partners import AgencyFactory, PartnershipFactory, scan_file, today
from tests.factories.placements import job_seeker_card
from tests.races import race

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@given(issued=DAYS, lasts=st.integers(1, 60), after=st.integers(0, 2000))
def test_the_next_report_is_a_whole_number_of_periods_from_the_issue_and_never_past_expiry(
    issued, lasts, after
):
    expires, told = issued + relativedelta(months=lasts), issued + timedelta(days=after)
    following = next_report(issued, expires, told)
    steps = [issued + relativedelta(months=6 * n) for n in range(1, 15)]
    assert following == next((day for day in steps if told < day <= expires), None)


@pytest.fixture
def disnaker(facility):
    agency = AgencyFactory(kind="disnaker", name="Disnaker Kota Cilegon")
    return PartnershipFactory(facility=facility, agency=agency).agency


@pytest.fixture
def inmate(facility):
    return inmate_at(facility, name="ANI")


def registered(inmate, disnaker, by, **given):
    terms = {"number": "3672-0001", "issued_on": today(-30)} | given
    return job_seekers.register(inmate=inmate, agency=disnaker, by=by, **terms)


@pytest.mark.django_db
class TestRegister:
    def test_a_card_lasts_two_years_and_asks_for_a_report_after_six_months(
        self, inmate, disnaker, officer, facility
    ):
        card = registered(inmate, disnaker, officer)
        assert card.expires_on == today(-30) + relativedelta(years=2)
        assert card.report_by == today(-30) + relativedelta(months=6)
        assert (card.facility, card.standing) == (facility, CardStanding.VALID)

    def test_the_years_and_months_are_settings(self, settings, inmate, disnaker, officer):
        settings.JOB_SEEKER_CARD_YEARS, settings.JOB_SEEKER_REPORT_MONTHS = 5, 3
        card = registered(inmate, disnaker, officer)
        assert card.expires_on == today(-30) + relativedelta(years=5)
        assert card.report_by == today(-30) + relativedelta(months=3)

    def test_an_older_card_comes_with_its_last_report(self, inmate, disnaker, officer):
        issued = today() - relativedelta(months=14)
        reported = issued + relativedelta(months=12, days=3)
        card = registered(inmate, disnaker, officer, issued_on=issued, reported_on=reported)
        assert card.report_by == issued + relativedelta(months=18)

    def test_twice_by_the_same_is_one_card(self, inmate, disnaker, officer):
        assert registered(inmate, disnaker, officer) == registered(inmate, disnaker, officer)
        assert JobSeekerCard.objects.count() == 1

    def test_a_second_card_is_refused_naming_the_first(self, inmate, disnaker, officer, head):
        registered(inmate, disnaker, officer)
        with pytest.raises(AlreadyDone, match=r"3672-0001.*Budi Petugas"):
            registered(inmate, disnaker, head, number="3672-0002")

    def test_a_card_that_expired_gives_way(self, inmate, disnaker, officer, facility):
        old = job_seeker_card(
            inmate, facility, disnaker, issued_on=today(-800), expires_on=today(-70), report_by=None
        )
        registered(inmate, disnaker, officer)
        old.refresh_from_db()
        assert (old.ended_on, old.ended_why) == (today(-70), CardEnd.EXPIRED)

    def test_a_merged_record_stands_for_its_person(self, facility, disnaker, officer):
        pair = merged_pair(facility)
        registered(pair.winner, disnaker, officer)
        with pytest.raises(AlreadyDone):
            registered(pair.loser, disnaker, officer, number="3672-0002")

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("number", {"number": "  "}),
            ("issued_on", {"issued_on": today(1)}),
            ("expires_on", {"expires_on": today(-30)}),
            ("expires_on", {"issued_on": today(-900)}),
            ("reported_on", {"reported_on": today(-31)}),
            ("reported_on", {"reported_on": today(1)}),
            ("scan", {"scan": scan_file(b"GIF89a")}),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field(self, field, given, inmate, disnaker, officer):
        with pytest.raises(NotAllowed) as refusal:
            registered(inmate, disnaker, officer, **given)
        assert set(refusal.value.error_dict) == {field}

    def test_only_disnaker_issues_cards(self, inmate, agency, officer):
        with pytest.raises(NotAllowed) as refusal:
            registered(inmate, agency, officer)
        assert set(refusal.value.error_dict) == {"agency"}

    def test_a_number_is_used_once(self, inmate, disnaker, officer, facility):
        registered(inmate_at(facility), disnaker, officer)
        with pytest.raises(NotAllowed) as refusal:
            registered(inmate, disnaker, officer)
        assert set(refusal.value.error_dict) == {"number"}

    def test_who_left_lately_still_gets_one_from_the_prison_that_held_them(
        self, facility, disnaker, officer
    ):
        assert registered(gone_from(facility, months=2), disnaker, officer).facility == facility

    def test_only_by_those_who_keep_readiness_there(self, inmate, disnaker, warden, liaison):
        elsewhere = staff(FacilityFactory(), "officer")
        for by in (warden, liaison, elsewhere):
            with pytest.raises(Forbidden):
                registered(inmate, disnaker, by)


@pytest.mark.django_db
class TestReport:
    @pytest.fixture
    def card(self, inmate, disnaker, officer):
        issued = today() - relativedelta(months=7)
        return registered(inmate, disnaker, officer, issued_on=issued)

    def test_a_late_report_moves_the_next_one_by_half_a_year_of_the_plan(self, card, officer):
        card = job_seekers.report(card=card, on=today(-2), by=officer)
        assert card.report_by == card.issued_on + relativedelta(months=12)

    def test_an_early_report_counts_for_the_one_that_was_due(self, inmate, disnaker, officer):
        issued = today() - relativedelta(months=5)
        card = registered(inmate, disnaker, officer, issued_on=issued)
        card = job_seekers.report(card=card, on=today(), by=officer)
        assert card.report_by == issued + relativedelta(months=12)

    def test_none_is_asked_for_after_the_last_one_before_expiry(self, inmate, disnaker, officer):
        issued = today() - relativedelta(months=23)
        card = registered(inmate, disnaker, officer, issued_on=issued, expires_on=today(20))
        assert card.report_by == issued + relativedelta(months=6)
        assert card.standing == CardStanding.REPORT_LATE
        card = job_seekers.report(card=card, on=today(), by=officer)
        assert card.report_by is None
        assert card.standing == CardStanding.EXPIRING

    def test_each_report_stays_on_record(self, card, officer):
        with pghistory.context(user=officer.pk, name="Budi"):
            job_seekers.report(card=card, on=today(-30), by=officer)
            job_seekers.report(card=card, on=today(-1), by=officer)
        assert job_seekers.reports_of(card) == [(today(-1), "Budi"), (today(-30), "Budi")]

    def test_twice_by_the_same_moves_nothing_and_another_learns_who_was_first(
        self, card, officer, head
    ):
        with pghistory.context(user=officer.pk, name="Budi"):
            first = job_seekers.report(card=card, on=today(), by=officer)
        assert job_seekers.report(card=card, on=today(), by=officer).report_by == first.report_by
        with pytest.raises(AlreadyDone, match="Budi"):
            job_seekers.report(card=card, on=today(), by=head)

    @pytest.mark.parametrize("day", [today(1), today(-400)])
    def test_not_before_the_issue_and_not_in_the_future(self, card, officer, day):
        with pytest.raises(NotAllowed) as refusal:
            job_seekers.report(card=card, on=day, by=officer)
        assert set(refusal.value.error_dict) == {"on"}

    def test_not_before_an_earlier_report(self, card, officer):
        job_seekers.report(card=card, on=today(-1), by=officer)
        with pytest.raises(NotAllowed, match="lebih baru"):
            job_seekers.report(card=card, on=today(-2), by=officer)

    def test_not_on_a_card_that_has_ended(self, card, officer):
        job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer)
        with pytest.raises(AlreadyDone):
            job_seekers.report(card=card, on=today(), by=officer)


@pytest.mark.django_db
class TestCorrect:
    def test_what_is_wrong_is_put_right_and_the_history_says_why(self, inmate, disnaker, officer):
        card = registered(inmate, disnaker, officer, scan=scan_file())
        stored = card.scan.name
        card = job_seekers.correct(
            card=card,
            changes={"number": " 3672-9 ", "scan": None},
            reason="Salah ketik",
            by=officer,
        )
        assert (card.number, card.scan.name) == ("3672-9", stored)
        assert card.events.last().pgh_context["reason"] == "Salah ketik"

    def test_a_new_scan_takes_the_place_of_the_old(
        self, inmate, disnaker, officer, django_capture_on_commit_callbacks
    ):
        card = registered(inmate, disnaker, officer, scan=scan_file())
        old = card.scan.name
        with django_capture_on_commit_callbacks(execute=True):
            card = job_seekers.correct(
                card=card, changes={"scan": scan_file()}, reason="Buram", by=officer
            )
        assert card.scan.name != old
        assert not card.scan.storage.exists(old)

    def test_it_needs_a_reason(self, inmate, disnaker, officer):
        card = registered(inmate, disnaker, officer)
        with pytest.raises(NotAllowed) as refusal:
            job_seekers.correct(card=card, changes={"number": "1"}, reason=" ", by=officer)
        assert set(refusal.value.error_dict) == {"reason"}

    def test_the_next_report_lies_within_the_card(self, inmate, disnaker, officer):
        card = registered(inmate, disnaker, officer)
        late = {"report_by": card.expires_on + timedelta(days=1)}
        with pytest.raises(NotAllowed) as refusal:
            job_seekers.correct(card=card, changes=late, reason="Uji", by=officer)
        assert set(refusal.value.error_dict) == {"report_by"}


@pytest.mark.django_db
class TestEnd:
    def test_it_ends_with_a_reason_and_a_day(self, inmate, disnaker, officer):
        card = registered(inmate, disnaker, officer)
        card = job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer)
        assert card.standing == CardStanding.ENDED
        assert job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer) == card

    def test_another_learns_how_it_ended(self, inmate, disnaker, officer, head):
        card = registered(inmate, disnaker, officer)
        with pghistory.context(user=officer.pk, name="Budi"):
            job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer)
        with pytest.raises(AlreadyDone, match="Budi"):
            job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=head)
        with pytest.raises(AlreadyDone, match="sebab lain"):
            job_seekers.end(card=card, on=today(), why=CardEnd.WORK, by=officer)

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("why", {"why": CardEnd.RENEWED}),
            ("on", {"on": today(1)}),
            ("on", {"on": today(-31)}),
        ],
    )
    def test_not_so(self, field, given, inmate, disnaker, officer):
        card = registered(inmate, disnaker, officer)
        with pytest.raises(NotAllowed) as refusal:
            job_seekers.end(
                card=card, **({"on": today(), "why": CardEnd.OTHER} | given), by=officer
            )
        assert set(refusal.value.error_dict) == {field}

    def test_work_ends_the_open_card_whoever_records_it(self, inmate, disnaker, officer, warden):
        card = registered(inmate, disnaker, officer)
        assert job_seekers.end_for_work(inmate=inmate, day=today(-1), by=warden) == card
        card.refresh_from_db()
        assert (card.ended_on, card.ended_why) == (today(-1), CardEnd.WORK)
        assert job_seekers.end_for_work(inmate=inmate, day=today(), by=warden) is None

    def test_the_head_takes_a_wrong_end_back(self, inmate, disnaker, officer, head):
        card = registered(inmate, disnaker, officer)
        job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer)
        with pytest.raises(Forbidden):
            job_seekers.reopen(card=card, reason="Salah klik", by=officer)
        assert job_seekers.reopen(card=card, reason="Salah klik", by=head).ended_on is None

    def test_not_while_another_card_counts(self, inmate, disnaker, officer, head):
        card = registered(inmate, disnaker, officer)
        job_seekers.end(card=card, on=today(), why=CardEnd.OTHER, by=officer)
        registered(inmate, disnaker, officer, number="3672-0002", issued_on=today())
        with pytest.raises(NotAllowed, match="3672-0002"):
            job_seekers.reopen(card=card, reason="Salah klik", by=head)


@pytest.mark.django_db
class TestRenew:
    def test_the_old_card_ends_on_the_day_of_the_new_one(self, inmate, disnaker, officer):
        old = registered(inmate, disnaker, officer)
        new = job_seekers.renew(card=old, number="3672-0002", issued_on=today(-1), by=officer)
        old.refresh_from_db()
        assert (old.ended_on, old.ended_why) == (today(-1), CardEnd.RENEWED)
        assert (new.agency, new.report_by) == (disnaker, today(-1) + relativedelta(months=6))

    def test_twice_by_the_same_is_one_new_card(self, inmate, disnaker, officer):
        old = registered(inmate, disnaker, officer)
        terms = {"card": old, "number": "3672-0002", "issued_on": today(), "by": officer}
        assert job_seekers.renew(**terms) == job_seekers.renew(**terms)

    def test_not_before_the_old_one_was_issued(self, inmate, disnaker, officer):
        old = registered(inmate, disnaker, officer)
        with pytest.raises(NotAllowed) as refusal:
            job_seekers.renew(card=old, number="3672-0002", issued_on=today(-31), by=officer)
        assert set(refusal.value.error_dict) == {"issued_on"}
        old.refresh_from_db()
        assert old.ended_on is None


@pytest.mark.django_db
@pytest.mark.parametrize("standing", CardStanding)
def test_the_list_and_the_badge_say_the_same(standing, facility, disnaker):
    cards = [
        job_seeker_card(
            inmate_at(facility),
            facility,
            disnaker,
            issued_on=today(-500),
            expires_on=today(expires),
            report_by=None if report is None else today(report),
            **({"ended_on": today(-1), "ended_why": CardEnd.OTHER} if ended else {}),
        )
        for expires in (-1, 0, 30, 31, 300)
        for report in (None, -300, -1, 0, 30, 31)
        for ended in (False, True)
    ]
    found = set(JobSeekerCard.objects.standing(standing))
    assert found == {card for card in cards if card.standing == standing}
    assert found


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_who_register_at_once_one_learns_of_the_other(facility, officer, head):
    disnaker = PartnershipFactory(facility=facility, agency__kind="disnaker").agency
    inmate = inmate_at(facility)
    outcomes = race(
        lambda: registered(inmate, disnaker, officer),
        lambda: registered(inmate, disnaker, head, number="3672-0002"),
    )
    assert JobSeekerCard.objects.count() == 1
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 1


@pytest.mark.django_db
def test_nothing_is_written_of_who_became_anonymous(facility, officer):
    disnaker = PartnershipFactory(facility=facility, agency__kind="disnaker").agency
    person = gone_from(facility)
    person.anonymised_on = today()
    person.save()
    with pytest.raises(NotAllowed, match="dianonimkan"):
        registered(person, disnaker, officer)
