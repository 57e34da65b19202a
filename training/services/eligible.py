"""Who could join a batch? What the rules need to know, for some people or for a whole prison."""

import re
from dataclasses import replace
from datetime import date
from math import ceil

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q

from accounts.permissions import may
from inmates.models import AptitudeAssessment, Custody, Document, Inmate, Restriction, SkillProfile
from inmates.states import DocumentKind, RestrictionKind
from training import eligibility, ranking
from training.eligibility import Facts, Span, Terms
from training.models import Candidate, Enrolment, WaitingEntry
from training.ranking import Wanted
from training.states import (
    BLOCKS_OTHERS,
    CANDIDATE_OPEN,
    REFUSED,
    SEAT_OFFER_HOLDS,
    EnrolmentState,
)

PAGE_SIZE = 25


def terms_of(batch):
    """The `eligibility.Terms` of a batch (its course, facility and trade should be loaded)."""
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
    return with_open_seats(batch, terms) if course.resident_percent else terms


AS_STATED = (
    *("minimum_age", "maximum_age", "needs_one_third", "latest_release_months"),
    *("minimum_remaining_months", "discipline_free_months", "retrain_after_months"),
    "fitness_within_months",
)


def with_open_seats(batch, terms):
    """The terms with the seats that are still open to people from elsewhere, in one query."""
    kept = ceil(batch.seats * terms.resident_percent / 100)
    homes = batch.candidates.open().values("inmate__domicile_code", "inmate__city")
    others = sum(
        not terms.is_home_of(domicile_code=home["inmate__domicile_code"], city=home["inmate__city"])
        for home in homes
    )
    return replace(terms, open_seats=batch.seats - kept - others)


def facts_for(batch, inmates, terms=None):
    """`{inmate id: eligibility.Facts}` for any number of people, in a fixed number of queries.

    What happened to records that were merged into a person counts as theirs.
    """
    terms = terms or terms_of(batch)
    return _Gathering(batch, inmates, terms).facts()


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


def first(batch, user, count, wanted=None):
    """The first so many who fail nothing, as `page` gives them: whom one act may propose."""
    terms = terms_of(batch)
    rows = ranking.first(batch, terms, wanted or Wanted(), min(count, settings.SEATS_MAX))
    return _judged(batch, rows, user, terms)


def person_of(people):
    """`{record id: id of the one among people}` whose it is: their own and those merged into it."""
    merged = Inmate.objects.filter(merged_into__in=people).values_list("pk", "merged_into_id")
    return {pk: pk for pk in people} | dict(merged)


def still_failing(batch, candidates):
    """`{candidate id: results}` of what came up since the hearing and keeps them from a seat."""
    terms = terms_of(batch)
    facts = facts_for(batch, [candidate.inmate for candidate in candidates], terms)
    found = {}
    for candidate in candidates:
        lifted = eligibility.lifted_by(candidate.eligibility, candidate.override_reason)
        results = eligibility.failures(eligibility.check(facts[candidate.inmate_id], terms))
        found[candidate.pk] = [
            result for result in results if result.rule in eligibility.ASKED_AGAIN - lifted
        ]
    return found


def places_left(batch):
    """How many candidates a batch still lacks: its free seats, and reserves."""
    reserves = ceil(batch.seats * settings.RESERVES_PERCENT / 100)
    seated = batch.candidates.filter(seat_offers__state__in=SEAT_OFFER_HOLDS).values("pk")
    in_play = batch.candidates.open().filter(enrolment__isnull=True).exclude(pk__in=seated).count()
    return max(batch.seats_free + reserves - in_play, 0)


def with_register_numbers(rows):
    """Give each row with an `inmate_id` the number of the person's open custody, in one query."""
    numbers = dict(
        Custody.objects.open()
        .filter(inmate__in=[row.inmate_id for row in rows])
        .values_list("inmate_id", "register_number")
    )
    for row in rows:
        row.register_number = numbers.get(row.inmate_id, "")
    return rows


def with_register_numbers_of(people, facility_ids):
    """Give each of these people the number of their newest stay at the prisons, in one query."""
    stays = Custody.objects.filter(inmate__in=people, facility__in=facility_ids).order_by("starts")
    numbers = dict(stays.values_list("inmate_id", "register_number"))
    for person in people:
        person.register_number = numbers.get(person.pk, "")
    return people


def _judged(batch, rows, user, terms):
    people = Inmate.objects.in_bulk([row.pk for row in rows])
    inmates = [people[row.pk] for row in rows]
    gathering = _Gathering(batch, inmates, terms)
    facts = gathering.facts()
    overrides = may(user, "override_eligibility", batch.facility_id)
    for person in inmates:
        own = facts[person.pk]
        person.register_number = gathering.numbers.get(person.pk, "")
        person.register_class = own.register_class
        person.results = eligibility.check(own, terms)
        person.fails = eligibility.failures(person.results)
        person.remarks = eligibility.remarks(person.results)
        person.outcome = eligibility.outcome_of(person.results)
        person.parts = eligibility.parts(own, terms)
        person.points = sum(part.points for part in person.parts)
        person.selectable = not person.fails or (
            overrides and eligibility.may_be_overridden(person.results)
        )
    return inmates


