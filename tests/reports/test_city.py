"""The report to the city equals what plain SQL counts over drawn lives, and betrays nobody."""

import csv
import io

import pytest
from django.db import connection, transaction
from django.db.models import Q
from python_calamine import CalamineWorkbook

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Inmate
from reports import paths
from reports.models import CityEdition
from reports.paths import OF, Step
from reports.publishing import LEAST
from reports.services import city_editions
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.partners import PartnershipFactory, today
from tests.reports import lives
from tests.reports.test_dashboards import figures, linked, rows_in, text
from tests.reports.test_paths import RECOUNT
from training.models import Enrolment

pytestmark = pytest.mark.django_db

PAGE = "/reports/city/"
# Who took part and lives in the city, one row a participation; the groups are written apart.
OF_CITY = (
    RECOUNT.split("SELECT count(*) AS enrolled", 1)[0]
    + """, who AS (
  SELECT e.id, p.education, coalesce(p.birth_date, i.birth_date) AS born, i.sex, c.name AS course,
         replace(p.domicile_code, '.', '') AS code, p.city, f.city AS town,
         replace(f.residence_code, '.', '') AS region, b.starts_on AS began
    FROM training_enrolment e JOIN inmates_inmate i ON i.id = e.inmate_id
    JOIN inmates_inmate p ON p.id = coalesce(i.merged_into_id, i.id)
    JOIN accounts_facility f ON f.id = e.facility_id
    JOIN training_batch b ON b.id = e.batch_id JOIN training_course c ON c.id = b.course_id
), lives AS (
  SELECT went.*, CASE WHEN code ~ ('^' || region || '..') THEN substr(code, 5, 2) ELSE '' END
           AS district,
         CASE replace(education, ' ', '') WHEN 'SD' THEN 'SD sederajat'
           WHEN 'SMP' THEN 'SMP sederajat'
           WHEN 'SLTA/Sederajat' THEN 'SMA atau SMK sederajat' WHEN 'D3' THEN 'Diploma (D1–D3)'
           WHEN 'S-1' THEN 'Sarjana atau lebih' ELSE 'Tidak diketahui' END AS school,
         extract(year FROM age(began, born)) AS age, sex, course
    FROM went JOIN who USING (id)
   WHERE (CASE WHEN code <> '' THEN code LIKE region || '%%' ELSE city ILIKE '%%' || town || '%%'
          END) AND (%(year)s IS NULL OR extract(year FROM began) = %(year)s)
)
SELECT {by}, count(*) AS enrolled,
       count(*) FILTER (WHERE finished) AS finished,
       count(*) FILTER (WHERE finished AND certified IS NOT NULL) AS certified,
       count(*) FILTER (WHERE finished AND referred IS NOT NULL) AS referred,
       count(*) FILTER (WHERE finished AND placed IS NOT NULL) AS placed,
       count(*) FILTER (WHERE finished AND asked IS NOT NULL) AS due,
       count(*) FILTER (WHERE finished AND EXISTS (
         SELECT FROM unnest(asked) a WHERE a <> 'done not_reached'
            AND (a LIKE 'done %%' OR a = 'cancelled detained'))) AS reached,
       count(*) FILTER (WHERE finished AND EXISTS (SELECT FROM unnest(asked) a WHERE a IN (
         'done formal', 'done informal', 'done self_employed', 'done apprentice'))) AS working
  FROM lives GROUP BY 1
"""
)
DISTRICTS = "CASE district WHEN '01' THEN 'Cibeber' WHEN '02' THEN 'Cilegon' WHEN '08' THEN "
AGES = """CASE WHEN age < 18 THEN 'Di bawah 18 tahun' WHEN age < 26 THEN '18–25 tahun'
 WHEN age >= 56 THEN '56 tahun ke atas' ELSE 'Tidak diketahui' END"""
BY = {
    "district": f"{DISTRICTS} 'Citangkil' ELSE 'Tidak diketahui' END",
    "school": "school",
    "age": AGES,
    "sex": "CASE sex WHEN 'L' THEN 'Laki-laki' WHEN 'P' THEN 'Perempuan'"
    " ELSE 'Tidak diketahui' END",
    "course": "course",
}


