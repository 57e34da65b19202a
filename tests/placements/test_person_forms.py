"""What is written on a person's page: each form, what it says when refused, and the scans."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import AptitudeAssessment, Consent, Document, SkillProfile
from inmates.services import consents, documents, skills
from inmates.states import CustodyEnd
from tests.factories.inmates import inmate_at
from tests.factories.partners import scan_file, today
from tests.factories.training import CandidateFactory, TradeFactory, confirmed_batch, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def inmate(facility):
    inmate = inmate_at(facility, name="ANI", address="Jl. Lama 1")
    inmate.refresh_from_db()  # the prison comes from a trigger
    return inmate


@pytest.fixture
def consent(inmate, facility, officer):
    return consents.give(
        inmate=inmate,
        facility=facility,
        purpose="training",
        signed_on=today(-9),
        scan=scan_file(),
        by=officer,
    )


@pytest.fixture
def document(inmate, officer):
    return documents.note(
        inmate=inmate, kind="photo", seen_on=today(-9), scan=scan_file(), by=officer
    )


@pytest.fixture
def assessment(inmate, officer):
    return skills.assess(
        inmate=inmate,
        assessed_on=today(-9),
        assessor="Psikolog",
        scores={"Teknik": 80, "Seni": 0},
        recommended=["Kejuruan lama"],
        by=officer,
    )


def at(name, row):
    return reverse(f"placements:{name}", args=[row.public_id])


def sent(client, address, row, /, **typed):
    """Post the form and follow to the page it leads to: the answer, with its text as `page`."""
    answer = client.post(at(address, row), typed, follow=True)
    answer.page = answer.content.decode()
    return answer


class TestCorrect:
    def test_only_what_was_typed_differently_is_changed(self, login, registrar, inmate):
        client = login(registrar)
        form = client.get(at("person-correct", inmate)).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        typed |= {"birth_date": "1990-05-17", "is_foreigner": ""}
        typed |= {"address": "Jl. Baru 2", "reason": "KTP diperlihatkan"}
        answer = sent(client, "person-correct", inmate, **typed)
        assert "Data diri dibetulkan." in answer.page
        assert "KTP diperlihatkan" in answer.page
        inmate.refresh_from_db()
        assert (inmate.address, inmate.name, inmate.birth_date) == (
            *("Jl. Baru 2", "ANI"),
            date(1990, 5, 17),
        )

    def test_what_the_service_refuses_stands_beside_its_field(self, login, registrar, inmate):
        answer = sent(
            login(registrar),
            "person-correct",
            inmate,
            name="ANI",
            domicile_code="36.99",
            reason="KTP diperlihatkan",
        )
        assert answer.status_code == 422
        assert "domicile_code" in answer.context["form"].errors

    def test_a_nik_is_never_shown(self, login, registrar, inmate):
        sent(
            login(registrar),
            "person-correct",
            inmate,
            name="ANI",
            nik="3672015705900001",
            reason="KTP diperlihatkan",
        )
        inmate.refresh_from_db()
        assert inmate.nik_last4 == "0001"
        assert "367201" not in login(registrar).get(at("person-correct", inmate)).content.decode()


class TestSkills:
    def test_interests_are_picked_from_the_trades(self, login, officer, inmate):
        TradeFactory(name="Las")
        answer = sent(
            login(officer),
            "person-skills",
            inmate,
            interests=["Las"],
            languages="Indonesia,  Sunda,",
            earlier_work="Tukang",
        )
        assert "Keterampilan disimpan." in answer.page
        profile = SkillProfile.objects.get()
        assert (profile.interests, profile.languages) == (["Las"], ["Indonesia", "Sunda"])

    def test_a_trade_that_is_none_is_refused(self, login, officer, inmate):
        answer = sent(login(officer), "person-skills", inmate, interests=["Sihir"])
        assert answer.status_code == 422

    def test_a_trade_that_the_list_has_lost_may_stay(self, login, officer, inmate):
        SkillProfile.objects.create(inmate=inmate, interests=["Dulu"], languages=["Jawa"])
        page = login(officer).get(at("person-skills", inmate)).content.decode()
        assert 'value="Dulu"' in page
        assert 'value="Jawa"' in page


class TestAssessment:
    def test_names_and_scores_are_read_in_pairs(self, login, officer, inmate):
        answer = sent(
            login(officer),
            "person-assess",
            inmate,
            assessed_on=today().isoformat(),
            assessor="Psikolog",
            score_name_0="Teknik",
            score_0="0",
            score_name_3="Seni",
            score_3="100",
        )
        assert "Asesmen dicatat." in answer.page
        assert AptitudeAssessment.objects.get().scores == {"Teknik": 0, "Seni": 100}

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"score_name_0": "Teknik"}, "score_0"),
            ({"score_0": "50"}, "score_name_0"),
            ({"score_name_0": "Teknik", "score_0": "101"}, "score_0"),
            (
                {"score_name_0": "A", "score_0": "1", "score_name_1": "A", "score_1": "2"},
                "score_name_1",
            ),
        ],
    )
    def test_half_a_pair_is_said_at_its_field(self, login, officer, inmate, typed, field):
        answer = sent(
            login(officer),
            "person-assess",
            inmate,
            assessed_on=today().isoformat(),
            assessor="Psikolog",
            **typed,
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert not AptitudeAssessment.objects.exists()

    def test_a_wrong_one_is_opened_filled_and_corrected(self, login, officer, assessment):
        client = login(officer)
        form = client.get(at("assessment-correct", assessment)).context["form"]
        found = {form[f"score_name_{n}"].value(): form[f"score_{n}"].value() for n in range(2)}
        assert found == {"Teknik": 80, "Seni": 0}
        answer = sent(
            client,
            "assessment-correct",
            assessment,
            assessed_on=today(-9).isoformat(),
            assessor="Psikolog",
            score_name_0="Teknik",
            score_0="70",
            recommended=["Kejuruan lama"],
            reason="Salah ketik",
        )
        assert "Asesmen dibetulkan." in answer.page
        assessment.refresh_from_db()
        assert assessment.scores == {"Teknik": 70}
        assert "Salah ketik" in answer.page

    def test_one_is_removed_and_the_page_says_why(self, login, officer, assessment):
        answer = sent(login(officer), "assessment-remove", assessment, reason="Orang lain")
        assert "Asesmen dihapus." in answer.page
        assert "Alasan: Orang lain" in answer.page
        assert not AptitudeAssessment.objects.exists()


class TestConsent:
    def test_it_is_given_with_its_scan(self, login, officer, inmate):
        answer = sent(
            login(officer),
            "person-consent",
            inmate,
            purpose="referral",
            signed_on=today().isoformat(),
            scan=scan_file(),
        )
        assert "Persetujuan dicatat." in answer.page
        assert Consent.objects.get().purpose == "referral"

    def test_a_program_as_a_scan_is_said_at_its_field(self, login, officer, inmate):
        answer = sent(
            login(officer),
            "person-consent",
            inmate,
            purpose="referral",
            signed_on=today().isoformat(),
            scan=scan_file(b"MZ", "surat.pdf"),
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"scan"}

    def test_withdrawn_it_says_what_waits(self, login, facility, agency, officer, inmate, consent):
        enrolled(confirmed_batch(facility, agency), inmate)
        apart = {"starts_on": today(90), "ends_on": today(95)}
        CandidateFactory(batch=confirmed_batch(facility, agency, **apart), inmate=inmate)
        answer = sent(
            login(officer),
            "consent-withdraw",
            consent,
            on=today().isoformat(),
            why="Berubah pikiran",
        )
        said = "Persetujuan ditarik dan tidak berlaku lagi. 2 hal menunggu keputusan."
        assert said in answer.page
        assert not Consent.objects.in_force().exists()

    def test_withdrawn_with_nothing_on_it(self, login, officer, inmate, consent):
        answer = sent(
            login(officer), "consent-withdraw", consent, on=today().isoformat(), why="Tidak mau"
        )
        assert "Tidak ada yang terpengaruh." in answer.page

    def test_a_second_time_is_said_in_words(self, login, officer, registrar, consent):
        typed = {"on": today().isoformat(), "why": "Tidak mau"}
        sent(login(officer), "consent-withdraw", consent, **typed)
        answer = sent(login(registrar), "consent-withdraw", consent, **typed)
        assert answer.status_code == 422
        assert "sudah ditarik" in answer.page
        assert "Budi Petugas" in answer.page

    def test_after_release_it_is_withdrawn_from_the_page_of_the_past(
        self, login, officer, inmate, consent
    ):
        inmate.custodies.update(until=today(), ended_how=CustodyEnd.RELEASED)
        client = login(officer)
        assert (
            at("consent-withdraw", consent)
            in client.get(inmate.get_absolute_url()).content.decode()
        )
        answer = sent(client, "consent-withdraw", consent, on=today().isoformat(), why="Tidak mau")
        assert "ditarik" in answer.page


class TestDocument:
    def test_it_is_noted_and_removed_with_a_reason(self, login, officer, inmate):
        client = login(officer)
        answer = sent(client, "person-document", inmate, kind="photo", seen_on=today().isoformat())
        assert "Dokumen dicatat." in answer.page
        answer = sent(client, "document-remove", Document.objects.get(), reason="Salah orang")
        assert "Dokumen dihapus." in answer.page
        assert not Document.objects.exists()


class TestScans:
    def test_they_come_as_a_file_and_leave_a_record(
        self, login, officer, inmate, consent, document
    ):
        client = login(officer)
        for name, row in (("consent-scan", consent), ("document-scan", document)):
            answer = client.get(at(name, row))
            assert b"".join(answer.streaming_content).startswith(b"%PDF")
            assert answer["Content-Disposition"].startswith("attachment;")
            assert "ANI" not in answer["Content-Disposition"]
        records = AccessRecord.objects.filter(act="export")
        assert [record.subjects for record in records] == [[inmate.public_id]] * 2

    def test_others_find_none(self, login, outsider, liaison, secretariat, consent, document):
        for user in (outsider, liaison, secretariat):
            client = login(user)
            for name, row in (("consent-scan", consent), ("document-scan", document)):
                assert client.get(at(name, row)).status_code == 404
        assert not AccessRecord.objects.exists()

    def test_a_paper_without_a_scan_has_none_to_send(self, login, officer, inmate):
        bare = documents.note(inmate=inmate, kind="diploma", seen_on=today(), by=officer)
        assert login(officer).get(at("document-scan", bare)).status_code == 404


def test_forms_are_on_record_and_closed_to_those_without_the_act(login, warden, officer, inmate):
    client = login(warden)
    for name in ("person-skills", "person-assess", "person-consent", "person-document"):
        assert client.get(at(name, inmate)).status_code == 403
    assert not AccessRecord.objects.exists()
    assert login(officer).get(at("person-skills", inmate)).status_code == 200
    assert AccessRecord.objects.get().subjects == [inmate.public_id]


def test_after_release_nothing_more_is_written(login, officer, inmate):
    inmate.custodies.update(until=today(), ended_how=CustodyEnd.RELEASED)
    for name in ("person-skills", "person-assess", "person-document"):
        assert login(officer).get(at(name, inmate)).status_code == 403


def test_after_release_they_may_still_agree_to_be_asked(login, officer, inmate):
    inmate.custodies.update(until=today(), ended_how=CustodyEnd.RELEASED)
    client = login(officer)
    page = client.get(at("person-consent", inmate)).content.decode()
    assert "Pemantauan setelah bebas" in page
    assert "Rujukan kerja ke Disnaker" not in page
    sent = {"signed_on": today().isoformat(), "scan": scan_file()}
    assert (
        client.post(at("person-consent", inmate), {**sent, "purpose": "training"}).status_code
        == 422
    )
    answer = client.post(
        at("person-consent", inmate),
        {"signed_on": today().isoformat(), "scan": scan_file(), "purpose": "follow_up"},
    )
    assert answer.status_code == 302
    assert inmate.consents.get().purpose == "follow_up"


@pytest.mark.parametrize("how", [CustodyEnd.DIED, CustodyEnd.TRANSFERRED])
def test_whoever_left_otherwise_agrees_to_nothing(login, officer, inmate, how):
    inmate.custodies.update(until=today(), ended_how=how)
    assert login(officer).get(at("person-consent", inmate)).status_code == 403
