"""The pages of one agreement: draft, edit, sign, and what comes next."""

import pytest

from partners.models import Agreement
from partners.services import agreements
from partners.states import AgreementState
from tests.factories.partners import (
    AgreementFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.partners.steps import VERBS, body, page

pytestmark = pytest.mark.django_db


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
        typed = {"terminated_on": today(3).isoformat(), "ground": "mutual", "reason": ""}

        answer = login(head).post(page("agreement-terminate", signed), typed)

        assert answer.status_code == 422
        assert f'value="{today(3).isoformat()}"' in body(answer)

    def test_who_terminates_second_reads_who_was_first(self, login, head, warden, signed):
        agreements.terminate(
            agreement=signed, terminated_on=today(), ground="mutual", reason="Pindah", by=head
        )

        answer = login(warden).post(
            page("agreement-terminate", signed),
            {"terminated_on": today().isoformat(), "ground": "breach", "reason": "Lain"},
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
