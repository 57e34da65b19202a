"""The list with which an agency registers participants: what it holds, and what it never holds."""

import io
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import load_workbook

from accounts.models import AccessRecord
from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Consent, Inmate, Restriction
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, liaison_of, today
from tests.factories.planted import seal
from tests.factories.planted_words import NIK, TEXTS
from tests.factories.training import confirmed_batch, enrolled
from tests.training.certificate_sheets import asked
from training.services import enrolment_exports

pytestmark = pytest.mark.django_db

SECRET = ("B.I 4471/2019", "Blok C-12", "Rahasia alamat", "KEY4471", "Perampokan 4471")


@pytest.fixture
def batch(facility, agency):
    return asked(confirmed_batch(facility, agency))


@pytest.fixture
def person(batch, facility):
    """A participant of whom more is known than an agency may learn."""
    inmate = inmate_at(
        facility,
        name="=SITI AMINAH",
        search_name="siti aminah",
        sex="P",
        person_key=SECRET[3],
        birth_place="+Serang",
        birth_date=date(1990, 8, 15),
        education="SMP",
        address=SECRET[2],
        aliases=TEXTS["aliases"],
    )
    seal(inmate)
    inmate.save()
    inmate.custodies.update(register_number=SECRET[0])
    Restriction.objects.create(
        inmate=inmate, facility=facility, kind="security", starts=today(), note=SECRET[4]
    )
    enrolled(batch, inmate)
    consented(inmate, facility)
    return inmate


def consented(inmate, facility, **fields):
    return Consent.objects.create(
        inmate=inmate, facility=facility, purpose="training", signed_on=today(-30), **fields
    )


def page(batch, kind):
    return reverse(f"training:participant-list-{kind}", args=[batch.public_id])


def sheet_of(client, batch):
    answer = client.get(page(batch, "xlsx"))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def text_of(client, batch):
    answer = client.get(page(batch, "pdf"))
    assert answer["Content-Type"] == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


class TestSheet:
    def test_holds_what_a_registration_asks(self, client, batch, person, liaison):
        client.force_login(liaison)
        code = batch.enrolments.get().participant_code

        headings, row = sheet_of(client, batch)

        assert headings[2:4] == ["Nama", "NIK"]
        assert row == [
            1.0,
            code,
            "'=SITI AMINAH",
            NIK,
            "Perempuan",
            "'+Serang",
            date(1990, 8, 15),
            "SMP",
        ]

    def test_holds_nothing_that_an_agency_may_not_know(self, client, batch, person, liaison):
        client.force_login(liaison)
        everything = str(sheet_of(client, batch)) + text_of(client, batch)

        assert NIK in everything
        for secret in (*SECRET, TEXTS["aliases"], "Ekspirasi", "Register"):
            assert secret not in everything

    def test_no_cell_is_a_formula(self, client, batch, person, head):
        client.force_login(head)
        content = client.get(page(batch, "xlsx")).content

        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")

    def test_the_pdf_names_them_too(self, client, batch, person, head):
        client.force_login(head)
        text = text_of(client, batch)

        assert "SITI AMINAH" in text
        assert NIK in text


