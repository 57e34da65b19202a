"""Papers from elsewhere or from before: one by one, and a sheet of the whole prison."""

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse

from accounts.models import AccessRecord
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Inmate
from tests.factories.inmates import gone_from, inmate_at
from tests.factories.partners import today
from tests.factories.training import CourseFactory
from tests.training.certificate_sheets import of_prison_rows, scan
from training.models import Certificate
from training.services import old_certificates
from training.services.certificate_lines import ASK, ERROR, EXISTING, NEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi(facility):
    person = inmate_at(
        facility, name="BUDI SANTOSO", search_name="budi santoso", person_key="0900000077"
    )
    person.custodies.update(register_number="B.I 77/2024")
    return person


def facts(**more):
    usual = {
        "kind": "training",
        "title": "Las SMAW 3G",
        "issuer": "BLK Serang",
        "number": "560/77/2019",
        "issued_on": today(-2000),
    }
    return usual | more


def old(**more):
    return {"name": "Budi Santoso", "key": "0900000077", **facts(**more)}


def write_one(facility, inmate, by, **more):
    return old_certificates.record_existing(
        facility=facility, inmate=inmate, by=by, **facts(**more)
    )


def look(facility, by, *rows, scans=(), **answers):
    return old_certificates.check(
        facility=facility, rows=of_prison_rows(*rows), scans=scans, by=by, **answers
    )


def write(facility, by, *rows, scans=(), **answers):
    return old_certificates.record(
        facility=facility, rows=of_prison_rows(*rows), scans=scans, by=by, **answers
    )


class TestOne:
    def test_is_a_past_fact_of_which_nobody_is_told(self, facility, budi, head):
        course = CourseFactory(name="Las SMAW 3G")
        certificate = write_one(facility, budi, head, scan=scan("budi.pdf"))

        assert certificate.entered_afterwards
        assert (certificate.inmate, certificate.agency, certificate.course) == (budi, None, course)
        assert certificate.verification.public["holder"] == "B.S."
        assert "budi" not in certificate.scan.name
        assert not Notice.objects.exists()

    def test_a_competency_paper_ends_unless_told_otherwise(self, facility, budi, head):
        paper = {"kind": "competency", "scheme": "Las"}
        first = write_one(facility, budi, head, **paper)
        assert first.valid_until == first.issued_on + relativedelta(years=3)
        assert write_one(facility, budi, head, **paper) == first
        write(facility, head, old(number="560/78", **paper))
        again = Certificate.objects.get(number="560/78")
        assert again.valid_until == first.valid_until

    def test_the_same_again_is_the_same(self, facility, budi, head):
        first = write_one(facility, budi, head)

        assert write_one(facility, budi, head) == first

    def test_other_content_names_who_wrote_it(self, facility, budi, head):
        write_one(facility, budi, head)
        with pytest.raises(AlreadyDone, match=head.name):
            write_one(facility, budi, head, title="Lain")

    def test_the_number_of_somebody_else_is_refused(self, facility, budi, head):
        write_one(facility, budi, head)
        with pytest.raises(NotAllowed) as refusal:
            write_one(facility, inmate_at(facility), head, issuer="blk serang ")
        assert set(refusal.value.error_dict) == {"number"}

    def test_a_merged_record_leads_to_the_person(self, facility, budi, head):
        twin = inmate_at(facility)
        Inmate.objects.filter(pk=twin.pk).update(merged_into=budi)

        assert write_one(facility, Inmate.objects.get(pk=twin.pk), head).inmate == budi

    def test_somebody_who_left_can_get_one(self, facility, head):
        assert write_one(facility, gone_from(facility), head)

    def test_not_somebody_of_another_prison(self, facility, outsider, head):
        with pytest.raises(NotAllowed):
            write_one(facility, inmate_at(outsider.facility), head)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"issued_on": today(1)}, "issued_on"),
            ({"valid_until": today(-2001)}, "valid_until"),
            ({"kind": "competency"}, "scheme"),
            ({"issuer": " "}, "issuer"),
        ],
    )
    def test_what_cannot_be_is_told_beside_its_field(self, facility, budi, head, more, field):
        with pytest.raises(NotAllowed) as refusal:
            write_one(facility, budi, head, **more)
        assert field in refusal.value.error_dict

    @pytest.mark.parametrize("who", ["officer", "warden", "registrar", "liaison", "outsider"])
    def test_by_nobody_but_the_head(self, request, facility, budi, who):
        with pytest.raises(Forbidden):
            write_one(facility, budi, request.getfixturevalue(who))


