"""The people of the demo prisons: custody, dates as a register states them, restrictions."""

from datetime import timedelta

from django.utils import timezone

from inmates.models import Custody, Inmate, Restriction, Sentence
from inmates.rules import search_name
from inmates.states import RegisterClass, RestrictionKind, Sex
from reports.showcase import names

EVERY_TENTH_IS_A_DETAINEE = 13
MONTH = 30  # days


def fill(facility, *, count, prefix, seed):
    """Bring `count` people into custody at the facility; most sentenced, some detained."""
    today = timezone.localdate()
    drawn = list(names.people(count, seed))
    inmates = Inmate.objects.bulk_create(
        Inmate(
            person_key=f"{prefix}{n:08d}",
            search_name=search_name(person["name"]),
            sex=Sex.MALE,
            birth_date=today - timedelta(days=person["age_days"]),
            **{
                field: person[field]
                for field in (
                    "name city province address education occupation birth_place".split()
                )
            },
        )
        for n, person in enumerate(drawn, 1)
    )
    custodies, sentences = [], []
    for n, (inmate, person) in enumerate(zip(inmates, drawn, strict=True), 1):
        detained = n % EVERY_TENTH_IS_A_DETAINEE == 0
        term = max(3 * person["months_left"], 12) * MONTH + (n % 5) * 90
        two_thirds = today + timedelta(days=person["months_left"] * MONTH)
        start = two_thirds - timedelta(days=term * 2 // 3)
        register = RegisterClass.A3 if detained else RegisterClass.B1
        custodies.append(
            Custody(
                inmate=inmate,
                facility=facility,
                register_class=register,
                register_number=f"{register.value} {n}/{start.year}",
                starts=today - timedelta(days=60) if detained else start + timedelta(days=30),
            )
        )
        sentences.append(
            Sentence(inmate=inmate, as_of=today, detained_since=today - timedelta(days=70))
            if detained
            else Sentence(
                inmate=inmate,
                as_of=today,
                detained_since=start,
                years=term // 365,
                months=term % 365 // MONTH,
                days=term % 365 % MONTH,
                remission_months=n % 3,
                one_third=start + timedelta(days=term // 3),
                one_half=start + timedelta(days=term // 2),
                two_thirds=two_thirds,
                expires=start + timedelta(days=term),
            )
        )
    Custody.objects.bulk_create(custodies)
    Sentence.objects.bulk_create(sentences)
    kinds = list(RestrictionKind)
    Restriction.objects.bulk_create(
        Restriction(
            inmate=inmate,
            facility=facility,
            kind=kinds[n % len(kinds)],
            starts=today - timedelta(days=20),
            until=today + timedelta(days=120),
        )
        for n, inmate in enumerate(inmates[5::37])
    )
    return inmates


def eligible(facility, count, skip=0):
    """Sentenced people of the facility without a restriction, in a fixed order."""
    restricted = Restriction.objects.in_force().values("inmate_id")
    return list(
        Inmate.objects.in_custody(facility.pk)
        .filter(custodies__register_class=RegisterClass.B1, custodies__until=None)
        .exclude(pk__in=restricted)
        .filter(sentence__two_thirds__gte=timezone.localdate() + timedelta(days=190))
        .order_by("pk")[skip : skip + count]
    )
