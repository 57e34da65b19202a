"""Data that are kept and used no further: who says so, what it stops, and that it is lifted."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Consent, DataLimit, Inmate
from inmates.states import ConsentPurpose
from placements.employment import FollowUpOwner, ReferralState
from placements.models import FollowUp, Referral
from placements.services import (
    cv_paper,
    data_limits,
    follow_up_links,
    follow_ups,
    merges,
    referrals,
    retention,
)
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at, merged_pair, transfer_from
from tests.factories.partners import today
from tests.factories.placements import VacancyFactory, consent_of
from tests.factories.training import CourseFactory, confirmed_batch, enrolled
from tests.placements.followed import given_to
from tests.placements.matched_people import suited
from tests.placements.referring import Desk
from tests.test_access_records import text_of
from tests.training.certificate_sheets import asked
from training.ranking import Wanted
from training.services import candidates, eligible, enrolments

pytestmark = pytest.mark.django_db
WHY = "Datanya disanggah"


def limit(inmate, by, **given):
    return data_limits.impose(inmate=inmate, by=by, **{"asked_on": today(), "reason": WHY} | given)


@pytest.fixture
def desk(facility):
    return Desk(facility)


class TestWho:
    @pytest.mark.parametrize("role", ["officer", "warden", "secretariat", "security", "clinic"])
    def test_others_may_not(self, person, facility, role):
        with pytest.raises(Forbidden):
            limit(person, staff(facility, role))

    def test_nor_those_of_another_prison(self, person, facility, outsider):
        with pytest.raises(Forbidden):
            limit(person, staff(outsider.facility, "registrar"))

    def test_the_same_twice_is_once_and_others_learn_who_was_first(self, person, registrar, head):
        assert limit(person, registrar) == limit(person, registrar)
        assert DataLimit.objects.count() == 1
        with pytest.raises(AlreadyDone, match=str(registrar)):
            limit(person, head)

    def test_it_says_when_and_why(self, person, head):
        for given, field in (({"asked_on": today(1)}, "asked_on"), ({"reason": " "}, "reason")):
            with pytest.raises(NotAllowed) as refused:
                limit(person, head, **given)
            assert list(refused.value.error_dict) == [field]
        assert not DataLimit.objects.exists()

    def test_lifted_it_is_over_and_stays_on_record(self, person, head, registrar):
        limit(person, registrar)
        with pytest.raises(NotAllowed):
            data_limits.lift(inmate=person, reason="", by=head)
        lifted = data_limits.lift(inmate=person, reason="Sudah dibetulkan", by=head)
        assert lifted == data_limits.lift(inmate=person, reason="Sudah dibetulkan", by=head)
        assert data_limits.of(person) is None
        assert [event.pgh_label for event in lifted.events.order_by("pgh_id")] == [
            "insert",
            "update",
        ]
        with pytest.raises(NotAllowed, match="tidak sedang dibatasi"):
            data_limits.lift(inmate=person, reason="Lagi", by=registrar)
        assert limit(person, head) != lifted

    def test_it_goes_with_the_person(self, facility, head):
        """Another prison that holds the person now reads it, and lifts it."""
        transfer = transfer_from(facility)
        person = transfer.inmate
        limit(person, head)
        there = staff(transfer.destination, "registrar")
        person.custodies.update(until=today(), ended_how="transferred")
        person.custodies.create(facility=transfer.destination, starts=today())
        assert DataLimit.objects.visible_to(there).count() == 1
        data_limits.lift(inmate=Inmate.objects.get(pk=person.pk), reason="Selesai", by=there)


class TestWhatStops:
    def test_nothing_rests_on_a_consent(self, person, facility, head):
        for purpose in ConsentPurpose.values:
            consent_of(person, facility, purpose)
        given = Consent.objects.filter(inmate=person)
        assert given.in_force().count() == len(ConsentPurpose)
        limit(person, head)
        assert not given.in_force().exists()
        assert given.given().count() == len(ConsentPurpose)
        assert cv_paper.in_the_way(person, None)
        data_limits.lift(inmate=person, reason="Selesai", by=head)
        assert given.in_force().count() == len(ConsentPurpose)

    def test_a_referral_ends_and_the_agency_reads_the_code_only(self, desk, login):
        referral = desk.referral(ReferralState.RECEIVED)
        name, page = referral.inmate.name, referral.get_absolute_url()
        assert name in text_of(login(desk.liaison).get(page))
        limit(referral.inmate, desk.head)
        referral = Referral.objects.get(pk=referral.pk)
        assert referral.state == ReferralState.WITHDRAWN
        assert Notice.objects.filter(kind="referral_withdrawn", recipient=desk.liaison).exists()
        for address in (page, "/referrals/inbox/", "/referrals/inbox/?format=csv"):
            told = text_of(login(desk.liaison).get(address))
            assert referral.person_code in told
            assert name not in told

    def test_nobody_refers_the_person(self, desk):
        person = desk.person()
        limit(person, desk.head)
        with pytest.raises(NotAllowed, match="dibatasi atas permintaannya"):
            desk.draft(person)
        data_limits.lift(inmate=person, reason="Selesai", by=desk.head)
        assert desk.draft(person)

    def test_nor_goes_on_with_what_was_begun(self, desk):
        referral = desk.referral(ReferralState.ACCEPTED)
        limit(referral.inmate, desk.head)
        assert Referral.objects.get(pk=referral.pk).state == ReferralState.ACCEPTED
        told = desk.referral(ReferralState.DRAFT)
        DataLimit.objects.create(
            inmate=told.inmate, facility=desk.facility, asked_on=today(), reason=WHY
        )
        with pytest.raises(NotAllowed):
            referrals.submit(referrals=[told], by=desk.officer)

    def test_no_vacancy_is_matched(self, desk, login):
        course = CourseFactory(trade__name="Las")
        person = suited(desk.facility, course, name="SUITED ORANG")
        vacancy = VacancyFactory(employer__facility=desk.facility, trade=course.trade)
        pages = (
            f"/vacancies/{vacancy.public_id}/people/",
            f"/vacancies/{vacancy.public_id}/refer/",
        )
        client = login(desk.officer)
        assert all("SUITED ORANG" in text_of(client.get(page)) for page in pages)
        limit(person, desk.head)
        assert not any("SUITED ORANG" in text_of(client.get(page)) for page in pages)
        told = text_of(client.get(f"/inmates/{person.public_id}/vacancies/"))
        assert "dibatasi atas permintaannya" in told
        assert vacancy.title not in told

    def test_follow_ups_come_back_and_links_die(self, disnaker, facility, officer, head, pengantar):
        row = given_to(disnaker, facility)
        mine = follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer)
        assert FollowUp.objects.visible_to(pengantar).exists()
        limit(row.inmate, head)
        row.refresh_from_db()
        assert row.owner == FollowUpOwner.PRISON
        assert not FollowUp.objects.visible_to(pengantar).exists()
        assert follow_up_links.look(mine.rstrip("/").rpartition("/")[2]).end
        with pytest.raises(NotAllowed, match="dibatasi"):
            follow_up_links.create(follow_up=row, sent_to="Ibu PK", by=officer)
        assert follow_ups.keep_up() == 0

    def test_nobody_proposes_the_person_even_with_a_reason(self, facility, agency, head, officer):
        batch, person = confirmed_batch(facility, agency), inmate_at(facility)
        assert [each.pk for each in eligible.page(batch, officer)] == [person.pk]
        limit(person, head)
        assert not list(eligible.page(batch, officer))
        assert not eligible.first(batch, officer, 5, Wanted())
        for reason in ("", "Tetap ingin"):
            answer = candidates.propose(
                batch=batch, inmates=[person], by=head, override_reason=reason
            )
            ((refused, sentences),) = answer.refused
            assert refused == person
            assert "dibatasi atas permintaannya" in " ".join(sentences)

    def test_no_decree_enrols_who_was_proposed_before(self, facility, agency, head):
        batch, person = confirmed_batch(facility, agency), inmate_at(facility)
        (candidate,) = candidates.propose(batch=batch, inmates=[person], by=head).proposed
        assert eligible.still_failing(batch, [candidate])[candidate.pk] == []
        limit(person, head)
        (result,) = eligible.still_failing(batch, [candidate])[candidate.pk]
        assert result.rule == "custody"

    def test_a_participant_is_a_code_for_the_agency(self, facility, agency, liaison, head, login):
        batch = asked(confirmed_batch(facility, agency))
        limited, other = enrolled(batch), enrolled(batch)
        limit(limited.inmate, head)
        named = {one.code: one.name for one in enrolments.roster(batch, liaison)}
        assert named == {limited.participant_code: "", other.participant_code: other.inmate.name}
        client = login(liaison)
        for page in ("", "participants/", "participants.xlsx", "attendance/", "results/"):
            told = text_of(client.get(f"{batch.get_absolute_url()}{page}"))
            assert limited.inmate.name not in told, page

    def test_records_are_not_merged_meanwhile(self, facility, registrar, head):
        winner, loser = inmate_at(facility), inmate_at(facility)
        limit(loser, head)
        with pytest.raises(NotAllowed, match="dibatasi"):
            merges.merge(winner=winner, loser=loser, chosen=[], by=registrar)

    def test_all_records_of_the_person_are_limited(self, facility, head):
        merge = merged_pair(facility)
        consent_of(merge.loser, facility)
        limit(merge.loser, head)
        assert not Consent.objects.in_force().exists()
        data_limits.lift(inmate=merge.winner, reason="Selesai", by=head)
        assert Consent.objects.in_force().exists()

    def test_the_time_does_not_end_it(self, facility, head):
        person = inmate_at(facility)
        limit(person, head)
        person.custodies.update(until=today(-4000), starts=today(-5000), ended_how="released")
        assert not retention.due(today()).exists()
        data_limits.lift(inmate=person, reason="Selesai", by=head)
        assert retention.due(today()).get() == person


class TestPages:
    def test_staff_read_that_it_stands_and_end_it(self, person, head, officer, login):
        client = login(head)
        page = f"/inmates/{person.public_id}/limit/"
        assert page in text_of(client.get(person.get_absolute_url()))
        assert client.post(page, {"asked_on": "", "reason": ""}).status_code == 422
        client.post(page, {"asked_on": today().isoformat(), "reason": WHY})
        told = text_of(client.get(person.get_absolute_url()))
        assert "Pemrosesan dibatasi" in told
        assert WHY in told
        assert WHY in text_of(client.get(f"/inmates/{person.public_id}/file.json"))
        for reader, lifts in ((officer, False), (head, True)):
            told = text_of(login(reader).get(person.get_absolute_url()))
            assert "Pemrosesan dibatasi" in told
            assert (f"{page}lift/" in told) == lifts
        listed = text_of(client.get("/inmates/?found=limited"))
        assert person.name in listed
        client.post(f"{page}lift/", {"reason": "Selesai"})
        assert data_limits.of(person) is None
        assert person.name not in text_of(client.get("/inmates/?found=limited"))
