"""The agency begins: an offer of seats in a new batch, and changes of a confirmed one."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Mail
from tests.factories.partners import SignedAgreementFactory, liaison_of, today
from tests.factories.training import CourseFactory, confirmed_batch
from tests.training.conftest import now_of, terms, told
from training.models import Batch, SlotProposal
from training.services import slots
from training.states import BatchState, ProposalState, Side

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(facility=facility, agency=agency)


@pytest.fixture
def course():
    return CourseFactory(name="Las SMAW")


def offered(facility, agency, course, by, **changed):
    words = {"name": "Angkatan Tawaran", **terms()}
    return slots.offer(facility=facility, agency=agency, course=course, by=by, **(words | changed))


class TestOffering:
    def test_the_offer_makes_a_batch_that_waits_for_the_prison(
        self, facility, agency, agreement, course, liaison, officer, head
    ):
        proposal = offered(facility, agency, course, liaison, instructor="Pak Joko")
        batch = proposal.batch
        assert (proposal.side, proposal.round, proposal.seats) == (Side.AGENCY, 1, 20)
        assert (batch.state, batch.agreement) == (BatchState.NEGOTIATING, agreement)
        assert (batch.agency, batch.facility) == (agency, facility)
        assert told("slots_offered") == {officer, head}
        assert batch in Batch.objects.visible_to(liaison)

    def test_the_prison_takes_it(self, facility, agency, agreement, course, liaison, officer):
        proposal = offered(facility, agency, course, liaison)
        slots.accept(proposal=proposal, by=officer)
        batch = now_of(proposal.batch)
        assert (batch.state, batch.seats_confirmed) == (BatchState.CONFIRMED, 20)
        assert told("slots_accepted") == {liaison}

    def test_the_prison_counters_and_the_agency_gets_a_link(
        self, facility, agency, agreement, course, liaison, officer
    ):
        proposal = offered(facility, agency, course, liaison)
        following = slots.counter(
            proposal=proposal, by=officer, reason="Ruang kecil", **terms(seats=12)
        )
        assert following.side == Side.PRISON
        (mail,) = Mail.objects.filter(recipient=liaison)
        assert mail.secret
        slots.accept(proposal=following, by=liaison)
        assert now_of(proposal.batch).seats_confirmed == 12

    def test_declined_it_is_only_planned(
        self, facility, agency, agreement, course, liaison, officer
    ):
        proposal = offered(facility, agency, course, liaison)
        slots.decline(proposal=proposal, reason="Penuh", by=officer)
        assert now_of(proposal.batch).state == BatchState.PLANNED

    def test_without_an_agreement_it_needs_another_ground(self, facility, agency, course, liaison):
        with pytest.raises(NotAllowed) as refusal:
            offered(facility, agency, course, liaison)
        assert set(refusal.value.error_dict) == {"starts_on"}
        assert not Batch.objects.exists()
        proposal = offered(facility, agency, course, liaison, exception="Kontrak DIPA 12")
        assert proposal.batch.agreement is None

    def test_an_agreement_that_ends_before_is_no_ground(self, facility, agency, course, liaison):
        SignedAgreementFactory(
            facility=facility, agency=agency, starts_on=today(-100), ends_on=today(69)
        )
        with pytest.raises(NotAllowed):
            offered(facility, agency, course, liaison)

    @pytest.mark.parametrize(
        ("field", "value"), [("seats", 0), ("respond_by", today(-1)), ("ends_on", today(3))]
    )
    def test_terms_that_make_no_sense(
        self, facility, agency, agreement, course, liaison, field, value
    ):
        with pytest.raises(NotAllowed) as refusal:
            offered(facility, agency, course, liaison, **{field: value})
        assert field in refusal.value.error_dict

    def test_a_programme_that_is_not_run_any_more(
        self, facility, agency, agreement, course, liaison
    ):
        course.is_offered = False
        course.save()
        with pytest.raises(NotAllowed) as refusal:
            offered(facility, agency, course, liaison)
        assert set(refusal.value.error_dict) == {"course"}

    def test_only_to_a_prison_one_works_with(self, agency, course, liaison, outsider):
        with pytest.raises(NotAllowed) as refusal:
            offered(outsider.facility, agency, course, liaison, exception="Surat tugas")
        assert set(refusal.value.error_dict) == {"facility"}

    @pytest.mark.parametrize("role", ["officer", "head", "warden", "other_liaison"])
    def test_only_for_ones_own_agency(self, facility, agency, agreement, course, role, request):
        with pytest.raises(Forbidden):
            offered(facility, agency, course, request.getfixturevalue(role))

    def test_sent_twice_it_is_one_offer(self, facility, agency, agreement, course, liaison):
        first = offered(facility, agency, course, liaison)
        assert offered(facility, agency, course, liaison) == first
        assert offered(facility, agency, course, liaison, seats=5) != first
        assert Batch.objects.count() == 2

    def test_taken_back_before_the_answer(self, facility, agency, agreement, course, liaison):
        proposal = offered(facility, agency, course, liaison)
        assert slots.withdraw(proposal=proposal, by=liaison).state == ProposalState.WITHDRAWN


class TestTheAgencyAsksForAChange:
    @pytest.fixture
    def confirmed(self, planned, officer, liaison):
        slots.accept(
            proposal=slots.propose(batch=planned, by=officer, **terms(seats=12)), by=liaison
        )
        return now_of(planned)

    def test_the_batch_stays_confirmed_until_the_prison_agrees(self, confirmed, liaison, officer):
        later = terms(seats=16, starts_on=today(40), ends_on=today(80))
        proposal = slots.propose(batch=confirmed, by=liaison, **later)
        assert proposal.side == Side.AGENCY
        assert now_of(confirmed).state == BatchState.CONFIRMED
        assert told("slots_offered") == {officer}
        slots.accept(proposal=proposal, by=officer)
        batch = now_of(confirmed)
        assert (batch.seats_confirmed, batch.starts_on) == (16, today(40))

    def test_while_a_round_of_the_prison_is_open_it_answers_that(self, confirmed, liaison, officer):
        slots.propose(batch=confirmed, by=officer, **terms(seats=14))
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            slots.propose(batch=confirmed, by=liaison, **terms(seats=16))

    def test_a_batch_that_it_was_never_asked_about_is_not_its_own(self, facility, agency, liaison):
        batch = confirmed_batch(facility, agency)
        with pytest.raises(Forbidden):
            slots.propose(batch=batch, by=liaison, **terms())

    def test_another_agency_asks_nothing(self, confirmed, other_liaison):
        with pytest.raises(Forbidden):
            slots.propose(batch=confirmed, by=other_liaison, **terms())


class TestPages:
    def typed(self, facility, course, **changed):
        words = {"facility": facility.pk, "course": course.pk, "name": "Angkatan Tawaran"}
        return words | {name: str(value) for name, value in terms().items()} | changed

    def test_from_the_inbox_to_the_batch(
        self, facility, agency, agreement, course, liaison, officer, login
    ):
        client = login(liaison)
        assert "/slots/offer/" in client.get("/slots/").content.decode()
        answer = client.post("/slots/offer/", self.typed(facility, course), follow=True)
        batch = Batch.objects.get()
        assert answer.redirect_chain == [(batch.get_absolute_url(), 302)]
        assert "Tawaran dikirim" in answer.content.decode()
        page = login(officer).get(SlotProposal.objects.get().get_absolute_url())
        assert "Terima 20 kursi" in page.content.decode()

    def test_what_was_typed_stays(self, facility, agency, agreement, course, liaison, login):
        data = self.typed(facility, course, seats="0", message="Alat lengkap")
        answer = login(liaison).post("/slots/offer/", data)
        assert answer.status_code == 422
        assert "Alat lengkap" in answer.content.decode()
        assert set(answer.context["form"].errors) == {"seats"}

    def test_the_only_prison_is_chosen_already(self, facility, agency, liaison, login):
        page = login(liaison).get("/slots/offer/").content.decode()
        assert f'<option value="{facility.pk}" selected>' in page

    def test_an_agency_without_a_prison_is_told_what_to_do(self, other_liaison, login):
        page = login(other_liaison).get("/slots/offer/").content.decode()
        assert "belum menjadi mitra" in page

    def test_a_change_is_asked_from_the_page_of_the_batch(self, planned, officer, liaison, login):
        slots.accept(proposal=slots.propose(batch=planned, by=officer, **terms()), by=liaison)
        client = login(liaison)
        address = f"/batches/{planned.public_id}/slots/new/"
        assert address in client.get(planned.get_absolute_url()).content.decode()
        data = {name: str(value) for name, value in terms(seats=10).items()}
        answer = client.post(address, data, follow=True)
        assert "petugas lapas diberi tahu" in answer.content.decode()
        assert SlotProposal.objects.get(round=2).side == Side.AGENCY


def test_a_suspended_liaison_offers_nothing(facility, agency, agreement, course):
    sleeping = liaison_of(agency, is_active=False)
    with pytest.raises(Forbidden):
        offered(facility, agency, course, sleeping)
