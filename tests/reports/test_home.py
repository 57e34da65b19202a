"""The home of each post: what waits and what is due. Its numbers: `test_home_numbers.py`."""

import pytest
from django.utils import timezone

from accounts.models import Posting
from inmates.models import ImportRun
from inmates.states import ImportState
from partners.models import ActionItem, Agency
from partners.states import AgencyKind, AgreementState
from placements.employment import ReferralState
from tests.factories.accounts import FacilityFactory, UserFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import (
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    SignedAgreementFactory,
    today,
)
from tests.factories.placements import referral_of
from tests.factories.training import BatchFactory, ConfirmedBatchFactory
from tests.placements.followed import given_to
from training.models import Candidate, Decree, Hearing, SlotProposal
from training.states import CandidateState, DecreeState, HearingState, Side

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(facility=facility, agency=agency)


@pytest.fixture
def home(login):
    def read(user):
        answer = login(user).get("/")
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def round_of(batch, side, **fields):
    return SlotProposal.objects.create(
        batch=batch,
        facility=batch.facility,
        agency=batch.agency,
        side=side,
        **{
            "round": 1,
            "seats": 16,
            "starts_on": batch.starts_on,
            "ends_on": batch.ends_on,
            "respond_by": today(5),
            **fields,
        },
    )


def candidate(batch, rank=1, **fields):
    return Candidate.objects.create(
        facility=batch.facility, batch=batch, inmate=inmate_at(batch.facility), rank=rank, **fields
    )


def held_hearing(batch):
    return Hearing.objects.create(
        facility=batch.facility,
        batch=batch,
        held_on=today(-1),
        state=HearingState.HELD,
        entered_afterwards=True,
    )


class TestOfficer:
    def test_a_round_that_waits_for_the_prison_links_to_its_answer(self, home, officer, agreement):
        proposal = round_of(BatchFactory(agreement=agreement), Side.AGENCY)
        html = home(officer)
        assert "Jawab usulan kuota" in html
        assert "16 kursi" in html
        assert f'href="/slots/{proposal.public_id}/"' in html
        assert "5 hari lagi" in html

    def test_a_round_that_waits_for_the_agency_is_no_work_but_is_due(
        self, home, officer, agreement
    ):
        round_of(BatchFactory(agreement=agreement), Side.PRISON)
        html = home(officer)
        assert "Jawab usulan" not in html
        assert "Usulkan kuota" not in html
        assert "Jawaban kuota ditunggu" in html

    def test_a_planned_batch_without_a_round_waits(self, home, officer, agreement):
        batch = BatchFactory(agreement=agreement)
        html = home(officer)
        assert "Usulkan kuota" in html
        assert f'href="/batches/{batch.public_id}/"' in html

    def test_a_confirmed_batch_asks_for_candidates_until_its_seats_have_them(
        self, home, officer, agreement
    ):
        batch = ConfirmedBatchFactory(agreement=agreement, seats_confirmed=2)
        candidate(batch, 1)
        assert "1 dari 2 calon" in home(officer)
        candidate(batch, 2)
        html = home(officer)
        assert "Usulkan calon peserta" not in html
        assert "Jadwalkan sidang TPP" in html

    def test_it_says_since_when_work_waits(self, home, officer, agreement):
        proposal = round_of(BatchFactory(agreement=agreement), Side.AGENCY)
        SlotProposal.objects.filter(pk=proposal.pk).update(
            created_at=timezone.now() - timezone.timedelta(days=4)
        )
        assert "menunggu 4 hari" in home(officer)

    def test_what_the_post_promised_waits_for_its_holder_alone(
        self, home, officer, head, facility, agency
    ):
        ActionItem.objects.create(
            engagement=EngagementFactory(facility=facility, agency=agency),
            facility=facility,
            agency=agency,
            what="Kirim daftar alat",
            owner_role_id="officer",
            due=today(3),
        )
        assert "Kirim daftar alat" in home(officer)
        assert "Kirim daftar alat" not in home(head)

    def test_more_than_three_of_a_kind_are_left_to_their_list(self, home, officer, agreement):
        for _batch in range(5):
            BatchFactory(agreement=agreement)
        html = home(officer)
        assert html.count('class="own-target" href="/batches/') == 4
        assert 'href="/batches/?needs=round">Usulkan kuota</a> <span class="count">5</span>' in html
        assert "dan 2 lagi" in html

    def test_with_nothing_to_do_it_says_what_could_come_next(self, home, officer, facility):
        inmate_at(facility)
        html = home(officer)
        assert "Tidak ada yang menunggu." in html
        assert "rencanakan angkatan pelatihan" in html

    def test_another_prison_sees_nothing_of_it(self, home, outsider, agreement):
        batch = BatchFactory(agreement=agreement)
        round_of(batch, Side.AGENCY)
        html = home(outsider)
        assert batch.name not in html
        assert agreement.title not in html
        assert "Lapas ini belum punya data." in html


