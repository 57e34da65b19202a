"""A select box of a filter with too many rows to look through: a word finds what it offers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.forms import offered
from partners.models import Agency, Partnership
from tests.factories.partners import AgencyFactory, AgreementFactory, PartnershipFactory
from tests.factories.training import BatchFactory

pytestmark = pytest.mark.django_db
LISTS = ("/batches/", "/agreements/timeline/", "/dashboard/", "/dashboard/training/")


@pytest.fixture
def many(facility):
    """More agencies of the prison than a box offers, and one among them with its own name."""
    rows = [AgencyFactory.build(name=f"Balai {n:03} Cilegon") for n in range(offered.MOST + 1)]
    made = Agency.objects.bulk_create(rows)
    Partnership.objects.bulk_create(Partnership(facility=facility, agency=each) for each in made)
    return PartnershipFactory(facility=facility, agency__name="Politeknik Anyer").agency


def options(answer, name):
    """`{value: words}` of a select box."""
    box = re.search(rf'<select name="{name}"[^>]*>(.*?)</select>', answer.content.decode(), re.S)
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', box[1]))


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_a_box_of_many_rows_offers_none_before_a_word_is_typed(many, officer, login, path):
    answer = login(officer).get(path)
    assert list(options(answer, "agency")) == [""]
    assert "Lebih dari 200 pilihan" in text(answer)


@pytest.mark.parametrize("path", LISTS)
def test_a_word_finds_what_to_choose(many, officer, login, path):
    answer = login(officer).get(path, {"find_agency": "ANYER poli"})
    assert options(answer, "agency").keys() == {"", str(many.public_id)}
    assert "1 cocok" in text(answer)


def test_a_box_of_few_rows_offers_all_without_a_field_for_words(facility, agency, officer, login):
    answer = login(officer).get("/batches/", {"find_agency": "tak ada"})
    assert str(agency.public_id) in options(answer, "agency")
    assert 'name="find_agency"' not in text(answer)


def test_what_an_address_names_stays_chosen(many, facility, officer, login):
    theirs, other = BatchFactory(facility=facility, agency=many), BatchFactory(facility=facility)
    answer = login(officer).get("/batches/", {"agency": many.public_id, "find_agency": "017"})
    assert f'value="{many.public_id}" selected' in text(answer)
    assert len(options(answer, "agency")) == 3  # none, the chosen one, and what was found
    assert theirs.name in text(answer)
    assert other.get_absolute_url() not in text(answer)


def test_what_no_row_has_is_refused_with_words(many, officer, login):
    answer = login(officer).get("/batches/", {"agency": "4b1f0e3c-0000-4000-8000-000000000000"})
    assert answer.status_code == 200
    assert "invalid-feedback" in text(answer)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("tiada", "Tidak ada yang cocok"),
        ("\0", "Lebih dari"),
        ("%", "Tidak ada"),
        ("Balai", "ketik lebih lengkap"),
    ],
)
def test_whatever_is_typed_gets_an_answer(many, officer, login, words, told):
    hint = re.search(
        r'id="id_agency_found_hint"[^>]*>([^<]*)',
        text(login(officer).get("/batches/", {"find_agency": words})),
    )
    assert told in hint[1]


def test_an_agreement_is_found_by_its_numbers(facility, agency, officer, login):
    AgreementFactory.create_batch(offered.MOST, facility=facility, agency=agency)
    wanted = AgreementFactory(facility=facility, agency=agency, our_number="W.12/77")
    answer = login(officer).get("/batches/", {"find_agreement": "w.12/77"})
    assert options(answer, "agreement").keys() == {"", str(wanted.public_id)}


def test_nobody_finds_what_another_prison_has(many, officer, login):
    elsewhere = PartnershipFactory(agency__name="Politeknik Jauh").agency
    answer = login(officer).get("/batches/", {"find_agency": "Politeknik"})
    assert str(elsewhere.public_id) not in options(answer, "agency")


def test_many_rows_are_asked_for_as_few_are(facility, agency, officer, login, request):
    client = login(officer)
    client.get("/batches/")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/batches/")
        return len(queries)

    few = asked()
    request.getfixturevalue("many")
    assert asked() == few <= 12
