"""The public page about a paper: what it tells, and above all what it never tells."""

import re

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from correspondence.models import Verification
from correspondence.services import verifications
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


@pytest.fixture
def paper(head):
    return verifications.write(
        kind="certificate_training",
        number="SP-0007/2027",
        issued_on=today(-10),
        public={"course": "Las SMAW", "issuer": "BLK Kota", "holder": "S.A."},
        by=head,
    )


def page(code, **extra):
    return Client().get(reverse("correspondence:verify", args=[code]), **extra)


class TestCode:
    def test_a_hundred_bits_of_signs_that_nobody_mixes_up(self):
        codes = {verifications.new_code() for _n in range(200)}
        assert len(codes) == 200
        assert all(len(code) == 20 and set(code) <= set(verifications.ALPHABET) for code in codes)
        assert len(verifications.ALPHABET) == 32

    @pytest.mark.parametrize("how", [str, str.lower, verifications.grouped])
    def test_found_however_it_is_typed(self, paper, how):
        assert verifications.find(how(paper.code)) == paper
        assert verifications.find(f" {how(paper.code)} ") == paper

    def test_a_misread_letter_is_read_as_the_digit(self, paper):
        typed = paper.code.replace("0", "O").replace("1", "l")
        assert verifications.find(typed) == paper

    @pytest.mark.parametrize("typed", ["", "-", "7K3M2", "' OR 1=1 --", "A" * 500])
    def test_nothing_else_is_found(self, paper, typed):
        assert verifications.find(typed) is None

    def test_a_code_with_more_behind_it_is_not_the_code(self, paper):
        assert verifications.find(f"{paper.code}X") is None


class TestPage:
    def test_tells_kind_number_day_course_issuer_and_initials(self, paper):
        answer = page(verifications.grouped(paper.code))
        text = answer.content.decode()
        assert answer.status_code == 200
        for told in ("Sertifikat pelatihan", "SP-0007/2027", "Las SMAW", "BLK Kota", "S.A."):
            assert told in text
        assert "BERLAKU" in text
        assert "<svg" in text

    def test_needs_no_sign_in_and_gives_no_cookie(self, paper):
        answer = page(paper.code)
        assert answer.status_code == 200
        assert not answer.cookies

    def test_is_kept_by_no_search_engine_and_no_cache(self, paper):
        for answer in (page(paper.code), page("nonsense"), Client().get("/verify/")):
            assert "noindex" in answer.headers["X-Robots-Tag"]
            assert "no-store" in answer.headers["Cache-Control"]

    def test_says_revoked_and_expired(self, paper, head):
        verifications.revoke(verification=paper)
        assert "DICABUT" in page(paper.code).content.decode()
        old = verifications.write(
            kind="certificate_competency",
            number="K-1",
            issued_on=today(-900),
            valid_until=today(-1),
            public={},
            by=head,
        )
        assert "KEDALUWARSA" in page(old.code).content.decode()

    def test_an_unknown_code_and_a_wrong_one_get_the_same_answer(self, paper):
        unknown, wrong = page(verifications.new_code()), page("not a code at all")
        assert unknown.status_code == wrong.status_code == 404
        assert unknown.content == wrong.content

    def test_an_unknown_code_is_not_repeated(self, paper):
        assert b"script" not in page("<script>alert(1)").content

    def test_a_typed_code_leads_to_its_page(self, paper):
        answer = Client().get("/verify/", {"code": f" {paper.code} "})
        assert answer.url == reverse("correspondence:verify", args=[paper.code])
        assert Client().get("/verify/", {"code": ""}).status_code == 200

    @pytest.mark.parametrize("path", ["/verify/", "/verify/nonsense/"])
    def test_names_neither_the_program_nor_any_house(self, path):
        text = Client().get(path).content.decode().lower()
        assert not re.search("lapas|pemasyarakatan|warga binaan|login", text)

    def test_too_many_questions_of_one_address_have_to_wait(self, paper, settings):
        settings.VERIFY_PER_MINUTE = 3
        assert [page(paper.code).status_code for _n in range(5)] == [200, 200, 200, 429, 429]
        assert page(paper.code, REMOTE_ADDR="10.1.2.3").status_code == 200

    def test_asks_little_of_the_database(self, paper, django_assert_max_num_queries):
        page(paper.code)
        with django_assert_max_num_queries(9):
            page(paper.code)


class TestRow:
    def test_what_was_written_never_changes(self, paper):
        for field, value in (("number", "X"), ("public", {}), ("valid_until", today())):
            with pytest.raises(IntegrityError), transaction.atomic():
                Verification.objects.filter(pk=paper.pk).update(**{field: value})

    def test_revoked_once_and_for_all(self, paper):
        first = verifications.revoke(verification=paper).revoked_at
        assert verifications.revoke(verification=paper).revoked_at == first
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(pk=paper.pk).update(revoked_at=None)

    def test_the_address_is_the_neutral_one(self, paper, settings):
        settings.PUBLIC_VERIFY_URL = "https://cek-sertifikat.example"
        address = verifications.address_of(paper.code)
        assert address.startswith("https://cek-sertifikat.example/verify/")
        assert verifications.find(address.rstrip("/").rpartition("/")[2]) == paper

    @pytest.mark.parametrize(
        ("name", "initials"),
        [("SITI AMINAH", "S.A."), ("Muh. Al-Fatih bin Umar", "M.A.F.B.U."), ("  ", "")],
    )
    def test_initials_are_all_that_is_told_of_a_name(self, name, initials):
        assert verifications.initials_of(name) == initials
