"""The pages of agencies, visits and agreements: who gets in, what they show, what they keep."""

import pytest

from tests.factories.accounts import staff
from tests.factories.partners import (
    ActionItemFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    today,
)
from tests.partners.steps import VERBS, body, page

pytestmark = pytest.mark.django_db

LISTS = ["agency-list", "engagement-list", "agreement-list", "agreement-calendar"]


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
