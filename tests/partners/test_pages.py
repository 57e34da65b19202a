"""The pages of agencies, visits and agreements: who gets in, what they show, what they keep."""

import pytest
from django.urls import reverse

from partners.models import Agreement, Engagement
from partners.services import agreements
from partners.states import AgreementState
from tests.factories.accounts import staff
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)

pytestmark = pytest.mark.django_db

VERBS = [
    "begin-draft",
    "send-for-review",
    "revise",
    "mark-ready",
    "reopen",
    "terminate",
    "undo-termination",
    "cancel",
    "undo-cancellation",
    "undo-signing",
]
LISTS = ["agency-list", "engagement-list", "agreement-list", "agreement-calendar"]


@pytest.fixture
def draft(facility, agency):
    return AgreementFactory(facility=facility, agency=agency, title="PKS Las")


@pytest.fixture
def signed(facility, agency):
    return SignedAgreementFactory(facility=facility, agency=agency, title="PKS Menjahit")


@pytest.fixture
def visit(facility, agency):
    return EngagementFactory(facility=facility, agency=agency, result="Siap membuka kelas las")


def page(name, *rows):
    return reverse(f"partners:{name}", args=[row.public_id for row in rows])


def body(answer):
    return answer.content.decode()


class TestWhoGetsIn:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("role", ["officer", "head", "warden", "registrar", "observer"])
    def test_every_post_reads_the_lists(self, facility, login, name, role):
        assert login(staff(facility, role)).get(page(name)).status_code == 200

    def test_every_post_reads_the_rows_of_its_prison(self, login, warden, agency, visit, draft):
        client = login(warden)

        assert client.get(page("agency-detail", agency)).status_code == 200
        assert client.get(page("engagement-detail", visit)).status_code == 200
        assert client.get(page("agreement-detail", draft)).status_code == 200

    def test_outside_ones_scope_nothing_is_there(
        self, login, outsider, other_liaison, agency, visit, draft, signed
    ):
        for user in (outsider, other_liaison):
            client = login(user)
            for address in (
                page("agency-detail", agency),
                page("engagement-detail", visit),
                page("agreement-detail", draft),
                page("agreement-edit", draft),
                page("agreement-sign", draft),
                page("agreement-scan", signed),
                page("agreement-draft") + f"?engagement={visit.public_id}",
            ):
                expected = {404} if "?" not in address or user is outsider else {403}
                assert client.get(address).status_code in expected, (user, address)
            for verb in VERBS:
                answer = client.post(page(f"agreement-{verb}", draft), {"reason": "x"})
                assert answer.status_code == 404

    def test_a_liaison_reads_the_agreement_and_not_the_log(
        self, login, liaison, agency, visit, draft, signed
    ):
        client = login(liaison)

        assert client.get(page("agreement-detail", signed)).status_code == 200
        assert client.get(page("agreement-detail", draft)).status_code == 404
        assert client.get(page("engagement-detail", visit)).status_code == 404
        story = body(client.get(page("agency-detail", agency)))
        assert "PKS Menjahit" in story
        assert "PKS Las" not in story
        assert visit.purpose not in story

    def test_a_liaison_has_no_buttons_and_no_history(self, login, liaison, signed):
        shown = body(login(liaison).get(page("agreement-detail", signed)))

        for verb in (*VERBS, "edit", "sign"):
            assert page(f"agreement-{verb}", signed) not in shown
        assert 'id="history"' not in shown

    @pytest.mark.parametrize("name", ["engagement-record", "agreement-draft"])
    def test_pages_that_write_are_closed_to_other_posts(self, login, warden, liaison, name):
        assert login(warden).get(page(name)).status_code == 403
        assert login(liaison).get(page(name)).status_code == 403

    def test_visible_is_not_yet_allowed(self, login, officer, warden, draft):
        assert login(officer).get(page("agreement-sign", draft)).status_code == 403
        assert login(officer).get(page("agreement-record-existing")).status_code == 403
        assert login(warden).get(page("agreement-edit", draft)).status_code == 403
        answer = login(warden).post(page("agreement-send-for-review", draft))
        assert answer.status_code == 403

    @pytest.mark.parametrize("verb", VERBS)
    def test_a_state_moves_only_by_post(self, login, head, draft, verb):
        assert login(head).get(page(f"agreement-{verb}", draft)).status_code == 405

    def test_ticking_off_is_a_post_inside_ones_scope(self, login, officer, outsider, visit):
        item = ActionItemFactory(engagement=visit)
        address = page("action-item-finish", item)

        assert login(officer).get(address).status_code == 405
        assert login(outsider).post(address).status_code == 404
        assert login(officer).post(address).status_code == 302

    def test_strangers_are_asked_to_sign_in(self, client, signed):
        assert client.get(page("agreement-scan", signed)).url.startswith("/login/")


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


