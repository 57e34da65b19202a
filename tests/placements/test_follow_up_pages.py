"""The due list and the page of a follow-up: for the prison, and for the agency by its own shape."""

import csv
import io
import re

import pytest

from accounts.models import AccessRecord
from placements.models import FollowUp
from placements.services import follow_up_answers
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import confirmed_batch, enrolled
from tests.placements.followed import (
    LIST,
    again,
    agrees,
    at,
    free_follow_up,
    given_to,
    out_of_work,
    recorded,
    sent,
    sentence_over,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(disnaker):
    """Who is given follow-ups is a labour office."""
    return disnaker


def names_in(page):
    return re.findall(r'<h2 class="h5 mb-0">.*?<a href="[^"]*">([^<]+)</a>', page)


def rows_of(answer):
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=(body[4:].count(";") and ";") or ","))


@pytest.fixture
def late(facility):
    return free_follow_up(facility, person={"name": "LATE SEKALI"})


@pytest.fixture
def theirs(facility, agency):
    return given_to(agency, facility, person={"name": "MILIK DINAS"}, contact="0812-1111-2222")


class TestList:
    def test_begins_with_what_is_late_or_due_soon(self, facility, late, login, officer):
        free_follow_up(facility, person={"name": "SEBENTAR LAGI"}, due_on=today(20))
        free_follow_up(facility, person={"name": "MASIH LAMA"}, due_on=today(200))
        recorded(free_follow_up(facility, person={"name": "SUDAH ADA"}), officer)
        page = text(login(officer).get(LIST))
        assert names_in(page) == ["LATE SEKALI", "SEBENTAR LAGI"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("when=late", ["LATE SEKALI", "MILIK DINAS"]),
            ("when=planned", ["LATE SEKALI", "MILIK DINAS", "MASIH LAMA"]),
            ("when=done", ["SUDAH ADA"]),
            ("when=off", ["TAK BERLAKU"]),
            ("owner=agency&when=all", ["MILIK DINAS"]),
            ("months=3&when=all", ["MASIH LAMA"]),
            ("outcome=formal", ["SUDAH ADA"]),
            ("q=zzzyyy", []),
            ("q=masih&when=all", ["MASIH LAMA"]),
            ("found=due", ["LATE SEKALI", "MILIK DINAS", "SUDAH ADA"]),
            ("found=reached", ["SUDAH ADA"]),
            ("found=missed", ["LATE SEKALI", "MILIK DINAS"]),
        ],
    )
    def test_is_filtered(self, facility, late, theirs, login, officer, query, names):
        free_follow_up(facility, person={"name": "MASIH LAMA"}, due_on=today(200), months=3)
        recorded(free_follow_up(facility, person={"name": "SUDAH ADA"}), officer)
        off = free_follow_up(facility, person={"name": "TAK BERLAKU"})
        FollowUp.objects.filter(pk=off.pk).update(state="cancelled")
        page = text(login(officer).get(f"{LIST}?{query}"))
        assert sorted(names_in(page)) == sorted(names)

    def test_is_filtered_by_agency_and_course(self, facility, agency, late, theirs, login, officer):
        batch = confirmed_batch(facility, agency)
        enrolled(batch, late.inmate, state="completed", entered_afterwards=True)
        client = login(officer)
        by_course = text(client.get(f"{LIST}?course={batch.course.public_id}"))
        by_agency = text(client.get(f"{LIST}?agency={agency.public_id}"))
        assert (names_in(by_course), names_in(by_agency)) == (["LATE SEKALI"], ["MILIK DINAS"])

    def test_says_who_may_not_be_contacted_and_hides_the_contact(self, facility, login, officer):
        row = free_follow_up(facility, contact="0812-7777-8888")
        client = login(officer)
        assert "0812-7777-8888" in text(client.get(LIST))
        sentence_over(row.inmate)
        page = text(client.get(LIST))
        assert "0812-7777-8888" not in page
        assert "tanpa persetujuan" in page

    def test_a_number_can_be_called_and_what_is_not_open_yet_is_not_recorded(
        self, facility, login, officer
    ):
        near = free_follow_up(facility, contact="0812-7777-8888", due_on=today(10))
        far = free_follow_up(facility, contact="lewat ibunya", due_on=today(25))
        client = login(officer)
        page = text(client.get(LIST))
        assert page.count("tel:") == page.count('href="tel:+6281277778888"') == 1
        assert at("record", near) in page
        assert at("record", far) not in page
        assert "Bisa dicatat mulai" in text(client.get(far.get_absolute_url()))

    def test_says_what_to_do_when_it_is_empty(self, login, officer):
        page = text(login(officer).get(LIST))
        assert "dijadwalkan sendiri" in page
        assert "Sampai hari ini" not in page

    def test_who_was_shown_is_on_record(self, late, login, officer):
        login(officer).get(LIST)
        record = AccessRecord.objects.latest("pk")
        assert (record.act, record.subjects) == ("view", [late.inmate.public_id])

    @pytest.mark.parametrize("garbage", ["when=x", "months=x", "agency=1", "found=9", "course=%00"])
    def test_nonsense_in_the_address_is_no_error(self, late, login, officer, garbage):
        assert login(officer).get(f"{LIST}?{garbage}").status_code == 200


