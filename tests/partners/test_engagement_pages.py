"""The pages of visits: written down, corrected, with their files and what was promised."""

import pytest
from django.utils import timezone

from partners.models import Engagement
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    EngagementFactory,
    scan_file,
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

    def test_hundreds_of_files_are_a_message_and_what_was_typed_stays(
        self, login, officer, agency, settings
    ):
        files = picked(*((f"{n}.jpg", JPEG) for n in range(settings.UPLOAD_MOST_FILES + 50)))

        answer = login(officer).post(
            page("engagement-record"), self.typed(agency, result="Hasil panjang") | files
        )

        assert answer.status_code == 422
        (problem,) = answer.context["form"].errors["files"]
        assert "10 berkas" in problem
        assert "350" in problem
        assert "Hasil panjang" in body(answer)
        assert not Engagement.objects.exists()

    def test_only_ones_partners_are_offered(self, login, officer, agency):
        elsewhere = AgencyFactory(name="BLK Jauh")

        shown = body(login(officer).get(page("engagement-record")))

        assert agency.name in shown
        assert elsewhere.name not in shown

    def test_a_tampered_formset_is_a_message(self, login, officer, agency):
        typed = self.typed(agency) | {"items-TOTAL_FORMS": "x"}

        assert login(officer).post(page("engagement-record"), typed).status_code == 422


def picked(*files):
    return {"files": [scan_file(content, name) for name, content in files]}


PDF, JPEG = b"%PDF-1.7 surat", b"\xff\xd8\xff\xe0 foto"


class TestAttachments:
    def test_several_files_are_kept_with_the_visit(self, login, officer, visit):
        client = login(officer)

        client.post(
            page("engagement-attach", visit), picked(("surat.pdf", PDF), ("foto.jpg", JPEG))
        )

        assert {row.name for row in visit.attachments.all()} == {"surat.pdf", "foto.jpg"}
        row = visit.attachments.get(name="foto.jpg")
        answer = client.get(page("attachment-download", row))
        assert b"".join(answer.streaming_content) == JPEG
        assert 'filename="foto.jpg"' in answer["Content-Disposition"]

    def test_one_wrong_file_is_named_and_none_is_kept(self, login, officer, visit):
        answer = login(officer).post(
            page("engagement-attach", visit),
            picked(("surat.pdf", PDF), ("virus.pdf", b"MZ program"), ("kosong.pdf", b"")),
        )

        assert answer.status_code == 422
        assert "virus.pdf" in body(answer)
        assert "kosong.pdf" in body(answer)
        assert not visit.attachments.exists()

    def test_too_many_at_once_is_a_message(self, login, officer, visit):
        answer = login(officer).post(
            page("engagement-attach", visit),
            picked(*((f"{number}.pdf", PDF) for number in range(11))),
        )

        assert answer.status_code == 422
        assert "10 berkas" in body(answer)

    def test_too_large_a_file_is_a_message(self, login, officer, visit, settings):
        settings.UPLOAD_MAX_BYTES = 10

        answer = login(officer).post(page("engagement-attach", visit), picked(("a.pdf", PDF)))

        assert answer.status_code == 422
        assert "a.pdf" in body(answer)

    def test_they_can_come_with_the_visit_itself(self, login, officer, agency):
        typed = TestRecordingAVisit().typed(agency) | picked(("surat.pdf", PDF))

        login(officer).post(page("engagement-record"), typed)

        assert Engagement.objects.get().attachments.get().name == "surat.pdf"

    def test_another_prison_and_the_liaison_get_no_file(
        self, login, officer, outsider, liaison, visit
    ):
        login(officer).post(page("engagement-attach", visit), picked(("surat.pdf", PDF)))
        address = page("attachment-download", visit.attachments.get())

        for stranger in (outsider, liaison):
            assert login(stranger).get(address).status_code == 404

    def test_a_file_that_is_gone_is_not_found(self, login, officer, visit):
        row = visit.attachments.create(name="surat.pdf", file="visits/tiada.pdf")

        assert login(officer).get(page("attachment-download", row)).status_code == 404