class TestDraftingAnAgreement:
    def typed(self, agency, **more):
        fields = {
            "agency": agency.public_id,
            "title": "PKS Las SMAW",
            "kind": "pks",
            "our_number": "W12-1",
            "their_number": "560/1",
            "starts_on": today(1).isoformat(),
            "ends_on": today(730).isoformat(),
            "notice_months": 3,
            "review_months": 12,
        }
        return fields | more

    def test_the_visit_fills_the_form_and_is_remembered(self, login, officer, agency, visit):
        client = login(officer)
        address = page("agreement-draft") + f"?engagement={visit.public_id}"
        assert address in body(client.get(page("engagement-detail", visit)))
        assert visit.result in body(client.get(address))

        answer = client.post(address, self.typed(agency))

        draft = Agreement.objects.get()
        assert answer.url == draft.get_absolute_url()
        assert (draft.engagement, draft.state) == (visit, AgreementState.DRAFT)

    def test_the_second_button_stores_it_as_exploring(self, login, officer, agency):
        login(officer).post(page("agreement-draft"), self.typed(agency, exploring="1"))

        assert Agreement.objects.get().state == AgreementState.EXPLORING

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"ends_on": today(-1).isoformat()}, "ends_on"),
            ({"ends_on": "31-02-2027"}, "ends_on"),
            ({"ends_on": "0001-01-01"}, "ends_on"),
            ({"notice_months": 25}, "notice_months"),
            ({"notice_months": 0}, "notice_months"),
            ({"notice_months": ""}, "notice_months"),
            ({"review_months": 99999}, "review_months"),
            ({"seats_per_year": -1}, "seats_per_year"),
            ({"seats_per_year": 10**9}, "seats_per_year"),
            ({"title": " "}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"kind": "lain"}, "kind"),
        ],
    )
    def test_bad_input_is_a_message_beside_its_field(self, login, officer, agency, more, field):
        answer = login(officer).post(page("agreement-draft"), self.typed(agency, **more))

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "W12-1" in body(answer), "what was typed stays"
        assert not Agreement.objects.exists()

    def test_a_visit_that_is_none_is_not_found(self, login, officer):
        for text in ("bukan-uuid", "7a3bb0a6-7a3c-4f6a-9d1e-111111111111"):
            answer = login(officer).get(page("agreement-draft") + f"?engagement={text}")
            assert answer.status_code == 404

    def test_editing_keeps_the_rest(self, login, officer, agency, draft):
        client = login(officer)
        assert 'value="PKS Las"' in body(client.get(page("agreement-edit", draft)))

        client.post(page("agreement-edit", draft), self.typed(agency, title="PKS Las TIG"))

        draft.refresh_from_db()
        assert (draft.title, draft.ends_on) == ("PKS Las TIG", today(730))

    def test_a_signed_agreement_offers_no_editing(self, login, officer, signed):
        client = login(officer)
        assert page("agreement-edit", signed) not in body(
            client.get(page("agreement-detail", signed))
        )
        assert client.get(page("agreement-edit", signed)).url == signed.get_absolute_url()