class TestFigures:
    @pytest.fixture
    def mixed(self, facility, agency, officer):
        rows = [free_follow_up(facility, months=months) for months in (1, 1, 1, 3, 3)]
        recorded(rows[0], officer)
        follow_up_answers.record(follow_up=rows[1], by=officer, **out_of_work())
        recorded(rows[3], officer)
        FollowUp.objects.filter(pk=rows[4].pk).update(state="cancelled", outcome="detained")
        free_follow_up(facility, months=6, due_on=today(9))
        return rows

    def figures(self, page):
        """`{label: [(words, query)]}` of the table above the list."""
        table = re.search(r"<tbody>(.*?)</tbody>", page, re.S)[1]
        found = {}
        for line in re.findall(r"<tr>(.*?)</tr>", table, re.S):
            label = re.search(r'<th scope="row">(.*?)</th>', line)[1]
            found[label] = re.findall(r'<a href="\?([^"]*)">([^<]*)<span', line)
        return found

    def test_numerator_and_denominator_by_month(self, mixed, login, officer):
        found = self.figures(text(login(officer).get(LIST)))
        said = {label: [words for _query, words in cells] for label, cells in found.items()}
        assert said == {
            "Bulan ke-1": ["3", "2 dari 3", "1 dari 2", "1 dari 3"],
            "Bulan ke-3": ["2", "2 dari 2", "1 dari 2", "1 dari 2"],
            "Semua bulan": ["5", "4 dari 5", "2 dari 4", "2 dari 5"],
        }

    def test_each_leads_to_exactly_its_rows(self, mixed, login, officer):
        client = login(officer)
        for cells in self.figures(text(client.get(LIST))).values():
            for query, words in cells:
                page = client.get(f"{LIST}?{query.replace('&amp;', '&')}")
                number = int(words.split()[0])
                assert page.context["table"].paginator.count == number, (query, words)

    def test_they_follow_the_filter_and_their_links_keep_it(
        self, facility, agency, mixed, theirs, login, officer
    ):
        page = text(login(officer).get(f"{LIST}?owner=agency&months=3"))
        (label, cells), *others = self.figures(page).items()
        assert (label, cells[0][1], others) == ("Bulan ke-1", "1", [])
        assert all("owner=agency" in query for query, _words in cells)

    def test_an_agency_counts_its_own(self, mixed, theirs, login, liaison):
        found = self.figures(text(login(liaison).get(LIST)))
        assert [words for _query, words in found["Bulan ke-1"]][:2] == ["1", "0 dari 1"]


class TestFiles:
    def test_the_prisons_file(self, late, theirs, login, officer, head):
        recorded(late, officer)
        (row,) = rows_of(login(officer).get(f"{LIST}?when=done&format=csv"))
        assert (row["Nama"], row["Hasil"], row["Upah"]) == (
            "LATE SEKALI", "Bekerja formal", "Sekitar upah minimum",
        )  # fmt: skip
        record = AccessRecord.objects.latest("pk")
        assert (record.act, record.subjects) == ("export", [late.inmate.public_id])

    @pytest.mark.parametrize(("role", "told_so"), [("officer", False), ("head", True)])
    def test_who_is_detained_is_taken_along_by_the_head_alone(
        self, late, request, login, role, told_so
    ):
        FollowUp.objects.filter(pk=late.pk).update(state="cancelled", outcome="detained")
        user = request.getfixturevalue(role)
        client = login(user)
        (row,) = rows_of(client.get(f"{LIST}?found=due&format=csv"))
        assert (row["Hasil"] == "Kembali ditahan") is told_so
        assert (row["Keadaan"] == "Tidak berlaku") is told_so
        asked = client.get(f"{LIST}?outcome=detained&format=csv")
        assert ("detained" in text(client.get(LIST))) is told_so
        assert asked.status_code == 200

    def test_without_consent_a_file_has_no_contact(self, facility, login, officer):
        row = free_follow_up(facility, contact="0812-7777-8888")
        sentence_over(row.inmate)
        (line,) = rows_of(login(officer).get(f"{LIST}?format=csv"))
        assert line["Kontak"] == "tanpa persetujuan"

    def test_the_agencys_file(self, late, theirs, login, liaison):
        (row,) = rows_of(login(liaison).get(f"{LIST}?format=csv"))
        assert row["Nama"] == "MILIK DINAS"
        assert set(row) == {
            "Nama", "Pemantauan", "Jatuh tempo", "Kontak", "Pekerjaan", "Pemberi kerja", "Hasil",
        }  # fmt: skip


