"""Who sees what, and what an agreement is worth on a day."""

from datetime import date

import pytest

from partners.models import ActionItem, Agency, Agreement, Engagement
from partners.querysets import EXPIRING_DAYS
from partners.services import agreements
from partners.states import AgreementState, AgreementStatus
from tests.factories.accounts import PostingFactory, staff
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)

pytestmark = pytest.mark.django_db


def status_of(agreement, on=None):
    return Agreement.objects.with_status(on).get(pk=agreement.pk).status


def is_past_notice(agreement, on=None):
    return Agreement.objects.with_status(on).get(pk=agreement.pk).is_past_notice


class TestStatus:
    def test_both_the_first_and_the_last_day_count(self):
        row = SignedAgreementFactory(starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))

        assert status_of(row, date(2025, 12, 31)) == AgreementStatus.NOT_YET
        assert status_of(row, date(2026, 1, 1)) == AgreementStatus.IN_FORCE
        assert status_of(row, date(2027, 12, 31)) == AgreementStatus.EXPIRING
        assert status_of(row, date(2028, 1, 1)) == AgreementStatus.ENDED

    def test_it_expires_soon_from_ninety_days_before_its_end(self):
        assert status_of(SignedAgreementFactory(ends_on=today(EXPIRING_DAYS))) == "expiring"
        assert status_of(SignedAgreementFactory(ends_on=today(EXPIRING_DAYS + 1))) == "in_force"

    def test_a_draft_is_unsigned_whatever_its_dates(self):
        draft = AgreementFactory(starts_on=today(-10), ends_on=today(10))

        assert status_of(draft) == AgreementStatus.UNSIGNED

    def test_the_notice_deadline_has_passed_the_day_after_it(self):
        row = SignedAgreementFactory(
            starts_on=date(2026, 1, 1), ends_on=date(2027, 8, 31), notice_months=3
        )

        assert not is_past_notice(row, date(2027, 5, 31))
        assert is_past_notice(row, date(2027, 6, 1))
        assert not is_past_notice(row, date(2027, 9, 1)), "ended: nothing to propose any more"

    def test_a_signed_successor_settles_the_notice(self):
        row = SignedAgreementFactory(ends_on=today(30))
        assert is_past_notice(row)

        draft = AgreementFactory(facility=row.facility, agency=row.agency, renews=row)
        assert is_past_notice(row), "a draft is no successor yet"
        draft.delete()
        SignedAgreementFactory(
            facility=row.facility, agency=row.agency, renews=row, starts_on=today(31)
        )
        assert not is_past_notice(row)
        assert status_of(row) == AgreementStatus.EXPIRING, "and changes nothing for its dates"

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("in_force", {"berlaku", "hampir", "terlambat"}),
            ("expiring", {"hampir"}),
            ("past_notice", {"terlambat"}),
            ("ended", {"lampau"}),
            ("not_yet", {"kelak"}),
            ("unsigned", {"draf"}),
            ("cancelled", set()),
        ],
    )
    def test_rows_are_found_by_their_status(self, facility, code, expected):
        SignedAgreementFactory(facility=facility, title="berlaku")
        SignedAgreementFactory(
            facility=facility, title="hampir", ends_on=today(60), notice_months=1
        )
        SignedAgreementFactory(
            facility=facility, title="terlambat", ends_on=today(120), notice_months=6
        )
        SignedAgreementFactory(facility=facility, title="lampau", ends_on=today(-1))
        SignedAgreementFactory(facility=facility, title="kelak", starts_on=today(1))
        AgreementFactory(facility=facility, title="draf")

        found = Agreement.objects.with_status().having_status(code)

        assert {row.title for row in found} == expected

    def test_what_is_terminated_for_a_later_day_is_still_in_force(self):
        row = SignedAgreementFactory(state=AgreementState.TERMINATED, terminated_on=today(10))

        assert row in Agreement.objects.having_status("terminated")
        assert row in Agreement.objects.having_status("in_force")
        assert row not in Agreement.objects.having_status("in_force", on=today(10))


class TestScope:
    def test_staff_see_the_agreements_of_their_prison(self, facility, agency, officer, outsider):
        row = AgreementFactory(facility=facility, agency=agency)

        assert row in Agreement.objects.visible_to(officer)
        assert row not in Agreement.objects.visible_to(outsider)

    def test_an_agency_reads_an_agreement_from_review_on(self, facility, agency, liaison):
        row = AgreementFactory(facility=facility, agency=agency)
        assert row not in Agreement.objects.visible_to(liaison)

        row.state = AgreementState.REVIEW
        row.save(update_fields=["state"])
        assert row in Agreement.objects.visible_to(liaison)

    def test_another_agency_reads_nothing(self, facility, agency, other_liaison):
        row = SignedAgreementFactory(facility=facility, agency=agency)

        assert row not in Agreement.objects.visible_to(other_liaison)
        assert agency not in Agency.objects.visible_to(other_liaison)

    def test_a_dinas_reads_what_its_units_signed_and_not_the_other_way(self, facility):
        dinas = AgencyFactory(name="Disnaker")
        unit = PartnershipFactory(
            facility=facility, agency=AgencyFactory(name="BLK", parent=dinas)
        ).agency
        of_unit = SignedAgreementFactory(facility=facility, agency=unit)
        of_dinas = SignedAgreementFactory(facility=facility, agency=dinas)

        assert set(Agreement.objects.visible_to(liaison_of(dinas))) == {of_unit, of_dinas}
        assert set(Agreement.objects.visible_to(liaison_of(unit))) == {of_unit}

    def test_the_log_of_visits_is_the_prisons_own(self, facility, agency, officer, liaison):
        item = ActionItemFactory(engagement=EngagementFactory(facility=facility, agency=agency))

        assert item in ActionItem.objects.visible_to(officer)
        assert not ActionItem.objects.visible_to(liaison).exists()
        assert not Engagement.objects.visible_to(liaison).exists()

    def test_figures_of_an_agency_count_only_ones_own_prison(
        self, facility, agency, officer, outsider
    ):
        PartnershipFactory(facility=outsider.facility, agency=agency)
        SignedAgreementFactory(facility=facility, agency=agency)
        EngagementFactory(facility=facility, agency=agency, held_on=today(-3))

        ours = Agency.objects.visible_to(officer).with_figures(officer).get()
        theirs = Agency.objects.visible_to(outsider).with_figures(outsider).get()

        assert (ours.agreements_in_force, ours.last_engaged_on) == (1, today(-3))
        assert (theirs.agreements_in_force, theirs.last_engaged_on) == (0, None)


def test_a_draft_that_was_given_up_before_it_was_shown_stays_inside(facility, agency, officer):
    liaison = liaison_of(agency)
    inside, shown = (AgreementFactory(facility=facility, agency=agency) for _ in range(2))
    agreements.send_for_review(agreement=shown, by=officer)
    for row in (inside, shown):
        agreements.cancel(agreement=row, reason="Instansi tidak menjawab", by=officer)
    assert set(Agreement.objects.visible_to(liaison)) == {shown}


def test_a_promise_belongs_to_a_post_of_one_prison(facility, outsider):
    """Officer here, head there: the promises of the head here are not theirs."""
    user = staff(facility, "officer")
    PostingFactory(user=user, facility=outsider.facility, role_id="head")
    mine, other = (
        ActionItemFactory(engagement__facility=facility, owner_role_id=role)
        for role in ("officer", "head")
    )
    assert set(ActionItem.objects.owned_by(user)) == {mine}
    assert set(ActionItem.objects.owned_by(user, vacant={"head"})) == {mine, other}
