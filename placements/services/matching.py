"""Who suits a vacancy and which vacancies suit a person, as pages show it; and referring them."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import stand_ins
from accounts.permissions import may
from accounts.prepared import put, written_out
from accounts.refusals import NotAllowed, act
from inmates import regions
from inmates.models import Inmate
from placements import matching
from placements.matching import Match, Part, shown
from placements.models import Vacancy
from placements.services import referrals

PAGE_SIZE = 25
SHORT_DAY = "j M Y"


@dataclass(frozen=True)
class Suited:
    """A person at a vacancy: what each part brings, and why they cannot be referred if so."""

    person: Inmate
    vacancy: Vacancy
    match: Match
    parts: list[Part]
    sentences: list[str]

    @property
    def brought(self):
        """`{part: its points}`, of those that say something."""
        return {part.name: part.points for part in self.parts}

    @property
    def said(self):
        return "; ".join(part.text() for part in self.parts)

    def brings(self, language=None):
        """The parts that bring points, in one line."""
        told = (f"{part.text(language)}: {part.points}" for part in self.parts if part.points)
        return " · ".join(told)

    @property
    def why(self):
        """Why the person cannot be referred, empty if they can."""
        return " ".join(self.sentences)

    @property
    def region(self):
        return regions.name_of(self.vacancy.region_code) if self.vacancy.region_code else ""

    @property
    def offer(self):
        """From when, until when and how many places, in one line."""
        vacancy = self.vacancy
        return _offer(get_language(), vacancy.starts_on, vacancy.closes_on, vacancy.places_free)


@lru_cache(maxsize=2_000)
def _offer(language, starts_on, closes_on, places_free):
    free = ngettext("%(free)s tempat kosong", "%(free)s tempat kosong", places_free)
    told = [
        _("ditutup %(day)s") % {"day": formats.date_format(closes_on, SHORT_DAY)},
        free % {"free": places_free},
    ]
    if starts_on:
        starts = {"day": formats.date_format(starts_on, SHORT_DAY)}
        told.insert(0, _("mulai %(day)s") % starts)
    return " · ".join(told)


@dataclass(frozen=True)
class Page:
    """Some of the order; `counts`, `silent` and `following` as `matching.Ranking` has them."""

    rows: list[Suited]
    counts: dict[str, int]
    silent: int
    following: object


@dataclass
class Answer:
    """What became of those picked: drafts, pairs of a person and why not, and how many else.

    `unnamed` counts those of whom no more may be said than that they cannot be referred.
    """

    drafted: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    unnamed: int = 0


def prisons_of(user):
    """Keys of the prisons whose people the user may see."""
    return sorted(pk for pk in user.facility_ids if may(user, "see_people", pk))


def people_page(vacancy, user, wanted=None, *, after=None, size=PAGE_SIZE):
    """The people of the reader's prisons who suit the vacancy; all of them without a `size`.

    The vacancy's trade and employer should be loaded. Two queries for any number of people.
    """
    prisons = prisons_of(user)
    found = matching.people_for(vacancy, prisons, wanted, after=after, size=size)
    people = shown.people([row.person for row in found.rows], prisons)
    rows = [_suited(people[row.person], vacancy, row) for row in found.rows]
    return Page(rows, found.counts, found.silent, found.following)


def is_ours(inmate, user):
    """Whether the person is looked for among the people of the reader's prisons."""
    return matching.is_among(inmate, prisons_of(user))


def vacancies_page(inmate, user, wanted=None, *, after=None, size=PAGE_SIZE):
    """The open vacancies that the reader may see and that suit somebody of their prisons."""
    (jobs, values), real = _open_jobs(user)
    found = matching.vacancies_for(
        inmate, (jobs, put(values, real)), prisons_of(user), wanted, after=after, size=size
    )
    vacancies = shown.vacancies([row.job for row in found.rows])
    rows = [_suited(inmate, vacancies[row.job], row) for row in found.rows]
    return Page(rows, found.counts, found.silent, found.following)


@stand_ins.made_once
def _open_jobs(reader):
    jobs = matching.jobs_of(Vacancy.objects.visible_to(reader).open())
    return written_out(*jobs, stand_ins.is_one)


def tallies(vacancies, user):
    """`{vacancy's key: matching.Tally}` of vacancies (a queryset) for the reader's prisons."""
    return matching.tallies(vacancies, prisons_of(user))


@act
def refer(*, vacancy, inmates, agency, by, message=""):
    """Begin referrals of these people to the vacancy through a Disnaker, in their order.

    Who does not suit it, is kept out or was referred meanwhile is refused with the reason. Whoever
    has consented to no referral is only counted.
    """
    inmates = list(dict.fromkeys(inmates))
    people = Inmate.objects.filter(pk__in=[inmate.pk for inmate in inmates]).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))
    standing = matching.standing(vacancy, inmates, prisons_of(by))
    answer = Answer()
    for inmate in inmates:
        match = standing.get(inmate.pk)
        if match is None or not match.has_consented:
            answer.unnamed += 1
        elif match.exclusions and match.exclusions != ("referred",):
            answer.refused.append((inmate, matching.sentences(match, vacancy, inmate)))
        else:
            _draft(answer, inmate, vacancy=vacancy, agency=agency, by=by, message=message)
    return answer


def unnamed_sentence(count):
    """Why some of those picked are not named."""
    return _(
        "%(count)s orang tidak bisa dirujuk dari daftar ini: persetujuannya tidak ada atau tidak "
        "berlaku lagi, atau datanya berubah."
    ) % {"count": count}


def _draft(answer, inmate, **values):
    try:
        answer.drafted.append(referrals.draft(inmate=inmate, **values))
    except NotAllowed as refusal:
        answer.refused.append((inmate, refusal.messages))


def _suited(person, vacancy, match):
    return Suited(
        person,
        vacancy,
        match,
        matching.parts(match, vacancy),
        matching.sentences(match, vacancy, person),
    )
