"""Entering many agreements of the past: looked at first, then all of them or none."""

import io
from datetime import date

import pytest
from django.core.files.storage import default_storage
from python_calamine import load_workbook

from accounts.refusals import Forbidden, NotAllowed
from correspondence.models import Notice
from partners.models import Agreement
from partners.services import existing
from partners.sheet import reading
from partners.states import AgreementState
from tests.factories.partners import (
    AgencyFactory,
    AgreementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
)
from tests.partners.sheets import comma_separated, ods, row, scan, sent, xlsx
from tests.partners.steps import body, page
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(facility):
    agency = AgencyFactory(name="BLK Cilegon")
    PartnershipFactory(facility=facility, agency=agency)
    return agency


def look(facility, by, rows, scans):
    return existing.check(facility=facility, rows=reading.read(xlsx(rows)), scans=scans, by=by)


def write(facility, by, rows, scans):
    return existing.record(facility=facility, rows=reading.read(xlsx(rows)), scans=scans, by=by)


def second(**more):
    facts = {"title": "PKS Dua", "our_number": "W-2", "their_number": "560/2", "scan": "dua.pdf"}
    return row(**(facts | more))


class TestChecking:
    def test_a_good_row_is_new_and_nothing_is_written(self, facility, partner, head):
        report = look(facility, head, [row()], [scan()])

        (line,) = report.lines
        assert (line.outcome, line.agency, report.can_be_recorded) == ("new", partner, True)
        assert not Agreement.objects.exists()

    def test_an_agency_that_is_no_partner_is_told_with_near_names(self, facility, partner, head):
        AgencyFactory(name="LPK Asing")
        near, far = look(
            facility,
            head,
            [row(agency="B L K Cilegom"), second(agency="LPK Asing")],
            [scan(), scan("dua.pdf")],
        ).lines

        assert "Mungkin: BLK Cilegon" in near.row.problems["agency"]
        assert "Tambahkan dulu" in far.row.problems["agency"]

    def test_case_blanks_and_dots_of_a_name_do_not_matter(self, facility, partner, head):
        (line,) = look(facility, head, [row(agency=" blk.  cilegon ")], [scan()]).lines

        assert line.agency == partner

    def test_both_numbers_recorded_already_is_existing(self, facility, partner, head):
        known = SignedAgreementFactory(
            facility=facility,
            agency=partner,
            our_number="wp.11-hh.05.05-7",
            their_number="560/7/2021 ",
        )
        (line,) = look(facility, head, [row(scan="tidak-ada.pdf")], []).lines

        assert (line.outcome, line.found) == ("existing", known)

    def test_one_number_alone_makes_it_no_other_agreement(self, facility, partner, head):
        SignedAgreementFactory(facility=facility, agency=partner, our_number="WP.11-HH.05.05-7")

        assert look(facility, head, [row()], [scan()]).lines[0].outcome == "new"

    def test_the_numbers_of_another_prison_do_not_count(self, facility, partner, head):
        SignedAgreementFactory(our_number="WP.11-HH.05.05-7", their_number="560/7/2021")

        assert look(facility, head, [row()], [scan()]).lines[0].outcome == "new"

    def test_a_draft_with_these_numbers_is_pointed_at(self, facility, partner, head):
        AgreementFactory(
            facility=facility,
            agency=partner,
            our_number="WP.11-HH.05.05-7",
            their_number="560/7/2021",
        )
        (line,) = look(facility, head, [row()], [scan()]).lines

        assert line.outcome == "existing"
        assert "naskah" in line.row.remarks[0]

    def test_the_same_numbers_twice_in_the_sheet_are_told(self, facility, partner, head):
        lines = look(facility, head, [row(), row(scan="dua.pdf")], [scan(), scan("dua.pdf")]).lines

        assert "baris 2" in lines[1].row.problems["our_number"]
        assert lines[0].outcome == "new"

    @pytest.mark.parametrize(
        ("rows", "scans", "words"),
        [
            ([row()], [], "tidak ikut dikirim"),
            ([row()], [scan(content=b"MZ bukan")], "bukan PDF"),
            ([second(scan="las.pdf"), row()], [scan()], "sudah dipakai"),
        ],
    )
    def test_a_scan_that_is_missing_or_none_is_told(
        self, facility, partner, head, rows, scans, words
    ):
        assert words in look(facility, head, rows, scans).lines[-1].row.problems["scan"]

    def test_scans_are_found_by_name_in_any_case_and_without_folders(self, facility, partner, head):
        report = look(
            facility, head, [row(scan=r"D:\PKS\LAS.PDF")], [scan("Las.pdf"), scan("lain.pdf")]
        )

        assert report.lines[0].outcome == "new"
        assert report.unused == ["lain.pdf"]

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar"])
    def test_it_is_the_head_s(self, facility, partner, request, role):
        for act in (look, write):
            with pytest.raises(Forbidden):
                act(facility, request.getfixturevalue(role), [row()], [scan()])


