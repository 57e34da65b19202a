"""Who saw whose data between two moments: counted, within reach, and on record itself."""

import csv
import io
from datetime import timedelta

import pghistory
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from accounts.models import AccessRecord, SignIn
from placements.documents import PAGES
from reports.breaches.kinds import OF_PAGES
from tests.factories.accounts import FacilityFactory, PostingFactory, UserFactory, staff
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.training import confirmed_batch, enrolled

pytestmark = pytest.mark.django_db

LIST, ROWS = reverse("reports:breach-list"), reverse("reports:breach-rows")
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def look(user, *seen, minutes=0, act="view", path="/inmates/", address="10.4.2.17"):
    return AccessRecord.objects.create(
        at=NOON + timedelta(minutes=minutes),
        user_email=getattr(user, "email", user),
        act=act,
        path=path,
        address=address,
        subjects=[each.public_id for each in seen],
    )


def between(start=-60, end=60, **more):
    since, until = (NOON + timedelta(minutes=each) for each in (start, end))
    return {"since": f"{since:%Y-%m-%dT%H:%M}", "until": f"{until:%Y-%m-%dT%H:%M}"} | more


@pytest.fixture
def story(facility, officer, liaison):
    """Three looks of an hour at people of the prison, and what does not belong to them."""
    ani, budi = inmate_at(facility, name="ANI"), inmate_at(facility, name="BUDI")
    twin = InmateFactory(name="BUDHI", merged_into=budi)
    stranger = inmate_at(FacilityFactory(), name="ORANG LAIN")
    look(officer, ani, budi, twin, stranger)
    look(
        officer,
        ani,
        minutes=30,
        act="export",
        path=reverse("placements:subject-file-pdf", args=[ani.public_id]),
    )
    look(liaison, budi, minutes=60, path="/certificates/", address="203.0.113.9")
    look(officer, budi, minutes=61)  # a minute late
    look(officer, budi, minutes=-61)  # and early
    look("gone@uji.test", stranger)
    return {"ani": ani, "budi": budi, "stranger": stranger}


def test_the_hour_is_counted_by_user_person_and_page(login, warden, officer, liaison, story):
    page = login(warden).get(LIST, between())
    assert page.status_code == 200
    totals = page.context["totals"]
    assert page.context["seen"].total == 2
    assert (totals.users, totals.responses, totals.exports) == (2, 3, 1)
    assert (totals.first, totals.last) == (NOON, NOON + timedelta(minutes=60))
    users = {user.email: user for user in page.context["users"]}
    assert users.keys() == {officer.email, liaison.email}
    assert (users[officer.email].people, users[officer.email].responses) == (2, 2)
    assert users[liaison.email].addresses == ["203.0.113.9"]
    told = [(each.name, each.users, each.responses) for each in page.context["page"]]
    assert told == [("ANI", 1, 2), ("BUDI", 2, 2)]
    assert page.context["seen"].elsewhere == 1
    text = page.content.decode()
    assert "ORANG LAIN" not in text
    assert "BUDHI" not in text
    assert "Berkas data orang" in text  # the page by its name, and what it shows
    assert {kind.label for kind in page.context["kinds"]} >= {"NIK"}


def test_it_is_narrowed_by_user_person_network_and_act(login, warden, officer, story):
    client = login(warden)

    def counted(**more):
        page = client.get(LIST, between(**more)).context
        return page["seen"].total, page["totals"].responses

    assert counted(who=officer.email) == counted(who="budi petugas") == (2, 2)
    assert counted(who=officer.email[1:]) == (0, 0)  # a whole address is that address
    assert counted(person="BUDI") == counted(person=story["budi"].public_id) == (1, 2)
    assert counted(address="203.0.113.0/24") == (1, 1)
    assert counted(act="export") == (1, 1)
    assert counted(who="%") == (0, 0)
    refused = client.get(LIST, between(address="rumah", person="TIDAK ADA"))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"address", "person"}
    assert client.get(LIST, between(10, 0)).status_code == 422
    assert client.get(LIST, {"since": "kemarin", "until": ""}).status_code == 422
    outside = client.get(LIST, between(person=story["stranger"].public_id))
    assert "ORANG LAIN" not in outside.content.decode()
    assert outside.status_code == 422


def test_it_opens_to_rows_and_files_that_name_everybody(login, warden, officer, story):
    client = login(warden)
    rows = client.get(ROWS, between()).context["page"].object_list
    assert [(row.page, row.names) for row in rows] == [
        ("Sertifikat", ["BUDI"]),
        ("Berkas data orang", ["ANI"]),
        ("Daftar Warga Binaan", ["ANI", "BUDI"]),
    ]
    for form in ("csv", "xlsx"):
        answer = client.get(LIST, between(format=form))
        assert answer.streaming
        body = b"".join(answer)
        if form == "csv":
            lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        else:
            lines = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
            lines = lines.to_python()
        assert [(line[1], line[7]) for line in lines[1:3]] == [
            (officer.email, "ANI"),
            (officer.email, "BUDI"),
        ]
        assert len(lines) == 5
        told = AccessRecord.objects.filter(user_email=warden.email).order_by("pk").last()
        assert told.act == "export"
        assert set(told.subjects) == {story["ani"].public_id, story["budi"].public_id}


def test_the_paper_has_the_numbers_and_no_name(login, warden, officer, story):
    answer = login(warden).get(reverse("reports:breach-paper"), between())
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "2 orang" in text
    assert officer.email in text
    assert "NIK" in text
    assert "ANI" not in text.replace("LAYANI", "").split()