class TestSigning:
    def typed(self, **more):
        fields = {
            "signed_on": today(-1).isoformat(),
            "our_number": "W12-1",
            "their_number": "560/1",
            "starts_on": today().isoformat(),
            "ends_on": today(729).isoformat(),
            "signed_scan": scan_file(),
        }
        return fields | more

    def test_the_head_records_it_and_it_is_in_force(self, login, head, draft):
        client = login(head)
        assert page("agreement-sign", draft) in body(client.get(draft.get_absolute_url()))

        answer = client.post(page("agreement-sign", draft), self.typed(), follow=True)

        assert answer.redirect_chain[-1][0] == draft.get_absolute_url()
        assert draft in Agreement.objects.in_force()
        assert page("agreement-scan", draft) in body(answer)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"signed_scan": scan_file(b"hanya teks", "naskah.pdf")}, "signed_scan"),
            ({"signed_scan": ""}, "signed_scan"),
            ({"their_number": " "}, "their_number"),
            ({"signed_on": today(2).isoformat()}, "signed_on"),
            ({"ends_on": today(-2).isoformat()}, "ends_on"),
        ],
    )
    def test_bad_input_is_a_message_beside_its_field(self, login, head, draft, more, field):
        answer = login(head).post(page("agreement-sign", draft), self.typed(**more))

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {field}
        assert "W12-1" in body(answer)

    def test_a_second_person_is_told_who_was_first(self, login, head, warden, draft):
        login(head).post(page("agreement-sign", draft), self.typed())

        answer = login(warden).post(page("agreement-sign", draft), self.typed())

        assert answer.status_code == 422
        assert "Kasi Giatja" in body(answer)

    def test_a_signed_agreement_has_no_signing_page(self, login, head, signed):
        assert login(head).get(page("agreement-sign", signed)).url == signed.get_absolute_url()

    def test_the_scan_is_a_download_for_those_who_see_the_agreement(
        self, login, head, liaison, draft
    ):
        login(head).post(page("agreement-sign", draft), self.typed())

        answer = login(liaison).get(page("agreement-scan", draft))

        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 naskah"
        assert answer["Content-Disposition"] == 'attachment; filename="pks-las.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_scan_whose_file_is_gone_is_not_found(self, login, head, signed):
        client = login(head)
        assert client.get(page("agreement-scan", signed)).status_code == 404
        assert page("agreement-scan", signed) not in body(client.get(signed.get_absolute_url()))

    def test_the_head_enters_an_agreement_of_the_past(self, login, head, agency):
        typed = self.typed(
            agency=agency.public_id,
            title="PKS lama",
            kind="pks",
            notice_months=3,
            review_months=12,
            signed_on=today(-800).isoformat(),
            starts_on=today(-800).isoformat(),
            ends_on=today(-10).isoformat(),
        )
        client = login(head)
        assert client.get(page("agreement-record-existing")).status_code == 200

        client.post(page("agreement-record-existing"), typed)

        assert Agreement.objects.get().entered_afterwards


