"""Prisons, agencies, courses and the users whose pages are measured."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Facility, Posting, User
from accounts.states import UserKind
from bench.names import PASSWORD
from bench.seed.words import TRADES
from partners.models import Agency, Contact, Liaison, Partnership
from partners.states import AgencyKind
from training.models import CompetencyUnit, Course, CourseUnit, Trade

AGENCIES = (AgencyKind.BLK, AgencyKind.DISNAKER, AgencyKind.BAPAS)
POSTS = ("officer", "head", "warden")
SINCE = timedelta(days=900)


def open_all(prisons):
    facilities = _made(
        Facility(
            code=f"B{n:03d}",
            name=f"Lapas Uji {n}",
            city="Cilegon" if n == 1 else f"Kota {n}",
            residence_code="36.72" if n == 1 else "",
        )
        for n in range(1, prisons + 1)
    )
    agencies = _made(
        Agency(name=f"{kind.upper()} Kota {n}", kind=kind, city=f"Kota {n}")
        for n in range(1, prisons + 1)
        for kind in AGENCIES
    )
    each = [facility for facility in facilities for _kind in AGENCIES]
    _made(
        Partnership(facility=facility, agency=agency)
        for facility, agency in zip(each, agencies, strict=True)
    )
    _made(Contact(agency=agency, name=f"Narahubung {agency.name}") for agency in agencies)
    _catalogue()
    _staff(facilities)
    _users(facilities, agencies)


def _made(rows):
    rows = list(rows)
    return type(rows[0]).objects.using("owner").bulk_create(rows, batch_size=2_000)


def _catalogue():
    names = TRADES.split()
    trades = _made(Trade(name=name.capitalize()) for name in names)
    courses = _made(
        Course(trade=trade, code=f"BENCH-{n}", name=f"Program {n}", jp=240)
        for n, trade in enumerate(trades, 1)
    )
    units = _made(
        CompetencyUnit(code=f"U.{n}", name=f"Unit {n}", standard="")
        for n in range(1, 4 * len(courses) + 1)
    )
    _made(
        CourseUnit(course=courses[n // 4], unit=unit, position=n % 4 + 1)
        for n, unit in enumerate(units)
    )


def _staff(facilities):
    """Who holds the posts of all prisons; nobody of them signs in."""
    users = _made(
        User(email=f"{post}-{facility.code.lower()}@bench.test", name=f"{post} {facility.code}")
        for facility in facilities
        for post in POSTS
    )
    today = timezone.localdate()
    _made(
        Posting(user=user, facility=facility, role_id=post, starts=today - SINCE)
        for user, (facility, post) in zip(
            users, [(facility, post) for facility in facilities for post in POSTS], strict=True
        )
    )


def _users(facilities, agencies):
    """Those who look: of the prison of 500, of the largest, of an agency, of the whole country."""
    first, largest = facilities[0], facilities[1]
    password = make_password(PASSWORD)
    for role in ("officer", "head", "registrar"):
        _posted(_user(role, password), role, [first])
    _posted(_user("largest", password), "officer", [largest])
    _posted(_user("observer", password, UserKind.OBSERVER), "observer", facilities)
    _posted(_user("country", password), "officer", facilities)
    for name, agency in (("liaison", agencies[0]), ("disnaker", agencies[1])):
        user = _user(name, password, UserKind.LIAISON)
        Liaison.objects.using("owner").create(
            user=user, agency=agency, starts=timezone.localdate() - SINCE
        )


def _user(name, password, kind=UserKind.STAFF):
    user = User.objects.using("owner").create(
        email=f"{name}@bench.test", name=f"Uji {name}", kind=kind, password=password
    )
    EmailAddress.objects.using("owner").create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def _posted(user, role, facilities):
    starts = timezone.localdate() - SINCE
    _made(
        Posting(user=user, facility=facility, role_id=role, starts=starts)
        for facility in facilities
    )
