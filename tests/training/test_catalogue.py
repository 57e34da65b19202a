"""The head keeps the catalogue: courses, their units and tools, and the typical programmes."""

import pytest

from accounts.refusals import Forbidden, NotAllowed
from tests.factories.training import CourseFactory, TradeFactory
from training.models import CompetencyUnit, Course, Trade
from training.services import catalogue, courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(name="Las SMAW", code="LAS")


def fields(**changed):
    usual = {"code": "LAS-1", "name": "Las dasar", "jp": 40, "package_seats": 16}
    return usual | changed


class TestCourses:
    def test_a_trade_may_come_with_its_first_course(self, head):
        course = courses.create(by=head, new_trade="Las", **fields())
        assert (course.trade.name, course.created_by) == ("Las", head)
        again = courses.create(by=head, new_trade="las ", **fields(code="LAS-2"))
        assert again.trade == course.trade
        assert Trade.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"code": ""}, "code"),
            ({"name": " "}, "name"),
            ({"jp": None}, "jp"),
            ({"jp": 0}, "jp"),
            ({"kkni_level": 10}, "kkni_level"),
            ({"minimum_attendance": 101}, "minimum_attendance"),
            ({"package_seats": 0}, "package_seats"),
            ({"trade": None}, "trade"),
        ],
    )
    def test_what_makes_no_sense_is_refused_beside_its_field(self, head, changed, field):
        typed = {"trade": TradeFactory(), **fields(), **changed}
        with pytest.raises(NotAllowed) as refusal:
            courses.create(by=head, **typed)
        assert set(refusal.value.error_dict) == {field}
        assert not Course.objects.exists()

    def test_a_code_stands_once_whatever_its_letters(self, head, course):
        with pytest.raises(NotAllowed) as refusal:
            courses.create(by=head, trade=course.trade, **fields(code="las"))
        assert "code" in refusal.value.error_dict

    def test_it_is_changed_and_retired(self, head, course):
        courses.change(course=course, by=head, jp=200, trade=course.trade)
        courses.offer(course=course, is_offered=False, by=head)
        course.refresh_from_db()
        assert (course.jp, course.is_offered) == (200, False)
        assert not Course.objects.offered().exists()

    @pytest.mark.parametrize("role", ["officer", "warden", "liaison"])
    def test_others_may_not(self, course, role, request):
        by = request.getfixturevalue(role)
        for act in (
            lambda: courses.create(by=by, new_trade="Las", **fields()),
            lambda: courses.change(course=course, by=by, jp=1),
            lambda: courses.offer(course=course, is_offered=False, by=by),
            lambda: courses.add_unit(course=course, by=by, code="A", name="B"),
            lambda: courses.set_tools(course=course, by=by, items=[]),
            lambda: catalogue.load(by=by),
        ):
            with pytest.raises(Forbidden):
                act()


class TestUnits:
    def test_a_unit_is_entered_once_and_taught_by_many(self, head, course):
        courses.add_unit(course=course, by=head, code="C.24LAS01.001.1", name="Tempat kerja", jp=4)
        other = CourseFactory()
        courses.add_unit(course=other, by=head, code="c.24las01.001.1")
        assert CompetencyUnit.objects.count() == 1
        with pytest.raises(NotAllowed, match="sudah ada"):
            courses.add_unit(course=course, by=head, code="C.24LAS01.001.1")

    def test_an_unknown_code_needs_a_title(self, head, course):
        with pytest.raises(NotAllowed) as refusal:
            courses.add_unit(course=course, by=head, code="X.1")
        assert "name" in refusal.value.error_dict

    def test_they_are_ordered_and_leave_without_those_added_meanwhile(self, head, course):
        first, second, third = (
            courses.add_unit(course=course, by=head, code=f"U.{n}", name=f"Unit {n}")
            for n in range(3)
        )
        late = courses.add_unit(course=course, by=head, code="U.9", name="Terakhir")
        courses.arrange_units(
            course=course, lines=[(third, 8), (first, None)], removed=[second], by=head
        )
        assert list(course.units.values_list("unit", "position", "jp")) == [
            (third.unit_id, 1, 8),
            (first.unit_id, 2, None),
            (late.unit_id, 3, None),
        ]


