"""The list of who leaves soon and lacks what, and how a cell of it is written in place."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import Custody
from placements.employment import Readiness
from placements.models import ReadinessItem
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import today
from tests.factories.placements import job_seeker_card
from tests.factories.results import certificate_of, finished_batch
from tests.factories.work import cv_of, leaving, there

pytestmark = pytest.mark.django_db
LIST = "/readiness/"


def names(client, query=""):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return [row.record.name for row in page.context["table"].rows]


def at(inmate):
    return reverse("placements:readiness-detail", args=[inmate.public_id])


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


class TestList:
    def test_who_leaves_within_six_months_the_first_one_first(self, signed_in, facility):
        leaving(facility, 100, name="NANTI")
        leaving(facility, 20, name="SEGERA")
        leaving(facility, 300, name="LAMA")
        leaving(FacilityFactory(), 20, name="LAIN")
        assert names(signed_in) == ["SEGERA", "NANTI"]
        assert names(signed_in, "months=1") == ["SEGERA"]
        assert names(signed_in, "months=12") == ["SEGERA", "NANTI", "LAMA"]
        assert names(signed_in, "q=segera") == ["SEGERA"]

    def test_by_what_is_missing(self, signed_in, facility):
        complete, lacking = leaving(facility, 20, name="SIAP"), leaving(facility, 30, name="KURANG")
        for kind in Readiness:
            there(complete, facility, kind)
        there(lacking, facility, Readiness.BANK)
        assert names(signed_in, "missing=nothing") == ["SIAP"]
        assert names(signed_in, "missing=any") == ["KURANG"]
        assert names(signed_in, "missing=bank") == []
        assert names(signed_in, "missing=police") == ["KURANG"]

    def test_by_training_and_card(self, signed_in, facility, agency):
        _batch, (person,) = finished_batch(facility, agency, people=1)
        person.inmate.sentence.two_thirds, person.inmate.sentence.expires = None, today(40)
        person.inmate.sentence.save()
        certificate_of(person)
        other = leaving(facility, 50, name="LAIN")
        job_seeker_card(other, facility, agency)
        assert names(signed_in, "training=certified") == [person.inmate.name]
        assert names(signed_in, "training=untrained") == ["LAIN"]
        assert names(signed_in, "training=trained") == []
        assert names(signed_in, "card=yes") == ["LAIN"]
        assert names(signed_in, "card=no") == [person.inmate.name]

    def test_each_figure_leads_to_as_many_rows(self, signed_in, facility):
        for number, kind in enumerate(Readiness, start=1):
            person = leaving(facility, 10 * number)
            there(person, facility, kind)
        leaving(facility, 300)
        quick = signed_in.get(LIST).context["quick"]
        assert {link["number"] for link in quick} == {0, 5, 6}
        for link in quick:
            assert len(names(signed_in, link["query"])) == link["number"]

    def test_the_csv_says_it_in_words(self, signed_in, facility):
        person = leaving(facility, 20, name="ANI UJI")
        there(person, facility, Readiness.BANK)
        ReadinessItem.objects.create(
            inmate=person, facility=facility, kind="police", is_waived=True, note="Wirausaha"
        )
        text = b"".join(signed_in.get(f"{LIST}?format=csv").streaming_content).decode()
        for words in (
            "ANI UJI",
            "belum punya",
            f"Ada ({today(-3):%d/%m/%Y})",
            "Tidak diperlukan: Wirausaha",
        ):
            assert words in text
        assert "belum dilatih" in text
        assert AccessRecord.objects.get(act="export").subjects == [person.public_id]

    def test_a_reader_who_may_not_write_finds_no_form(self, client, warden, facility):
        person = leaving(facility, 20)
        client.force_login(warden)
        assert 'hx-get="/inmates/' not in client.get(LIST).content.decode()
        assert client.get(f"{at(person)}?kind=bank").status_code == 200
        assert client.post(at(person), {"kind": "bank"}).status_code == 403


class TestInPlace:
    def test_without_javascript_the_form_is_on_the_persons_list(self, signed_in, facility):
        person = leaving(facility, 20, name="ANI UJI")
        back = f"{LIST}?months=1"
        page = signed_in.get(f"{at(person)}?kind=bank", {"kind": "bank", "back": back})
        assert page.context["form"]["standing"].value() == "there"
        answer = signed_in.post(
            at(person), {"kind": "bank", "standing": "there", "on": today(), "back": back}
        )
        assert answer.url == back
        assert ReadinessItem.objects.get().done_on == today()

    def test_it_goes_back_only_to_the_list(self, signed_in, facility):
        person = leaving(facility, 20)
        data = {"kind": "bank", "standing": "there", "on": today()}
        for back in ("https://example.test/", "//example.test/readiness/", "/admin/", ""):
            assert signed_in.post(at(person), data | {"back": back}).url == at(person)

    def test_with_htmx_the_cell_becomes_a_form_and_a_cell_again(self, signed_in, facility):
        person = leaving(facility, 20, name="ANI UJI")
        htmx = {"HX-Request": "true"}
        form = signed_in.get(at(person), {"kind": "bank"}, headers=htmx).content.decode()
        assert f'<form id="bank-{person.public_id}"' in form
        assert "<html" not in form
        data = {"kind": "bank", "standing": "there", "on": today()}
        cell = signed_in.post(at(person), data, headers=htmx).content.decode()
        assert f'<div id="bank-{person.public_id}"' in cell
        assert "Tersimpan." in cell
        closed = signed_in.get(at(person), {"kind": "bank", "close": 1}, headers=htmx)
        assert "<form" not in closed.content.decode()
        assert AccessRecord.objects.filter(subjects=[person.public_id]).count() == 3

    def test_what_is_wrong_is_shown_in_the_cell(self, signed_in, facility):
        person = leaving(facility, 20)
        data = {"kind": "bank", "standing": "waived", "note": ""}
        answer = signed_in.post(at(person), data, headers={"HX-Request": "true"})
        assert answer.status_code == 200  # htmx shows no answer that says "error"
        assert "Sebutkan mengapa" in answer.content.decode()
        assert signed_in.post(at(person), data).status_code == 422

    def test_who_comes_second_sees_it_and_may_insist(self, signed_in, facility):
        person = leaving(facility, 20)
        data = {"kind": "bank", "standing": "waived", "note": "Uji", "seen": "missing:2000-01-01"}
        answer = signed_in.post(at(person), data)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Sementara itu" in page
        seen = page.split('name="seen" value="')[1].split('"')[0]
        assert signed_in.post(at(person), data | {"seen": seen}).status_code == 302

    def test_an_unknown_thing_gets_a_message(self, signed_in, facility):
        person = leaving(facility, 20)
        answer = signed_in.post(at(person), {"kind": "kapal", "standing": "there"})
        assert answer.status_code == 422
        assert signed_in.get(f"{at(person)}?kind=kapal").status_code == 200

    def test_the_cv_is_written_elsewhere(self, signed_in, facility):
        person = leaving(facility, 20)
        cv_of(person, facility, approved_on=None)
        page = signed_in.get(at(person)).content.decode()
        assert "belum disetujui" in page
        assert reverse("placements:cv-detail", args=[person.public_id]) in page
        choices = signed_in.get(f"{at(person)}?kind=cv").context["form"].fields["standing"].choices
        assert "there" not in dict(choices)

    def test_who_moved_is_no_business_of_the_prison_before(self, client, officer, facility):
        person, other = leaving(facility, 20), FacilityFactory()
        Custody.objects.filter(inmate=person).update(until=today(-1), ended_how="transferred")
        Custody.objects.create(inmate=person, facility=other, starts=today(-1))
        client.force_login(officer)
        assert client.get(at(person)).status_code == 403
        client.force_login(staff(other, "officer"))
        assert client.get(at(person)).status_code == 200
