"""Who could join a batch? What the rules need to know, for some people or for a whole prison."""

import re
from dataclasses import replace
from math import ceil

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q

from accounts import stand_ins
from accounts.permissions import may
from accounts.prepared import among, asked_often
from inmates.models import Custody
from training import eligibility, ranking
from training.eligibility import Terms
from training.models import Batch, Candidate, SeatOffer
from training.ranking import Wanted
from training.services.gathering import Gathering, GatheringAgain
from training.states import SEAT_OFFER_HOLDS

PAGE_SIZE = 25


def terms_of(batch, opened=None):
    """The `eligibility.Terms` of a batch (its course, facility and trade should be loaded).

    `opened` are its `open_candidates`, if they were read already.
    """
    course, facility = batch.course, batch.facility
    days = course.buffer_days
    terms = Terms(
        facility_id=batch.facility_id,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        buffer_days=settings.REMAINING_TERM_BUFFER_DAYS if days is None else days,
        documents=tuple(course.documents),
        resident_percent=course.resident_percent,
        city=facility.city,
        residence_code=re.sub(r"[^0-9]", "", facility.residence_code),
        trade=course.trade.name,
        severities=course.severities,
        **{name: getattr(course, name) for name in AS_STATED},
    )
    return _with_open_seats(batch, terms, opened) if course.resident_percent else terms


AS_STATED = (
    *("minimum_age", "maximum_age", "needs_one_third", "latest_release_months"),
    *("minimum_remaining_months", "discipline_free_months", "retrain_after_months"),
    "fitness_within_months",
)


def open_candidates(batch):
    """Of each open candidate of a batch: domicile code, city, and whether a seat is still to be
    found; in one query."""
    return _open_candidates(batch.pk)


def with_candidates(user, public_id):
    """The batch with this `public_id` as `terms_of` needs it, None unless the user sees it, and its
    `open_candidates`; in one query."""
    batches, opened = _with_candidates(user, public_id)
    return (batches[0], opened) if batches else (None, [])


@stand_ins.asked_often
def _with_candidates(reader, public_id):
    batches = Batch.objects.visible_to(reader).filter(public_id=public_id)
    return (
        batches.select_related("course__trade", "agency", "facility"),
        _opened(batch__public_id=public_id),
    )


@asked_often
def _open_candidates(batch):
    return _opened(batch=batch)


def _opened(**of_batch):
    offers = SeatOffer.objects.filter(candidate=OuterRef("pk"), state__in=SEAT_OFFER_HOLDS)
    in_play = Q(enrolment__isnull=True) & ~Exists(offers)
    rows = Candidate.objects.open().filter(**of_batch).order_by().annotate(in_play=in_play)
    return rows.values_list("inmate__domicile_code", "inmate__city", "in_play")


def _with_open_seats(batch, terms, opened):
    """The terms with the seats that are still open to people from elsewhere."""
    kept = ceil(batch.seats * terms.resident_percent / 100)
    homes = open_candidates(batch) if opened is None else opened
    others = sum(not terms.is_home_of(domicile_code=code, city=city) for code, city, _way in homes)
    return replace(terms, open_seats=batch.seats - kept - others)


def facts_for(batch, inmates, terms=None):
    """`{inmate id: eligibility.Facts}` for any number of people, in a fixed number of queries.

    What happened to records that were merged into a person counts as theirs.
    """
    terms = terms or terms_of(batch)
    return Gathering(batch, [inmate.pk for inmate in inmates], terms).facts()


def page(batch, user, wanted=None, *, number=1, terms=None):
    """Who could join? A page of people in custody here who are no candidates yet.

    Its people are in the order of `ranking`, each with `.register_number`, `.register_class`,
    `.results` (every rule), `.fails`, `.remarks`, `.outcome`, `.parts` (of the priority), `.points`
    and `.selectable` by this user. `.counts` of the page: how many there are by outcome in all.
    """
    wanted = wanted or Wanted()
    terms = terms or terms_of(batch)
    number = int(number) if str(number).isascii() and str(number).isdecimal() else 1
    ranked = ranking.rank(batch, terms, wanted, page=number, size=PAGE_SIZE)
    total = sum(n for outcome, n in ranked.counts.items() if wanted.outcome in ("", outcome))
    shown = Paginator(range(total), PAGE_SIZE).get_page(number)
    shown.object_list = _judged(batch, ranked.rows, user, terms)
    shown.counts = ranked.counts
    return shown


def first(batch, user, count, wanted=None, *, terms=None):
    """The first so many who fail nothing, as `page` gives them: whom one act may propose."""
    terms = terms or terms_of(batch)
    rows = ranking.first(batch, terms, wanted or Wanted(), min(count, settings.SEATS_MAX))
    return _judged(batch, rows, user, terms)


def still_failing(batch, candidates):
    """`{candidate id: results}` of what came up since the hearing and keeps them from a seat."""
    terms = terms_of(batch, opened=())
    people = [candidate.inmate_id for candidate in candidates]
    facts = GatheringAgain(batch, people, terms).facts()
    rules, found = eligibility.asked(terms, eligibility.ASKED_AGAIN), {}
    for candidate in candidates:
        lifted = eligibility.lifted_by(candidate.eligibility, candidate.override_reason)
        results = eligibility.check(facts[candidate.inmate_id], terms, rules)
        failing = eligibility.failures(results)
        found[candidate.pk] = [result for result in failing if result.rule not in lifted]
    return found


def places_left(batch):
    """How many candidates a batch still lacks: its free seats, and reserves."""
    return lacking(batch, open_candidates(batch))[0]


def lacking(batch, opened):
    """How many candidates a batch still lacks, and how many it has: `open_candidates`."""
    reserves = ceil(batch.seats * settings.RESERVES_PERCENT / 100)
    in_play = sum(in_play for _code, _city, in_play in opened)
    return max(batch.seats_free + reserves - in_play, 0), len(opened)


def with_register_numbers(rows):
    """Give each row with an `inmate_id` the number of the person's open custody, in one query."""
    numbers = dict(_open_numbers([row.inmate_id for row in rows])) if rows else {}
    for row in rows:
        row.register_number = numbers.get(row.inmate_id, "")
    return rows


@asked_often
def _open_numbers(people):
    stays = Custody.objects.open().filter(among("inmate_id", people)).order_by()
    return stays.values_list("inmate_id", "register_number")


def with_register_numbers_of(people, facility_ids):
    """Give each of these people the number of their newest stay at the prisons, in one query."""
    stays = Custody.objects.filter(inmate__in=people, facility__in=facility_ids).order_by("starts")
    numbers = dict(stays.values_list("inmate_id", "register_number"))
    for person in people:
        person.register_number = numbers.get(person.pk, "")
    return people


def _judged(batch, rows, user, terms):
    gathering = Gathering(batch, [row.pk for row in rows], terms)
    facts = gathering.facts()
    inmates = [gathering.people[row.pk] for row in rows]
    overrides = may(user, "override_eligibility", batch.facility_id)
    rules = eligibility.asked(terms)
    for person in inmates:
        own = facts[person.pk]
        person.register_number = person.register_number or ""
        person.register_class = person.register_class or ""
        person.results = eligibility.check(own, terms, rules)
        person.fails = eligibility.failures(person.results)
        person.remarks = eligibility.remarks(person.results)
        person.outcome = eligibility.outcome_of(person.results)
        person.parts = eligibility.parts(own, terms)
        person.points = sum(part.points for part in person.parts)
        person.selectable = not person.fails or (
            overrides and eligibility.may_be_overridden(person.results)
        )
    return inmates
