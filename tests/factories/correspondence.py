from datetime import date

import factory
from factory.django import DjangoModelFactory

from correspondence.models import Letterhead, Notice
from tests.factories.accounts import UserFactory
from tests.factories.partners import today


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
