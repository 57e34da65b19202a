"""A letter goes from hand to hand: draft, initials, number, signature, post, scan."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Posting
from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.models import Letter, LetterSeries
from correspondence.services import letter_papers, letters
from tests.factories.accounts import staff
from tests.factories.correspondence import CONTENT, general_series, letter_draft, letterhead_of
from tests.factories.partners import scan_file
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(facility):
    return general_series(facility)


@pytest.fixture
def konsep(facility, officer):
    return letter_draft(facility, officer)


@pytest.fixture
def awaiting(facility, series, officer, head, warden):
    return awaiting_letter(facility, officer, head)


def awaiting_letter(facility, officer, head, **changed):
    letter = letter_draft(facility, officer, **changed)
    letters.initial(letter=letter, by=officer)
    letters.initial(letter=letter, by=head)
    return letters.request_number(letter=letter, by=officer)


@pytest.fixture
def numbered(awaiting, secretariat):
    return number(awaiting, secretariat)


def number(letter, by, dated=None, **more):
    return letters.give_number(letter=letter, dated=dated or timezone.localdate(), by=by, **more)


@pytest.fixture
def signed(numbered, warden):
    return letters.sign(letter=numbered, by=warden)


def fields_of(refusal):
    return set(refusal.value.error_dict)


class TestDraft:
    def test_whoever_may_write_begins_one(self, konsep, officer):
        assert (konsep.state, konsep.created_by, konsep.data["to"]) == (
            "draft",
            officer,
            ["Kepala Disnaker", "Kota Cilegon"],
        )

    def test_nobody_else_does(self, facility, secretariat):
        with pytest.raises(PermissionDenied):
            letter_draft(facility, secretariat)

    def test_what_is_missing_is_said_beside_its_field(self, facility, officer):
        with pytest.raises(NotAllowed) as refusal:
            letter_draft(facility, officer, subject=" ", addressed_to="\n", text="  ")
        assert fields_of(refusal) == {"subject", "addressed_to", "text"}

    def test_rewriting_takes_the_initials_away(self, konsep, officer, head):
        letters.initial(letter=konsep, by=head)
        rewritten = letters.rewrite(
            letter=konsep,
            subject="Lain",
            addressed_to="Kepala BLK",
            data=CONTENT | {"text": "Baru"},
            by=officer,
        )
        assert (rewritten.state, rewritten.initials, rewritten.data["text"]) == (
            "draft",
            [],
            "Baru",
        )

    def test_a_draft_can_be_thrown_away_once(self, konsep, officer):
        letters.discard(letter=konsep, by=officer)
        assert not Letter.objects.exists()
        with pytest.raises(AlreadyDone, match="sudah dibuang"):
            letters.discard(letter=konsep, by=officer)

    def test_a_numbered_letter_is_neither_rewritten_nor_thrown_away(self, numbered, officer):
        with pytest.raises(NotAllowed, match="sudah bernomor"):
            letters.discard(letter=numbered, by=officer)
        with pytest.raises(NotAllowed, match="sudah bernomor"):
            letters.rewrite(
                letter=numbered, subject="x", addressed_to="y", data=CONTENT, by=officer
            )


class TestInitials:
    def test_the_officers_hands_it_on_and_the_heads_opens_the_way(self, konsep, officer, head):
        assert letters.initial(letter=konsep, by=officer).state == "draft"
        letter = letters.initial(letter=konsep, by=head)
        assert letter.state == "initialled"
        assert [entry["name"] for entry in letter.initials] == ["Budi Petugas", "Kasi Giatja"]

    def test_twice_is_once(self, konsep, officer, head):
        for by in (officer, officer, head, head):
            letter = letters.initial(letter=konsep, by=by)
        assert len(letter.initials) == 2

    def test_an_acting_title_stands_with_the_name(self, konsep, facility, head):
        Posting.objects.filter(user=head).update(title="Kasi Kegiatan Kerja", acting="Plt.")
        letter = letters.initial(letter=konsep, by=head)
        assert letter.initials[0]["title"] == "Plt. Kasi Kegiatan Kerja"

    def test_another_post_does_not_initial(self, konsep, secretariat, warden):
        for user in (secretariat, warden):
            with pytest.raises(PermissionDenied):
                letters.initial(letter=konsep, by=user)

    def test_no_number_is_asked_for_without_the_heads(self, konsep, officer):
        letters.initial(letter=konsep, by=officer)
        with pytest.raises(NotAllowed, match="konsep"):
            letters.request_number(letter=konsep, by=officer)


class TestNumber:
    def test_the_app_counts_and_the_pattern_knows_the_classification(
        self, facility, awaiting, officer, head, secretariat
    ):
        year = timezone.localdate().year
        assert number(awaiting, secretariat).number == f"UM.01.01-0001/{year}"
        other = awaiting_letter(facility, officer, head, classification="PR.03")
        assert number(other, secretariat).number == f"PR.03-0002/{year}"

    def test_a_kind_with_a_series_of_its_own_counts_there(
        self, facility, series, officer, head, warden, secretariat
    ):
        LetterSeries.objects.create(facility=facility, kind="audience", pattern="A-{number}")
        letter = awaiting_letter(facility, officer, head, kind="audience")
        assert number(letter, secretariat).number == "A-1"

    def test_the_signatory_and_head_of_its_day_are_frozen(self, facility, numbered, warden):
        assert numbered.signatory["name"] == warden.name
        assert numbered.data["letterhead"] == ["LAPAS KELAS IIA CILEGON"]
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Letter.objects.filter(pk=numbered.pk).update(data={})

    def test_a_letter_of_an_older_day_has_the_older_letterhead(
        self, facility, awaiting, secretariat
    ):
        letterhead_of(facility, "KEMENTERIAN LAMA", since=date(2014, 1, 1))
        letterhead_of(facility, "KEMENTERIAN BARU", since=timezone.localdate())
        letter = number(awaiting, secretariat, timezone.localdate() - timedelta(days=1))
        assert letter.data["letterhead"] == ["KEMENTERIAN LAMA"]

    def test_a_plh_signs_for_the_absent_warden(self, facility, awaiting, secretariat):
        deputy = staff(facility, "officer", name="Plh Kalapas")
        Posting.objects.create(
            user=deputy, facility=facility, role_id="warden", acting="Plh.",
            starts=timezone.localdate(),
        )  # fmt: skip
        letter = number(awaiting, secretariat)
        assert (letter.signatory["name"], letter.signatory["acting"]) == ("Plh Kalapas", "Plh.")

    def test_an_empty_post_takes_no_number(self, facility, series, officer, head, secretariat):
        letter = awaiting_letter(facility, officer, head)
        with pytest.raises(NotAllowed, match="Kepala Lapas kosong"):
            number(letter, secretariat)
        series.refresh_from_db()
        assert series.counter == 0

    def test_without_any_series_the_admin_is_asked(
        self, facility, officer, head, warden, secretariat
    ):
        letter = awaiting_letter(facility, officer, head)
        with pytest.raises(NotAllowed, match="minta admin"):
            number(letter, secretariat)

    def test_no_day_in_the_future(self, awaiting, secretariat):
        with pytest.raises(NotAllowed) as refusal:
            number(awaiting, secretariat, timezone.localdate() + timedelta(days=1))
        assert fields_of(refusal) == {"dated"}

    def test_counted_numbers_follow_each_other_in_time(
        self, facility, numbered, officer, head, secretariat
    ):
        letter = awaiting_letter(facility, officer, head)
        with pytest.raises(NotAllowed) as refusal:
            number(letter, secretariat, timezone.localdate() - timedelta(days=1))
        assert fields_of(refusal) == {"dated"}

    def test_the_same_click_again_gives_the_same_letter(self, numbered, secretariat):
        assert number(numbered, secretariat).number == numbered.number

    def test_anybody_else_learns_who_was_faster(self, facility, numbered):
        other = staff(facility, "secretariat", name="TU Kedua")
        with pytest.raises(AlreadyDone, match="Tata Usaha"):
            number(numbered, other)

    def test_only_the_secretariat_numbers(self, awaiting, head, warden, officer):
        for user in (head, warden, officer):
            with pytest.raises(PermissionDenied):
                number(awaiting, user)


class TestWhatWasRead:
    def rewrite(self, letter, by, subject="Lain", **more):
        content = {"data": CONTENT, "addressed_to": "Kepala BLK"}
        return letters.rewrite(letter=letter, by=by, subject=subject, **content, **more)

    def test_nobody_initials_words_that_changed_after_they_were_read(self, konsep, officer, head):
        seen = konsep.content_mark
        self.rewrite(konsep, officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            letters.initial(letter=konsep, by=head, seen=seen)
        konsep.refresh_from_db()
        assert konsep.initials == []
        assert letters.initial(letter=konsep, by=head, seen=konsep.content_mark).initials

    def test_nobody_overwrites_anothers_change_unseen(self, konsep, officer, head):
        seen = konsep.content_mark
        self.rewrite(konsep, officer, seen=seen)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            self.rewrite(konsep, head, subject="Beda", seen=seen)
        konsep.refresh_from_db()
        assert konsep.subject == "Lain"


class TestBook:
    @pytest.fixture
    def series(self, facility):
        return general_series(facility, mode="book", pattern="")

    def test_the_number_is_typed_from_the_register(self, awaiting, secretariat):
        letter = number(awaiting, secretariat, number=" W12-UM.01.01-0031 ")
        assert (letter.number, letter.sequence) == ("W12-UM.01.01-0031", None)

    def test_numbers_typed_before_are_passed_over_once_the_app_counts(
        self, facility, series, awaiting, officer, head, secretariat
    ):
        number(awaiting, secretariat, number="UM-1")
        LetterSeries.objects.filter(pk=series.pk).update(mode="own", pattern="UM-{number}")
        letter = awaiting_letter(facility, officer, head)
        assert number(letter, secretariat).number == "UM-2"

    def test_none_typed_is_asked_for(self, awaiting, secretariat):
        with pytest.raises(NotAllowed) as refusal:
            number(awaiting, secretariat)
        assert fields_of(refusal) == {"number"}

    def test_a_number_is_used_once_a_year(self, facility, awaiting, officer, head, secretariat):
        number(awaiting, secretariat, number="31")
        letter = awaiting_letter(facility, officer, head)
        with pytest.raises(NotAllowed, match="sudah dipakai") as refusal:
            number(letter, secretariat, number="31")
        assert fields_of(refusal) == {"number"}

    def test_other_content_is_not_the_same_click(self, awaiting, secretariat):
        number(awaiting, secretariat, number="31")
        with pytest.raises(AlreadyDone):
            number(awaiting, secretariat, number="32")


class TestSignature:
    def test_the_signatory_signs_with_a_click(self, signed, warden):
        assert (signed.state, signed.signed_by) == ("signed", warden)
        assert letters.sign(letter=signed, by=warden) == signed

    def test_another_who_may_sign_letters_does_not_sign_for_them(self, numbered, head):
        with pytest.raises(NotAllowed, match="Kalapas"):
            letters.sign(letter=numbered, by=head)

    def test_the_scan_of_the_paper_is_a_signature_too(self, numbered, secretariat):
        letter = letters.sign(letter=numbered, by=secretariat, scan=scan_file())
        assert letter.state == "signed"
        assert letter.scan.read().startswith(b"%PDF")

    def test_a_scan_is_judged_by_its_content(self, numbered, secretariat):
        with pytest.raises(NotAllowed) as refusal:
            letters.sign(letter=numbered, by=secretariat, scan=scan_file(b"MZ program"))
        assert fields_of(refusal) == {"scan"}

    def test_the_secretariat_does_not_sign_by_click(self, numbered, secretariat, officer):
        for user in (secretariat, officer):
            with pytest.raises(PermissionDenied):
                letters.sign(letter=numbered, by=user)

    def test_nothing_is_signed_before_its_number(self, awaiting, warden):
        with pytest.raises(NotAllowed, match="menunggu nomor"):
            letters.sign(letter=awaiting, by=warden)


class TestSending:
    def send(self, letter, by, days=0, how="Pos", **more):
        sent_on = timezone.localdate() + timedelta(days=days)
        return letters.send(letter=letter, sent_on=sent_on, sent_how=how, by=by, **more)

    def test_when_and_how_are_kept_with_the_scan(self, signed, secretariat):
        letter = self.send(signed, secretariat, scan=scan_file())
        assert (letter.state, letter.sent_how) == ("sent", "Pos")
        assert letter.scan

    @pytest.mark.parametrize("days", [1, -1])
    def test_not_in_the_future_and_not_before_its_date(self, signed, secretariat, days):
        with pytest.raises(NotAllowed) as refusal:
            self.send(signed, secretariat, days)
        assert fields_of(refusal) == {"sent_on"}

    def test_again_with_other_facts_is_refused(self, signed, secretariat):
        self.send(signed, secretariat)
        assert self.send(signed, secretariat).state == "sent"
        with pytest.raises(AlreadyDone):
            self.send(signed, secretariat, how="Kurir")

    def test_a_scan_may_follow(self, signed, secretariat):
        letter = letters.add_scan(letter=signed, scan=scan_file(), by=secretariat)
        assert letter.scan

    def test_no_scan_of_what_is_not_signed(self, numbered, secretariat):
        with pytest.raises(NotAllowed):
            letters.add_scan(letter=numbered, scan=scan_file(), by=secretariat)


class TestVoid:
    @pytest.mark.parametrize("stage", ["numbered", "signed"])
    def test_with_a_reason_and_the_number_is_not_used_again(
        self, request, stage, facility, officer, head, secretariat
    ):
        letter = request.getfixturevalue(stage)
        voided = letters.void(letter=letter, reason="Salah alamat", by=secretariat)
        assert (voided.state, voided.void_reason) == ("void", "Salah alamat")
        other = number(awaiting_letter(facility, officer, head), secretariat)
        assert other.sequence == voided.sequence + 1

    def test_a_reason_is_needed(self, numbered, secretariat):
        with pytest.raises(NotAllowed) as refusal:
            letters.void(letter=numbered, reason=" ", by=secretariat)
        assert fields_of(refusal) == {"reason"}

    def test_a_letter_without_a_number_is_not_voided(self, konsep, secretariat):
        with pytest.raises(NotAllowed, match="konsep"):
            letters.void(letter=konsep, reason="x", by=secretariat)

    def test_a_decree_is_no_ordinary_letter(self, facility, secretariat):
        LetterSeries.objects.create(facility=facility, kind="decree", pattern="SK-{number}")
        decree = letters.issue(
            facility=facility, kind="decree", subject="SK", template="decree_v1", data={},
            signatory={}, by=secretariat,
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="halaman asalnya"):
            letters.void(letter=decree, reason="x", by=secretariat)


def test_paper_is_printed_once_from_the_number_on(numbered):
    first = letter_papers.file_of(numbered)
    assert letter_papers.file_of(numbered) == first


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_letters_numbered_at_once_get_two_numbers(
    facility, series, officer, head, warden, secretariat
):
    first, second = (awaiting_letter(facility, officer, head) for _n in range(2))
    outcomes = race(lambda: number(first, secretariat), lambda: number(second, secretariat))
    assert sorted(letter.sequence for letter in outcomes) == [1, 2]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_people_number_one_letter_and_one_learns_of_the_other(
    facility, series, officer, head, warden, secretariat
):
    letter, other = awaiting_letter(facility, officer, head), staff(facility, "secretariat")
    outcomes = race(lambda: number(letter, secretariat), lambda: number(letter, other))
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["AlreadyDone", "Letter"]
    series.refresh_from_db()
    assert series.counter == 1
