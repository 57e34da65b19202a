"""Regions by what people type: a code, a full name, a short one."""

import pytest

from inmates import regions
from inmates.models import Inmate
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("cilegon", ["36.72"]),
        ("Kota Cilegon, Banten", ["36.72"]),
        ("kab. serang", ["36.04"]),
        ("Serang", ["36.04", "36.73"]),
        ("Banten", ["36"]),
        ("DKI Jakarta", ["31"]),
        ("Kec. Cibeber, Kota Cilegon", ["36.72.01"]),
        ("Cibeber, Banten", ["36.02.19", "36.72.01"]),
        ("Purwakarta", ["32.14"]),  # a regency goes before the districts of its name
        ("Negeri Antah", []),
        ("", []),
        (",,", []),
    ],
)
def test_what_a_name_may_mean(typed, codes):
    assert regions.named(typed) == codes


@pytest.mark.parametrize("typed", ["36.72.01", "367201", " Cibeber, Kota Cilegon "])
def test_one_region_is_meant(typed):
    assert regions.code_meant(typed) == "36.72.01"


@pytest.mark.parametrize(("typed", "said"), [("Serang", "Kota Serang"), ("99.99", "tidak dikenal")])
def test_several_or_none_are_told(typed, said):
    with pytest.raises(regions.Unclear, match=said):
        regions.code_meant(typed)


def test_a_list_names_a_place_without_its_province():
    assert regions.place_of("36.72.01") == "Cibeber, Kota Cilegon"
    assert regions.place_of("36") == "Banten"
    assert regions.place_of("99.99") == "99.99"


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "city"), [("36.72", "Cilegon"), ("", "Cilegon"), ("", "")])
def test_a_list_and_a_page_say_the_same_of_who_is_from_the_city(code, city):
    place = FacilityFactory(residence_code=code, city=city)
    for domicile in ("36.72.01.1002", "36.04", ""):
        for said in ("Kota CILEGON", "Serang", ""):
            InmateFactory(domicile_code=domicile, city=said)

    for person in Inmate.objects.for_list(place):
        said = regions.is_of(code, city, domicile_code=person.domicile_code, said=person.city)
        assert bool(said) is person.is_resident
