"""The CV: written in a person's own words, approved by them, and what an employer reads of it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.services import verifications
from inmates.models import SkillProfile
from inmates.states import ConsentPurpose
from placements.employment import CVPart
from placements.models import CurriculumVitae
from placements.services import branding, consents, cv_paper
from placements.services import cv as service
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import merged_pair
from tests.factories.partners import today
from tests.factories.placements import consent_of
from tests.factories.planted import seal
from tests.factories.planted_words import KEY, NAME, NIK, REGISTER
from tests.factories.results import certificate_of, finished_batch
from tests.factories.work import cv_of, leaving
from training.models import Assessment, Enrolment
from training.states import EnrolmentState
from training.teaching import AssessmentKind, CertificateKind, CertificateState

WORDS = {
    "summary": "Saya teliti dan cepat belajar.",
    "experience": "Penjahit di konveksi, 2015-2018\n\nPedagang",
    "abilities": "Menjahit dengan mesin industri",
    "wishes": "Penjahit di pabrik garmen",
    "phone": "0812-3456-7890 (Ibu Ani)",
    "email": "ani@contoh.test",
    "shares": CVPart.values,
}


class TestBranding:
    @pytest.mark.parametrize(
        "text",
        [
            *("di Lapas Cilegon", "dilapas", "LAPASNYA", "bekas narapidana", "warga\n binaan"),
            *("pernah dipenjara", "terpidana", "I was in prison", "an ex-offender", "nomor WBP"),
            *("la\u200bpas", "\uff2c\uff21\uff30\uff21\uff33", "NIK 3672015508900002"),
            *("3672 0155 0890 0002", "Kanwil Kemenimipas"),
        ],
    )
    def test_what_names_prison_or_conviction_is_found(self, text):
        assert branding.problem_of(text)
        assert branding.neutral(text) == ""

    @pytest.mark.parametrize(
        "text",
        [
            *("menurut urutan kerja", "pertahanan", "lepas pantai", "0812-3456-7890", "kelas 3"),
            *("2015-2018 2019-2021", "masyarakat", "lpk", "butuh kepastian", ""),
        ],
    )
    def test_other_words_are_left_alone(self, text):
        assert branding.problem_of(text) is None
        assert branding.neutral(text) == text

    @given(
        word=st.sampled_from(["lapas", "penjara", "narapidana", "warga binaan", "prison"]),
        before=st.text("abc .,\n", max_size=5).map(lambda text: f"{text} "),
        behind=st.text("abc .,\n", max_size=5).map(lambda text: f" {text}"),
        upper=st.booleans(),
    )
    def test_wherever_a_word_stands(self, word, before, behind, upper):
        text = f"{before}{word.upper() if upper else word}{behind}"
        assert branding.problem_of(text)


@pytest.fixture
def inmate(facility):
    person = leaving(facility, name=NAME, person_key=KEY, return_city="Kota Cilegon")
    seal(person)
    person.save()
    person.custodies.update(register_number=REGISTER)
    return person


def write(inmate, by, **changed):
    return service.write(inmate=inmate, language="id", by=by, **(WORDS | changed))


@pytest.mark.django_db
class TestWrite:
    def test_it_is_kept_as_the_person_says(self, inmate, officer, facility):
        cv = write(inmate, officer, summary="  Saya teliti. \r\n ", shares=["skills", "age"])
        assert (cv.summary, cv.shares) == ("Saya teliti.", ["age", "skills"])
        assert (cv.written_by, cv.facility, cv.approved_on) == (officer, facility, None)

    def test_one_text_a_language(self, inmate, officer):
        write(inmate, officer)
        service.write(inmate=inmate, language="en", by=officer, summary="I am careful.")
        write(inmate, officer, wishes="Apa saja")
        assert CurriculumVitae.objects.count() == 2

    @pytest.mark.parametrize("changed", [{"wishes": "Apa saja"}, {"shares": ["age"]}])
    def test_a_change_asks_the_person_again(self, inmate, officer, changed):
        service.approve(cv=write(inmate, officer), on=today(), by=officer)
        assert write(inmate, officer, **changed).approved_on is None

    def test_the_same_again_changes_nothing(self, inmate, officer, head):
        service.approve(cv=write(inmate, officer), on=today(), by=officer)
        assert write(inmate, head).approved_on == today()

    def test_what_another_wrote_meanwhile_is_not_lost(self, inmate, officer, head):
        seen = service.version_of(write(inmate, officer))
        write(inmate, head, wishes="Apa saja", seen=seen)
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            write(inmate, officer, wishes="Penjahit", seen=seen)

    def test_two_first_texts_do_not_overwrite_each_other(self, inmate, officer, head):
        seen = service.version_of(None)
        write(inmate, head, seen=seen)
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            write(inmate, officer, wishes="Penjahit", seen=seen)

    @pytest.mark.parametrize("field", ["summary", "experience", "abilities", "wishes", "phone"])
    @pytest.mark.parametrize("text", ["di lapas", NIK, REGISTER, KEY.lower()])
    def test_what_must_not_go_out_stands_beside_its_field(self, inmate, officer, field, text):
        with pytest.raises(NotAllowed) as refusal:
            write(inmate, officer, **{field: f"Kerja {text} dulu"})
        assert set(refusal.value.error_dict) == {field}

    def test_the_address_names_no_prison_either(self, inmate, officer):
        with pytest.raises(NotAllowed) as refusal:
            write(inmate, officer, email="giatja@lapas-cilegon.test")
        assert set(refusal.value.error_dict) == {"email"}

    def test_there_is_something_to_say(self, inmate, officer):
        with pytest.raises(NotAllowed) as refusal:
            write(inmate, officer, summary="", experience="", abilities=" ")
        assert set(refusal.value.error_dict) == {"summary"}

    def test_who_shares_a_contact_gives_one(self, inmate, officer):
        with pytest.raises(NotAllowed) as refusal:
            write(inmate, officer, phone="", email="")
        assert set(refusal.value.error_dict) == {"phone"}
        assert write(inmate, officer, phone="", email="", shares=["age"])

    def test_only_by_who_keeps_readiness(self, inmate, warden, registrar, liaison):
        for by in (warden, registrar, liaison, staff(FacilityFactory(), "officer")):
            with pytest.raises(Forbidden):
                write(inmate, by)


@pytest.mark.django_db
class TestApprove:
    def test_the_person_has_read_it(self, inmate, officer):
        cv = service.approve(cv=write(inmate, officer), on=today(), by=officer)
        assert (cv.approved_on, cv.approved_by) == (today(), officer)
        assert service.approve(cv=cv, on=today(), by=officer) == cv

    def test_another_learns_when(self, inmate, officer, head):
        cv = service.approve(cv=write(inmate, officer), on=today(), by=officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            service.approve(cv=cv, on=today(), by=head)

    def test_not_a_text_that_was_changed_since_they_read_it(self, inmate, officer, head):
        cv = write(inmate, officer)
        seen = service.version_of(cv)
        write(inmate, head, wishes="Apa saja")
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            service.approve(cv=cv, on=today(), by=officer, seen=seen)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_not_before_it_was_written_and_not_in_the_future(self, inmate, officer, days):
        with pytest.raises(NotAllowed) as refusal:
            service.approve(cv=write(inmate, officer), on=today(days), by=officer)
        assert set(refusal.value.error_dict) == {"on"}

    def test_not_once_a_word_is_not_wanted_any_more(self, settings, inmate, officer):
        cv = write(inmate, officer)
        settings.CONVICTION_WORDS = ["konveksi"]
        with pytest.raises(NotAllowed, match="konveksi"):
            service.approve(cv=cv, on=today(), by=officer)

    def test_it_is_taken_away_with_a_reason(self, inmate, officer):
        cv = write(inmate, officer)
        with pytest.raises(NotAllowed):
            service.remove(cv=cv, reason=" ", by=officer)
        service.remove(cv=cv, reason="Tidak mau lagi", by=officer)
        assert not CurriculumVitae.objects.exists()
        with pytest.raises(NotAllowed):
            service.remove(cv=cv, reason="Tidak mau lagi", by=officer)


def text_of(content):
    reader = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.django_db
class TestPaper:
    @pytest.fixture
    def trained(self, facility, agency, inmate):
        """Two trainings, of which one came with a paper of the prison itself."""
        agency.name = "BLK Kota Cilegon"
        agency.save()
        _batch, (person,) = finished_batch(facility, agency, people=1)
        Enrolment.objects.filter(pk=person.pk).update(state=EnrolmentState.COMPLETED, inmate=inmate)
        person.refresh_from_db()
        return person

    def pdf(self, inmate, facility, **given):
        consent_of(inmate, facility, ConsentPurpose.PROFILE)
        cv = cv_of(inmate, facility, **given)
        return text_of(cv_paper.pdf(inmate, cv.language))

    def test_it_holds_what_the_person_says_and_shares(self, inmate, facility, trained):
        SkillProfile.objects.create(inmate=inmate, languages=["Sunda"])
        certificate_of(trained, number="560/11/2026")
        told = self.pdf(inmate, facility, wishes="Penjahit", email="ani@contoh.test")
        for text in (
            *("Zulaikhah Praningrum", "Saya teliti.", "Penjahit di konveksi", "Menjahit"),
            *("0812-3456-7890", "ani@contoh.test", "Kota Cilegon", "SMA", "Sunda"),
            *("BLK Kota Cilegon", trained.batch.course.name, "560/11/2026", "Sertifikat pelatihan"),
            f"{inmate.age} tahun",
        ):
            assert text in told

    def test_nothing_of_prison_offence_sentence_or_keys(self, inmate, facility, trained):
        facility.issuer_name = "LPK Lapas Cilegon"
        facility.save()
        trained.batch.agency.name = "Lapas Kelas IIA Cilegon"
        trained.batch.agency.save()
        certificate_of(trained, issuer="LPK Lapas Cilegon", number="W12.PAS.PAS1-77")
        inmate.return_city = "Rutan Serang"
        inmate.aliases, inmate.occupation = "SI NAPI", "Buruh lapas"
        inmate.save()
        SkillProfile.objects.create(inmate=inmate, languages=["Bahasa lapas"], note="vonis 4 tahun")
        told = self.pdf(inmate, facility).casefold()
        for text in (
            NIK,
            KEY,
            REGISTER,
            facility.name,
            "lapas",
            "rutan",
            "napi",
            "vonis",
            "W12.PAS",
        ):
            assert text.casefold() not in told
        assert not branding.problem_of(told)
        assert trained.batch.course.name.casefold() in told
        assert "penyelenggara pelatihan kerja cilegon" in told

    def test_the_office_is_told_what_was_left_out(self, inmate, facility):
        inmate.return_city = "Rutan Serang"
        inmate.save()
        assert cv_paper.gather(cv_of(inmate, facility)).left_out == ["Rutan Serang"]

    @pytest.mark.parametrize("part", CVPart)
    def test_a_part_that_is_not_shared_is_not_there(self, inmate, facility, trained, part):
        SkillProfile.objects.create(inmate=inmate, languages=["Sunda"])
        certificate_of(trained, number="560/11/2026")
        shown = {
            CVPart.AGE: "tahun",
            CVPart.DISTRICT: "Banten",
            CVPart.EDUCATION: "Pendidikan",
            CVPart.TRAINING: "560/11/2026",
            CVPart.SKILLS: "Sunda",
            CVPart.EXPERIENCE: "Penjahit di konveksi",
            CVPart.CONTACT: "0812-3456-7890",
        }
        inmate.return_city = "Kota Cilegon, Banten"
        inmate.save()
        others = [each for each in CVPart if each != part]
        told = self.pdf(inmate, facility, shares=others)
        assert shown[part] not in told
        assert all(shown[each] in told for each in others)

    def test_a_certificate_comes_with_the_way_to_check_it(self, inmate, facility, trained, head):
        check = verifications.write(
            kind="certificate_training", number="1", issued_on=today(), public={}, by=head
        )
        paper = certificate_of(trained, verification=check)
        address = verifications.address_of(check.code)
        consent_of(inmate, facility, ConsentPurpose.PROFILE)
        cv_of(inmate, facility)
        assert address.replace(" ", "") in text_of(cv_paper.pdf(inmate, "id")).replace(" ", "")
        verifications.revoke(verification=check)
        assert cv_paper.gather(cv_paper.of(inmate, "id")).trainings[0].papers[0].check is None
        assert paper.number in text_of(cv_paper.pdf(inmate, "id"))

    def test_only_papers_that_are_valid_today(self, inmate, facility, trained):
        certificate_of(trained, number="LAMA-1", issued_on=today(-30), valid_until=today(-1))
        certificate_of(
            trained,
            number="CABUT-1",
            kind=CertificateKind.COMPETENCY,
            scheme="Las",
            state=CertificateState.REVOKED,
            reason="Salah",
            entered_afterwards=True,
        )
        told = self.pdf(inmate, facility)
        assert "LAMA-1" not in told
        assert "CABUT-1" not in told

    def test_only_units_found_competent(self, inmate, facility, trained):
        units = [line.unit for line in trained.batch.course.units.order_by("position")]
        for unit, result in zip(units, ("K", "BK"), strict=True):
            Assessment.objects.create(
                facility=facility,
                agency=trained.agency,
                enrolment=trained,
                kind=AssessmentKind.COMPETENCY,
                unit=unit,
                result=result,
                assessed_on=today(-7),
            )
        told = self.pdf(inmate, facility)
        assert units[0].name in told
        assert units[1].name not in told

    def test_a_training_that_was_not_completed_is_not_there(self, inmate, facility, trained):
        Enrolment.objects.filter(pk=trained.pk).update(state=EnrolmentState.ENROLLED)
        assert trained.batch.course.name not in self.pdf(inmate, facility)

    def test_in_english(self, inmate, facility, trained):
        told = self.pdf(inmate, facility, language="en", summary="I am careful.")
        for text in ("I am careful.", "Work experience", "years old", "Senior secondary school"):
            assert text in told
        assert "Pengalaman" not in told

    def test_of_a_merged_record_too(self, facility):
        pair = merged_pair(facility)
        consent_of(pair.loser, facility, ConsentPurpose.PROFILE)
        cv_of(pair.loser, facility)
        assert pair.winner.name.title() in text_of(cv_paper.pdf(pair.winner, "id"))

    def test_nothing_without_consent_approval_or_text(self, inmate, facility):
        with pytest.raises(NotAllowed, match="belum ditulis"):
            cv_paper.pdf(inmate, "id")
        cv_of(inmate, facility, approved_on=None)
        with pytest.raises(NotAllowed, match="persetujuan") as refusal:
            cv_paper.pdf(inmate, "id")
        assert len(refusal.value.messages) == 2
        consent_of(inmate, facility, ConsentPurpose.REFERRAL)
        assert len(cv_paper.in_the_way(inmate, cv_paper.of(inmate, "id"))) == 2
        consent_of(inmate, facility, ConsentPurpose.PROFILE)
        with pytest.raises(NotAllowed, match="menyetujui"):
            cv_paper.pdf(inmate, "id")

    def test_a_consent_taken_back_ends_it_at_once(self, inmate, facility, officer):
        consent = consent_of(inmate, facility, ConsentPurpose.PROFILE)
        cv_of(inmate, facility)
        assert cv_paper.pdf(inmate, "id")
        consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=officer)
        with pytest.raises(NotAllowed, match="persetujuan"):
            cv_paper.pdf(inmate, "id")