class _Gathering:
    """Facts about some people, each kind read once for all of them and their merged records."""

    def __init__(self, batch, inmates, terms):
        self.batch, self.terms = batch, terms
        self.people = {inmate.pk: inmate for inmate in inmates}
        self.known = {pk: {} for pk in self.people}
        self.numbers = {}
        self.person_of = person_of(self.people)

    def facts(self):
        self._register()
        self._dates()
        self._restrictions()
        self._papers()
        self._trainings()
        self._wishes()
        return {pk: Facts(**known) for pk, known in self.known.items()}

    def _of(self, rows):
        """Pairs of what is known of a person, and a row of theirs."""
        for row in rows.filter(inmate__in=self.person_of):
            yield self.known[self.person_of[row.inmate_id]], row

    def _register(self):
        for pk, inmate in self.people.items():
            self.known[pk] |= {
                "birth_date": inmate.birth_date,
                "is_merged": inmate.merged_into_id is not None,
                "is_resident": self.terms.is_home_of(
                    domicile_code=inmate.domicile_code, city=inmate.city
                ),
            }
        for custody in Custody.objects.open().filter(inmate__in=self.people):
            self.numbers[custody.inmate_id] = custody.register_number
            self.known[custody.inmate_id] |= {
                "register_class": custody.register_class,
                "facility_id": custody.facility_id,
            }

    def _dates(self):
        people = Inmate.objects.filter(pk__in=self.people).with_expected_release(self.terms.today)
        for inmate in people.select_related("sentence"):
            sentence = getattr(inmate, "sentence", None)
            if sentence:
                self.known[inmate.pk] |= {
                    "as_of": sentence.as_of,
                    "one_third": sentence.one_third,
                    "term_ends": sentence.released_on or sentence.expires,
                    "expected": inmate.expected_release,
                    "expected_basis": inmate.release_basis,
                }

    def _restrictions(self):
        today = self.terms.today
        for known, row in self._of(Restriction.objects.filter(starts__lte=today)):
            kinds = known.setdefault("restrictions", {})
            if row.until is None or row.until >= today:
                which = max if row.kind == RestrictionKind.FIT else min
                kinds[row.kind] = which(kinds.get(row.kind, row.starts), row.starts)
            elif row.kind == RestrictionKind.DISCIPLINE:
                known["disciplined_until"] = max(
                    known.get("disciplined_until", row.until), row.until
                )

    def _papers(self):
        for pk, inmate in self.people.items():
            stated = {DocumentKind.IDENTITY.value} if inmate.nik_digest else set()
            self.known[pk]["documents"] = frozenset(stated)
        for known, row in self._of(Document.objects.all()):
            known["documents"] |= {row.kind}

    def _trainings(self):
        during = Q(
            batch__starts_on__lte=self.batch.ends_on, batch__ends_on__gte=self.batch.starts_on
        )
        same = Q(state=EnrolmentState.COMPLETED, batch__course=self.batch.course_id)
        others = Enrolment.objects.exclude(batch=self.batch).select_related("batch")
        for known, row in self._of(others.filter(Q(state__in=BLOCKS_OTHERS) & during | same)):
            done = row.state == EnrolmentState.COMPLETED
            self._add_span(known, "completed" if done else "enrolled_in", row)
        elsewhere = Q(state__in=CANDIDATE_OPEN) & ~Q(batch=self.batch)
        for known, row in self._of(
            Candidate.objects.filter(enrolment__isnull=True)
            .filter(elsewhere & during | Q(state__in=REFUSED))
            .select_related("batch")
        ):
            if row.state in REFUSED:
                known["refusals"] = known.get("refusals", 0) + 1
            if row.is_open and row.batch_id != self.batch.pk and self._is_during(row.batch):
                self._add_span(known, "proposed_for", row)

    def _is_during(self, other):
        return other.starts_on <= self.batch.ends_on and other.ends_on >= self.batch.starts_on

    def _add_span(self, known, kind, row):
        other = row.batch
        name = other.name if other.facility_id == self.batch.facility_id else ""
        known[kind] = (*known.get(kind, ()), Span(name, other.starts_on, other.ends_on))

    def _wishes(self):
        trade = self.terms.trade.lower()
        open_entries = WaitingEntry.objects.open().filter(course=self.batch.course_id)
        for known, row in self._of(open_entries):
            known["waiting_since"] = min(known.get("waiting_since", date.max), row.asked_on)
        for known, row in self._of(SkillProfile.objects.all()):
            wishes = {wish.lower() for wish in row.interests}
            known["is_interested"] = known.get("is_interested", False) or trade in wishes
        # In order, so that the last one stands.
        for known, row in self._of(AptitudeAssessment.objects.order_by("assessed_on", "pk")):
            known["is_recommended"] = trade in {name.lower() for name in row.recommended}
