"""Each choice of the people's list, in its address, and the CSV of exactly those rows."""

import csv
import io
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import AccessRecord
from inmates.models import AptitudeAssessment, Consent, Inmate, Restriction
from inmates.rules import age_on
from inmates.states import ConsentPurpose, RestrictionKind, Sex
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


def names(rows):
    return sorted(row.name for row in rows)


def listed(client, **query):
    answer = client.get("/inmates/", query)
    assert answer.status_code == 200
    return [row.record.name for row in answer.context["table"].rows]


def years_ago(years, days=0):
    return today(days) - relativedelta(years=years)


def leaving(day):
    return {"two_thirds": None, "expires": day}


def test_by_residence_the_region_of_the_ktp_before_the_city(login, facility, officer):
    facility.residence_code = "36.72"
    facility.save()
    inmate_at(facility, name="A KTP", domicile_code="36.72.01.1002", city="Kab. Serang")
    inmate_at(facility, name="B TEXT", city="KOTA CILEGON")
    inmate_at(facility, name="C MOVED", domicile_code="36.73.01", city="Kota Cilegon")
    inmate_at(facility, name="D UNKNOWN")
    client = login(officer)
    assert listed(client, resident="yes") == ["A KTP", "B TEXT"]
    assert listed(client, resident="no") == ["C MOVED", "D UNKNOWN"]
    facility.residence_code = ""
    facility.save()
    assert names(Inmate.objects.residents_of(facility)) == ["B TEXT", "C MOVED"]
    nowhere = FacilityFactory(city="", residence_code="")
    assert names(Inmate.objects.residents_of(nowhere)) == []


def test_the_box_finds_register_numbers_of_the_own_prison(login, facility, officer):
    CustodyFactory(facility=facility, register_number="B.I 77/2024", inmate__name="ANI")
    inmate_at(facility, name="BUDI")
    assert listed(login(officer), q="BI77/2024") == ["ANI"]


def test_by_the_class_of_the_open_custody(login, facility, officer):
    CustodyFactory(facility=facility, register_class="A.II", inmate__name="ANI")
    moved = inmate_at(facility, name="BUDI", register_class="B.IIa")
    CustodyFactory(inmate=moved, register_class="A.II", starts=today(-90), until=today(-60))
    CustodyFactory(inmate__name="ELSEWHERE", register_class="A.II")
    client = login(officer)
    assert listed(client, register_class="A.II") == ["ANI"]
    assert listed(client, register_class="B.IIa") == ["BUDI"]


def test_by_sex_age_and_education(login, facility, officer):
    inmate_at(facility, name="A", sex=Sex.FEMALE, birth_date=years_ago(30), education="SMK")
    inmate_at(facility, name="B", birth_date=years_ago(30, days=1), education="SD")
    inmate_at(facility, name="C", birth_date=None, education="")
    client = login(officer)
    assert listed(client, sex="P") == ["A"]
    assert listed(client, age_from=30) == ["A"]
    assert listed(client, age_to=29) == ["B"]
    assert listed(client, age_from=29, age_to=30) == ["A", "B"]
    assert listed(client, education="SD") == ["B"]
    assert listed(client, age_from="x") == []


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    born=st.dates(date(1950, 1, 1), date(2010, 12, 31)) | st.just(date(2000, 2, 29)),
    on=st.dates(date(2024, 1, 1), date(2032, 12, 31)) | st.sampled_from([date(2028, 2, 29)]),
)
def test_ages_are_those_that_pages_show(born, on):
    person = InmateFactory(birth_date=born)
    age = age_on(born, on)
    rows = Inmate.objects.filter(pk=person.pk)
    assert rows.aged(youngest=age, oldest=age, on=on).exists()
    assert not rows.aged(youngest=age + 1, on=on).exists()
    assert not rows.aged(oldest=age - 1, on=on).exists()
    person.delete()


def test_by_expected_release(login, facility, officer):
    in_three = today() + relativedelta(months=3)
    inmate_at(facility, name="A TODAY", sentence=leaving(today()))
    inmate_at(facility, name="B IN THREE", sentence=leaving(in_three))
    inmate_at(facility, name="C LATER", sentence=leaving(in_three + relativedelta(days=1)))
    inmate_at(facility, name="D PAST", sentence=leaving(today(-1)))
    inmate_at(facility, name="E NEVER SAID", sentence=leaving(None))
    client = login(officer)
    assert listed(client, release="3") == ["A TODAY", "B IN THREE"]
    assert listed(client, release="overdue") == ["D PAST"]
    assert listed(client, sort="expected_release") == [
        *("D PAST", "A TODAY", "B IN THREE", "C LATER", "E NEVER SAID")
    ]
    assert listed(client, sort="-expected_release")[-1] == "E NEVER SAID"


