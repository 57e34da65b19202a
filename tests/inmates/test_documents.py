"""Papers of a person: each kind once, seen again renews it, a wrong one goes with its scan."""

import pytest
from django.core.files.storage import default_storage

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Document
from inmates.services import documents
from inmates.states import DocumentKind
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.partners import scan_file, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def inmate(facility):
    return inmate_at(facility)


def note(inmate, by, **fields):
    return documents.note(
        **{
            "inmate": inmate,
            "kind": DocumentKind.DIPLOMA,
            "seen_on": today(-5),
            "by": by,
            **fields,
        }
    )


def test_a_paper_is_noted_with_or_without_a_scan(inmate, officer, facility):
    bare = note(inmate, officer)
    scanned = note(inmate, officer, kind=DocumentKind.PHOTO, scan=scan_file())
    assert (bare.facility, bare.scan.name) == (facility, "")
    assert default_storage.exists(scanned.scan.name)


def test_a_double_click_notes_one(inmate, officer):
    assert note(inmate, officer) == note(inmate, officer)


def test_seen_before_is_told_who_and_when(inmate, officer, head):
    note(inmate, officer)
    with pytest.raises(AlreadyDone, match="Budi Petugas"):
        note(inmate, head)


def test_seen_again_renews_the_day(inmate, officer, head):
    note(inmate, officer)
    assert note(inmate, head, seen_on=today()).seen_on == today()
    assert Document.objects.count() == 1


def test_a_new_scan_replaces_the_old(inmate, officer, django_capture_on_commit_callbacks):
    old = note(inmate, officer, scan=scan_file()).scan.name
    with django_capture_on_commit_callbacks(execute=True):
        document = note(inmate, officer, scan=scan_file())
    assert document.scan.name != old
    assert default_storage.exists(document.scan.name)
    assert not default_storage.exists(old)


def test_a_paper_of_a_merged_record_is_the_same_paper(inmate, officer, facility):
    merged = InmateFactory(merged_into=inmate)
    known = Document.objects.create(
        inmate=merged, facility=facility, kind=DocumentKind.DIPLOMA, seen_on=today(-9)
    )
    assert note(inmate, officer) == known
    documents.remove(document=known, reason="Salah", by=officer)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"), [({"seen_on": today(1)}, "seen_on"), ({"scan": scan_file(b"MZ")}, "scan")]
)
def test_what_makes_no_sense_is_refused(inmate, officer, wrong, field):
    with pytest.raises(NotAllowed) as refused:
        note(inmate, officer, **wrong)
    assert set(refused.value.error_dict) == {field}


def test_a_wrong_one_is_removed_with_its_scan_and_a_reason(
    inmate, officer, django_capture_on_commit_callbacks
):
    document = note(inmate, officer, scan=scan_file())
    name = document.scan.name
    with pytest.raises(NotAllowed):
        documents.remove(document=document, reason=" ", by=officer)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(document=Document.objects.get(), reason="Milik orang lain", by=officer)
    assert not Document.objects.exists()
    assert not default_storage.exists(name)
    with pytest.raises(NotAllowed, match="sudah dihapus"):
        documents.remove(document=document, reason="Lagi", by=officer)


def test_others_may_not(inmate, officer, warden, registrar):
    document = note(inmate, officer)
    for user in (warden, registrar, staff(FacilityFactory(), "officer")):
        with pytest.raises(Forbidden):
            note(inmate, user)
        with pytest.raises(Forbidden):
            documents.remove(document=document, reason="x", by=user)
