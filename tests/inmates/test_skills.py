"""Skills and assessments: who writes them down, what is checked, how a wrong one goes."""

import pytest

from accounts.history import timeline_of
from accounts.refusals import Forbidden, NotAllowed
from inmates.models import AptitudeAssessment, SkillProfile
from inmates.services import skills
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def inmate(facility):
    return inmate_at(facility)


def found(**fields):
    return {
        "assessed_on": today(),
        "assessor": "Psikolog Uji",
        "scores": {"Teknik": 80},
        "recommended": ["Las"],
        "recommendation": "Cocok untuk las",
        **fields,
    }


class TestProfile:
    def test_it_is_written_once_and_then_replaced(self, inmate, officer):
        skills.describe(inmate=inmate, interests=["Las", " Las ", "Boga"], by=officer)
        profile = skills.describe(
            inmate=inmate, interests=["Las"], languages=["Jawa"], earlier_work="Tukang", by=officer
        )
        assert SkillProfile.objects.count() == 1
        assert (profile.interests, profile.languages) == (["Las"], ["Jawa"])
        assert profile.earlier_work == "Tukang"

    def test_the_same_again_changes_nothing(self, inmate, officer):
        for _twice in range(2):
            profile = skills.describe(inmate=inmate, interests=["Las", "Las"], by=officer)
        assert profile.interests == ["Las"]
        assert profile.events.count() == 1

    def test_a_name_that_is_too_long_is_said_in_words(self, inmate, officer):
        with pytest.raises(NotAllowed) as refused:
            skills.describe(inmate=inmate, languages=["x" * 41], by=officer)
        assert "languages" in refused.value.error_dict

    def test_others_may_not(self, inmate, warden, registrar):
        for user in (warden, registrar, staff(FacilityFactory(), "officer")):
            with pytest.raises(Forbidden):
                skills.describe(inmate=inmate, by=user)

    def test_after_release_nothing_is_written(self, facility, officer):
        gone = InmateFactory()
        CustodyFactory(inmate=gone, facility=facility, until=today(-1))
        with pytest.raises(NotAllowed):
            skills.describe(inmate=gone, by=officer)


class TestAssessment:
    def test_it_is_recorded_at_the_prison_of_the_person(self, inmate, facility, officer):
        assessment = skills.assess(inmate=inmate, by=officer, **found())
        assert assessment.facility == facility
        assert assessment.scores == {"Teknik": 80}

    def test_a_double_click_records_one(self, inmate, officer):
        for _twice in range(2):
            skills.assess(inmate=inmate, by=officer, **found())
        assert AptitudeAssessment.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"assessed_on": today(1)}, "assessed_on"),
            ({"assessor": "  "}, "assessor"),
            ({"scores": {"Teknik": 101}}, "scores"),
            ({"scores": {"Teknik": -1}}, "scores"),
            ({"scores": {"Teknik": None}}, "scores"),
            ({"scores": {}, "recommended": [], "recommendation": ""}, "recommendation"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, inmate, officer, wrong, field):
        with pytest.raises(NotAllowed) as refused:
            skills.assess(inmate=inmate, by=officer, **found(**wrong))
        assert set(refused.value.error_dict) == {field}
        assert not AptitudeAssessment.objects.exists()

    def test_a_wrong_one_is_corrected_with_a_reason(self, inmate, officer):
        assessment = skills.assess(inmate=inmate, by=officer, **found())
        with pytest.raises(NotAllowed):
            skills.correct(
                assessment=assessment, reason="", by=officer, **found(scores={"Teknik": 70})
            )
        skills.correct(
            assessment=assessment, reason="Salah ketik", by=officer, **found(scores={"Teknik": 70})
        )
        assessment.refresh_from_db()
        assert assessment.scores == {"Teknik": 70}
        entries = timeline_of(AptitudeAssessment, assessment.events.all(), officer)
        assert entries[0].why == "Salah ketik"

    def test_one_of_somebody_else_is_removed_and_the_history_says_why(self, inmate, officer):
        assessment = skills.assess(inmate=inmate, by=officer, **found())
        with pytest.raises(NotAllowed):
            skills.remove(assessment=assessment, reason=" ", by=officer)
        skills.remove(assessment=assessment, reason="Orang lain", by=officer)
        assert not AptitudeAssessment.objects.exists()
        events = AptitudeAssessment.pgh_event_model.objects.filter(inmate_id=inmate.pk)
        entries = timeline_of(AptitudeAssessment, events, officer)
        assert (entries[0].what, entries[0].why) == ("Dihapus", "Orang lain")

    def test_removed_twice_is_said_in_words(self, inmate, officer):
        assessment = skills.assess(inmate=inmate, by=officer, **found())
        same = AptitudeAssessment.objects.get()
        skills.remove(assessment=assessment, reason="Ganda", by=officer)
        with pytest.raises(NotAllowed, match="sudah dihapus"):
            skills.remove(assessment=same, reason="Ganda", by=officer)

    def test_others_may_not(self, inmate, officer, warden):
        assessment = skills.assess(inmate=inmate, by=officer, **found())
        outsider = staff(FacilityFactory(), "officer")
        for user in (warden, outsider):
            with pytest.raises(Forbidden):
                skills.assess(inmate=inmate, by=user, **found())
            with pytest.raises(Forbidden):
                skills.correct(assessment=assessment, reason="x", by=user, **found())
            with pytest.raises(Forbidden):
                skills.remove(assessment=assessment, reason="x", by=user)
