"""A letter's pages, as each post uses them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from correspondence.models import Letter
from tests.factories.accounts import staff
from tests.factories.correspondence import CONTENT, general_series, letter_draft
from tests.factories.partners import scan_file

pytestmark = pytest.mark.django_db

TYPED = {
    **CONTENT,
    "subject": "Undangan rapat",
    "addressed_to": "Kepala BLK\nKota Cilegon",
    "copies": "Arsip\n\nKepala Kanwil",
}


@pytest.fixture
def konsep(facility, officer):
    return letter_draft(facility, officer)


def press(client, letter, step, data=None):
    return client.post(
        reverse(f"correspondence:letter-{step}", args=[letter.public_id]), data or {}
    )


def page(client, letter):
    return client.get(letter.get_absolute_url()).content.decode()


def test_from_hand_to_hand_with_the_buttons(
    konsep, facility, login, officer, head, warden, secretariat
):
    general_series(facility)
    clients = {user.name: login(user) for user in (officer, head, warden, secretariat)}
    writer, chief, signer, office = clients.values()
    assert "Paraf surat" not in chief.get("/").content.decode()
    assert "selesaikan dan paraf" in writer.get("/").content.decode()
    press(writer, konsep, "initial")
    assert "Paraf surat" in chief.get("/").content.decode()
    press(chief, konsep, "initial")
    press(writer, konsep, "request-number")
    assert "Beri nomor atau kirim surat" in office.get("/").content.decode()
    press(office, konsep, "give-number", {"dated": timezone.localdate().isoformat()})
    assert "Tandatangani surat" in signer.get("/").content.decode()
    press(signer, konsep, "sign")
    answer = press(
        office,
        konsep,
        "send",
        {"sent_on": timezone.localdate().isoformat(), "sent_how": "Pos", "scan": scan_file()},
    )
    assert answer.status_code == 302
    konsep.refresh_from_db()
    assert konsep.state == "sent"
    scan = office.get(reverse("correspondence:letter-scan", args=[konsep.public_id]))
    assert b"".join(scan.streaming_content).startswith(b"%PDF")


def test_a_new_letter_is_typed_and_can_be_changed(login, officer):
    client = login(officer)
    answer = client.post("/letters/new/", TYPED)
    letter = Letter.objects.get()
    assert answer.url == letter.get_absolute_url()
    assert letter.data["copies"] == ["Arsip", "Kepala Kanwil"]
    address = reverse("correspondence:letter-edit", args=[letter.public_id])
    assert "Kepala BLK\nKota Cilegon" in client.get(address).content.decode()
    client.post(address, TYPED | {"subject": "Undangan rapat kedua"})
    letter.refresh_from_db()
    assert letter.subject == "Undangan rapat kedua"


def test_what_was_typed_is_not_lost(login, officer):
    answer = login(officer).post("/letters/new/", TYPED | {"addressed_to": ""})
    assert answer.status_code == 422
    assert "Kami mohon waktu." in answer.content.decode()
    assert not Letter.objects.exists()


def test_the_draft_on_paper_says_that_it_is_one(konsep, login, officer):
    answer = login(officer).get(reverse("correspondence:letter-preview", args=[konsep.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_its_text_is_shown_as_it_will_be_set(facility, login, officer):
    text = "Dengan hormat,\n\n# Kendala\nListrik\n\nTanggal : 3 Mei\n\n1. Satu\n  a. Dalam"
    shown = page(login(officer), letter_draft(facility, officer, text=text))
    assert '<h3 class="h6 mt-3">Kendala</h3>' in shown
    assert "<dt>Tanggal</dt><dd>3 Mei</dd>" in shown
    assert "<li>1. Satu</li>" in shown
    assert '<li class="ps-3">a. Dalam</li>' in shown


def test_a_problem_is_said_in_its_panel(konsep, facility, login, head, officer, secretariat):
    for user, step in ((head, "initial"), (officer, "request-number")):
        press(login(user), konsep, step)
    answer = press(login(secretariat), konsep, "give-number", {"dated": "2999-01-01"})
    assert answer.status_code == 422
    assert "di masa depan" in answer.content.decode()


def test_the_number_is_asked_for_where_there_is_a_register(
    konsep, facility, login, head, officer, secretariat
):
    general_series(facility, mode="book")
    for user, step in ((head, "initial"), (officer, "request-number")):
        press(login(user), konsep, step)
    assert "buku agenda" in page(login(secretariat), konsep)


def test_whoever_is_late_learns_it_in_a_sentence(konsep, login, head, officer):
    press(login(head), konsep, "initial")
    answer = login(officer).post(
        reverse("correspondence:letter-initial", args=[konsep.public_id]), follow=True
    )
    assert "sudah diparaf: dicatat oleh Kasi Giatja" in answer.content.decode()


def test_a_reader_without_a_hand_in_it_sees_no_button(konsep, login, facility):
    words = page(login(staff(facility, "security")), konsep)
    assert "Kami mohon waktu." in words
    assert "<form" not in words.partition("<main")[2]


def test_a_draft_is_thrown_away(konsep, login, officer):
    answer = press(login(officer), konsep, "discard")
    assert answer.url == "/letters/"
    assert not Letter.objects.exists()


class TestList:
    def test_filters_by_state_kind_and_words(self, facility, officer, login):
        letter_draft(facility, officer, subject="Satu")
        letter_draft(facility, officer, subject="Dua", kind="audience")
        client = login(officer)

        def shown(query):
            return [
                row.record.subject for row in client.get(f"/letters/?{query}").context["table"].rows
            ]

        assert shown("kind=audience") == ["Dua"]
        assert shown("state=sent") == []
        assert shown("q=satu") == ["Satu"]
        assert sorted(shown("q=disnaker")) == ["Dua", "Satu"]

    def test_csv_says_kind_and_state_in_words(self, konsep, login, officer):
        answer = login(officer).get("/letters/?format=csv")
        lines = b"".join(answer.streaming_content).decode()
        assert "Surat biasa" in lines
        assert "Konsep" in lines
