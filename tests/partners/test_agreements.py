"""The life of an agreement: each act when it is possible, again, too late, and by others."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from partners.models import Agreement
from partners.services import agreements
from partners.states import AgreementState
from tests.factories.accounts import staff
from tests.factories.partners import (
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    scan_file,
    today,
)
from tests.partners.steps import fields_of, sign

pytestmark = pytest.mark.django_db


class TestDrafting:
    def test_the_officer_drafts_from_a_visit(self, facility, agency, officer):
        visit = EngagementFactory(facility=facility, agency=agency)

        draft = agreements.draft(
            facility=facility, agency=agency, title="PKS Las", engagement=visit, by=officer
        )

        assert draft.state == AgreementState.DRAFT
        assert draft.engagement == visit
        assert (draft.created_by, draft.state_by) == (officer, officer)

    def test_an_agreement_without_a_text_is_explored_first(self, facility, agency, officer):
        idea = agreements.draft(
            facility=facility, agency=agency, title="PKS Las", by=officer, exploring=True
        )
        assert idea.state == AgreementState.EXPLORING

        assert agreements.begin_draft(agreement=idea, by=officer).state == AgreementState.DRAFT

    def test_terms_that_make_no_sense_are_refused_beside_their_fields(
        self, facility, agency, officer
    ):
        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(
                facility=facility,
                agency=agency,
                title="PKS",
                starts_on=today(),
                ends_on=today(-1),
                notice_months=25,
                review_months=0,
                by=officer,
            )

        assert fields_of(refusal) == {"ends_on", "notice_months", "review_months"}

    def test_a_visit_to_another_agency_is_no_origin(self, facility, agency, officer):
        elsewhere = PartnershipFactory(facility=facility).agency
        visit = EngagementFactory(facility=facility, agency=elsewhere)

        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(
                facility=facility, agency=agency, title="PKS", engagement=visit, by=officer
            )

        assert fields_of(refusal) == {"agency"}

    def test_an_agency_that_is_no_partner_is_refused(self, facility, officer):
        with pytest.raises(NotAllowed) as refusal:
            agreements.draft(facility=facility, agency=AgencyFactory(), title="PKS", by=officer)

        assert fields_of(refusal) == {"agency"}

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "observer"])
    def test_other_posts_do_not_draft(self, facility, agency, role):
        with pytest.raises(Forbidden):
            agreements.draft(
                facility=facility, agency=agency, title="PKS", by=staff(facility, role)
            )

    def test_nor_do_other_prisons_and_agencies(self, facility, agency, outsider, liaison):
        for stranger in (outsider, liaison):
            with pytest.raises(Forbidden):
                agreements.draft(facility=facility, agency=agency, title="PKS", by=stranger)


class TestEditing:
    def test_terms_may_change_until_the_signing(self, draft, officer):
        agreements.edit(agreement=draft, title="PKS Las SMAW", ends_on=today(400), by=officer)

        draft.refresh_from_db()
        assert (draft.title, draft.ends_on) == ("PKS Las SMAW", today(400))

    def test_a_signed_agreement_is_not_edited(self, signed, officer):
        with pytest.raises(NotAllowed, match="ditandatangani"):
            agreements.edit(agreement=signed, title="Lain", by=officer)

    def test_the_new_end_is_judged_with_the_old_start(self, draft, officer):
        agreements.edit(agreement=draft, starts_on=today(), by=officer)

        with pytest.raises(NotAllowed) as refusal:
            agreements.edit(agreement=draft, ends_on=today(-1), by=officer)

        assert fields_of(refusal) == {"ends_on"}

    def test_only_terms_can_be_edited(self, draft, officer):
        with pytest.raises(TypeError, match="state"):
            agreements.edit(agreement=draft, state="signed", by=officer)

    def test_the_warden_does_not_write_terms(self, draft, warden):
        with pytest.raises(Forbidden):
            agreements.edit(agreement=draft, title="Lain", by=warden)


class TestTheWayToTheSignature:
    def test_review_revision_and_ready(self, draft, officer):
        for service, state in (
            (agreements.send_for_review, "review"),
            (agreements.revise, "draft"),
            (agreements.send_for_review, "review"),
            (agreements.mark_ready, "ready"),
            (agreements.reopen, "review"),
        ):
            assert service(agreement=draft, by=officer).state == state

    def test_the_agency_is_told_when_the_text_is_on_the_table(self, draft, officer, liaison):
        agreements.send_for_review(agreement=draft, by=officer)

        notice = Notice.objects.visible_to(liaison).get()
        assert notice.kind == "agreement_in_review"
        assert notice.link == draft.get_absolute_url()

    def test_a_double_click_is_harmless(self, draft, officer, liaison):
        first = agreements.send_for_review(agreement=draft, by=officer)
        second = agreements.send_for_review(agreement=draft, by=officer)

        assert second.state_at == first.state_at
        assert Notice.objects.visible_to(liaison).live().count() == 1

    def test_a_colleague_learns_who_was_faster(self, draft, officer, head):
        agreements.send_for_review(agreement=draft, by=officer)

        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            agreements.send_for_review(agreement=draft, by=head)

    def test_a_second_click_on_reopen_does_not_fall_back_to_a_draft(self, draft, officer):
        agreements.send_for_review(agreement=draft, by=officer)
        agreements.mark_ready(agreement=draft, by=officer)
        agreements.reopen(agreement=draft, by=officer)

        assert agreements.reopen(agreement=draft, by=officer).state == AgreementState.REVIEW

    def test_a_draft_is_not_ready_before_its_review(self, draft, officer):
        with pytest.raises(NotAllowed, match="draf"):
            agreements.mark_ready(agreement=draft, by=officer)

    @pytest.mark.parametrize(
        "service",
        [
            agreements.begin_draft,
            agreements.send_for_review,
            agreements.revise,
            agreements.mark_ready,
            agreements.reopen,
        ],
    )
    def test_a_signed_or_cancelled_agreement_goes_nowhere_by_these_steps(
        self, signed, draft, officer, service
    ):
        """The head's corrections end in the same states: an act is more than its two states."""
        agreements.cancel(agreement=draft, reason="Mitra mundur", by=officer)

        for row in (signed, draft):
            with pytest.raises(NotAllowed):
                service(agreement=row, by=officer)


