"""Who asks: given, taken back, told; and what each side sees of it."""

import pytest

from accounts.refusals import Forbidden, NotAllowed
from correspondence.services.sweep import sweep
from placements.employment import FollowUpOwner
from placements.models import FollowUp
from placements.services import consents, follow_up_owners
from tests.factories.accounts import staff
from tests.factories.correspondence import tell_only
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of, today
from tests.placements.changes import told as notices_of
from tests.placements.followed import (
    again,
    agrees,
    free_follow_up,
    freed,
    given_to,
    recorded,
    series_of,
)
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(disnaker):
    """Who is given follow-ups is a labour office."""
    return disnaker


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("follow_up_due", "follow_up_late")


@pytest.fixture
def row(facility):
    row = free_follow_up(facility)
    agrees(row.inmate, facility)
    return row


def assigned(row, by, **given):
    given = {"owner": FollowUpOwner.AGENCY, **given}
    return follow_up_owners.assign(follow_up=row, by=by, **given)


class TestAssigning:
    def test_an_agency_gets_it_and_its_liaisons_know(self, row, agency, officer, liaison):
        assigned(row, officer, agency=agency, contact=" 0812-1 ")
        row = again(row)
        assert (row.owner, row.agency, row.contact) == (FollowUpOwner.AGENCY, agency, "0812-1")
        (notice,) = notices_of(liaison, "follow_ups_given")
        assert row.inmate.name not in notice.sentence

    def test_the_rest_of_the_series_goes_along(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar)
        agrees(inmate, facility)
        first, second, *_rest = series_of(inmate)
        assigned(second, officer, agency=agency)
        assert [row.owner for row in series_of(inmate)] == ["prison", "agency", "agency", "agency"]
        assigned(first, officer, agency=agency, with_rest=False)
        assigned(first, officer, owner=FollowUpOwner.PROBATION, with_rest=False)
        assert [row.owner for row in series_of(inmate)] == [
            "probation", "agency", "agency", "agency",
        ]  # fmt: skip

    def test_the_same_again_changes_and_tells_nothing(self, row, agency, officer, liaison):
        assigned(row, officer, agency=agency)
        assert assigned(row, officer, agency=agency) == []
        assert len(notices_of(liaison, "follow_ups_given")) == 1

    def test_back_to_the_prison_the_agency_is_forgotten(self, row, agency, officer):
        assigned(row, officer, agency=agency)
        assigned(row, officer, owner=FollowUpOwner.PRISON)
        assert (again(row).owner, again(row).agency) == ("prison", None)

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("owner", {"owner": "nobody"}),
            ("agency", {"agency": None}),
            ("agency", {"agency": "stranger"}),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, row, officer, field, given):
        if given.get("agency") == "stranger":
            given = {"agency": AgencyFactory()}
        with pytest.raises(NotAllowed) as refused:
            assigned(row, officer, **given)
        assert list(refused.value.error_dict) == [field]

    def test_of_agencies_only_a_labour_office_gets_anybody(self, facility, row, officer):
        teaches = PartnershipFactory(facility=facility).agency
        with pytest.raises(NotAllowed, match="hanya diserahkan kepada Disnaker"):
            assigned(row, officer, agency=teaches)

    def test_without_consent_no_agency_gets_anybody(self, facility, agency, officer):
        row = free_follow_up(facility)
        with pytest.raises(NotAllowed, match="belum menyetujui"):
            assigned(row, officer, agency=agency)
        assert again(row).owner == "prison"

    def test_what_was_answered_waits_for_nobody(self, row, agency, officer):
        recorded(row, officer)
        with pytest.raises(NotAllowed, match="tidak lagi menunggu"):
            assigned(row, officer, agency=agency)

    def test_is_not_for_others(self, row, agency, warden, outsider, liaison):
        for user in (warden, outsider, liaison):
            with pytest.raises(Forbidden):
                assigned(row, user, agency=agency)

    def test_many_at_once_each_for_itself(self, facility, row, agency, officer, liaison):
        without = free_follow_up(facility)
        answer = follow_up_owners.assign_many(
            follow_ups=[row, without], owner="agency", agency=agency, by=officer
        )
        assert answer.given == [row]
        ((refused, sentences),) = answer.refused
        assert (refused, len(sentences)) == (without, 1)
        assert len(notices_of(liaison, "follow_ups_given")) == 1


