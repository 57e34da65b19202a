"""One changes a contact that another removes at that moment: on the page, with two connections."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse

from partners.models import Contact
from partners.services import contacts
from tests.partners.test_agencies import contact_facts
from tests.races import race

WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_who_comes_too_late_is_told_and_keeps_what_was_typed(agency, officer, login):
    contact = contacts.add(agency=agency, by=officer, **contact_facts())
    client, is_gone = login(officer), threading.Event()

    def remove():
        with transaction.atomic():
            contacts.remove(contact=contact, by=officer)
            is_gone.set()
            _wait_for_the_other()

    def change():
        is_gone.wait(timeout=60)
        typed = contact_facts(title="Kepala Seksi Pelatihan")
        return client.post(reverse("partners:contact-edit", args=[contact.public_id]), typed)

    _nothing, answer = race(remove, change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "sudah dihapus orang lain" in page
    assert "Kepala Seksi Pelatihan" in page
    assert not Contact.objects.exists()


def _wait_for_the_other():
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the row")
