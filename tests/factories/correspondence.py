from datetime import date

import factory
from factory.django import DjangoModelFactory

from correspondence.models import Letterhead, LetterSeries, Notice, ReminderPolicy
from correspondence.services import letters
from tests.factories.accounts import UserFactory
from tests.factories.partners import today


def tell_only(*kinds):
    """Nobody is told of any other kind of deadline."""
    ReminderPolicy.objects.exclude(kind__in=kinds).update(offsets=[])


def letterhead_of(facility, *lines, since=date(2000, 1, 1), address=""):
    return Letterhead.objects.create(
        facility=facility, starts_on=since, lines=list(lines), address=address
    )


class NoticeFactory(DjangoModelFactory):
    """A live notice about an agreement's end; nothing has been mailed."""

    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = "agreement_end"
    object_type = "partners.agreement"
    object_id = factory.Sequence(lambda n: 1_000_000 + n)
    due = factory.LazyFunction(lambda: today(30))
    offset_days = 30
    data = {"title": "PKS Las", "agency": "BLK Uji"}
    link = "/notices/"


def general_series(facility, **fields):
    return LetterSeries.objects.create(
        facility=facility, kind="general", **{"pattern": "{code}-{number:04d}/{year}", **fields}
    )


CONTENT = {
    "text": "Dengan hormat,\n\nKami mohon waktu.\n\n1. Satu\n2. Dua",
    "place": "Cilegon",
    "nature": "Biasa",
    "attachments": "",
    "classification": "UM.01.01",
    "signed_by": "warden",
    "copies": [],
}


def letter_draft(facility, by, **changed):
    """A draft of a general letter, through its service."""
    content = CONTENT | {name: changed.pop(name) for name in CONTENT if name in changed}
    arguments = {
        "facility": facility,
        "kind": "general",
        "template": "letter_v1",
        "subject": "Permohonan audiensi",
        "addressed_to": "Kepala Disnaker\nKota Cilegon",
        "by": by,
    }
    return letters.draft(**(arguments | changed), data=content)
