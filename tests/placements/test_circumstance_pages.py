"""The inbox of changes and one change: who sees it, what it says, and the decision."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, User
from inmates.models import Circumstance, Consent
from inmates.services import consents
from inmates.services.circumstances import note
from inmates.states import CircumstanceKind
from placements.models import CircumstancePolicy
from placements.services import circumstances
from reports.waiting import waiting_for
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import confirmed_batch, enrolled
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(facility, agency):
    return enrolled(confirmed_batch(facility, agency, starts_on=today(-5), ends_on=today(30)))


@pytest.fixture
def change(enrolment, facility):
    """The clinic says unfit: by the national policy a post decides."""
    change = note(
        inmate=enrolment.inmate,
        facility_id=facility.pk,
        kind=CircumstanceKind.UNFIT,
        effective=today(),
        source="restriction",
        by=None,
    )
    circumstances.settle(circumstances=[change])
    change.refresh_from_db()
    return change


def asked(change, facility, old, new):
    """A changed release date that waits."""
    return Circumstance.objects.create(
        inmate=change.inmate,
        facility=facility,
        kind=CircumstanceKind.DATES,
        old=old,
        new=new,
        effective=today(),
        source="register",
    )


class TestInbox:
    def test_shows_what_is_open_and_who(self, change, officer, login):
        page = login(officer).get("/circumstances/")
        assert change.inmate.name in page.content.decode()
        assert AccessRecord.objects.filter(subjects__contains=[change.inmate.public_id]).exists()

    def test_decided_ones_stand_behind_the_filter(self, change, officer, login):
        circumstances.decide(circumstance=change, decision="kept", reason="Ringan", by=officer)
        client = login(officer)
        assert change.inmate.name not in client.get("/circumstances/").content.decode()
        for query in ("decision=kept", "decision=all", f"decision=all&since={today():%Y-%m-%d}"):
            assert change.inmate.name in client.get(f"/circumstances/?{query}").content.decode()
        later = client.get(f"/circumstances/?decision=all&since={today(1):%Y-%m-%d}")
        assert change.inmate.name not in later.content.decode()

    def test_as_csv_it_is_an_export(self, change, officer, login):
        answer = login(officer).get("/circumstances/?format=csv")
        assert change.inmate.name in b"".join(answer.streaming_content).decode()
        assert AccessRecord.objects.filter(act="export").exists()

    def test_another_prison_sees_nothing(self, change, outsider, login):
        client = login(outsider)
        assert change.inmate.name not in client.get("/circumstances/").content.decode()
        assert client.get(change.get_absolute_url()).status_code == 404

    def test_empty_it_says_so(self, officer, login):
        assert (
            "Tidak ada perubahan yang menunggu"
            in login(officer).get("/circumstances/").content.decode()
        )

    def test_the_home_of_the_officer_lists_it_without_a_name(self, change, officer):
        tasks = waiting_for(User.objects.get(pk=officer.pk)).tasks
        (task,) = [task for task in tasks if task.what == "Putuskan perubahan keadaan"]
        assert task.url == change.get_absolute_url()
        assert change.inmate.name not in task.about


class TestPage:
    def test_says_what_is_touched(self, change, enrolment, officer, login):
        text = login(officer).get(change.get_absolute_url()).content.decode()
        assert enrolment.participant_code in text
        assert enrolment.batch.name in text

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("2027-03-01", "2027-02-01", "28 hari lebih cepat"),
            ("2027-03-01", "2027-03-31", "30 hari lebih lambat"),
            ("2027-03-01", "2027-03-01", "1 Maret 2027"),
            ("", "2027-03-01", "1 Maret 2027"),
        ],
    )
    def test_writes_dates_out_with_the_difference(
        self, change, facility, officer, login, old, new, words
    ):
        page = login(officer).get(asked(change, facility, old, new).get_absolute_url())
        assert words in page.content.decode()

    @pytest.mark.parametrize(
        ("kind", "old", "new", "words"),
        [
            ("discipline", "", "2027-03-01", "Sampai"),
            ("lifted", "security", "", "Catatan keamanan"),
            ("consent", "", "training", "Pelatihan bersama instansi"),
            ("register", "B.I", "A.III", "A.III tahanan pengadilan negeri"),
        ],
    )
    def test_says_each_kind_in_its_own_words(self, change, officer, login, kind, old, new, words):
        Circumstance.objects.filter(pk=change.pk).update(kind=kind, old=old, new=new)
        assert words in login(officer).get(change.get_absolute_url()).content.decode()

    def test_a_decision_is_made_there(self, change, enrolment, officer, login):
        address = reverse("placements:circumstance-decide", args=[change.public_id])
        answer = login(officer).post(address, {"decision": "suspended", "reason": "Istirahat"})
        assert answer.status_code == 302
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.SUSPENDED

    def test_without_a_reason_it_comes_back(self, change, officer, login):
        address = reverse("placements:circumstance-decide", args=[change.public_id])
        answer = login(officer).post(address, {"decision": "suspended", "reason": ""})
        assert answer.status_code == 422
        assert "Yang terpengaruh" in answer.content.decode()

    def test_the_head_takes_a_decision_back(self, change, enrolment, head, login):
        circumstances.decide(circumstance=change, decision="suspended", reason="X", by=head)
        client = login(head)
        assert "Keputusan keliru?" in client.get(change.get_absolute_url()).content.decode()
        address = reverse("placements:circumstance-undo", args=[change.public_id])
        assert client.post(address, {"reason": "Salah orang"}).status_code == 302
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_whoever_may_not_decide_gets_no_form(self, change, registrar, login):
        assert (
            "Simpan keputusan"
            not in login(registrar).get(change.get_absolute_url()).content.decode()
        )


class TestRoster:
    """A consent that was taken back counts at once, before any worker has looked."""

    @pytest.fixture
    def roster(self, enrolment, login, liaison):
        address = reverse("training:participant-list", args=[enrolment.batch.public_id])
        enrolment.batch.proposals.create(
            facility=enrolment.facility,
            agency=enrolment.agency,
            seats=12,
            starts_on=today(-5),
            ends_on=today(30),
            respond_by=today(),
            side="prison",
            round=1,
        )
        client = login(liaison)
        return lambda: client.get(address).content.decode()

    @pytest.fixture
    def consent(self, enrolment, facility):
        return Consent.objects.create(
            inmate=enrolment.inmate,
            facility=facility,
            purpose="training",
            signed_on=today(-20),
            scan="consents/uji.pdf",
        )

    def withdraw(self, consent, officer):
        consents.withdraw(consent=consent, on=today(), why="Tidak mau lagi", by=officer)

    def test_only_the_code_is_left(self, enrolment, consent, officer, roster):
        person = enrolment.inmate
        assert person.name in roster()
        self.withdraw(consent, officer)
        text = roster()
        assert enrolment.participant_code in text
        assert "persetujuan ditarik" in text
        for hidden in (person.name, person.get_sex_display(), person.education):
            assert f"<td>{hidden}</td>" not in text
            assert hidden == person.education or hidden not in text
        last = AccessRecord.objects.order_by("pk").last()
        assert "participants" in last.path
        assert AccessRecord.objects.filter(subjects__contains=[person.public_id]).count() == 1

    def test_a_new_consent_shows_them_again(self, enrolment, consent, officer, facility, roster):
        self.withdraw(consent, officer)
        Consent.objects.create(
            inmate=enrolment.inmate,
            facility=facility,
            purpose="training",
            signed_on=today(),
            scan="consents/uji2.pdf",
        )
        assert enrolment.inmate.name in roster()

    def test_another_purpose_is_no_matter(self, enrolment, consent, officer, roster):
        Consent.objects.filter(pk=consent.pk).update(purpose="follow_up")
        consent.refresh_from_db()
        self.withdraw(consent, officer)
        assert enrolment.inmate.name in roster()

    def test_a_consent_on_the_record_it_was_merged_into_counts(
        self, enrolment, consent, officer, facility, roster
    ):
        kept = inmate_at(facility)
        person = enrolment.inmate
        person.merged_into = kept
        person.save(update_fields=["merged_into"])
        Consent.objects.filter(pk=consent.pk).update(inmate=kept)
        consent.refresh_from_db()
        self.withdraw(consent, officer)
        assert person.name not in roster()


class TestPolicyAdmin:
    @pytest.fixture
    def admin(self, facility, client):
        user = staff(facility, "head", is_staff=True, is_superuser=True)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    def edit(self, admin, kind, effect):
        row = CircumstancePolicy.objects.get(facility=None, kind=kind)
        address = reverse("admin:placements_circumstancepolicy_change", args=[row.pk])
        return admin.post(address, {"effect": effect}), row

    def test_is_edited(self, admin):
        answer, row = self.edit(admin, "unfit", "suspend")
        row.refresh_from_db()
        assert (answer.status_code, row.effect) == (302, "suspend")

    @pytest.mark.parametrize(
        ("kind", "effect", "words"),
        [
            ("released", "ask", "tidak bisa melanjutkan"),
            ("lifted", "end", "tidak menghentikan siapa pun"),
        ],
    )
    def test_what_makes_no_sense_is_said_in_words(self, admin, kind, effect, words):
        answer, _row = self.edit(admin, kind, effect)
        assert answer.status_code == 200
        assert words in answer.content.decode()

    def test_a_prison_may_have_its_own_row_and_lose_it(self, admin, facility):
        added = admin.post(
            reverse("admin:placements_circumstancepolicy_add"),
            {"facility": facility.pk, "kind": "discipline", "effect": "ask"},
        )
        assert added.status_code == 302
        own = CircumstancePolicy.objects.get(facility=facility)
        gone = reverse("admin:placements_circumstancepolicy_delete", args=[own.pk])
        assert admin.post(gone, {"post": "yes"}).status_code == 302
        assert not CircumstancePolicy.objects.filter(pk=own.pk).exists()

    def test_the_national_row_stays(self, admin):
        row = CircumstancePolicy.objects.get(facility=None, kind="unfit")
        gone = reverse("admin:placements_circumstancepolicy_delete", args=[row.pk])
        assert admin.post(gone, {"post": "yes"}).status_code == 403

    def test_circumstances_are_read_only_there(self, admin, change):
        address = reverse("admin:inmates_circumstance_change", args=[change.pk])
        assert change.inmate.name in admin.get(address).content.decode()
        assert admin.post(address, {"reason": "x"}).status_code == 403