class TestSigning:
    @pytest.mark.parametrize("role", ["head", "warden"])
    @pytest.mark.parametrize("state", ["draft", "review", "ready"])
    def test_head_and_warden_record_it_from_every_open_state(self, facility, agency, role, state):
        row = AgreementFactory(facility=facility, agency=agency, state="draft")
        for step in {"draft": [], "review": ["review"], "ready": ["review", "ready"]}[state]:
            row.state = step
            row.save(update_fields=["state"])

        signed = sign(row, staff(facility, role))

        signed.refresh_from_db()
        assert signed.state == AgreementState.SIGNED
        assert signed in Agreement.objects.in_force()
        assert signed.signed_scan.read() == b"%PDF-1.7 naskah"

    def test_the_stored_name_says_nothing(self, draft, head):
        signed = sign(draft, head, signed_scan=scan_file(name="../../pks rahasia.pdf"))

        assert "rahasia" not in signed.signed_scan.name
        assert signed.signed_scan.name.startswith("agreements/")
        assert signed.signed_scan.name.endswith(".pdf")

    def test_everything_that_is_missing_is_named_beside_its_field(self, draft, head):
        with pytest.raises(NotAllowed) as refusal:
            sign(
                draft,
                head,
                signed_on=None,
                starts_on=None,
                ends_on=None,
                our_number=" ",
                their_number="",
                signed_scan=None,
            )

        assert fields_of(refusal) == {
            "signed_on",
            "starts_on",
            "ends_on",
            "our_number",
            "their_number",
            "signed_scan",
        }
        draft.refresh_from_db()
        assert draft.state == AgreementState.DRAFT

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"signed_on": today(1)}, "signed_on"),
            ({"ends_on": today(-1)}, "ends_on"),
            ({"signed_scan": scan_file(b"MZ\x90\x00 program", "naskah.pdf")}, "signed_scan"),
            ({"signed_scan": scan_file(b"", "kosong.pdf")}, "signed_scan"),
        ],
    )
    def test_what_cannot_be_is_refused(self, draft, head, more, field):
        with pytest.raises(NotAllowed) as refusal:
            sign(draft, head, **more)

        assert fields_of(refusal) == {field}

    @pytest.mark.parametrize("start", [b"%PDF-1.4", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
    def test_pdf_jpeg_and_png_are_scans_whatever_their_name(self, draft, head, start):
        assert sign(draft, head, signed_scan=scan_file(start + b"...", "x.bin")).signed_scan

    def test_a_scan_that_is_too_large_is_refused(self, draft, head, settings):
        settings.UPLOAD_MAX_BYTES = 10

        with pytest.raises(NotAllowed) as refusal:
            sign(draft, head)

        assert fields_of(refusal) == {"signed_scan"}

    @pytest.mark.parametrize("role", ["officer", "registrar", "secretariat", "observer"])
    def test_other_posts_do_not_sign(self, facility, draft, role):
        with pytest.raises(Forbidden):
            sign(draft, staff(facility, role))

    def test_nor_does_the_head_of_another_prison(self, draft, outsider):
        with pytest.raises(Forbidden):
            sign(draft, staff(outsider.facility, "head"))

    def test_both_sides_are_told_and_the_head_who_did_it_is_not(
        self, draft, head, officer, liaison, other_liaison
    ):
        sign(draft, head)

        told = Notice.objects.filter(kind="agreement_signed").live()
        assert {notice.recipient for notice in told} == {officer, liaison}
        assert told.first().data["ends_on"] == today(729).isoformat()

    def test_the_same_again_is_harmless(self, draft, head, officer):
        first = sign(draft, head)
        second = sign(draft, head)

        assert second.signed_scan.name == first.signed_scan.name
        assert Notice.objects.visible_to(officer).count() == 1

    def test_other_facts_or_another_person_learn_who_was_first(self, draft, head, warden):
        sign(draft, head)

        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            sign(draft, warden)
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            sign(draft, head, ends_on=today(30))

    def test_a_cancelled_agreement_is_not_signed(self, draft, head):
        agreements.cancel(agreement=draft, reason="Mitra mundur", by=head)

        with pytest.raises(NotAllowed, match="batal"):
            sign(draft, head)