class TestOneAgreement:
    def test_it_offers_what_its_state_and_ones_post_allow(self, login, officer, warden, draft):
        def offered(user):
            shown = body(login(user).get(draft.get_absolute_url()))
            return {verb for verb in (*VERBS, "sign") if page(f"agreement-{verb}", draft) in shown}

        assert offered(officer) == {"send-for-review", "cancel"}
        assert offered(warden) == {"sign"}

    def test_the_officer_leads_it_to_the_signature(self, login, officer, draft):
        client = login(officer)
        for verb in ("send-for-review", "mark-ready"):
            client.post(page(f"agreement-{verb}", draft))

        draft.refresh_from_db()
        assert draft.state == AgreementState.READY

    def test_a_step_that_is_not_possible_is_a_message(self, login, officer, draft):
        answer = login(officer).post(page("agreement-mark-ready", draft), follow=True)

        assert "Tidak bisa" in body(answer)

    def test_a_termination_without_a_reason_shows_its_form_again(self, login, head, signed):
        typed = {"terminated_on": today(3).isoformat(), "reason": ""}

        answer = login(head).post(page("agreement-terminate", signed), typed)

        assert answer.status_code == 422
        assert f'value="{today(3).isoformat()}"' in body(answer)

    def test_who_terminates_second_reads_who_was_first(self, login, head, warden, signed):
        agreements.terminate(agreement=signed, terminated_on=today(), reason="Pindah", by=head)

        answer = login(warden).post(
            page("agreement-terminate", signed),
            {"terminated_on": today().isoformat(), "reason": "Lain"},
        )

        assert "Kasi Giatja" in body(answer)

    def test_it_shows_its_deadlines(self, login, officer, facility, agency):
        row = SignedAgreementFactory(
            facility=facility, agency=agency, ends_on=today(20), notice_months=3
        )

        shown = body(login(officer).get(row.get_absolute_url()))

        assert "Akan berakhir" in shown
        assert "lewat batas usulan" in shown
        assert "20 hari lagi" in shown

    def test_what_people_typed_is_never_markup(self, login, officer, facility, agency):
        row = AgreementFactory(facility=facility, agency=agency, title="<script>x</script>")

        for address in (row.get_absolute_url(), page("agreement-list")):
            assert "<script>x" not in body(login(officer).get(address))


class TestLists:
    def test_agreements_are_filtered_by_status_words_and_agency(
        self, login, officer, facility, agency, signed
    ):
        other = PartnershipFactory(facility=facility).agency
        SignedAgreementFactory(
            facility=facility, agency=other, title="PKS Kayu", ends_on=today(30), our_number="K-9"
        )
        client = login(officer)

        def titles(query):
            answer = client.get(page("agreement-list") + query)
            return {row.record.title for row in answer.context["table"].rows}

        assert titles("") == {"PKS Menjahit", "PKS Kayu"}
        assert titles("?status=in_force") == {"PKS Menjahit", "PKS Kayu"}
        assert titles("?status=expiring") == {"PKS Kayu"}
        assert titles("?status=ended") == set()
        assert titles("?q=k-9") == {"PKS Kayu"}
        assert titles(f"?agency={agency.public_id}") == {"PKS Menjahit"}

    @pytest.mark.parametrize(
        "query", ["?agency=x", "?status=lain", "?page=999", "?sort=-status", "?kind=%00"]
    )
    def test_a_bad_query_is_no_error(self, login, officer, signed, query):
        assert login(officer).get(page("agreement-list") + query).status_code in (200, 404)

    @pytest.mark.parametrize("sort", ["title", "-agency", "numbers", "-ends_on", "state"])
    def test_columns_can_be_sorted(self, login, officer, signed, draft, sort):
        assert login(officer).get(page("agreement-list") + f"?sort={sort}").status_code == 200

    def test_the_list_is_a_sheet_as_well(self, login, officer, signed):
        answer = login(officer).get(page("agreement-list") + "?format=csv")

        sheet = b"".join(answer.streaming_content).decode()
        assert "PKS Menjahit" in sheet
        assert "Berlaku" in sheet

    def test_visits_and_agencies_are_searched(self, login, officer, agency, visit):
        client = login(officer)

        assert visit.purpose in body(client.get(page("engagement-list") + "?q=kelas las"))
        assert agency.name in body(client.get(page("agency-list") + f"?q={agency.name[-4:]}"))

    def test_the_calendar_shows_ends_and_notice_deadlines_of_the_month(
        self, login, officer, facility, agency
    ):
        row = SignedAgreementFactory(
            facility=facility, agency=agency, ends_on="2031-08-31", notice_months=3
        )
        client = login(officer)

        def shown(month):
            return body(client.get(page("agreement-calendar") + f"?month={month}"))

        assert "hari terakhir berlaku" in shown("2031-08")
        assert "batas usulan perpanjangan ·" in shown("2031-05")
        assert row.title not in shown("2031-06")
        assert "Mei 2031" in shown("2031-06"), "the month before is one click away"
        for month in ("kapan", "2031-13", "9999-99"):
            assert client.get(page("agreement-calendar") + f"?month={month}").status_code == 200
