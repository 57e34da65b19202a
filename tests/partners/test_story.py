"""The story of a relationship: in order, of one kind, in pages, and no more than one may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners import story
from partners.models import Agency, Extension, Review
from partners.services import action_items, agreements
from partners.states import AgreementState
from tests.factories.partners import (
    ActionItemFactory,
    AgreementFactory,
    EngagementFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.factories.training import BatchFactory, ConfirmedBatchFactory
from tests.partners.steps import body, sign
from tests.training.conftest import terms
from training.services import slots
from training.states import BatchState

pytestmark = pytest.mark.django_db


def events(agency, user, kind=""):
    return story.told(agency, user, list(story.days(agency, user, kind)))


def whats(agency, user, kind=""):
    return [event.what for event in events(agency, user, kind)]


class TestInOrder:
    def test_visits_promises_and_agreements_newest_first(self, facility, agency, officer, head):
        visit = EngagementFactory(facility=facility, agency=agency, held_on=today(-90))
        item = ActionItemFactory(engagement=visit)
        action_items.finish(item=item, by=officer)
        SignedAgreementFactory(facility=facility, agency=agency, signed_on=today(-200))

        told = events(agency, officer)

        assert [event.what for event in told] == [
            "Tindak lanjut selesai",
            "Kunjungan/audiensi",
            "Perjanjian ditandatangani",
        ]
        days = [event.day for event in told]
        assert days == sorted(days, reverse=True)
        assert [event.kind for event in told] == ["Tindak lanjut", "Kunjungan", "Perjanjian"]

    def test_every_step_of_an_agreement(self, facility, agency, officer, head):
        draft = agreements.draft(facility=facility, agency=agency, title="PKS Las", by=officer)
        agreements.send_for_review(agreement=draft, by=officer)
        agreements.mark_ready(agreement=draft, by=officer)
        sign(draft, head)

        assert set(whats(agency, officer, "agreement")) == {
            "Naskah perjanjian disusun",
            "Naskah dikirim untuk ditelaah",
            "Naskah siap ditandatangani",
            "Perjanjian ditandatangani",
        }

    def test_what_was_entered_afterwards_is_told_by_its_own_days(self, facility, agency, officer):
        first = SignedAgreementFactory(
            facility=facility,
            agency=agency,
            signed_on=today(-800),
            starts_on=today(-800),
            ends_on=today(-71),
        )
        SignedAgreementFactory(
            facility=facility,
            agency=agency,
            renews=first,
            signed_on=today(-75),
            starts_on=today(-70),
        )

        told = [(event.what, event.day) for event in events(agency, officer)]

        assert told == [
            ("Perjanjian berakhir", today(-71)),
            ("Perjanjian dilanjutkan", today(-75)),
            ("Perjanjian ditandatangani", today(-800)),
        ]

    def test_extended_reviewed_and_ended_early(self, facility, agency, officer):
        agreement = SignedAgreementFactory(
            facility=facility,
            agency=agency,
            state=AgreementState.TERMINATED,
            terminated_on=today(-3),
            reason="Pindah tempat",
        )
        Extension.objects.create(
            agreement=agreement,
            signed_on=today(-30),
            old_end=today(100),
            new_end=today(500),
            reason="Lanjut",
            scan=scan_file(),
        )
        Review.objects.create(
            agreement=agreement, due=today(-10), held_on=today(-10), result="Berjalan baik"
        )

        told = events(agency, officer)

        assert [(event.what, event.day) for event in told] == [
            ("Perjanjian dihentikan", today(-3)),
            ("Monev", today(-10)),
            ("Perjanjian diperpanjang", today(-30)),
            ("Perjanjian ditandatangani", today(-200)),
        ]
        assert told[0].note == "Pindah tempat"

    def test_rounds_and_batches(self, facility, agency, officer, liaison):
        agreement = SignedAgreementFactory(facility=facility, agency=agency)
        proposal = slots.propose(
            batch=BatchFactory(agreement=agreement), by=officer, **terms(seats=16)
        )
        slots.decline(proposal=proposal, reason="Alat dipakai", by=liaison)
        ConfirmedBatchFactory(
            agreement=agreement,
            state=BatchState.FINISHED,
            starts_on=today(-60),
            ends_on=today(-20),
        )

        assert whats(agency, officer, "slots") == ["Usulan 16 kursi: ditolak"]
        assert whats(agency, officer, "batch") == ["Pelatihan selesai", "Pelatihan dimulai"]


class TestWhoSeesWhat:
    def test_a_liaison_reads_no_visits_promises_or_drafts(
        self, facility, agency, officer, head, liaison
    ):
        visit = EngagementFactory(facility=facility, agency=agency)
        action_items.finish(item=ActionItemFactory(engagement=visit), by=officer)
        AgreementFactory(facility=facility, agency=agency, title="PKS Rahasia")
        agreement = agreements.draft(facility=facility, agency=agency, title="PKS Las", by=officer)
        agreements.send_for_review(agreement=agreement, by=officer)

        assert whats(agency, liaison) == ["Naskah dikirim untuk ditelaah"]

    def test_another_prison_reads_nothing_of_it(self, facility, agency, outsider):
        EngagementFactory(facility=facility, agency=agency)
        SignedAgreementFactory(facility=facility, agency=agency)

        assert whats(agency, outsider) == []


class TestTheSentences:
    def test_a_successor_reads_where_the_two_stand(self, facility, agency, officer):
        EngagementFactory(facility=facility, agency=agency, held_on=today(-900))
        visit = EngagementFactory(facility=facility, agency=agency, held_on=today(-4))
        ActionItemFactory(engagement=visit, due=today(-1))
        ActionItemFactory(engagement=visit, due=today(5))
        agreement = SignedAgreementFactory(facility=facility, agency=agency, title="PKS Las")
        ConfirmedBatchFactory(agreement=agreement, starts_on=today())
        slots.propose(batch=BatchFactory(agreement=agreement), by=officer, **terms())

        said = " ".join(story.sentences(agency, officer))
        ours, theirs = story.waiting(agency, officer)

        assert "2 kunjungan atau pertemuan tercatat" in said
        assert "PKS Las" in said
        assert f"Tahun {timezone.localdate().year}: 12 kursi dikonfirmasi, 0 terisi." in said
        assert ours == ["2 tindak lanjut (1 lewat batas)"]
        assert theirs == ["1 usulan kuota"]

    def test_a_new_partner_has_nothing_yet(self, agency, officer):
        assert story.sentences(agency, officer) == [
            "Belum ada kunjungan atau perjanjian yang tercatat.",
            "Belum ada perjanjian yang berlaku.",
        ]

    def test_an_ended_relationship_says_since_when(self, facility, agency, officer):
        SignedAgreementFactory(
            facility=facility,
            agency=agency,
            starts_on=today(-800),
            ends_on=today(-10),
        )

        assert "Tidak ada perjanjian yang berlaku" in story.sentences(agency, officer)[1]


class TestThePage:
    def test_it_is_filtered_by_kind_and_cut_into_pages(self, facility, agency, officer, login):
        for number in range(25):
            EngagementFactory(
                facility=facility,
                agency=agency,
                purpose=f"Rapat ke-{number}",
                held_on=today(-number),
            )
        SignedAgreementFactory(facility=facility, agency=agency, title="PKS Kayu")
        client = login(officer)
        address = agency.get_absolute_url()

        first = client.get(f"{address}?kind=visit").context["events"]
        second = client.get(f"{address}?kind=visit&page=2").context["events"]

        assert [event.about for event in first][:2] == ["Rapat ke-0", "Rapat ke-1"]
        assert (len(first), len(second)) == (20, 5)
        assert "PKS Kayu" not in {event.about for event in (*first, *second)}

    @pytest.mark.parametrize("query", ["?kind=lain", "?page=999", "?page=x", "?kind=%00"])
    def test_a_bad_query_is_no_error(self, agency, officer, login, query):
        assert login(officer).get(agency.get_absolute_url() + query).status_code == 200

    def test_the_liaison_reads_it_without_the_log(self, facility, agency, liaison, login):
        visit = EngagementFactory(facility=facility, agency=agency)
        SignedAgreementFactory(facility=facility, agency=agency, title="PKS Kayu")

        page = body(login(liaison).get(agency.get_absolute_url()))

        assert "PKS Kayu" in page
        assert visit.purpose not in page

    def test_the_liaison_is_offered_no_kind_that_is_never_there(
        self, agency, officer, liaison, login
    ):
        def kinds(user):
            page = login(user).get(agency.get_absolute_url())
            return {chapter.kind for chapter in page.context["kinds"]}

        assert kinds(officer) - kinds(liaison) == {"visit", "promise", "letter"}
        assert "agreement" in kinds(liaison)

    def test_the_liaison_sees_no_box_without_a_word_in_it(self, agency, liaison, login):
        client, address = login(liaison), agency.get_absolute_url()

        assert 'aria-labelledby="contact"' not in body(client.get(address))
        Agency.objects.filter(pk=agency.pk).update(phone="0254-1234")
        assert 'aria-labelledby="contact"' in body(client.get(address))

    def test_queries_do_not_grow_with_what_happened(self, facility, agency, officer, client):
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")

        def asked():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(agency.get_absolute_url()).status_code == 200
            return len(queries)

        def happen():
            visit = EngagementFactory(facility=facility, agency=agency)
            action_items.finish(item=ActionItemFactory(engagement=visit), by=officer)
            ActionItemFactory(engagement=visit)
            agreement = SignedAgreementFactory(facility=facility, agency=agency)
            ConfirmedBatchFactory(agreement=agreement, state=BatchState.FINISHED)
            proposal = slots.propose(batch=BatchFactory(agreement=agreement), by=officer, **terms())
            slots.withdraw(proposal=proposal, by=officer)

        happen()
        asked()
        once = asked()
        for _more in range(2):
            happen()
        assert asked() == once
