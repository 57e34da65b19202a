"""Work while serving: impossible without each of its papers, with a sentence beside its field."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import AlreadyDone, Forbidden
from correspondence.models import Notice
from inmates.models import Restriction
from inmates.states import RegisterClass
from partners.states import AgreementKind, AgreementState
from placements.employment import PayBand, PlacementKind, PlacementState, ReferralState
from placements.models import FollowUp, Placement
from placements.services import work_release
from placements.services import work_release_checks as needs
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import SignedAgreementFactory, scan_file, today
from tests.factories.placements import EmployerFactory, consent_of, referral_of
from tests.placements.out_to_work import (
    agreed_with,
    goes_out,
    may_go_out,
    papers,
    partner_employer,
)
from tests.placements.work import refusal_of, released_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer(facility):
    return partner_employer(facility)


@pytest.fixture
def person(facility):
    return may_go_out(facility)


@pytest.fixture
def refused(person, facility, officer, employer):
    """What is said when papers are changed so."""

    def refused_with(**given):
        inmate = given.pop("inmate", person)
        said = {"inmate": inmate, "facility": facility, "by": officer}
        found = refusal_of(
            work_release.begin, **said, **papers(given.pop("employer", employer), **given)
        )
        assert not Placement.objects.exists()
        return found

    return refused_with


class TestBeginning:
    def test_with_all_its_papers(self, person, facility, officer, employer):
        work = goes_out(facility, officer, inmate=person, employer=employer)
        assert (work.kind, work.state) == (PlacementKind.WORK_RELEASE, PlacementState.RUNNING)
        assert work.weekdays == [1, 2, 3, 4, 5, 6, 7]
        for name in needs.SCANS:
            assert getattr(work, name).read() == b"%PDF-1.7 naskah"
        assert FollowUp.objects.filter(placement=work).exists()

    def test_the_gate_learns_of_it_without_a_name(self, person, facility, officer, employer):
        security = staff(facility, "security")
        goes_out(facility, officer, inmate=person, employer=employer, starts_on=today(3))
        notice = Notice.objects.get(recipient=security)
        assert (notice.kind, notice.due) == ("work_release_begun", today(3))
        assert person.name not in str(notice.data)

    def test_twice_is_once(self, person, facility, officer, employer):
        given = {"inmate": person, "employer": employer, "agreement": agreed_with(employer)}
        assert goes_out(facility, officer, **given) == goes_out(facility, officer, **given)

    def test_one_piece_of_work_at_a_time(self, person, facility, officer, employer, head):
        goes_out(facility, officer, inmate=person, employer=employer)
        with pytest.raises(AlreadyDone, match="Operator produksi, PT Mitra Uji"):
            goes_out(facility, head, inmate=person, employer=employer)

    @pytest.mark.parametrize("role", ["warden", "registrar", "security"])
    def test_not_by_others(self, role, facility):
        with pytest.raises(Forbidden):
            goes_out(facility, staff(facility, role))

    def test_by_an_accepted_referral(self, person, facility, agency, officer, employer):
        referral = referral_of(
            person, facility, agency, state=ReferralState.ACCEPTED, employer=employer
        )
        given = papers(employer)
        given.pop("employer")
        said = {"inmate": person, "facility": facility, "referral": referral, "by": officer}
        work = work_release.begin(**said, **given)
        referral.refresh_from_db()
        assert (work.employer, referral.is_placed) == (employer, True)

    def test_whom_an_employer_accepted_goes_by_that_referral(
        self, person, facility, agency, refused
    ):
        referral_of(
            person, facility, agency, state=ReferralState.ACCEPTED,
            employer=EmployerFactory(facility=facility),
        )  # fmt: skip
        assert "rujukan" in refused()["__all__"]


class TestPapers:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("decree_number", "  "),
            ("decree_on", None),
            ("decree_on", today(1)),
            ("decree_scan", None),
            ("family_guarantee", None),
            ("institution_guarantee", None),
            ("leaves_at", None),
            ("returns_at", None),
            ("returns_at", time(7)),
            ("returns_at", time(6, 59)),
            ("returns_at", time(16, 1)),
            ("weekdays", []),
            ("weekdays", [8]),
            ("pay_band", PayBand.BELOW),
            ("pay_band", PayBand.UNKNOWN),
            ("job", ""),
            ("decree_until", today(-6)),
            ("decree_until", today(-1)),
            ("starts_on", today(61)),
        ],
    )
    def test_each_that_is_missing_or_wrong_is_said_beside_its_field(self, field, value, refused):
        assert set(refused(**{field: value})) == {field}

    def test_a_decree_of_later_than_the_first_day(self, refused):
        assert set(refused(starts_on=today(-9))) == {"decree_on"}

    @pytest.mark.parametrize("name", needs.SCANS)
    def test_a_scan_is_judged_by_its_content(self, name, refused):
        said = refused(**{name: scan_file(b"MZ program", "surat.pdf")})
        assert said == {name: "surat.pdf bukan PDF, JPEG atau PNG."}

    def test_all_at_once_without_any(self, person, facility, officer):
        nothing = {
            **dict.fromkeys(("agreement", "decree_on", "decree_until", "leaves_at", "returns_at")),
            "decree_number": "",
            "weekdays": [],
            "pay_band": "unknown",
            "eligibility_note": "",
        }
        said = refusal_of(
            work_release.begin, inmate=person, facility=facility, by=officer, job="",
            starts_on=today(), **nothing,
        )  # fmt: skip
        assert set(said) == {
            *("job", "employer", "decree_number", "decree_on", "leaves_at", "returns_at"),
            *("weekdays", "pay_band", *needs.SCANS),
        }


class TestAgreement:
    def test_an_employer_who_is_no_partner(self, refused, facility):
        said = refused(
            employer=EmployerFactory(facility=facility),
            agreement=SignedAgreementFactory(facility=facility),
        )
        assert "belum dihubungkan" in said["employer"]

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"kind": AgreementKind.MOU}, "Nota Kesepahaman"),
            ({"starts_on": today(1)}, "tidak berlaku"),
            ({"ends_on": today(-1)}, "tidak berlaku"),
            ({"state": AgreementState.DRAFT}, "belum ditandatangani"),
            ({"state": "terminated", "terminated_on": today()}, "tidak berlaku"),
        ],
    )
    def test_one_that_does_not_hold(self, given, words, refused, employer):
        assert words in refused(agreement=agreed_with(employer, **given))["agreement"]

    def test_one_with_somebody_else(self, refused, facility):
        other = SignedAgreementFactory(facility=facility)
        assert "bukan dengan" in refused(agreement=other)["agreement"]

    def test_one_of_another_prison(self, refused, employer):
        other = SignedAgreementFactory(facility=FacilityFactory(), agency=employer.partner)
        assert "bukan dengan" in refused(agreement=other)["agreement"]

    def test_none_at_all(self, person, facility, officer, employer):
        said = {"inmate": person, "facility": facility, "by": officer}
        given = papers(employer) | {"agreement": None}
        assert set(refusal_of(work_release.begin, **said, **given)) == {"agreement"}

    def test_it_has_to_hold_on_the_first_day(self, refused, employer):
        agreement = agreed_with(employer, ends_on=today(5))
        assert set(refused(agreement=agreement, starts_on=today(6))) == {"agreement"}

    def test_on_its_last_day(self, person, facility, officer, employer):
        agreement = agreed_with(employer, ends_on=today())
        given = {"inmate": person, "employer": employer, "agreement": agreement}
        assert goes_out(facility, officer, **given).pk

    def test_the_one_that_continues_it_counts(self, employer):
        first = agreed_with(employer, ends_on=today(5))
        agreed_with(employer, starts_on=today(6), ends_on=today(90), renews=first)
        days = (today(5), today(6), today(90), today(91))
        assert [needs.holds(first, day) for day in days] == [True, True, True, False]


class TestPerson:
    def test_not_who_is_at_another_prison(self, refused):
        elsewhere = may_go_out(FacilityFactory())
        assert "ditempatkan di lapas ini" in refused(inmate=elsewhere)["__all__"]

    def test_not_who_is_free(self, facility, refused):
        free = released_from(facility)
        assert "ditempatkan di lapas ini" in refused(inmate=free)["__all__"]

    def test_not_before_the_stay(self, person, facility, refused):
        person.custodies.update(starts=today(-2))
        said = refused(starts_on=today(-3), decree_on=today(-5))
        assert "ditempatkan" in said["__all__"]

    def test_not_a_detainee(self, facility, refused):
        detained = may_go_out(facility, register_class=RegisterClass.A3)
        assert "register B" in refused(inmate=detained)["__all__"]

    @pytest.mark.parametrize("kind", ["discipline", "security", "unfit"])
    def test_nobody_under_a_restriction(self, kind, person, facility, refused):
        Restriction.objects.create(
            inmate=person, facility=facility, kind=kind, starts=today(2), until=today(9)
        )
        assert refused(starts_on=today(5))["__all__"].startswith("Ada pembatasan")

    def test_one_that_is_over_does_not_matter(self, person, facility, officer):
        Restriction.objects.create(
            inmate=person, facility=facility, kind="discipline", starts=today(-9), until=today(-1)
        )
        assert goes_out(facility, officer, inmate=person).pk

    def test_not_without_the_consent(self, facility, refused):
        inmate = inmate_at(facility, sentence={"one_half": today(-1)})
        consent_of(inmate, facility)  # to be referred: that is another purpose
        assert "Profil untuk pemberi kerja" in refused(inmate=inmate)["__all__"]

    def test_not_once_it_is_withdrawn_or_over(self, person, refused):
        person.consents.update(until=today(3))
        assert "persetujuan" in refused(starts_on=today(4))["__all__"]
        person.consents.update(until=None, withdrawn_on=today(), withdrawn_why="x")
        assert "persetujuan" in refused()["__all__"]


class TestEligibility:
    def test_a_day_of_sdp_refuses(self, facility, refused):
        early = may_go_out(facility, sentence={"one_half": today(4)})
        said = refused(inmate=early, starts_on=today(3), eligibility_note="Sudah sidang")
        assert said["starts_on"].startswith("1/2 masa pidana menurut SDP")

    def test_on_the_very_day(self, facility, officer):
        person = may_go_out(facility, sentence={"one_half": today(4)})
        assert goes_out(facility, officer, inmate=person, starts_on=today(4)).pk

    def test_a_computed_day_asks_only_for_a_word(self, facility, officer, refused):
        unknown = may_go_out(
            facility, sentence={"one_half": None, "detained_since": today(-30), "years": 4}
        )
        said = refused(inmate=unknown)
        assert set(said) == {"eligibility_note"}
        assert "menurut hitungan" in said["eligibility_note"]
        note = "Sidang TPP 12/2026"
        work = goes_out(facility, officer, inmate=unknown, eligibility_note=note)
        assert work.eligibility_note == note

    def test_without_any_dates(self, facility, refused):
        unknown = may_go_out(facility, sentence={"one_half": None, "detained_since": None})
        assert "menurut hitungan" not in refused(inmate=unknown)["eligibility_note"]


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


class TestHours:
    @given(leaves=minutes, returns=minutes)
    def test_back_the_same_day_and_within_the_hours(self, leaves, returns):
        out = timedelta(hours=leaves.hour, minutes=leaves.minute)
        back = timedelta(hours=returns.hour, minutes=returns.minute)
        is_well = timedelta() < back - out <= timedelta(hours=9)
        assert (needs.problems_of_hours(leaves, returns, [1]) == {}) == is_well

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
    @given(
        starts=st.integers(-3, 10), agreed=st.integers(-3, 20), decreed=st.integers(-5, 20),
        half=st.integers(-10, 10),
    )  # fmt: skip
    def test_papers_and_sentence_cover_every_day_from_the_first(
        self, starts, agreed, decreed, half, facility, officer
    ):
        with transaction.atomic():
            person = may_go_out(facility, sentence={"one_half": today(half)})
            employer = partner_employer(facility)
            agreement = agreed_with(employer, ends_on=today(agreed))
            given = {"inmate": person, "employer": employer, "agreement": agreement}
            given |= {"starts_on": today(starts), "decree_until": today(decreed)}
            last = max(starts, 0)
            fits = agreed >= last and decreed >= last and half <= starts
            if fits:
                assert goes_out(facility, officer, **given).pk
            else:
                assert refusal_of(goes_out, facility, officer, **given)
            transaction.set_rollback(True)
