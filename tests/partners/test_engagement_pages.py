"""The page on which a visit is written down."""

import pytest

from partners.models import Engagement
from tests.factories.partners import (
    AgencyFactory,
    today,
)
from tests.partners.steps import body, page

pytestmark = pytest.mark.django_db


class TestRecordingAVisit:
    def typed(self, agency, **more):
        items = {"items-TOTAL_FORMS": 3, "items-INITIAL_FORMS": 0}
        items |= {f"items-{row}-owner_role": "officer" for row in range(3)}  # as a browser does
        fields = {
            "agency": agency.public_id,
            "kind": "visit",
            "held_on": today().isoformat(),
            "purpose": "Menjajaki kelas las",
            "delegation": "Kasi Giatja",
        }
        return items | fields | more

    def test_the_visit_and_its_promises_are_stored(self, login, officer, agency):
        promise = {
            "items-1-what": "Kirim surat",
            "items-1-owner_role": "head",
            "items-1-due": today(7).isoformat(),
        }

        answer = login(officer).post(page("engagement-record"), self.typed(agency, **promise))

        visit = Engagement.objects.get()
        assert answer.url == visit.get_absolute_url()
        assert [item.what for item in visit.action_items.all()] == ["Kirim surat"]

    def test_a_future_visit_is_refused_and_what_was_typed_stays(self, login, officer, agency):
        typed = self.typed(agency, held_on=today(1).isoformat(), result="Hasil panjang")

        answer = login(officer).post(page("engagement-record"), typed)

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"held_on"}
        assert "Hasil panjang" in body(answer)
        assert not Engagement.objects.exists()

    def test_half_a_promise_is_refused_beside_its_field(self, login, officer, agency):
        typed = self.typed(agency, **{"items-0-what": "Kirim surat", "items-0-owner_role": "head"})

        answer = login(officer).post(page("engagement-record"), typed)

        assert answer.status_code == 422
        assert answer.context["items"].errors[0].keys() == {"due"}
        assert not Engagement.objects.exists()

    @pytest.mark.parametrize("agency_id", ["", "bukan-uuid", "1"])
    def test_an_agency_that_is_none_is_a_message(self, login, officer, agency, agency_id):
        answer = login(officer).post(
            page("engagement-record"), self.typed(agency) | {"agency": agency_id}
        )

        assert answer.status_code == 422
        assert "agency" in answer.context["form"].errors

    def test_only_ones_partners_are_offered(self, login, officer, agency):
        elsewhere = AgencyFactory(name="BLK Jauh")

        shown = body(login(officer).get(page("engagement-record")))

        assert agency.name in shown
        assert elsewhere.name not in shown

    def test_a_tampered_formset_is_a_message(self, login, officer, agency):
        typed = self.typed(agency) | {"items-TOTAL_FORMS": "x"}

        assert login(officer).post(page("engagement-record"), typed).status_code == 422