def test_to_look_is_on_record_with_address_and_request(login, warden, story):
    login(warden).get(LIST, between(), REMOTE_ADDR="10.9.9.9")
    told = AccessRecord.objects.get(user_email=warden.email)
    assert set(told.subjects) == {story["ani"].public_id, story["budi"].public_id}
    assert told.address == "10.9.9.9"
    assert told.request


def test_the_warden_of_another_prison_sees_none_of_it(login, story):
    client = login(staff(FacilityFactory(), "warden"))
    assert client.get(LIST, between()).context["seen"].total == 0
    assert client.get(ROWS, between()).context["page"].object_list == []
    assert b"".join(client.get(LIST, between(format="csv"))).count(b"\n") == 1


def test_an_admin_sees_all_prisons_and_names_only_if_granted(login, story):
    page = login(UserFactory(kind="admin", is_superuser=True)).get(LIST, between())
    assert page.context["seen"].total == 3
    plain = UserFactory(kind="admin", is_staff=True)
    client = login(plain)
    assert client.get(LIST, between()).status_code == 403
    plain.user_permissions.add(Permission.objects.get(codename="view_accessrecord"))
    text = client.get(LIST, between()).content.decode()
    assert "ANI" not in text
    assert str(story["ani"].public_id)[:8].upper() in text
    assert "ANI" not in b"".join(client.get(LIST, between(format="csv"))).decode()


def test_many_looks_ask_no_query_more(login, warden, officer, facility, story):
    client = login(warden)

    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address, between()).status_code == 200
        return len(asked)

    queries(LIST)
    before = [queries(LIST), queries(ROWS)]
    for number in range(30):
        look(staff(facility, "officer"), inmate_at(facility), story["ani"], minutes=number)
    assert [queries(LIST), queries(ROWS)] == before
    assert len(client.get(LIST, between(page=2)).context["page"].object_list) == 7
    assert client.get(LIST, between(page=99)).context["page"].number == 2


ODD = ("", "x", "\0", "%", "9" * 40, "9999-12-31T23:59", "0001-01-01", "10.0.0.0/33")


def test_nothing_that_is_typed_breaks_a_page(login, warden, officer, story):
    client, user = login(warden), reverse("reports:user-report", args=[officer.public_id])
    days = {"since": "2026-01-01", "until": "2026-12-31"}
    for odd in ODD:
        answers = [
            client.get(LIST, between(since=odd)),
            client.get(LIST, between(until=odd)),
            client.get(LIST, between(person=odd, page=odd)),
            client.get(ROWS, between(address=odd)),
            client.get(ROWS, between(who=odd, act=odd, facility=odd)),
            client.get(ROWS, between(who=odd, page=odd)),
            client.get(user, days | {"until": odd}),
            client.get(user, days | {"page": odd}),
        ]
        assert {answer.status_code for answer in answers} <= {200, 422}, odd


def test_of_every_page_it_is_said_what_it_shows():
    assert set(OF_PAGES) == set(PAGES)


# --- What one user did --------------------------------------------------------------------------
def report_of(client, user, **query):
    return client.get(reverse("reports:user-report", args=[user.public_id]), query)


def test_a_users_report_tells_sign_ins_changes_looks_and_exports(
    client, login, warden, registrar, story
):
    signed = {"login": registrar.email, "password": "kata-sandi-uji-7"}
    client.post("/login/", signed | {"password": "salah"}, REMOTE_ADDR="10.1.1.1")
    client.post("/login/", {"login": "tidak@ada.test", "password": "salah"})
    client.post("/login/", signed, REMOTE_ADDR="10.1.1.2", HTTP_USER_AGENT="Peramban Uji")
    person = story["ani"]
    address = reverse("placements:person-correct", args=[person.public_id])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"name": "ANI RAHAYU", "birth_date": "", "is_foreigner": "", "reason": "Salah eja"}
    assert client.post(address, typed).status_code == 302
    client.get(person.get_absolute_url())
    client.post("/logout/")
    page = report_of(login(warden), registrar)
    assert page.status_code == 200
    kinds = [(each.kind, each.address) for each in page.context["signed"]]
    assert kinds == [("out", "127.0.0.1"), ("in", "10.1.1.2"), ("failed", "10.1.1.1")]
    assert not SignIn.objects.filter(user_email__contains="tidak@ada")
    assert page.context["seen"].total == 1
    text = page.content.decode()
    assert "Salah eja" in text
    assert "ANI RAHAYU" in text
    record = AccessRecord.objects.filter(user_email=warden.email).get()
    assert person.public_id in record.subjects
    lines = b"".join(report_of(login(warden), registrar, format="csv")).decode()
    assert "Salah eja" in lines


def test_only_who_answers_for_the_user_reads_the_report(
    login, warden, head, officer, liaison, other_liaison, outsider
):
    client = login(warden)
    for user in (officer, head, liaison):
        assert report_of(client, user).status_code == 200
    for user in (outsider, other_liaison, UserFactory(kind="admin")):
        assert report_of(client, user).status_code == 404
    assert report_of(login(officer), head).status_code == 403
    assert report_of(login(liaison), liaison).status_code == 403
    assert report_of(client, officer, since="x", until="y").status_code == 422


def test_what_happened_elsewhere_is_counted_without_its_name(login, warden, agency, outsider):
    other = outsider.facility
    PostingFactory(user=outsider, facility=warden.facility)
    person = inmate_at(other, name="RAHASIA LAPAS LAIN")
    with pghistory.context(user=outsider.pk, name="x", reason="ALASAN LAIN", request="abc"):
        person.city = "Kota Lain"
        person.save()
        enrolled(confirmed_batch(other, agency))
    page = report_of(login(warden), outsider)
    text = page.content.decode()
    assert len(page.context["page"].object_list) == 1
    assert "RAHASIA LAPAS LAIN" not in text
    assert "ALASAN LAIN" not in text
