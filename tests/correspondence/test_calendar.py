"""The personal calendar: whose deadlines, in a form that real calendars read."""

import re
from datetime import date, timedelta

import icalendar
import pytest
import vobject
from django.test import Client
from django.utils import timezone

from correspondence.models import CalendarFeed
from correspondence.services import feeds
from correspondence.services.sweep import sweep
from tests.factories.partners import SignedAgreementFactory, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        title="PKS Las; tahap 1, “lanjutan” dengan judul yang panjang sekali sampai harus dilipat",
        ends_on=today(200),
        notice_months=3,
    )


def address_of(user):
    return f"/calendar.ics?token={feeds.create(by=user)}"


def read(address, **headers):
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200
    return answer


def entries(answer):
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["SUMMARY"]).split(":")[0]: event for event in calendar.walk("VEVENT")}


def test_ones_open_deadlines_are_in_it_near_and_far(agreement, officer, settings):
    settings.SITE_URL = "https://lapas.test"
    found = entries(read(address_of(officer)))
    end = found["Akhir perjanjian"]
    assert end["DTSTART"].dt == agreement.ends_on
    assert type(end["DTSTART"].dt) is date
    assert end["DTEND"].dt == agreement.ends_on + timedelta(days=1)
    assert str(end["URL"]) == f"https://lapas.test{agreement.get_absolute_url()}"
    assert agreement.title in str(end["SUMMARY"])
    assert "Batas usul perpanjangan" in found
    assert officer.name not in str(end)


def test_an_independent_reader_understands_it(agreement, officer):
    calendar = vobject.readOne(read(address_of(officer)).content.decode())
    calendar.validate(raiseException=True)
    found = {event.summary.value: event for event in calendar.vevent_list}
    end = found[f"Akhir perjanjian: {agreement.title}"]
    assert end.dtstart.value == agreement.ends_on
    assert agreement.title in end.description.value


def test_lines_end_and_fold_as_the_standard_says(agreement, officer):
    content = read(address_of(officer)).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()


def test_it_is_ones_own(agreement, officer, liaison, other_liaison, outsider, warden):
    assert set(entries(read(address_of(liaison)))) == {"Akhir perjanjian"}
    for person in (other_liaison, outsider, warden):
        assert entries(read(address_of(person))) == {}


def test_a_moved_date_moves_the_entry(agreement, officer):
    sweep(agreement.ends_on - timedelta(days=20))
    address = address_of(officer)
    before = entries(read(address))["Akhir perjanjian"]
    agreement.ends_on += timedelta(days=30)
    agreement.save()
    sweep(agreement.ends_on - timedelta(days=20))
    after = entries(read(address))["Akhir perjanjian"]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == agreement.ends_on


def test_what_did_not_change_is_not_sent_again(agreement, officer):
    address = address_of(officer)
    first = read(address)
    assert read(address).content == first.content
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    agreement.title = "Judul lain"
    agreement.save()
    assert read(address, **{"if-none-match": first["ETag"]}).status_code == 200
    assert Client().head(address).status_code == 200


@pytest.mark.parametrize("end", ["revoked", "renewed", "inactive", "wrong", "missing"])
def test_an_address_that_does_not_stand_is_not_found(officer, end):
    address = address_of(officer)
    if end == "revoked":
        feeds.revoke(by=officer)
    elif end == "renewed":
        feeds.create(by=officer)
    elif end == "inactive":
        officer.is_active = False
        officer.save()
    else:
        address = "/calendar.ics?token=x" if end == "wrong" else "/calendar.ics"
    assert Client().get(address).status_code == 404


def test_when_it_was_read_is_written_at_most_once_an_hour(officer, django_assert_num_queries):
    address = address_of(officer)
    read(address)
    first = CalendarFeed.objects.get().read_at
    assert first
    read(address)
    assert CalendarFeed.objects.get().read_at == first
    CalendarFeed.objects.update(read_at=timezone.now() - timedelta(hours=2))
    read(address)
    assert CalendarFeed.objects.get().read_at >= first


def test_the_page_shows_the_address_once_and_takes_it_back(login, officer):
    client = login(officer)
    assert "belum punya alamat" in client.get("/notices/calendar/").content.decode()
    made = client.post("/notices/calendar/create/")
    token = re.search(r"calendar\.ics\?token=([\w-]+)", made.content.decode())[1]
    assert made["Cache-Control"] == "no-store"
    read(f"/calendar.ics?token={token}")
    assert token not in client.get("/notices/calendar/").content.decode()
    assert CalendarFeed.objects.get().token_hash == feeds.hash_of(token)
    client.post("/notices/calendar/revoke/")
    assert Client().get(f"/calendar.ics?token={token}").status_code == 404
