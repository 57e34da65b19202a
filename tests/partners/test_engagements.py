"""The log of visits, and the files that belong to them."""

import pytest

from accounts.refusals import Forbidden, NotAllowed
from partners import log
from partners.services import engagements
from tests.factories.accounts import staff
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    scan_file,
    today,
)

pytestmark = pytest.mark.django_db


def record(facility, agency, by, **more):
    fields = {
        "held_on": today(-1),
        "delegation": "Kasi Giatja",
        "purpose": "Menjajaki pelatihan las",
    }
    return engagements.record(facility=facility, agency=agency, by=by, **(fields | more))


def test_the_officer_records_a_visit_and_its_promises(facility, agency, officer):
    promise = {"what": "Kirim surat penawaran", "owner_role": "head", "due": today(14)}

    engagement = record(facility, agency, officer, action_items=[promise])

    item = engagement.action_items.get()
    assert (item.what, item.owner_role_id, item.due) == (*promise.values(),)
    assert (item.facility, item.agency) == (facility, agency)
    assert engagement.created_by == officer


def test_a_visit_of_today_can_be_recorded(facility, agency, officer):
    assert record(facility, agency, officer, held_on=today()).held_on == today()


def test_a_visit_that_was_not_held_yet_is_refused_beside_its_date(facility, agency, officer):
    with pytest.raises(NotAllowed) as refusal:
        record(facility, agency, officer, held_on=today(1))

    assert list(refusal.value.error_dict) == ["held_on"]


def test_an_agency_that_is_no_partner_is_refused(facility, officer):
    with pytest.raises(NotAllowed) as refusal:
        record(facility, AgencyFactory(), officer)

    assert list(refusal.value.error_dict) == ["agency"]


@pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "security", "observer"])
def test_other_posts_do_not_record_visits(facility, agency, role):
    with pytest.raises(Forbidden):
        record(facility, agency, staff(facility, role))


def test_nobody_records_a_visit_for_another_prison(facility, agency, outsider, liaison):
    for stranger in (outsider, liaison):
        with pytest.raises(Forbidden):
            record(facility, agency, stranger)


def facts_of(engagement, **more):
    names = ("agency", "kind", "held_on", "delegation", "hosts", "purpose", "result")
    return {name: getattr(engagement, name) for name in names} | more


class TestCorrecting:
    @pytest.fixture
    def engagement(self, facility, agency):
        return EngagementFactory(facility=facility, agency=agency)

    def test_results_are_added_later_and_history_tells(self, engagement, head, officer):
        engagements.edit(
            engagement=engagement, by=head, **facts_of(engagement, result="BLK bersedia")
        )

        told = log.history_of_engagement(engagement, officer)
        assert told[0].changes[0].new == "BLK bersedia"

    def test_another_agency_takes_the_promises_along(self, engagement, facility, officer):
        item = ActionItemFactory(engagement=engagement)
        other = PartnershipFactory(facility=facility).agency

        engagements.edit(engagement=engagement, by=officer, **facts_of(engagement, agency=other))

        item.refresh_from_db()
        assert item.agency == other

    def test_the_agency_stays_once_an_agreement_came_of_it(
        self, engagement, facility, agency, officer
    ):
        AgreementFactory(facility=facility, agency=agency, engagement=engagement)
        other = PartnershipFactory(facility=facility).agency

        with pytest.raises(NotAllowed) as refusal:
            engagements.edit(
                engagement=engagement, by=officer, **facts_of(engagement, agency=other)
            )

        assert list(refusal.value.error_dict) == ["agency"]

    def test_neither_a_future_day_nor_a_stranger_as_agency(self, engagement, officer):
        for wrong in ({"held_on": today(1)}, {"agency": AgencyFactory()}):
            with pytest.raises(NotAllowed):
                engagements.edit(engagement=engagement, by=officer, **facts_of(engagement, **wrong))

    def test_others_may_not(self, engagement, warden, outsider, liaison):
        for stranger in (warden, outsider, liaison):
            with pytest.raises(Forbidden):
                engagements.edit(engagement=engagement, by=stranger, **facts_of(engagement))


class TestAttachments:
    @pytest.fixture
    def engagement(self, facility, agency):
        return EngagementFactory(facility=facility, agency=agency)

    @pytest.fixture
    def attachment(self, engagement, officer):
        (row,) = engagements.attach(
            engagement=engagement, files=[("daftar hadir.pdf", scan_file())], by=officer
        )
        return row

    def test_several_files_keep_their_names(self, engagement, officer):
        files = [("a.pdf", scan_file(name="x1.pdf")), ("b.pdf", scan_file(name="x2.pdf"))]

        engagements.attach(engagement=engagement, files=files, by=officer)

        assert [row.name for row in engagement.attachments.all()] == ["a.pdf", "b.pdf"]

    def test_a_name_too_long_keeps_its_suffix(self, engagement, officer):
        (row,) = engagements.attach(
            engagement=engagement, files=[("n" * 300 + ".pdf", scan_file())], by=officer
        )

        assert len(row.name) == 120
        assert row.name.endswith(".pdf")

    def test_no_file_is_a_message(self, engagement, officer):
        with pytest.raises(NotAllowed):
            engagements.attach(engagement=engagement, files=[], by=officer)

    def test_a_wrong_one_goes_and_history_says_who_and_why(
        self, attachment, engagement, officer, django_capture_on_commit_callbacks
    ):
        stored = attachment.file
        with django_capture_on_commit_callbacks(execute=True):
            engagements.remove_attachment(attachment=attachment, reason="Salah berkas", by=officer)

        assert not engagement.attachments.exists()
        assert not stored.storage.exists(stored.name)
        told = log.history_of_engagement(engagement, officer)
        assert ("Dihapus", "Salah berkas") in {(entry.what, entry.why) for entry in told}

    def test_removing_takes_a_reason_and_twice_is_once(self, attachment, officer):
        with pytest.raises(NotAllowed):
            engagements.remove_attachment(attachment=attachment, reason=" ", by=officer)
        for _again in range(2):
            engagements.remove_attachment(attachment=attachment, reason="Salah", by=officer)

    def test_others_neither_attach_nor_remove(self, attachment, engagement, warden, outsider):
        for stranger in (warden, outsider):
            with pytest.raises(Forbidden):
                engagements.attach(engagement=engagement, files=[("a", scan_file())], by=stranger)
            with pytest.raises(Forbidden):
                engagements.remove_attachment(attachment=attachment, reason="x", by=stranger)
