"""All that is held on a person, in one file: complete, scoped, and each download on record."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts import privacy
from accounts.models import AccessRecord
from inmates.models import Custody, Inmate, Merge
from placements import documents, sections
from placements.services import subject_file
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.correspondence import letterhead_of
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.planted import planted_person
from tests.factories.planted_words import (
    EARLIER_NAME,
    EARLIER_REGISTER,
    KEY,
    NAME,
    NIK,
    REGISTER,
    TEXTS,
    TWIN_KEY,
)
from training.eligibility import Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted(facility, agency, head):
    return planted_person(facility, agency, head)


def gathered(person, by):
    return subject_file.gather(inmate=person, by=by)


def on_paper(file):
    return json.dumps(documents.on_paper(file), ensure_ascii=False)


def part(file, key):
    return next(part for part in documents.for_machines(file)["sections"] if part["key"] == key)


# --- Complete ----------------------------------------------------------------------------------
def test_every_model_about_a_person_is_a_section_or_is_left_out_for_a_reason():
    in_file = {section.model for section in sections.SECTIONS}
    assert not in_file & set(sections.NOT_IN_FILE)
    assert in_file | set(sections.NOT_IN_FILE) == set(privacy.hanging_on(Inmate))
    assert all(sections.NOT_IN_FILE.values())


def test_every_planted_text_is_in_the_file(planted, registrar):
    paper = on_paper(gathered(planted, registrar))
    texts = [NAME, EARLIER_NAME, KEY, TWIN_KEY, NIK, REGISTER, EARLIER_REGISTER, *TEXTS.values()]
    assert [text for text in texts if text not in paper] == []


def test_every_section_has_the_rows_of_its_model(planted, registrar):
    file = gathered(planted, registrar)
    assert [part.key for part in file.parts if not part.rows] == ["access"]


def test_a_consent_that_was_withdrawn_stands_there_as_such(planted, registrar):
    (consent,) = part(gathered(planted, registrar), "consent")["rows"]
    assert consent["withdrawn_on"] == today(-500).isoformat()
    assert (consent["purpose"], consent["purpose_label"]) == (
        "referral",
        "Rujukan kerja ke Disnaker",
    )
    assert consent["scan"] is True


def test_who_saw_the_person_stands_there_in_words(planted, registrar, officer, login):
    login(officer).get(planted.get_absolute_url())
    (look,) = part(gathered(planted, registrar), "access")["rows"]
    assert (look["who"], look["act"], look["page"]) == ("Budi Petugas", "Melihat", "Halaman orang")


def test_a_letter_that_names_the_person_stands_there(planted, registrar):
    (letter,) = part(gathered(planted, registrar), "letter")["rows"]
    assert letter["number"].startswith("LAMA-")


def test_what_was_changed_and_removed_stands_there_with_the_old_value(planted, registrar):
    planted.documents.all().delete()
    rows = part(gathered(planted, registrar), "change")["rows"]
    assert {"old": EARLIER_NAME, "new": NAME}.items() <= next(
        row.items() for row in rows if row["what"] == "warga binaan: Nama"
    )
    assert [row["what"] for row in rows if "dihapus" in row["what"]] == ["dokumen: dihapus"]


def test_a_file_by_a_merged_record_is_the_persons(planted, registrar):
    twin = planted.merged.get()
    assert gathered(twin, registrar).person == planted


def test_no_label_is_the_english_name_of_a_field(planted, registrar):
    file = gathered(planted, registrar)
    labels = {cell.key: str(cell.label) for part in file.parts for row in part.rows for cell in row}
    assert [key for key, label in labels.items() if label.lower() == key.replace("_", " ")] == [
        "nik",
        "jp",
    ]


def test_the_other_of_two_records_that_are_two_people_is_not_named(planted, registrar):
    other = Inmate.objects.exclude(pk=planted.pk).filter(merged_into=None).get()
    assert other.person_key not in on_paper(gathered(planted, registrar))


def test_of_a_merge_that_was_undone_the_other_is_not_told(planted, registrar):
    merge = Merge.objects.get()
    (row,) = part(gathered(planted, registrar), "merge")["rows"]
    assert row["before"] == {"name": [EARLIER_NAME, NAME]}
    merge.undone_at = merge.created_at
    merge.save()
    (row,) = part(gathered(planted, registrar), "merge")["rows"]
    assert row["before"] == {}


def test_a_nik_whose_key_is_lost_is_said_to_be_held(planted, registrar, settings):
    settings.NIK_KEYS = ["new:" + "bmV3LWtleS1vZi10aGlydHktdHdvLWJ5dGVzLWxvbmc="]
    (record, _twin) = part(gathered(planted, registrar), "inmate")["rows"]
    assert record["nik"].endswith("(berakhir 0002)")


# --- Scope -------------------------------------------------------------------------------------
def test_after_custody_a_prison_exports_name_key_and_what_it_did_itself(
    planted, facility, registrar
):
    other = FacilityFactory(name="Lapas Baru")
    Custody.objects.filter(inmate=planted).update(until=today(-5), ended_how="transferred")
    Custody.objects.create(
        inmate=planted, facility=other, starts=today(-5), register_number="BI 9/2026"
    )
    planted.refresh_from_db()
    file = gathered(planted, registrar)
    assert not file.is_held
    paper = on_paper(file)
    for held_elsewhere in (NIK, TEXTS["address"], TEXTS["work"], "BI 9/2026", "Lapas Baru"):
        assert held_elsewhere not in paper
    for own in (NAME, KEY, REGISTER, TEXTS["restriction"], TEXTS["dropped"]):
        assert own in paper
    assert gathered(planted, staff(other, "registrar")).is_held


def test_only_looks_of_its_own_users_are_the_former_prisons_business(planted, facility, registrar):
    other = FacilityFactory()
    stranger = staff(other, "officer")
    AccessRecord.objects.create(
        user_email=stranger.email, act="view", path="/", subjects=[planted.public_id]
    )
    assert subject_file.looks(inmate=planted, by=registrar).count() == 1
    Custody.objects.filter(inmate=planted).update(until=today(-5), ended_how="released")
    planted.refresh_from_db()
    assert subject_file.looks(inmate=planted, by=registrar).count() == 0


@pytest.mark.parametrize("role", ["officer", "warden", "security", "clinic"])
def test_who_may_not_export_gets_no_file(planted, facility, role):
    with pytest.raises(PermissionDenied):
        gathered(planted, staff(facility, role))


# --- The pages ---------------------------------------------------------------------------------
def ask(client, name, person):
    return client.get(reverse(f"placements:{name}", args=[person.public_id]))


def test_the_page_says_what_the_file_holds_and_shows_no_nik(planted, registrar, login):
    page = ask(login(registrar), "subject-file", planted).content.decode()
    assert "Rekomendasi sidang TPP" in page
    assert NIK not in page
    assert AccessRecord.objects.get().act == "view"


def test_the_pdf_is_typeset_with_the_letterhead_and_recorded_as_an_export(
    planted, registrar, login, tmp_path
):
    letterhead_of(registrar.facility, "KEMENTERIAN UJI", "LAPAS UJI")
    answer = ask(login(registrar), "subject-file-pdf", planted)
    assert answer["Content-Type"] == "application/pdf"
    assert NAME not in answer["Content-Disposition"]
    (tmp_path / "file.pdf").write_bytes(answer.content)
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "file.pdf").pages)
    for word in ("LAPAS UJI", NAME, NIK):
        assert word in text
    record = AccessRecord.objects.get()
    records = Inmate.objects.filter(pk__in=Inmate.objects.records_of(planted))
    assert record.act == "export"
    assert set(record.subjects) == set(records.values_list("public_id", flat=True))


def test_the_json_holds_the_same_for_machines(planted, registrar, login):
    answer = ask(login(registrar), "subject-file-json", planted)
    held = json.loads(answer.content)
    assert held["person"] == {"name": NAME, "person_key": KEY}
    assert held["sections"][0]["rows"][0]["nik"] == NIK
    assert "no-store" in answer["Cache-Control"]
    assert AccessRecord.objects.get().act == "export"


def test_a_long_history_asks_no_query_more(planted, facility, agency, registrar):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            documents.on_paper(gathered(planted, registrar))
        return len(asked)

    queries()  # what is read once per request is read now
    before = queries()
    for number in range(30):
        AccessRecord.objects.create(
            user_email=registrar.email, act="view", path="/", subjects=[planted.public_id]
        )
        planted.restrictions.create(facility=facility, kind="fit", starts=today(-number))
        planted.name = f"NAMA {number}"
        planted.save()
    assert queries() == before


def test_a_person_of_whom_little_is_known_has_a_file_too(facility, registrar):
    person = inmate_at(facility)
    assert person.name in on_paper(gathered(person, registrar))


def test_a_page_that_is_gone_is_told_by_its_path():
    assert documents.page_in_words("/no/such/page/") == "/no/such/page/"
    assert documents.page_in_words("/admin/inmates/inmate/") == "Admin sistem"


def test_conditions_that_were_checked_read_as_one_list():
    checked = [Result(rule, "pass", f"Syarat {rule}.", "aturan").as_data() for rule in "ab"]
    words = documents.in_words(checked, "eligibility")
    assert words == "Memenuhi: Syarat a; Memenuhi: Syarat b"