@pytest.fixture(scope="module")
def lived(stage):
    places = []
    for code in ("36.72", "36.73"):
        facility = FacilityFactory(residence_code=code, city="Kota Uji")
        places.append((facility, PartnershipFactory(facility=facility).agency))
    for seed in (5, 6):
        lives.draw(seed, *places)
    # Enough of the first city for groups that may be told outside.
    here = Enrolment.objects.filter(facility=places[0][0])
    people = Inmate.objects.filter(Q(enrolments__in=here) | Q(merged__enrolments__in=here))
    for old, new in (("", "36.72.02"), ("36.04.01", "36.72.01")):
        moved = people.filter(domicile_code=old).values("pk")
        Inmate.objects.filter(pk__in=moved).update(domicile_code=new)
    return places[0][0]


@pytest.fixture(scope="module")
def officer(lived):
    return staff(lived, "officer")


def recount(facility, by, year=None):
    with connection.cursor() as cursor:
        cursor.execute(OF_CITY.replace("{by}", by), {"facility": facility.pk, "year": year})
        return {row[0]: row[1:] for row in cursor.fetchall()}


def grids(answer):
    """`{section: {label: numbers}}` of groups in which somebody is."""
    return {
        section.key: {
            label: tuple(bar.number for bar in cells)
            for label, cells in section.grid.rows
            if any(bar.number for bar in cells)
        }
        for section in answer.context["sections"]
        if section.grid
    }


@pytest.mark.parametrize("year", [None, today().year - 1])
def test_every_table_equals_a_recount(lived, officer, login, year):
    answer = login(officer).get(f"{PAGE}?year={year or ''}")
    found = grids(answer)
    for name, by in BY.items():
        assert found[name] == recount(lived, by, year), name
    (total,) = recount(lived, "''", year).values()
    shown = {label: number for label, (number, _whole) in figures(answer)["all"].items()}
    assert tuple(shown.values()) == total
    assert total[0] >= 5