class TestRecording:
    def test_the_new_ones_are_signed_and_the_known_ones_skipped(self, facility, partner, head):
        SignedAgreementFactory(
            facility=facility,
            agency=partner,
            our_number="WP.11-HH.05.05-7",
            their_number="560/7/2021",
        )
        report = write(facility, head, [row(), second()], [scan("dua.pdf")])

        (made,) = report.written
        assert (made.state, made.entered_afterwards) == (AgreementState.SIGNED, True)
        assert (made.starts_on, made.ends_on) == (date(2021, 2, 26), date(2024, 2, 25))
        assert (made.seats_per_year, made.review_months) == (32, 6)
        assert made.implementation == "Dua angkatan"
        assert made.has_scan
        assert report.skipped == 1
        assert not Notice.objects.exists()

    def test_one_row_in_error_and_nothing_is_written(self, facility, partner, head):
        with pytest.raises(NotAllowed, match="dibetulkan"):
            write(facility, head, [row(), second(ends_on="?")], [scan(), scan("dua.pdf")])

        assert not Agreement.objects.exists()

    def test_a_row_that_fails_late_takes_all_back_and_leaves_no_file(self, facility, partner, head):
        rows = reading.read(xlsx([row(), second()]))
        rows[1].values["notice_months"] = 99  # as if the rules had changed in between
        stored = set(_stored())

        with pytest.raises(NotAllowed, match="Baris 3"):
            existing.record(facility=facility, rows=rows, scans=[scan(), scan("dua.pdf")], by=head)

        assert not Agreement.objects.exists()
        assert set(_stored()) == stored

    def test_the_same_sheet_again_writes_nothing_more(self, facility, partner, head):
        for expected in (1, 0):
            report = write(facility, head, [row()], [scan()])
            assert len(report.written) == expected

        assert Agreement.objects.count() == 1


def _stored():
    try:
        folders, _files = default_storage.listdir("agreements")
    except FileNotFoundError:
        return
    for folder in folders:
        for name in default_storage.listdir(f"agreements/{folder}")[1]:
            yield f"{folder}/{name}"