class TestHead:
    def test_a_planned_hearing_waits_to_be_recorded(self, home, head, registrar, agreement):
        batch = ConfirmedBatchFactory(agreement=agreement)
        hearing = Hearing.objects.create(facility=batch.facility, batch=batch, held_on=today(2))
        for recorder in (head, registrar):
            html = home(recorder)
            assert "Catat hasil sidang TPP" in html
            assert f'href="/hearings/{hearing.public_id}/"' in html

    def test_after_the_hearing_the_decree_waits_to_be_prepared(self, home, head, agreement):
        batch = ConfirmedBatchFactory(agreement=agreement)
        held_hearing(batch)
        candidate(batch, state=CandidateState.APPROVED, entered_afterwards=True)
        assert "Siapkan SK peserta" in home(head)

    def test_reserves_alone_ask_for_no_decree(self, home, head, agreement):
        batch = ConfirmedBatchFactory(agreement=agreement)
        held_hearing(batch)
        candidate(batch, state=CandidateState.APPROVED, entered_afterwards=True, is_reserve=True)
        assert "Siapkan SK peserta" not in home(head)

    def test_a_decree_that_came_back_shows_why(self, home, head, agreement):
        batch = ConfirmedBatchFactory(agreement=agreement)
        Decree.objects.create(
            facility=batch.facility,
            batch=batch,
            hearing=held_hearing(batch),
            state=DecreeState.RETURNED,
            entered_afterwards=True,
            reason="Nomor register keliru",
        )
        html = home(head)
        assert "Perbaiki SK yang dikembalikan" in html
        assert "Nomor register keliru" in html

    def test_agreements_ready_or_expiring_wait(self, home, head, facility, agency):
        AgreementFactory(
            facility=facility, agency=agency, state=AgreementState.READY, entered_afterwards=True
        )
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(80))
        html = home(head)
        assert "Catat penandatanganan" in html
        assert "Putuskan perpanjangan perjanjian" in html

    def test_an_agreement_with_a_signed_successor_is_settled(self, home, head, facility, agency):
        old = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(80))
        SignedAgreementFactory(facility=facility, agency=agency, renews=old, starts_on=today(81))
        assert "Putuskan perpanjangan" not in home(head)

    def test_a_post_without_a_holder_is_named_and_its_work_comes_to_the_head(
        self, home, head, warden, registrar, secretariat, agreement
    ):
        BatchFactory(agreement=agreement)
        html = home(head)
        assert "Jabatan kosong" in html
        assert "Petugas Bimbingan Kerja." in html
        assert "Usulkan kuota" in html

    def test_without_a_head_the_heads_work_comes_to_the_warden(
        self, home, warden, officer, facility, agency
    ):
        AgreementFactory(
            facility=facility, agency=agency, state=AgreementState.READY, entered_afterwards=True
        )
        BatchFactory(agreement=SignedAgreementFactory(facility=facility, agency=agency))
        html = home(warden)
        assert 'href="/postings/">Jabatan kosong' in html
        assert "Catat penandatanganan" in html
        assert "Usulkan kuota" not in html

    def test_with_every_post_held_the_officers_work_stays_the_officers(
        self, home, head, officer, warden, registrar, secretariat, agreement
    ):
        BatchFactory(agreement=agreement)
        html = home(head)
        assert "Jabatan kosong" not in html
        assert "Usulkan kuota" not in html


def test_a_prepared_decree_waits_for_the_warden(home, warden, officer, agreement):
    batch = ConfirmedBatchFactory(agreement=agreement)
    decree = Decree.objects.create(
        facility=batch.facility, batch=batch, hearing=held_hearing(batch)
    )
    html = home(warden)
    assert "Tetapkan SK peserta" in html
    assert f'href="/decrees/{decree.public_id}/"' in html
    assert "Tetapkan SK peserta" not in home(officer)


def test_an_import_that_was_read_waits_for_the_registrar(home, registrar, officer, facility):
    ImportRun.objects.create(
        facility=facility,
        file="x.csv",
        file_name="sdp-november.csv",
        as_of=today(),
        state=ImportState.READY,
    )
    assert "sdp-november.csv" in home(registrar)
    assert "sdp-november.csv" not in home(officer)