def test_those_whose_data_need_work(login, facility, officer):
    since = today(-800)
    stated = {
        "detained_since": since,
        "years": 3,
        "one_third": since + relativedelta(days=365),
        "one_half": since + relativedelta(days=548),
        "two_thirds": since + relativedelta(days=730),
        "expires": since + relativedelta(years=3),
    }
    done = inmate_at(facility, name="A DONE", nik_digest="x", sentence=stated)
    AptitudeAssessment.objects.create(
        inmate=done, facility=facility, assessed_on=today(), assessor="Asesor"
    )
    inmate_at(facility, name="B FOREIGN", is_foreigner=True, sentence=stated)
    wrong = stated | {"expires": since + relativedelta(years=4)}
    inmate_at(facility, name="C WRONG", nik_digest="y", sentence=wrong)
    undated = CustodyFactory(facility=facility, inmate__name="D UNDATED").inmate
    Restriction.objects.create(
        inmate=undated, facility=facility, kind=RestrictionKind.SECURITY, starts=today(-3)
    )
    Restriction.objects.create(
        inmate=done, facility=facility, kind=RestrictionKind.FIT, starts=today(-3)
    )
    client = login(officer)
    assert listed(client, found="no_nik") == ["D UNDATED"]
    assert listed(client, found="no_dates") == ["D UNDATED"]
    assert listed(client, found="dates_differ") == ["C WRONG"]
    assert listed(client, found="no_aptitude") == ["B FOREIGN", "C WRONG", "D UNDATED"]
    assert listed(client, found="restricted") == ["D UNDATED"]
    assert listed(client, found=["no_aptitude", "dates_differ"]) == ["C WRONG"]


def test_those_without_a_consent_in_force(login, facility, officer):
    given_, ended, withdrawn = (inmate_at(facility, name=name) for name in "ABC")
    inmate_at(facility, name="D")
    for person, fields in (
        (given_, {}),
        (ended, {"until": today(-1)}),
        (withdrawn, {"withdrawn_on": today()}),
    ):
        Consent.objects.create(
            inmate=person,
            facility=facility,
            purpose=ConsentPurpose.TRAINING,
            signed_on=today(-9),
            **fields,
        )
    client = login(officer)
    assert listed(client, consent="training") == ["B", "C", "D"]
    assert listed(client, consent="referral") == ["A", "B", "C", "D"]


def test_what_is_said_of_a_merged_record_is_said_of_the_person(facility):
    person = inmate_at(facility, name="A")
    merged = InmateFactory(merged_into=person)
    Restriction.objects.create(
        inmate=merged, facility=facility, kind=RestrictionKind.DISCIPLINE, starts=today(-3)
    )
    assert person in Inmate.objects.restricted()
    AptitudeAssessment.objects.create(
        inmate=merged, facility=facility, assessed_on=today(), assessor="Asesor"
    )
    assert person not in Inmate.objects.without_aptitude()


def test_levels_of_education_are_those_of_the_own_people(login, facility, officer):
    inmate_at(facility, education="SMK")
    inmate_at(FacilityFactory(), education="RAHASIA")
    assert "RAHASIA" not in login(officer).get("/inmates/").content.decode()


@pytest.mark.parametrize(
    "column",
    [
        *("name", "register_number", "register_class", "age", "education", "city"),
        *("is_resident", "expected_release"),
    ],
)
def test_every_column_sorts_both_ways(login, facility, officer, column):
    for name in "AB":
        inmate_at(facility, name=name)
    CustodyFactory(facility=facility, inmate__name="C", inmate__birth_date=None)
    client = login(officer)
    assert set(listed(client, sort=column)) == set(listed(client, sort=f"-{column}")) == set("ABC")


def rows_of(client, **query):
    answer = client.get("/inmates/", query | {"format": "csv"})
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_holds_the_filtered_rows_and_who_took_it_is_known(login, facility, officer):
    kept = inmate_at(facility, name="ANI", sentence=leaving(date(2150, 1, 2)), person_key="K9")
    inmate_at(facility, name="BUDI", sex=Sex.FEMALE)
    (row,) = rows_of(login(officer), sex="L")
    assert (row["Nama"], row["Perkiraan bebas"], row["Dasar perkiraan"]) == (
        *("ANI", "02/01/2150", "Bebas murni"),
    )
    assert "K9" in row.values()
    assert not {"Tanggal lahir", "NIK"} & set(row)
    record = AccessRecord.objects.get()
    assert (record.act, record.subjects) == ("export", [kept.public_id])


def test_the_csv_of_those_without_nik_has_what_disdukcapil_asks(login, facility, registrar):
    inmate_at(facility, name="ANI", birth_place="Serang", birth_date=date(1990, 5, 17))
    (row,) = rows_of(login(registrar), found="no_nik")
    assert {"Serang", "17/05/1990", "Laki-laki"} <= set(row.values())


def test_the_list_of_those_without_nik_says_what_to_do(login, facility, officer, registrar):
    person = inmate_at(facility, name="ANI")
    link = f"/inmates/{person.public_id}/nik/"
    shown = login(registrar).get("/inmates/?found=no_nik").content.decode()
    assert "Ajukan perekaman KTP-el" in shown
    assert link in shown
    assert link not in login(officer).get("/inmates/?found=no_nik").content.decode()
    assert link not in login(registrar).get("/inmates/").content.decode()


def test_a_list_on_which_everybody_has_a_nik_says_so(facility, registrar, login):
    inmate_at(facility, nik_digest="d" * 64, nik_last4="0001")
    page = login(registrar).get("/inmates/?found=no_nik").content.decode()
    assert "Tidak ada Warga Binaan tanpa NIK" in page
