"""Correcting what is held on a person: who may, what is checked, what the history keeps."""

from datetime import date

import pytest

from accounts.history import timeline
from accounts.models import User
from accounts.refusals import Forbidden, NotAllowed
from inmates import nik, regions
from inmates.models import Inmate
from inmates.services import people
from tests.factories.accounts import FacilityFactory, PostingFactory, UserFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def inmate(facility):
    return inmate_at(facility, name="ANI", address="Jl. Lama 1", city="Serang")


def correct(inmate, by, reason="KTP diperlihatkan", **changes):
    return people.correct(inmate=inmate, changes=changes, reason=reason, by=by)


def problems(inmate, by, **changes):
    with pytest.raises(NotAllowed) as refused:
        correct(inmate, by, **changes)
    inmate.refresh_from_db()
    return refused.value.error_dict


def test_a_registrar_puts_right_name_and_address(inmate, registrar):
    corrected = correct(inmate, registrar, name="  Hj. ANI  SURYANI ", address="Jl. Baru 2")
    inmate.refresh_from_db()
    assert (inmate.name, inmate.search_name) == ("Hj. ANI SURYANI", "ani suryani")
    assert inmate.address == corrected.address == "Jl. Baru 2"


def test_the_history_says_who_why_and_which_fields_but_no_old_value(inmate, registrar, officer):
    correct(inmate, registrar, name="ANI BARU", address="Jl. Baru 2", city="Cilegon")
    entry = timeline(inmate, officer)[0]
    told = {change.label: change for change in entry.changes}
    assert entry.why == "KTP diperlihatkan"
    assert told["nama"].hidden
    assert told["alamat"].hidden
    assert (told["kota asal"].old, told["kota asal"].new) == ("Serang", "Cilegon")


def test_a_correction_of_the_address_alone_stands_in_the_history(inmate, registrar, officer):
    before = len(timeline(inmate, officer))
    correct(inmate, registrar, address="Jl. Baru 2")
    entries = timeline(inmate, officer)
    assert len(entries) == before + 1
    assert [change.label for change in entries[0].changes] == ["alamat"]


def test_the_same_again_is_no_correction(inmate, registrar, officer):
    before = len(timeline(inmate, officer))
    correct(inmate, registrar, name="ANI", city="Serang")
    assert len(timeline(inmate, officer)) == before


def test_a_correction_needs_a_reason(inmate, registrar):
    assert set(problems(inmate, registrar, reason=" ", name="BUDI")) == {"reason"}
    assert inmate.name == "ANI"


def test_only_the_registrar_of_the_prison_corrects(inmate, officer, head):
    for user in (officer, head, staff(FacilityFactory(), "registrar")):
        with pytest.raises(Forbidden):
            correct(inmate, user, name="BUDI")


def test_who_is_in_no_custody_is_not_corrected(facility, registrar):
    gone = InmateFactory()
    CustodyFactory(inmate=gone, facility=facility, until=date(2025, 1, 1))
    with pytest.raises(NotAllowed):
        correct(gone, registrar, name="BUDI")


def test_a_merged_record_stands_for_the_one_that_is_used(inmate, registrar):
    merged = InmateFactory(name="ANI SALAH", merged_into=inmate)
    assert correct(merged, registrar, name="ANI BENAR") == inmate
    merged.refresh_from_db()
    assert merged.name == "ANI SALAH"


@pytest.mark.parametrize("name", ["", "   ", "...", "-"])
def test_a_name_has_letters(inmate, registrar, name):
    assert "name" in problems(inmate, registrar, name=name)


@pytest.mark.parametrize("field", ["birth_date", "domicile_as_of"])
def test_a_day_that_has_not_come_is_refused(inmate, registrar, field):
    assert field in problems(inmate, registrar, **{field: today(1)})


def test_a_choice_that_is_none_is_refused(inmate, registrar):
    assert "sex" in problems(inmate, registrar, sex="X")


def test_what_is_no_register_data_of_a_person_cannot_be_changed_here(inmate, registrar):
    with pytest.raises(ValueError, match="person_key"):
        correct(inmate, registrar, person_key="1")


class TestDomicile:
    @pytest.mark.parametrize("typed", ["36.72.01", "367201", " 36.72.01 "])
    def test_a_code_is_written_with_dots_and_dated_today(self, inmate, registrar, typed):
        correct(inmate, registrar, domicile_code=typed)
        inmate.refresh_from_db()
        assert (inmate.domicile_code, inmate.domicile_as_of) == ("36.72.01", today())

    @pytest.mark.parametrize("typed", ["36.99", "3", "36.72.1", "abc", "36.72.01.1002.5"])
    def test_a_code_of_no_region_is_refused(self, inmate, registrar, typed):
        assert "domicile_code" in problems(inmate, registrar, domicile_code=typed)

    def test_without_a_code_there_is_no_day(self, inmate, registrar):
        correct(inmate, registrar, domicile_code="36.72", domicile_as_of=date(2026, 1, 1))
        correct(inmate, registrar, domicile_code="")
        inmate.refresh_from_db()
        assert (inmate.domicile_code, inmate.domicile_as_of) == ("", None)

    def test_a_code_is_shown_by_its_name(self):
        assert regions.name_of("36.72.01").startswith("Cibeber, Kota Cilegon")
        assert regions.name_of("36.72") == "Kota Cilegon, Banten"
        assert regions.name_of("99.99") == "99.99"


class TestNik:
    def test_a_missing_one_is_added_sealed(self, inmate, registrar, officer):
        correct(inmate, registrar, nik="3672011508900001")
        inmate.refresh_from_db()
        assert inmate.nik_last4 == "0001"
        assert inmate.nik_digest == nik.digest("3672011508900001")
        assert nik.reveal(inmate.nik_cipher) == "3672011508900001"
        assert "3672011508900001" not in str(timeline(inmate, officer)[0])

    def test_left_empty_it_stays(self, inmate, registrar):
        correct(inmate, registrar, nik="3672011508900001")
        correct(inmate, registrar, nik="")
        assert Inmate.objects.get(pk=inmate.pk).nik_last4 == "0001"

    @pytest.mark.parametrize("typed", ["123", "3672011508900000", "3672013208900001", "3.67E+15"])
    def test_what_cannot_be_one_is_refused(self, inmate, registrar, typed):
        assert "nik" in problems(inmate, registrar, nik=typed)


def test_held_for_a_reader_are_those_of_prisons_where_people_may_be_seen(facility, officer):
    held, elsewhere = inmate_at(facility), inmate_at(FacilityFactory())
    CustodyFactory(inmate=elsewhere, facility=facility, until=today(-9), ended_how="transferred")
    assert list(Inmate.objects.held_for(officer)) == [held]
    assert set(Inmate.objects.visible_to(officer)) == {held, elsewhere}


def test_where_a_reader_may_not_see_people_only_who_was_seen_before_is_held_for_them(facility):
    other = FacilityFactory()
    reader = staff(other, "secretariat")
    stranger, known = inmate_at(other), inmate_at(other)
    assert not Inmate.objects.held_for(reader).exists()
    PostingFactory(user=reader, facility=facility, role_id="officer")
    CustodyFactory(inmate=known, facility=facility, until=today(-9), ended_how="transferred")
    here = inmate_at(facility)
    reader = User.objects.get(pk=reader.pk)
    assert set(Inmate.objects.held_for(reader)) == {known, here}
    assert stranger not in Inmate.objects.visible_to(reader)


def test_nobody_is_held_for_a_liaison(facility, agency):
    inmate_at(facility)
    liaison = UserFactory(kind="liaison")
    assert not Inmate.objects.held_for(liaison).exists()