class TestLiaison:
    def test_each_round_has_two_buttons_to_its_answer(self, home, liaison, agreement):
        proposal = round_of(BatchFactory(agreement=agreement), Side.PRISON, place="Bengkel")
        html = home(liaison)
        assert html.count(f'btn-lg" href="/slots/{proposal.public_id}/') == 2
        assert "Terima 16 kursi" in html
        assert "Usul lain atau tolak" in html

    def test_a_round_of_a_unit_below_is_not_theirs_to_answer(self, home, liaison, agency, facility):
        unit = AgencyFactory(parent=agency)
        agreement = SignedAgreementFactory(facility=facility, agency=unit)
        round_of(BatchFactory(agreement=agreement), Side.PRISON)
        assert "Terima 16 kursi" not in home(liaison)

    def test_another_agency_sees_nothing(self, home, other_liaison, agreement):
        batch = BatchFactory(agreement=agreement)
        round_of(batch, Side.PRISON)
        html = home(other_liaison)
        assert batch.name not in html
        assert agreement.title not in html
        assert "Tidak ada usulan kuota yang menunggu jawaban" in html

    @pytest.mark.parametrize("kind", [AgencyKind.BLK, AgencyKind.DISNAKER])
    def test_an_agency_of_any_kind_reads_what_it_was_given(self, home, liaison, agency, kind):
        Agency.objects.filter(pk=agency.pk).update(kind=kind)
        facility = FacilityFactory()
        sent = referral_of(inmate_at(facility), facility, agency, state=ReferralState.SENT)
        given_to(agency, facility)
        html = home(liaison)
        assert sent.person_code in html
        assert "1 orang perlu ditanyai kabarnya" in html

    def test_what_is_given_to_a_unit_below_falls_due_for_it_too(self, home, liaison, agency):
        unit, facility = AgencyFactory(parent=agency), FacilityFactory()
        sent = referral_of(inmate_at(facility), facility, unit, state=ReferralState.SENT)
        assert f"Rujukan kerja {sent.person_code}" in home(liaison)

    def test_no_person_is_named(self, home, liaison, agreement):
        batch = ConfirmedBatchFactory(agreement=agreement)
        round_of(batch, Side.PRISON)
        name = candidate(batch).inmate.name
        assert name not in home(liaison)


class TestDeadlines:
    def test_what_waits_is_not_said_twice(self, home, officer, agreement):
        round_of(BatchFactory(agreement=agreement), Side.AGENCY)
        assert "Jawaban kuota ditunggu" not in home(officer)

    def test_a_deadline_of_two_months_from_now_is_not_shown(self, home, officer, facility, agency):
        SignedAgreementFactory(
            facility=facility, agency=agency, title="PKS jauh", ends_on=today(60), notice_months=0
        )
        assert "PKS jauh" not in home(officer)

    def test_an_observer_sees_deadlines_and_figures_and_no_work(self, home, facility, agreement):
        round_of(BatchFactory(agreement=agreement), Side.PRISON)
        html = home(staff(facility, "observer"))
        assert "Jawaban kuota ditunggu" in html
        assert "Diteruskan" not in html
        assert "Menunggu Anda" not in html
        assert "perjanjian berlaku" in html


class TestEmptyPrison:
    @pytest.mark.parametrize(
        ("role", "first"),
        [
            ("registrar", "Impor register dari SDP"),
            ("officer", "Catat instansi mitra"),
            ("head", "Masukkan perjanjian yang sudah berlaku"),
            ("clinic", "muncul di sini begitu register diimpor"),
        ],
    )
    def test_it_says_what_to_do_first(self, home, facility, role, first):
        html = home(staff(facility, role))
        assert "Lapas ini belum punya data." in html
        assert first in html


class TestWithoutAPost:
    def test_an_admin_is_led_to_the_admin_pages(self, home, db):
        user = UserFactory(kind="admin", is_staff=True, is_superuser=True)
        assert 'href="/admin/"' in home(user)

    def test_staff_without_a_posting_read_whom_to_ask(self, home, db):
        assert "belum punya penugasan" in home(UserFactory())

    def test_an_ended_posting_is_none(self, home, officer):
        Posting.objects.filter(user=officer).update(until=today(-1))
        assert "belum punya penugasan" in home(officer)


def test_whoever_is_not_signed_in_goes_to_the_sign_in_page(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/"