class TestPromises:
    def test_the_list_holds_what_is_open_the_late_first(self, login, officer, visit):
        late = ActionItemFactory(engagement=visit, what="Kirim rekap", due=today(-2))
        soon = ActionItemFactory(engagement=visit, what="Kirim surat", due=today(3))
        ActionItemFactory(engagement=visit, what="Sudah", done_at=timezone.now())
        client = login(officer)

        def shown(query):
            table = client.get(page("action-item-list") + query).context["table"]
            return [row.record for row in table.rows]

        assert shown("") == [late, soon]
        assert shown("?state=late") == [late]
        assert len(shown("?state=all")) == 3
        assert [row.what for row in shown("?state=done")] == ["Sudah"]

    def test_mine_are_those_of_my_post(self, login, officer, visit):
        mine = ActionItemFactory(engagement=visit, owner_role_id="officer")
        ActionItemFactory(engagement=visit, owner_role_id="head")

        table = login(officer).get(page("action-item-list") + "?whose=mine").context["table"]

        assert [row.record for row in table.rows] == [mine]

    def test_ticked_off_in_the_list_one_stays_there(self, login, officer, visit):
        item = ActionItemFactory(engagement=visit)
        client = login(officer)

        assert page("action-item-finish", item) in body(client.get(page("action-item-list")))
        answer = client.post(page("action-item-finish", item), {"from": "list"})
        assert answer.url == page("action-item-list")

    def test_the_list_is_a_sheet_as_well(self, login, officer, visit):
        ActionItemFactory(engagement=visit, owner=officer)

        answer = login(officer).get(page("action-item-list") + "?format=csv")

        assert "Budi Petugas" in b"".join(answer.streaming_content).decode()

    def test_moving_the_day_without_a_reason_loses_nothing_typed(self, login, officer, visit):
        item = ActionItemFactory(engagement=visit)
        typed = {"what": "Kirim surat baru", "owner_role": "head", "due": today(40).isoformat()}

        answer = login(officer).post(page("action-item-edit", item), typed)

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"reason"}
        assert "Kirim surat baru" in body(answer)

    def test_a_wrong_tick_without_a_reason_is_a_sentence(self, login, officer, visit):
        item = ActionItemFactory(engagement=visit, done_at=timezone.now(), done_by=officer)

        answer = login(officer).post(page("action-item-reopen", item), follow=True)

        assert "Sebutkan alasannya" in body(answer)
        item.refresh_from_db()
        assert item.done_at

    def test_visits_are_filtered_by_period_and_by_promises(self, login, officer, visit, agency):
        old = EngagementFactory(
            facility=visit.facility, agency=agency, held_on=today(-400), purpose="Dulu"
        )
        ActionItemFactory(engagement=old, due=today(-300))
        client = login(officer)

        def shown(query):
            table = client.get(page("engagement-list") + query).context["table"]
            return [row.record for row in table.rows]

        assert shown(f"?until={today(-100).isoformat()}") == [old]
        assert shown(f"?since={today(-100).isoformat()}") == [visit]
        assert shown("?promises=open") == [old]
        assert shown("?promises=late") == [old]
        assert len(shown("?since=kapan")) in (0, 2)

    def test_the_visits_facts_are_corrected_on_a_page(self, login, officer, visit, agency):
        typed = {
            "agency": agency.public_id,
            "kind": "meeting",
            "held_on": today(-2).isoformat(),
            "purpose": "Rapat teknis",
            "delegation": "Kasi",
            "hosts": "",
            "result": "Sepakat",
        }
        client = login(officer)

        answer = client.post(page("engagement-edit", visit), typed)

        assert "Rapat teknis" in body(client.get(answer.url))