class TestTools:
    def test_the_list_is_replaced(self, head, course):
        courses.set_tools(course=course, items=[("Palu", 3), ("Obeng", 2)], by=head)
        courses.set_tools(course=course, items=[("Palu", 5), ("Tang", 1)], by=head)
        assert set(course.tools.values_list("name", "quantity")) == {("Palu", 5), ("Tang", 1)}

    def test_a_tool_stands_once(self, head, course):
        with pytest.raises(NotAllowed, match="dua kali"):
            courses.set_tools(course=course, items=[("Palu", 3), ("palu", 2)], by=head)


class TestTypicalProgrammes:
    def test_all_are_added_to_an_empty_catalogue(self, head):
        count = catalogue.load(by=head)
        assert count == Course.objects.count() > 15
        welding = Course.objects.get(code="LAS-SMAW")
        assert welding.units.first().unit.code == "C.24LAS01.001.1"
        assert welding.units.first().jp == 4
        assert welding.tools.exists()
        assert not catalogue.missing()

    def test_twice_is_once_and_what_an_office_changed_stays(self, head):
        catalogue.load(by=head)
        welding = Course.objects.get(code="LAS-SMAW")
        courses.change(course=welding, by=head, jp=240)
        Course.objects.get(code="RAC-AC").tools.all().delete()
        assert catalogue.load(by=head) == 0
        assert Course.objects.get(code="LAS-SMAW").jp == 240

    def test_every_one_of_them_is_a_course_that_could_be_typed(self, head):
        catalogue.load(by=head)
        for course in Course.objects.all():
            courses.change(
                course=course, by=head, **{name: getattr(course, name) for name in ("jp", "trade")}
            )
            course.full_clean()


class TestPages:
    def test_the_head_begins_with_the_typical_programmes(self, head, login):
        client = login(head)
        assert "Muat" in client.get("/courses/").content.decode()
        page = client.post("/courses/load/", follow=True).content.decode()
        assert "program umum ditambahkan" in page
        assert "Las SMAW" in page

    def test_a_course_is_typed_and_refused_in_place(self, head, course, login):
        client = login(head)
        typed = fields(new_trade="Las", code="LAS", kkni_level="", minimum_attendance="")
        answer = client.post("/courses/new/", typed)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Kode ini sudah dipakai" in page
        assert 'value="Las dasar"' in page
        answer = client.post("/courses/new/", typed | {"code": "LAS-9"})
        assert answer.status_code == 302
        assert Course.objects.get(code="LAS-9").trade.name == "Las"

    def test_units_are_searched_added_ordered_and_removed(self, head, course, login):
        client, page = login(head), f"/courses/{course.public_id}/units/"
        unit = CompetencyUnit.objects.create(code="C.24LAS01.028.1", name="Mengelas sudut")
        assert unit.code in client.get(f"{page}?q=sudut").content.decode()
        client.post(f"{page}new/", {"code": unit.code})
        client.post(f"{page}new/", {"code": "U.2", "name": "Lain", "jp": "6"})
        first, second = course.units.all()
        answer = client.post(
            page,
            {
                f"unit-{first.pk}-position": "2",
                f"unit-{first.pk}-jp": "12",
                f"unit-{second.pk}-position": "1",
                f"unit-{second.pk}-jp": "",
            },
        )
        assert answer.status_code == 302
        assert list(course.units.values_list("pk", "jp")) == [(second.pk, None), (first.pk, 12)]
        answer = client.post(page, {f"unit-{first.pk}-position": "x"})
        assert answer.status_code == 422

    def test_tools_are_typed_on_one_page(self, head, course, login):
        client, page = login(head), f"/courses/{course.public_id}/tools/"
        form = {
            "tools-TOTAL_FORMS": "2",
            "tools-INITIAL_FORMS": "0",
            "tools-0-name": "Palu",
            "tools-0-quantity": "3",
            "tools-1-name": "Obeng",
            "tools-1-quantity": "",
        }
        assert client.post(page, form).status_code == 422
        assert client.post(page, form | {"tools-1-quantity": "2"}).status_code == 302
        assert "3 Palu" in client.get(course.get_absolute_url()).content.decode()

    def test_the_list_is_searched_by_unit_and_by_what_is_retired(self, head, course, login):
        courses.add_unit(course=course, by=head, code="C.24LAS01.028.1", name="Mengelas sudut")
        CourseFactory(name="Barista", is_offered=False)
        client = login(head)
        assert "Las SMAW" in client.get("/courses/?q=28.1").content.decode()
        assert "Barista" not in client.get("/courses/?q=28.1").content.decode()
        retired = client.get("/courses/?offered=no").content.decode()
        assert "Barista" in retired
        assert "Las SMAW" not in retired
