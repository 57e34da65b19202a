from datetime import date, timedelta

import factory
from dateutil.relativedelta import relativedelta
from factory.django import DjangoModelFactory

from inmates.models import Absence, Custody, ImportRun, Inmate, Merge, Sentence, Transfer
from inmates.states import CustodyEnd, RegisterClass, Sex
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import today


class InmateFactory(DjangoModelFactory):
    class Meta:
        model = Inmate

    person_key = factory.Sequence(lambda n: f"09{n:08d}")
    name = factory.Sequence(lambda n: f"WARGA BINAAN {n}")
    search_name = factory.LazyAttribute(lambda i: i.name.lower())
    birth_date = date(1990, 5, 17)
    sex = Sex.MALE
    education = "SMA"


class CustodyFactory(DjangoModelFactory):
    class Meta:
        model = Custody

    inmate = factory.SubFactory(InmateFactory)
    facility = factory.SubFactory(FacilityFactory)
    register_number = factory.Sequence(lambda n: f"B.I {n}/2024")
    register_class = RegisterClass.B1
    starts = date(2024, 1, 1)


class SentenceFactory(DjangoModelFactory):
    class Meta:
        model = Sentence

    inmate = factory.SubFactory(InmateFactory)
    as_of = factory.LazyFunction(today)
    detained_since = factory.LazyFunction(lambda: today(-700))
    years = 4
    one_third = factory.LazyFunction(lambda: today(-200))
    one_half = factory.LazyFunction(lambda: today(100))
    two_thirds = factory.LazyFunction(lambda: today(300))
    expires = factory.LazyFunction(lambda: today(760))


def inmate_at(facility, *, register_class=RegisterClass.B1, sentence=None, **fields):
    """A person in custody at the facility, one third served, release in ten months."""
    inmate = InmateFactory(**fields)
    CustodyFactory(inmate=inmate, facility=facility, register_class=register_class)
    SentenceFactory(inmate=inmate, **(sentence or {}))
    return inmate


def transfer_from(origin, destination=None, **fields):
    """Another prison asks for somebody who is in custody at `origin`."""
    inmate = fields.pop("inmate", None) or inmate_at(origin)
    fields = {"moved_on": today(-3), "register_number": "B.I 7/2026", **fields}
    destination = destination or FacilityFactory()
    return Transfer.objects.create(inmate=inmate, origin=origin, destination=destination, **fields)


def absent_from(facility, **fields):
    """Somebody in custody whom the last register did not list."""
    run = ImportRun.objects.create(
        facility=facility, file_name="register.xlsx", as_of=today(-1), is_complete=True
    )
    return Absence.objects.create(run=run, facility=facility, inmate=inmate_at(facility, **fields))


def gone_from(facility, *, months=61, **custody):
    """Somebody who was released from the facility so many months ago."""
    left = today() - relativedelta(months=months)
    return CustodyFactory(
        facility=facility,
        starts=left - timedelta(days=400),
        until=left,
        **{"ended_how": CustodyEnd.RELEASED, **custody},
    ).inmate


def merged_pair(facility):
    """A merge of two people of the facility, the second of whom was there twice."""
    winner, loser = inmate_at(facility), InmateFactory()
    Inmate.objects.filter(pk=loser.pk).update(merged_into=winner)
    before = {"chosen": [], "fields": {}, "custody": None, "absences": [], "pointed": []}
    return Merge.objects.create(winner=winner, loser=loser, facility=facility, before=before)