class TestWhose:
    def test_key_and_name_agree(self, facility, budi, head):
        (line,) = look(facility, head, old(key="'0900000077")).lines

        assert (line.outcome, line.person) == (NEW, budi)

    def test_a_register_number_is_enough(self, facility, budi, head):
        (line,) = look(facility, head, old(key="", register_number="BI 77/2024")).lines

        assert (line.outcome, line.person) == (NEW, budi)

    def test_another_name_is_asked(self, facility, budi, head):
        (line,) = look(facility, head, old(name="Joko Widodo")).lines

        assert (line.outcome, line.near) == (ASK, [budi])
        assert "BUDI SANTOSO" in line.row.remarks[0]
        answer = {line.key: str(budi.public_id)}
        (again,) = look(facility, head, old(name="Joko Widodo"), people=answer).lines
        assert (again.outcome, again.person) == (NEW, budi)

    def test_a_mistyped_name_is_remarked(self, facility, budi, head):
        (line,) = look(facility, head, old(name="Budi Santosa")).lines

        assert line.outcome == NEW
        assert "BUDI SANTOSO" in line.row.remarks[0]

    def test_an_alias_counts(self, facility, budi, head):
        Inmate.objects.filter(pk=budi.pk).update(aliases="Kancil, Wayan Dede")

        assert look(facility, head, old(name="Wayan Dede")).lines[0].outcome == NEW

    def test_two_numbers_of_two_people_are_asked(self, facility, budi, head):
        other = inmate_at(facility, name="SITI")
        other.custodies.update(register_number="B.I 88/2024")

        (line,) = look(facility, head, old(register_number="B.I 88/2024")).lines

        assert line.outcome == ASK
        assert line.near == [budi, other]

    def test_people_of_other_prisons_are_not_told_of(self, facility, head, outsider):
        inmate_at(outsider.facility, name="BUDI SANTOSO", person_key="0900000077")

        (line,) = look(facility, head, old()).lines

        assert (line.outcome, line.near) == (ERROR, [])
        assert "tidak ada di lapas ini" in line.row.problems["key"]

    def test_the_number_of_queries_does_not_grow(
        self, facility, budi, head, django_assert_num_queries, django_assert_max_num_queries
    ):
        look(facility, head, old())
        with django_assert_max_num_queries(8) as first:
            look(facility, head, old())
        people = [inmate_at(facility, person_key=f"0800{n}") for n in range(3)]
        rows = [old(key=each.person_key, name=each.name, number=each.name) for each in people]
        with django_assert_num_queries(len(first)):
            look(facility, head, *rows)
        write(facility, head, *rows)
        with django_assert_num_queries(len(first)):
            assert look(facility, head, *rows).changes_nothing


class TestSheet:
    def test_is_recorded_as_it_says(self, facility, budi, head):
        report = write(
            facility,
            head,
            old(jp="240 JP", scan="a.pdf"),
            old(kind="BNSP", scheme="Welder", number="2", valid_until=today(-100)),
            scans=[scan("A.pdf")],
        )

        assert len(report.written) == 2
        training, competency = Certificate.objects.order_by("pk")
        assert (training.jp, training.entered_afterwards) == (240, True)
        assert training.scan.read() == b"%PDF-1.7 sertifikat"
        assert not competency.is_valid
        assert competency.verification
        assert not Notice.objects.exists()

    def test_again_changes_nothing(self, facility, budi, head):
        write(facility, head, old())

        report = write(facility, head, old(number="560 / 77 / 2019"))

        assert [line.outcome for line in report.lines] == [EXISTING]
        assert Certificate.objects.count() == 1

    def test_all_or_nothing(self, facility, budi, head):
        with pytest.raises(NotAllowed):
            write(facility, head, old(), old(key="404", number="2"))

        assert not Certificate.objects.exists()

    def test_duplicates_are_told(self, facility, budi, head):
        siti = inmate_at(facility, name="SITI", person_key="0900000088")
        write_one(facility, siti, head, number="9")

        first, second, third = look(facility, head, old(), old(), old(number="9")).lines

        assert first.outcome == NEW
        assert "baris 2" in second.row.problems["number"]
        assert "orang lain" in third.row.problems["number"]


class TestPages:
    def test_more_lessons_than_there_are_is_told(self, client, budi, head):
        client.force_login(head)
        answer = client.post(
            reverse("training:person-certificate", args=[budi.public_id]), facts(jp=99999)
        )
        assert answer.status_code == 422
        assert "2000" in answer.content.decode()

    def test_the_form_keeps_what_was_typed(self, client, facility, budi, head):
        client.force_login(head)
        address = reverse("training:person-certificate", args=[budi.public_id])

        answer = client.post(address, facts(kind="competency", issued_on="2019-05-01"))

        assert answer.status_code == 422
        assert "Sebutkan skema" in answer.content.decode()
        assert "BLK Serang" in answer.content.decode()

    def test_the_person_has_it_on_their_page(self, client, facility, budi, head):
        client.force_login(head)
        address = reverse("training:person-certificate", args=[budi.public_id])

        answer = client.post(address, facts(issued_on="2019-05-01"), follow=True)

        assert "560/77/2019" in answer.content.decode()
        assert AccessRecord.objects.filter(subjects=[budi.public_id]).exists()

    def test_an_old_paper_has_a_page_and_a_row_in_the_list(self, client, facility, budi, head):
        certificate = write_one(facility, budi, head)
        client.force_login(head)

        assert "BLK Serang" in client.get(certificate.get_absolute_url()).content.decode()
        listed = client.get(reverse("training:certificate-list")).content.decode()
        assert "560/77/2019" in listed
        assert reverse("training:old-certificate-sheet") in listed
