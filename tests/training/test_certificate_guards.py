"""What the public may read of a paper, and years that a list may be asked for."""

import pytest
from django.urls import reverse

from tests.factories.results import certificate_of, finished_batch
from tests.training.certificate_sheets import named_batch, of_batch_rows, paper
from training.services import certificate_uploads
from training.services.certificate_guards import is_neutral
from training.services.certificate_lines import ERROR, NEW


@pytest.mark.parametrize(
    "text",
    [
        "WP.11.PAS.1-PK.05.09-0007",
        "Kanwil Ditjenpas Banten",
        "LP Kelas IIA",
        "Kemenkumham RI",
        "Kemenimipas",
        "Bapas Serang",
        "LAPAS_CLG",
        "Lapas2A",
        "Rutan",
    ],
)
def test_names_of_prisons_and_of_those_above_them_are_known(text):
    assert not is_neutral(text)


@pytest.mark.parametrize(
    "text",
    ["UPTD BLK Kota Cilegon", "560/12/BLK/2026", "Pasar Baru", "LPK Maju", "Kompas", "Alpen"],
)
def test_other_words_are_none(text):
    assert is_neutral(text)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["certificate-list", "batch-list", "hearing-list"])
@pytest.mark.parametrize("year", ["0", "99999", "1e30", "-1", "2026"])
def test_a_year_that_is_none_is_no_error(name, year, login, officer):
    answer = login(officer).get(reverse(f"training:{name}"), {"year": year})
    assert answer.status_code == 200


@pytest.mark.django_db
class TestSheet:
    def look(self, batch, by, *rows):
        return certificate_uploads.check(batch=batch, rows=of_batch_rows(*rows), scans=(), by=by)

    def test_papers_of_the_course_wait_for_the_end(self, facility, agency, liaison):
        batch, _people = named_batch(facility, agency, state="running")
        course, competency = self.look(
            batch, liaison, paper(), paper(kind="kompetensi", scheme="Las", number="2")
        ).lines
        assert (course.outcome, competency.outcome) == (ERROR, NEW)
        assert "dinyatakan selesai" in course.row.problems["kind"]

    def test_the_prisons_own_papers_are_not_written_down(self, facility, agency, liaison):
        batch, _people = named_batch(facility, agency)
        own = f"Penyelenggara Pelatihan Kerja {facility.city}"
        line, letter = self.look(
            batch,
            liaison,
            paper(issuer=own),
            paper(kind="surat keterangan", number="2", name="SITI NURHALIZA"),
        ).lines
        assert "issuer" in line.row.problems
        assert "kind" in letter.row.problems

    def test_attendance_is_asked_once_for_all_rows(
        self, facility, agency, liaison, django_assert_max_num_queries
    ):
        batch, people = named_batch(facility, agency)
        rows = [
            paper(name="", code=person.participant_code, number=f"560/{number}/BLK")
            for number, person in enumerate(people)
        ]
        with django_assert_max_num_queries(12) as one:
            self.look(batch, liaison, rows[0])
        with django_assert_max_num_queries(len(one)):
            report = self.look(batch, liaison, *rows)
        assert [line.row.problems for line in report.lines] == [{}] * 4


@pytest.mark.django_db
def test_a_liaison_reads_no_words_of_the_prison(facility, agency, login, liaison, head):
    batch, (one, _other) = finished_batch(facility, agency)
    row = certificate_of(one, override_reason="Dibahas dengan dokter")
    meeting = batch.meetings.get()
    pages = {
        "training:certificate-detail": row,
        "training:batch-papers": batch,
        "training:meeting-detail": meeting,
    }
    words = ("Dibahas dengan dokter", "Riwayat")
    for user, reads in ((head, True), (liaison, False)):
        client = login(user)
        texts = [
            client.get(reverse(name, args=[each.public_id])).content.decode()
            for name, each in pages.items()
        ]
        found = [any(word in text for word in words) for text in texts]
        assert found == [reads] * 3