class TestInPlace:
    HX = {"HX-Request": "true"}

    def test_the_form_opens_in_the_card_and_closes(self, late, login, officer):
        client = login(officer)
        card = text(client.get(f"{at('record', late)}?back={LIST}", headers=self.HX))
        assert card.count("<li") == 1
        assert 'name="outcome"' in card
        assert 'name="outcome"' not in text(
            client.get(f"{at('record', late)}?close=1", headers=self.HX)
        )

    def test_it_records_and_shows_the_card(self, late, login, officer):
        card = login(officer).post(at("record", late), sent(), headers=self.HX)
        assert card.status_code == 200
        assert "Bekerja formal" in text(card)
        assert again(late).state == "done"

    def test_a_mistake_comes_back_in_the_card_with_all_that_was_typed(self, late, login, officer):
        words = sent(done_on=today(2), employer="Bengkel Maju")
        card = login(officer).post(at("record", late), words, headers=self.HX)
        assert card.status_code == 200
        assert "Bengkel Maju" in text(card)
        assert "masa depan" in text(card)

    def test_without_javascript_one_comes_back_to_the_filtered_list(self, late, login, officer):
        client = login(officer)
        assert client.get(at("record", late)).url == f"{late.get_absolute_url()}#record"
        back = f"{LIST}?when=late"
        assert client.post(at("record", late), {**sent(), "back": back}).url == back

    def test_the_way_back_leads_nowhere_else(self, late, login, officer):
        answer = login(officer).post(at("record", late), {**sent(), "back": "https://x.test/"})
        assert answer.url == late.get_absolute_url()

    def test_a_mistake_without_javascript_stands_on_the_page(self, late, login, officer):
        answer = login(officer).post(at("record", late), sent(done_on=today(2)))
        assert answer.status_code == 422
        assert "masa depan" in text(answer)

    def test_a_vain_try_says_that_it_goes_on(self, late, login, officer):
        nothing = {"employer": "", "pay_band": "", "is_same_job": ""}
        words = sent(outcome="not_reached") | nothing
        card = text(login(officer).post(at("record", late), words, headers=self.HX))
        assert "tetap menunggu" in card
        assert "1 kali dicoba" in card


class TestActs:
    def test_correct_undo_and_news(self, late, login, officer, head):
        recorded(late, officer)
        client = login(officer)
        words = {**sent(employer="CV Lain"), "reason": "Salah dengar"}
        assert client.post(at("correct", late), words).status_code == 302
        assert again(late).employer == "CV Lain"
        assert client.post(at("undo", late), {"reason": "x"}).status_code == 403
        assert login(head).post(at("undo", late), {"reason": "Salah orang"}).status_code == 302
        assert again(late).state == "due"
        answer = client.post(at("news", late), sent(channel="family"))
        assert FollowUp.objects.news().get().get_absolute_url() == answer.url

    def test_assign_one_and_many(self, facility, agency, late, login, officer):
        agrees(late.inmate, facility)
        client = login(officer)
        words = {"owner": "agency", "agency": str(agency.public_id), "contact": "0812-3"}
        assert client.post(at("assign", late), words).status_code == 302
        assert (again(late).agency, again(late).contact) == (agency, "0812-3")
        without = free_follow_up(facility, person={"name": "BELUM SETUJU"})
        ticked = {"follow_ups": [str(late.public_id), str(without.public_id), "x"], **words}
        page = client.post(f"{LIST}assign/", ticked)
        assert "belum menyetujui" in text(page)
        assert "LATE SEKALI" not in text(page)
        nobody = client.post(f"{LIST}assign/", words | {"back": LIST})
        assert nobody.url == LIST

    def test_what_is_ticked_and_chosen_in_the_list_is_sent_by_its_form(self, late, login, officer):
        page = text(login(officer).get(LIST))
        assert '<form method="post" action="/follow-ups/assign/" id="assign"' in page
        for name in ("follow_ups", "owner", "agency"):
            fields = re.findall(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)
            assert any('form="assign"' in field for field in fields), name
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))

    def test_a_link_is_shown_once_and_kept_from_caches(self, late, login, officer):
        client = login(officer)
        page = client.post(at("link", late), {"sent_to": "Ibu PK"})
        assert "/reply/" in text(page)
        assert late.inmate.name not in text(page)
        assert "noindex" in page["X-Robots-Tag"]
        assert "/reply/" not in text(client.get(late.get_absolute_url()))
        assert client.post(at("link-revoke", late)).status_code == 302
        assert late.links.get().end == "revoked"

    def test_from_a_persons_page_news_and_a_beginning(self, late, login, officer):
        FollowUp.objects.all().delete()
        client = login(officer)
        person = late.inmate.get_absolute_url()
        assert "Mulai pemantauan" in text(client.get(person))
        assert client.post(f"{person}follow-ups/").status_code == 302
        assert FollowUp.objects.planned().filter(inmate=late.inmate).count() == 4
        assert client.post(f"{person}news/", sent(channel="family")).status_code == 302
        page = text(client.get(person))
        assert "Bulan ke-12" in page
        assert "Kabar" in page

    def test_who_is_here_is_followed_up_by_nobody(self, facility, login, officer):
        here = inmate_at(facility).get_absolute_url()
        client = login(officer)
        assert client.get(f"{here}news/").status_code == 403
        assert client.post(f"{here}follow-ups/").status_code == 403
        assert 'id="follow-ups"' not in text(client.get(here))