class TestWhose:
    def test_each_download_is_on_record_with_its_people(self, client, batch, person, liaison):
        client.force_login(liaison)
        for kind in ("xlsx", "pdf"):
            client.get(page(batch, kind))

        rows = AccessRecord.objects.filter(act="export")
        assert [row.subjects for row in rows] == [[person.public_id]] * 2

    def test_who_took_the_consent_back_is_left_out(self, batch, person, facility, liaison):
        Consent.objects.filter(inmate=person).update(
            withdrawn_on=today(), withdrawn_why="Tidak mau"
        )
        export = enrolment_exports.gather(batch=batch, by=liaison)

        assert export.people == []
        assert export.withheld == [batch.enrolments.get().participant_code]

    @pytest.mark.parametrize("consent", [None, {"until": today(-1)}])
    def test_without_a_consent_in_force_there_is_no_nik(
        self, client, batch, person, facility, liaison, head, consent
    ):
        Consent.objects.filter(inmate=person).delete()
        if consent:
            consented(person, facility, **consent)
        code = batch.enrolments.get().participant_code
        for user in (liaison, head):
            export = enrolment_exports.gather(batch=batch, by=user)
            assert [(each.name, each.nik) for each in export.people] == [("=SITI AMINAH", "")]
            assert export.unconsented == [code]
            client.force_login(user)
            for text in (str(sheet_of(client, batch)), text_of(client, batch)):
                assert "SITI AMINAH" in text
                assert NIK not in text
            assert "persetujuan" in text_of(client, batch)

    def test_staff_are_told_whose_consent_is_missing(self, client, batch, person, liaison, head):
        Consent.objects.filter(inmate=person).delete()
        pages = {}
        for user in (head, liaison):
            client.force_login(user)
            pages[user] = client.get(batch.get_absolute_url()).content.decode()
        assert "Persetujuan 1 peserta belum tercatat" in pages[head]
        assert "belum tercatat" not in pages[liaison]

    @pytest.mark.parametrize(
        ("state", "is_given"),
        [("confirmed", True), ("running", True), ("finished", True), ("closed", False)],
    )
    def test_the_agency_takes_it_until_the_batch_closes(
        self, client, facility, agency, liaison, head, state, is_given
    ):
        batch = asked(
            confirmed_batch(facility, agency, state=state, starts_on=today(-60), ends_on=today(-20))
        )
        enrolled(batch)
        client.force_login(liaison)
        page = client.get(batch.get_absolute_url()).content.decode()
        assert ("Pendaftaran ke instansi" in page) is is_given
        if is_given:
            assert enrolment_exports.gather(batch=batch, by=liaison).people
        else:
            with pytest.raises(NotAllowed, match="ditutup"):
                enrolment_exports.gather(batch=batch, by=liaison)
        assert enrolment_exports.gather(batch=batch, by=head).people

    def test_who_left_is_left_out(self, batch, person, liaison):
        stays = enrolled(batch)
        gone = batch.enrolments.get(inmate=person)
        gone.state, gone.dropped_on, gone.reason = "dropped", today(), "Pindah"
        gone.save()

        export = enrolment_exports.gather(batch=batch, by=liaison)

        assert [each.code for each in export.people] == [stays.participant_code]

    def test_a_merged_record_has_the_facts_of_the_person(self, batch, person, facility, liaison):
        other = inmate_at(facility, name="SITI AMINAH LAGI")
        Inmate.objects.filter(pk=person.pk).update(merged_into=other)

        (row,) = enrolment_exports.gather(batch=batch, by=liaison).people

        assert (row.name, row.nik) == ("SITI AMINAH LAGI", "")

    def test_without_a_nik_the_cell_is_empty_and_told(self, batch, liaison):
        participant = enrolled(batch)
        export = enrolment_exports.gather(batch=batch, by=liaison)

        assert export.people[0].nik == ""
        assert export.without_nik == [participant.participant_code]

    def test_nothing_before_a_decree(self, client, batch, liaison):
        with pytest.raises(NotAllowed):
            enrolment_exports.gather(batch=batch, by=liaison)
        client.force_login(liaison)
        answer = client.get(page(batch, "xlsx"), follow=True)
        assert "belum ditetapkan dengan SK" in answer.content.decode()

    @pytest.mark.parametrize("who", ["warden", "registrar", "other_liaison", "outsider"])
    def test_for_nobody_else(self, request, batch, person, who):
        with pytest.raises(Forbidden):
            enrolment_exports.gather(batch=batch, by=request.getfixturevalue(who))

    def test_not_for_the_agency_above(self, batch, person, agency):
        parent = AgencyFactory()
        agency.parent = parent
        agency.save()
        with pytest.raises(Forbidden):
            enrolment_exports.gather(batch=batch, by=liaison_of(parent))

    def test_the_number_of_queries_does_not_grow(
        self, batch, liaison, django_assert_num_queries, django_assert_max_num_queries
    ):
        enrolled(batch)
        enrolment_exports.gather(batch=batch, by=liaison)
        with django_assert_max_num_queries(8) as first:
            enrolment_exports.gather(batch=batch, by=liaison)
        for _each in range(3):
            enrolled(batch)
        with django_assert_num_queries(len(first)):
            enrolment_exports.gather(batch=batch, by=liaison)
