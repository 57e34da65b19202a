"""The pages of what happens to an agreement: next step, duties, addenda, successors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import AgreementDocument, Extension, Obligation
from partners.services import agreements
from tests.factories.partners import (
    AgreementFactory,
    ObligationFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.partners.steps import body, page

pytestmark = pytest.mark.django_db


def step_of(client, agreement):
    return client.get(agreement.get_absolute_url()).context["step"]


def test_the_page_names_one_next_step(login, officer, facility, agency, draft):
    client = login(officer)
    assert step_of(client, draft) == "send"
    agreements.send_for_review(agreement=draft, by=officer)
    assert step_of(client, draft) == "await_answer"

    row = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(40))
    assert step_of(client, row) == "renew"
    AgreementFactory(facility=facility, agency=agency, renews=row)
    assert step_of(client, row) == "await_successor"
    ended = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(-4))
    assert step_of(client, ended) == "renew_ended"
    calm = SignedAgreementFactory(facility=facility, agency=agency)
    assert step_of(client, calm) == "rest"
    ObligationFactory(agreement=calm, due=today(-1))
    assert step_of(client, calm) == "duties"


def test_an_answer_is_awaited_for_two_weeks_or_until_the_day_typed(login, officer, draft):
    client = login(officer)
    client.post(page("agreement-send-for-review", draft))
    draft.refresh_from_db()
    assert draft.answer_by == today(14)

    client.post(page("agreement-revise", draft))
    client.post(page("agreement-send-for-review", draft), {"answer_by": today(30).isoformat()})
    draft.refresh_from_db()
    assert draft.answer_by == today(30)
    client.post(page("agreement-revise", draft))
    late = client.post(
        page("agreement-send-for-review", draft), {"answer_by": today(-1).isoformat()}
    )
    assert late.status_code == 422


def test_the_head_extends_and_takes_it_back(login, head, signed):
    client = login(head)
    typed = {
        "old_end": signed.ends_on.isoformat(),
        "new_end": today(900).isoformat(),
        "signed_on": today(-1).isoformat(),
        "reason": "Lanjut",
        "scan": scan_file(),
    }
    wrong = client.post(page("agreement-extend", signed), typed | {"new_end": today(1).isoformat()})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"new_end"})

    client.post(page("agreement-extend", signed), typed | {"scan": scan_file()})
    made = Extension.objects.get()
    assert client.get(page("extension-scan", made)).status_code == 200
    long = client.post(page("extension-void", made), {"reason": "x" * 251})
    assert long.status_code == 422
    client.post(page("extension-void", made), {"reason": "Batal"})

    signed.refresh_from_db()
    assert signed.ends_on == made.old_end


def test_the_form_of_a_successor_is_filled(login, officer, signed):
    client = login(officer)
    shown = client.get(page("agreement-renew", signed))
    initial = shown.context["form"].initial

    answer = client.post(
        page("agreement-renew", signed),
        {name: value for name, value in initial.items() if value is not None},
    )

    assert answer.url == signed.successor.get_absolute_url()
    assert signed.successor.starts_on == today(501)
    assert signed.successor.get_absolute_url() in body(client.get(signed.get_absolute_url()))


def test_duties_are_written_in_rows_and_rows_half_filled_are_told(login, officer, signed):
    client = login(officer)
    address = page("agreement-obligation-add", signed)
    assert "instruktur" in body(client.get(f"{address}?usual=1"))
    typed = {
        "duties-TOTAL_FORMS": 3,
        "duties-INITIAL_FORMS": 0,
        "duties-0-party": "agency",
        "duties-0-what": "Tetapkan instruktur",
        "duties-0-due": today(9).isoformat(),
        "duties-1-party": "prison",
        "duties-1-what": "Siapkan ruang",
    }

    half = client.post(address, typed)
    assert half.status_code == 422
    assert "Siapkan ruang" in body(half)
    client.post(address, typed | {"duties-1-due": today(9).isoformat()})

    assert Obligation.objects.count() == 2


def test_the_liaison_reports_with_evidence_and_reads_no_dropped_one(
    login, liaison, officer, signed
):
    theirs = ObligationFactory(agreement=signed)
    dropped = ObligationFactory(
        agreement=signed, dropped_at="2026-01-01T00:00Z", dropped_why="Keliru"
    )
    client = login(liaison)
    shown = body(client.get(signed.get_absolute_url()))
    assert theirs.what in shown
    assert dropped.what not in shown

    client.post(
        page("obligation-finish", theirs),
        {"done_on": today().isoformat(), "evidence": scan_file()},
    )

    theirs.refresh_from_db()
    assert theirs.done_by == liaison
    evidence = client.get(page("obligation-evidence", theirs))
    assert b"".join(evidence.streaming_content) == b"%PDF-1.7 naskah"


def test_a_child_that_outlives_its_umbrella_is_marked(login, officer, facility, agency):
    umbrella = SignedAgreementFactory(
        facility=facility, agency=agency, kind="mou", ends_on=today(100)
    )
    child = SignedAgreementFactory(facility=facility, agency=agency, parent=umbrella)
    client = login(officer)

    assert "lebih lama dari induknya" in body(client.get(child.get_absolute_url()))
    assert child.title in body(client.get(umbrella.get_absolute_url()))


@pytest.mark.parametrize("role", ["officer", "liaison"])
def test_the_page_asks_the_same_whatever_hangs_on_it(request, login, signed, role):
    def add(number):
        ObligationFactory(agreement=signed)
        AgreementDocument.objects.create(
            agreement=signed, kind="annex", version=number, file=scan_file()
        )
        SignedAgreementFactory(facility=signed.facility, agency=signed.agency, parent=signed)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(signed.get_absolute_url()).status_code == 200
        return len(asked)

    client = login(request.getfixturevalue(role))
    add(1)
    queries()
    for_one = queries()
    add(2)
    add(3)

    assert queries() == for_one
