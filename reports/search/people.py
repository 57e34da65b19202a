"""People by name, key, number or NIK."""

from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Q, Value, When, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import stand_ins
from accounts.permissions import may
from accounts.prepared import among
from inmates import sought
from inmates.models import Custody, Inmate
from reports.search import group
from reports.search.group import in_one_line


def people(user, typed):
    """Groups of people: those here now, those who were here, the similar names if there are none.

    The prisons are those where the reader may see people; of the former only name and key are
    told.
    """
    if user.is_liaison or not _prisons(user):
        return []
    text = sought.stands_for_typed(typed, typed.text)
    now, before = _named(user, text)
    lead = ""
    if not now and not before and typed.is_a_name:
        now = _alike_here(user, text)
        before = [] if now else _alike_before(user, text)
        lead = _("Tidak ada nama yang persis begitu; ini yang paling mirip.")
    numbers = dict(_register_numbers(user, [person.pk for person in now])) if now else {}
    more = f"{reverse('inmates:inmate-list')}?{urlencode({'q': typed.text})}" if typed.text else ""
    return [
        _of_people(
            _("Warga Binaan di sini"),
            now,
            lambda person: in_one_line(numbers.get(person.pk), person.person_key),
            lead=lead,
            more_url=more,
        ),
        _of_people(_("Pernah di sini"), before, lambda person: person.person_key, lead=lead),
    ]


def _prisons(user):
    return sorted(pk for pk in user.facility_ids if may(user, "see_people", pk))


@stand_ins.asked_for_text
def _named(reader, text):
    typed, prisons = sought.read(text), _prisons(reader)
    led_to = Inmate.objects.led_to(typed, at=prisons)
    of_both = Inmate.objects.in_prisons(prisons), _former(prisons)
    return tuple(_first(people.matching(typed, led_to), typed) for people in of_both)


@stand_ins.asked_for_text
def _alike_here(reader, text):
    typed = sought.read(text)
    return _first(Inmate.objects.in_prisons(_prisons(reader)).resembling(typed), typed)


@stand_ins.asked_for_text
def _alike_before(reader, text):
    typed = sought.read(text)
    return _first(_former(_prisons(reader)).resembling(typed), typed)


def _former(prisons):
    """Who was at the prisons and is not; a merged record gives way to the person it leads to."""
    people = Inmate.objects.been_at(prisons).exclude(prison__in=prisons)
    return people.filter(Q(merged_into__isnull=True) | ~Q(merged_into__prisons__overlap=prisons))


def _first(rows, typed):
    """The first rows, exact names before others, each with `.found` (how many, capped).

    The inner LIMIT fences the search: the planner uses the search index, then sorts what it found.
    """
    found = rows.order_by().values("pk")[: group.CAP + 1]
    nearness = Case(
        When(search_name=typed.phrase, then=Value(0)),
        When(search_name__startswith=typed.phrase, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Inmate.objects.filter(pk__in=found)
        .annotate(found=Window(Count("*")))
        .order_by(nearness, "search_name", "pk")[: group.SHOWN]
    )


@stand_ins.asked_often
def _register_numbers(reader, ids):
    stays = Custody.objects.open().filter(among("inmate", ids), facility__in=_prisons(reader))
    return stays.values_list("inmate_id", "register_number")


def _of_people(title, inmates, about, **fields):
    hits = [group.Hit(person.name, about(person), person.get_absolute_url()) for person in inmates]
    return group.Group(
        title, hits, count=inmates[0].found if inmates else 0, people=inmates, **fields
    )
