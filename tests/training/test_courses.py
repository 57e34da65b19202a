"""What a course asks of those who join: set by the head, read by all, used from then on."""

import pytest

from accounts.refusals import Forbidden, NotAllowed
from tests.factories.inmates import inmate_at
from tests.factories.training import CourseFactory, confirmed_batch
from training import rules
from training.models import Course
from training.services import courses, eligible

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(name="Las SMAW")


def typed(**changed):
    """The form as a browser sends it, filled in with defaults."""
    usual = {
        "needs_one_third": "on",
        "discipline_free_months": "0",
        "retrain_after_months": "24",
        "resident_percent": "0",
    }
    return usual | changed


class TestRequire:
    def test_the_head_sets_what_a_course_asks(self, course, head):
        courses.require(course=course, by=head, minimum_age=18, severities={"age": "warn"})
        course.refresh_from_db()
        assert (course.minimum_age, course.severities) == (18, {"age": "warn"})

    def test_it_holds_for_the_next_who_is_judged(self, course, facility, agency, head):
        batch = confirmed_batch(facility, agency, course=course)
        inmate_at(facility)
        assert not eligible.page(batch, head)[0].fails
        courses.require(course=course, by=head, minimum_age=90)
        batch.course.refresh_from_db()
        assert [result.rule for result in eligible.page(batch, head)[0].fails] == ["age"]

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar", "liaison"])
    def test_others_may_not(self, course, role, request):
        with pytest.raises(Forbidden):
            courses.require(course=course, by=request.getfixturevalue(role), minimum_age=18)

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"minimum_age": 101}, "minimum_age"),
            ({"minimum_age": 50, "maximum_age": 18}, "maximum_age"),
            ({"latest_release_months": 601}, "latest_release_months"),
            ({"resident_percent": 101}, "resident_percent"),
            ({"buffer_days": -1}, "buffer_days"),
            ({"documents": ["passport"]}, "documents"),
            ({"severities": {"register": "off"}}, "severities"),
            ({"severities": {"clash": "warn"}}, "severities"),
            ({"severities": {"age": "maybe"}}, "severities"),
        ],
    )
    def test_what_makes_no_sense_is_refused_beside_its_field(self, course, head, asked, field):
        with pytest.raises(NotAllowed) as refusal:
            courses.require(course=course, by=head, **asked)
        assert field in refusal.value.error_dict
        assert Course.objects.get() == course

    def test_who_changed_it_is_in_the_history(self, course, head):
        courses.require(course=course, by=head, minimum_age=18)
        courses.require(course=course, by=head, minimum_age=18)
        events = course.events.values_list("minimum_age", flat=True)
        assert list(events.order_by("pgh_id")) == [None, 18]


def test_requirements_in_words(course):
    course.minimum_age, course.maximum_age = 18, 50
    course.minimum_remaining_months, course.resident_percent = 24, 60
    course.documents, course.severities = ["photo"], {"documents": "warn", "old": "warn"}
    said = {str(label): str(sentence) for label, sentence in rules.requirements_of(course)}
    assert said["Usia"] == "18 sampai 50 tahun."
    assert said["Sisa pidana"] == "Paling sedikit 24 bulan, dihitung dari hari pertama."
    assert said["Warga kota"] == "60% kursi disisihkan untuk warga kota."
    assert said["Dokumen"] == "Pasfoto"
    assert [tuple(map(str, pair)) for pair in rules.softened_in(course)] == [
        ("Dokumen", "Hanya peringatan")
    ]


class TestPages:
    def test_everybody_of_the_prison_reads_them(self, course, officer, liaison, login):
        page = f"/courses/{course.public_id}/"
        answer = login(officer).get(page).content.decode()
        assert "Paling lama 24 bulan sesudah pelatihan." in answer
        assert "Ubah syarat" not in answer
        assert "Daftar tunggu" not in login(liaison).get(page).content.decode()

    def test_the_head_changes_all_on_one_page(self, course, head, login):
        client, page = login(head), f"/courses/{course.public_id}/requirements/"
        assert client.get(page).status_code == 200
        answer = client.post(
            page,
            typed(
                **{
                    "minimum_age": "18",
                    "buffer_days": "45",
                    "latest_release_months": "",
                    "minimum_remaining_months": "24",
                    "documents": ["identity", "photo"],
                    "severity-documents": "warn",
                    "severity-residency": "off",
                }
            ),
        )
        assert answer.status_code == 302
        course.refresh_from_db()
        assert course.latest_release_months is None
        assert course.documents == ["identity", "photo"]
        assert course.severities == {"documents": "warn", "residency": "off"}
        assert "Hanya peringatan" in client.get(f"/courses/{course.public_id}/").content.decode()

    def test_what_was_typed_stays_when_it_is_refused(self, course, head, login):
        page = f"/courses/{course.public_id}/requirements/"
        answer = login(head).post(
            page, typed(minimum_age="60", maximum_age="20", **{"severity-age": "warn"})
        )
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'value="60"' in text
        assert '<option value="warn" selected>' in text
        assert "di bawah usia minimum" in text

    @pytest.mark.parametrize("role", ["officer", "registrar", "liaison"])
    def test_others_do_not_change_them(self, course, role, login, request):
        client = login(request.getfixturevalue(role))
        assert client.post(f"/courses/{course.public_id}/requirements/", typed()).status_code == 403
