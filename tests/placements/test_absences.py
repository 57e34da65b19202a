"""Whom the register lists no more, decided on one page."""

import pytest

from accounts.models import AccessRecord
from inmates.models import Absence
from tests.factories.accounts import staff
from tests.factories.inmates import absent_from
from tests.factories.partners import today

pytestmark = pytest.mark.django_db
LIST = "/inmates/absences/"


@pytest.fixture
def client(login, registrar):
    return login(registrar)


def said(*rows, **together):
    """What the page sends: each row as (absence, its fields)."""
    data = dict(together)
    for absence, fields in rows:
        for name in ("decision", "on", "moved_to"):
            data[f"{absence.public_id}-{name}"] = fields.get(name, "")
        if fields.get("pick"):
            data[f"{absence.public_id}-pick"] = "on"
    return data


def decisions():
    return dict(Absence.objects.values_list("pk", "decision"))


def test_the_list_names_each_with_their_number_and_is_on_record(client, facility):
    absence = absent_from(facility, name="SLAMET RIYADI")
    shown = client.get(LIST).text
    assert "SLAMET RIYADI" in shown
    assert absence.inmate.custodies.get().register_number in shown
    assert AccessRecord.objects.get().subjects == [absence.inmate.public_id]


def test_each_is_decided_in_its_row(client, facility):
    freed, here, later = (absent_from(facility) for _ in range(3))
    answer = client.post(
        LIST,
        said(
            (freed, {"decision": "released", "on": today(-1)}),
            (here, {"decision": "still_here"}),
            (later, {}),
        ),
    )
    assert answer.status_code == 302
    assert decisions() == {freed.pk: "released", here.pk: "still_here", later.pk: ""}
    assert freed.inmate.custodies.get().until == today(-1)


def test_several_are_decided_at_once_and_a_row_goes_before_it(client, facility):
    first, second, own, unticked = (absent_from(facility) for _ in range(4))
    client.post(
        LIST,
        said(
            (first, {"pick": True}),
            (second, {"pick": True, "on": today(-4)}),
            (own, {"pick": True, "decision": "still_here"}),
            (unticked, {}),
            decision="transferred",
            on=today(-2),
        ),
    )
    assert decisions() == {
        first.pk: "transferred",
        second.pk: "transferred",
        own.pk: "still_here",
        unticked.pk: "",
    }
    assert first.inmate.custodies.get().until == today(-2)
    assert second.inmate.custodies.get().until == today(-4)


def test_what_is_refused_is_named_and_the_others_are_done(client, facility):
    well, wrong = absent_from(facility), absent_from(facility, name="SLAMET RIYADI")
    answer = client.post(
        LIST,
        said(
            (well, {"decision": "released", "on": today(-1)}),
            (wrong, {"decision": "released", "on": today(1)}),
        ),
    )
    assert answer.status_code == 422
    assert "1 keputusan dicatat." in answer.text
    assert "SLAMET RIYADI: Tanggal tidak boleh di masa depan." in answer.text
    assert decisions() == {well.pk: "released", wrong.pk: ""}


def test_an_unreadable_date_stops_all_and_stands_in_its_row(client, facility):
    absence = absent_from(facility)
    answer = client.post(LIST, said((absence, {"decision": "released", "on": "kemarin"})))
    assert answer.status_code == 422
    assert "kemarin" in answer.text
    assert decisions() == {absence.pk: ""}


def test_nothing_chosen_is_said(client, facility):
    answer = client.post(LIST, said((absent_from(facility), {})), follow=True)
    assert "Pilih keputusan" in answer.text


def test_decided_ones_are_found_by_the_filter_and_cannot_be_decided_twice(client, facility):
    absence = absent_from(facility, name="SLAMET RIYADI")
    row = (absence, {"decision": "still_here"})
    client.post(LIST, said(row))
    assert "SLAMET" not in client.get(LIST).text
    shown = client.get(f"{LIST}?decision=still_here").text
    assert "Masih di sini (Petugas Register)" in shown
    assert f"{absence.public_id}-decision" not in shown
    assert "SLAMET" in client.get(f"{LIST}?decision=all&q=slamet").text
    assert "SLAMET" not in client.get(f"{LIST}?decision=all&q=wahyu").text
    answer = client.post(LIST, said((absence, {"decision": "released", "on": today()})))
    assert answer.status_code == 422
    assert "Sudah diputuskan" in answer.text


def test_the_csv_holds_no_fields_to_fill_in(client, facility):
    absent_from(facility, name="SLAMET RIYADI")
    head, row = b"".join(client.get(f"{LIST}?format=csv")).decode().strip().splitlines()
    assert head.lstrip("\ufeff").split(",")[0] == "Nama"
    assert row.startswith("SLAMET RIYADI,")
    assert "<" not in row
    assert AccessRecord.objects.get().act == "export"


def test_people_of_another_prison_are_out_of_reach(login, facility, outsider):
    absence = absent_from(facility, name="SLAMET RIYADI")
    client = login(staff(outsider.facility, "registrar"))
    assert "SLAMET" not in client.get(LIST).text
    client.post(LIST, said((absence, {"decision": "still_here"})))
    assert decisions() == {absence.pk: ""}


def test_garbage_is_no_error(client):
    assert client.post(LIST, {"-decision": "x", "1-decision": "y"}).status_code == 302


def test_the_home_counts_them(login, registrar, facility):
    absent_from(facility)
    shown = login(registrar).get("/").text
    assert 'Tentukan orang yang tidak tercantum lagi</a> <span class="count">1</span>' in shown