class TestScope:
    @pytest.fixture
    def theirs(self, facility, agency):
        return given_to(agency, facility)

    def seen(self, user):
        return set(FollowUp.objects.visible_to(user))

    def test_staff_see_those_of_their_prison(self, theirs, row, officer, head, warden, registrar):
        for user in (officer, head, warden, registrar):
            assert self.seen(user) == {theirs, row}

    def test_who_may_not_see_people_sees_none(self, theirs, facility, secretariat, outsider):
        observer = staff(facility, "observer", kind="observer")
        for user in (secretariat, observer, outsider):
            assert self.seen(user) == set()

    def test_a_liaison_sees_what_the_agency_was_given(self, theirs, row, liaison, other_liaison):
        assert self.seen(liaison) == {theirs}
        assert self.seen(other_liaison) == set()

    def test_the_agency_above_reads_what_the_one_below_was_given(self, theirs, agency):
        agency.parent = AgencyFactory()
        agency.save()
        assert self.seen(liaison_of(agency.parent)) == {theirs}

    def test_without_a_consent_that_holds_a_liaison_sees_nothing(self, theirs, liaison):
        theirs.inmate.consents.update(until=today(-1), signed_on=today(-9))
        assert self.seen(liaison) == set()

    @pytest.mark.parametrize(
        "hidden",
        [
            {"state": "cancelled"},
            {"state": "done", "outcome": "detained", "channel": "family", "done_on": today()},
        ],
    )
    def test_neither_what_was_called_off_nor_who_is_detained(self, theirs, liaison, hidden):
        FollowUp.objects.filter(pk=theirs.pk).update(**hidden)
        assert self.seen(liaison) == set()


class TestReminders:
    def test_the_officer_is_told_of_the_prisons(self, facility, officer, liaison):
        free_follow_up(facility, due_on=today(5))
        sweep()
        (notice,) = notices_of(officer, "follow_up_due")
        assert notice.due == today(5)
        assert notices_of(liaison, "follow_up_due") == []

    def test_the_agency_of_its_own_and_the_officer_not(self, facility, agency, officer, liaison):
        given_to(agency, facility, due_on=today())
        sweep()
        assert notices_of(officer, "follow_up_due") == []
        assert len(notices_of(liaison, "follow_up_due")) == 1

    def test_without_a_consent_the_agency_hears_nothing(self, facility, agency, liaison):
        row = given_to(agency, facility, due_on=today())
        row.inmate.consents.update(until=today(-1), signed_on=today(-9))
        sweep()
        assert notices_of(liaison, "follow_up_due") == []

    def test_of_what_a_probation_officer_is_to_say_the_officer(self, facility, officer):
        free_follow_up(facility, owner="probation", due_on=today())
        sweep()
        assert len(notices_of(officer, "follow_up_due")) == 1

    def test_late_ones_reach_the_officer_whoever_asks_and_then_the_head(
        self, facility, agency, officer, head
    ):
        given_to(agency, facility, due_on=today(-8))
        sweep()
        assert len(notices_of(officer, "follow_up_late")) == 1
        assert notices_of(head, "follow_up_late") == []
        sweep(today(8))
        assert len(notices_of(head, "follow_up_late")) == 1

    def test_what_is_late_is_told_once(self, facility, officer):
        free_follow_up(facility, due_on=today(-8))
        sweep()
        assert notices_of(officer, "follow_up_due") == []
        assert len(notices_of(officer, "follow_up_late")) == 1

    def test_an_answer_ends_them(self, facility, officer):
        row = free_follow_up(facility, due_on=today(-8))
        sweep()
        recorded(row, officer)
        assert notices_of(officer, "follow_up_late") == []
        sweep()
        assert notices_of(officer, "follow_up_due") == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_withdrawn_while_it_is_handed_over_no_agency_keeps_it(facility, agency, row, officer):
    consent = row.inmate.consents.get()
    outcomes = race(
        lambda: assigned(row, officer, agency=agency),
        lambda: consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=officer),
    )
    assert not isinstance(outcomes[1], Exception)
    assert again(row).owner == FollowUpOwner.PRISON