class TestPages:
    def sheet(self, *rows, act="check", scans=(), writer=xlsx):
        return {act: "1", "sheet": sent(writer(rows)), "scans": list(scans)}

    @pytest.mark.parametrize("writer", [xlsx, ods, comma_separated])
    def test_checking_shows_each_row_with_its_number(self, login, head, partner, writer):
        answer = login(head).post(
            page("agreement-sheet"),
            self.sheet(row(), second(ends_on="?"), scans=[scan()], writer=writer),
        )

        assert answer.status_code == 200
        report = answer.context["report"]
        assert report.numbers == {"new": 1, "existing": 0, "error": 1}
        assert [line.row.number for line in report.lines] == [2, 3]
        text = body(answer)
        assert "Berlaku sampai" in text
        assert "tidak ikut dikirim" in text
        assert not Agreement.objects.exists()

    def test_recording_writes_all_and_goes_to_the_list(self, login, head, partner):
        answer = login(head).post(
            page("agreement-sheet"),
            self.sheet(row(), second(), act="record", scans=[scan(), scan("dua.pdf")]),
            follow=True,
        )

        assert answer.redirect_chain[-1][0] == page("agreement-list")
        assert "2 perjanjian lama dicatat" in body(answer)
        assert Agreement.objects.count() == 2

    def test_recording_with_an_error_writes_nothing_and_says_so(self, login, head, partner):
        answer = login(head).post(
            page("agreement-sheet"), self.sheet(row(), second(), act="record", scans=[scan()])
        )

        assert "Belum ada yang dicatat" in body(answer)
        assert not Agreement.objects.exists()

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"%PDF-1.7", "PDF"), (b"a;b\n1;2", "Pakai templat"), (b"x" * 5_000_001, "5 MB")],
    )
    def test_a_file_that_is_no_sheet_is_a_message(self, login, head, partner, content, words):
        answer = login(head).post(
            page("agreement-sheet"), {"check": "1", "sheet": sent(io.BytesIO(content))}
        )

        assert answer.status_code == 422
        assert words in body(answer)

    def test_rows_to_mend_are_shown_first_with_the_number_of_their_line(self, login, head, partner):
        rows = [row(), second(ends_on="?"), row(title="PKS Tiga", our_number="W-3", scan="-")]
        answer = login(head).post(page("agreement-sheet"), self.sheet(*rows, scans=[scan()]))

        shown = [line.row.number for line in answer.context["report"].by_need]
        assert shown == [3, 4, 2]

    @pytest.mark.parametrize("act", ["check", "record"])
    def test_too_many_scans_are_a_message_beside_the_field(
        self, login, head, partner, settings, act
    ):
        scans = [scan(f"{number}.pdf") for number in range(settings.UPLOAD_MOST_FILES + 112)]
        answer = login(head).post(page("agreement-sheet"), self.sheet(row(), act=act, scans=scans))

        assert answer.status_code == 422
        (problem,) = answer.context["form"].errors["scans"]
        assert "300 berkas" in problem
        assert "412" in problem
        assert "sheet" not in answer.context["form"].errors
        assert problem in body(answer)
        assert not Agreement.objects.exists()

    def test_as_many_scans_as_may_come_are_all_read(self, login, head, partner, settings):
        scans = [scan(f"{number}.pdf") for number in range(settings.UPLOAD_MOST_FILES - 1)]
        answer = login(head).post(
            page("agreement-sheet"), self.sheet(row(), scans=[*scans, scan()])
        )

        assert answer.context["report"].numbers == {"new": 1, "existing": 0, "error": 0}

    def test_an_empty_scan_is_named(self, login, head, partner):
        answer = login(head).post(
            page("agreement-sheet"), self.sheet(row(), scans=[scan("kosong.pdf", b"")])
        )

        assert "kosong.pdf" in answer.context["form"].errors["scans"][0]

    def test_a_check_in_the_page_answers_so_that_it_is_shown(self, login, head, partner):
        answer = login(head).post(
            page("agreement-sheet"),
            {"check": "1", "sheet": sent(io.BytesIO(b"%PDF"))},
            headers={"HX-Request": "true"},
        )

        assert (answer.status_code, "PDF" in body(answer)) == (200, True)

    def test_the_template_names_the_partners_of_the_prison(self, login, head, partner):
        AgencyFactory(name="BLK Jauh")
        answer = login(head).get(page("agreement-sheet-template"))

        book = load_workbook(io.BytesIO(answer.content))
        names = [line[0] for line in book.get_sheet_by_index(1).to_python()]
        assert "BLK Cilegon" in names
        assert "BLK Jauh" not in names


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_heads_with_one_sheet_record_it_once(facility, head):
    PartnershipFactory(facility=facility, agency=AgencyFactory(name="BLK Cilegon"))

    outcomes = race(
        lambda: len(write(facility, head, [row()], [scan()]).written),
        lambda: len(write(facility, head, [row()], [scan()]).written),
    )

    assert sorted(outcomes) == [0, 1]
    assert Agreement.objects.count() == 1