@pytest.mark.parametrize("asked", ["?year=", "?year=&sex=unknown"])
def test_every_figure_lists_exactly_that_many_rows(lived, officer, login, asked):
    client = login(officer)
    found = [each for each in linked(text(client.get(PAGE + asked))) if each[1]]
    assert found
    for url, number in found[:: max(len(found) // 12, 1)]:
        assert rows_in(client.get(url)) == number, url


def test_of_two_prisons_each_by_itself(lived, login):
    other = FacilityFactory(residence_code="")
    user = staff(lived, "officer")
    alone = grids(login(user).get(f"{PAGE}?year="))
    PostingFactory(user=user, facility=other, role=user.postings.get().role)
    client = login(user)
    answer = client.get(f"{PAGE}?year=&facility={lived.code}")
    assert grids(answer) == alone
    for url, number in [each for each in linked(text(answer)) if each[1]][:40:8]:
        assert rows_in(client.get(url)) == number, url
    assert not figures(client.get(f"{PAGE}?year=&facility={other.code}"))["all"]["Peserta"][0]
    assert grids(client.get(f"{PAGE}?year=&facility=zz&course=zz&sex=zz&audience=zz")) == alone


@pytest.fixture
def year(lived):
    """The one in which most residents took part."""
    found = recount(lived, "extract(year FROM starts_on)")
    return int(max(found, key=lambda each: found[each][0]))


def test_what_is_told_outside_is_of_no_few_people(lived, officer, year, login):
    secretary, client = login(staff(lived, "secretariat")), login(officer)
    page = f"{PAGE}?year={year}&audience=city"
    assert "Terbitkan angka bulan ini" in text(client.get(page))
    assert "Terbitkan" not in text(secretary.get(page))
    asked = {"facility": lived.code, "year": year}
    assert secretary.post(f"{PAGE}publish/", asked).status_code == 403
    assert client.post(f"{PAGE}publish/", asked).status_code == 302
    answer = secretary.get(f"{page}&sex=P&course=x")
    assert not linked(text(answer))
    total = {label: number for label, (number, _whole) in figures(answer)["all"].items()}
    parts = [section.grid for section in answer.context["sections"] if section.grid]
    assert parts
    for grid in parts:
        sums = [0] * len(grid.columns)
        for _label, cells in grid.rows:
            for place, bar in enumerate(cells):
                sums[place] += bar.number
                rest = bar.number if bar.whole is None else bar.whole - bar.number
                assert bar.number >= LEAST
                assert rest == 0 or rest >= LEAST
        # The tables add up to one total each: none is told from another.
        assert [total[step] for step in grid.columns] == sums
    told = grids(client.get(page))
    assert told == grids(answer)
    assert told != grids(client.get(f"{PAGE}?year={year}"))
    assert not {"sex", "course", "audience"} & set(answer.context["filter"].form.fields)
    lines = b"".join(secretary.get(f"{page}&format=csv").streaming_content).decode().split("\n")
    assert len(lines) == 2 + len(total) + sum(len(g.columns) * len(g.rows) for g in parts)


def test_two_editions_side_by_side_tell_no_more_than_one(lived, officer, year):
    first = city_editions.publish(facility=lived, year=year, by=officer)
    assert city_editions.publish(facility=lived, year=year, by=officer) == first
    later = {"facility": lived, "year": year, "by": officer, "today": today(32)}
    with transaction.atomic():
        assert city_editions.publish(**later).data == first.data
        transaction.set_rollback(True)
    enrolled = Enrolment.objects.filter(
        facility=lived, batch__starts_on__year=year, batch__state="closed"
    )
    row = paths.of_residents(enrolled).first()
    Inmate.objects.filter(pk__in=[row.inmate_id, row.inmate.merged_into_id]).update(
        domicile_code="36.04.01", city="Lain"
    )
    with pytest.raises(NotAllowed, match="belum cukup berubah"):
        city_editions.publish(**later)
    city_editions.publish_all(today(32))
    assert CityEdition.objects.filter(facility=lived, year=year).count() == 1
    with pytest.raises(NotAllowed, match="Belum cukup banyak"):
        city_editions.publish(facility=lived, year=1990, by=officer)
    with pytest.raises(Forbidden):
        city_editions.publish(facility=lived, year=year, by=staff(lived, "secretariat"))


def test_the_system_publishes_each_prison_and_year_once_a_month(lived):
    made = city_editions.publish_all()
    assert made == CityEdition.objects.count() >= 1
    assert city_editions.publish_all() == 0


def test_who_may_not_see_people_lists_none_by_district(lived, login):
    listed = login(staff(lived, "observer")).get("/participants/?district=36.72.01&age=56")
    assert not {"district", "school", "age"} & set(listed.context["filter"].form.fields)
    everybody = login(staff(lived, "observer")).get("/participants/")
    assert rows_in(listed) == rows_in(everybody)


def test_the_files_hold_what_the_page_holds(lived, officer, login):
    client = login(officer)
    page = client.get(f"{PAGE}?year=")
    book = client.get(f"{PAGE}?year=&format=xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book.streaming_content)))
    for section in page.context["sections"]:
        rows = sheets.get_sheet_by_name(section.title[:31]).to_python()
        if section.grid:
            assert rows[1:] == [
                [label, *(bar.number for bar in cells)] for label, cells in section.grid.rows
            ]
    plain = client.get(f"{PAGE}?year=&format=csv")
    lines = list(csv.reader(io.StringIO(b"".join(plain.streaming_content).decode("utf-8-sig"))))
    cells = sum(len(s.grid.columns) * len(s.grid.rows) for s in page.context["sections"] if s.grid)
    assert len(lines) == 1 + len(Step) + cells
    assert len(OF) == len(Step) - 1


def test_without_residents_it_says_so(db, login):
    user = staff(FacilityFactory(), "officer")
    assert "Tidak ada warga kota" in text(login(user).get(PAGE))
    user = staff(FacilityFactory(), "secretariat")
    assert "Belum cukup banyak" in text(login(user).get(PAGE))
