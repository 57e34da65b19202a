"""Versions of a text: counted per kind, judged by content, read by whom they are meant for."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from partners.models import AgreementDocument
from partners.services import agreement_documents, agreements
from tests.factories.partners import scan_file, today
from tests.partners.steps import body, fields_of, page, sign
from tests.races import race

pytestmark = pytest.mark.django_db


def add(agreement, by, content=b"%PDF-1.7 satu", kind="draft", **more):
    return agreement_documents.add(
        agreement=agreement, kind=kind, file=scan_file(content), by=by, **more
    )


class TestVersions:
    def test_each_kind_counts_for_itself(self, draft, officer):
        made = [
            add(draft, officer),
            add(draft, officer, b"%PDF-1.7 dua"),
            add(draft, officer, kind="annex"),
        ]

        assert [(row.kind, row.version) for row in made] == [
            ("draft", 1),
            ("draft", 2),
            ("annex", 1),
        ]

    def test_the_same_file_again_is_the_same_version(self, draft, officer, head):
        first = add(draft, officer)

        assert add(draft, officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            add(draft, head)

    @pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0", b"hanya teks", b""])
    def test_only_a_pdf_whatever_its_name(self, draft, officer, content):
        with pytest.raises(NotAllowed) as refusal:
            add(draft, officer, content)

        assert fields_of(refusal) == {"file"}

    def test_not_too_large(self, draft, officer, settings):
        settings.UPLOAD_MAX_BYTES = 10

        with pytest.raises(NotAllowed, match="terlalu besar"):
            add(draft, officer)

    def test_no_draft_once_signed_and_nothing_once_cancelled(self, draft, signed, officer):
        with pytest.raises(NotAllowed) as refusal:
            add(signed, officer)
        assert fields_of(refusal) == {"kind"}
        assert add(signed, officer, kind="annex")
        agreements.cancel(agreement=draft, reason="Mundur", by=officer)
        with pytest.raises(NotAllowed):
            add(draft, officer)

    def test_the_warden_and_the_agency_do_not_upload(self, draft, warden, liaison):
        for other in (warden, liaison):
            with pytest.raises(Forbidden):
                add(draft, other)

    def test_it_is_known_which_version_was_sent_and_which_signed(self, draft, officer, head):
        add(draft, officer)
        sent = add(draft, officer, b"%PDF-1.7 dua")
        agreements.send_for_review(agreement=draft, by=officer)
        final = add(draft, officer, b"%PDF-1.7 akhir", kind="final")
        sign(draft, head, ends_on=today(700))

        rows = AgreementDocument.objects
        assert rows.get(sent_at__isnull=False) == sent
        assert rows.get(signed_at__isnull=False) == final
        agreements.undo_signing(agreement=draft, reason="Salah", by=head)
        assert not rows.filter(signed_at__isnull=False).exists()


class TestReading:
    def address(self, row):
        return reverse("partners:text-file", args=[row.public_id])

    def test_the_agency_reads_from_review_on_and_not_what_is_ours(
        self, login, draft, officer, liaison, other_liaison
    ):
        text = add(draft, officer)
        ours = add(draft, officer, kind="other")
        assert login(liaison).get(self.address(text)).status_code == 404

        agreements.send_for_review(agreement=draft, by=officer)

        answer = login(liaison).get(self.address(text))
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 satu"
        assert answer["Content-Disposition"].startswith("attachment")
        assert login(liaison).get(self.address(ours)).status_code == 404
        assert login(officer).get(self.address(ours)).status_code == 200
        assert login(other_liaison).get(self.address(text)).status_code == 404

    def test_never_by_the_name_of_the_file(self, draft, officer):
        row = add(draft, officer)
        assert "naskah" not in row.file.name

        assert Client().get(f"/media/{row.file.name}").status_code in (302, 404)

    def test_the_page_uploads_and_lists_them(self, login, draft, officer):
        client = login(officer)

        answer = client.post(
            page("agreement-document-add", draft),
            {"kind": "draft", "file": scan_file(), "note": "Konsep"},
            follow=True,
        )

        assert self.address(AgreementDocument.objects.get()) in body(answer)
        wrong = client.post(
            page("agreement-document-add", draft),
            {"kind": "draft", "file": scan_file(b"teks"), "note": "Konsep 2"},
        )
        assert wrong.status_code == 422
        assert "Konsep 2" in body(wrong)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_upload_at_once_get_two_versions(facility, agency, officer, head):
    draft = agreements.draft(facility=facility, agency=agency, title="PKS", by=officer)

    outcomes = race(
        lambda: add(draft, officer, b"%PDF-1.7 satu"), lambda: add(draft, head, b"%PDF-1.7 dua")
    )

    assert sorted(row.version for row in outcomes) == [1, 2]
