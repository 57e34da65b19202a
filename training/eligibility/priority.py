"""Who comes first among those who may join: points, each with the sentence that explains it.

The weights are `settings.PRIORITY_POINTS`. `training.ranking` adds up the same in SQL; a property
test keeps the two equal.
"""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from accounts.days import day_in_words


@dataclass(frozen=True)
class Part:
    """So many points, and why: `sentence` is not translated yet, `places` fills it (of a day its
    month)."""

    name: str
    points: int
    sentence: str
    places: dict = field(default_factory=dict)

    @property
    def text(self):
        return gettext(self.sentence) % {
            name: day_in_words(value, "F Y") if isinstance(value, date) else value
            for name, value in self.places.items()
        }


def parts(facts, terms):
    """The parts of a person's priority that bring points, in a fixed order."""
    weights = settings.PRIORITY_POINTS
    found = [part(facts, terms, weights) for part in PARTS]
    return [part for part in found if part.points > 0]


def score(facts, terms):
    """All points of a person."""
    return sum(part.points for part in parts(facts, terms))


def waiting(facts, terms, weights):
    """Months on the waiting list for this course."""
    months = 0
    if facts.waiting_since is not None:
        months = max(months_between(facts.waiting_since, terms.today), 0)
    points = min(months * weights["waiting_month"], weights["waiting_most"])
    return Part("waiting", points, _("menunggu %(months)s bulan"), {"months": months})


def release(facts, terms, weights):
    """Training for release: the nearer the release after the training, the more."""
    points = 0
    if (
        facts.expected is not None
        and terms.latest_release is not None
        and terms.needed_until <= facts.expected <= terms.latest_release
    ):
        months = months_between(terms.needed_until, facts.expected)
        points = max(weights["release_most"] - months * weights["release_month"], 0)
    return Part("release", points, _("perkiraan bebas %(day)s"), {"day": facts.expected})


def residency(facts, terms, weights):
    points = weights["resident"] if facts.is_resident else 0
    return Part("resident", points, _("warga %(city)s"), {"city": terms.city})


def refusals(facts, terms, weights):
    """Rejected, deferred or lapsed before, without a seat."""
    points = min(facts.refusals * weights["refusal"], weights["refusals_most"])
    return Part("refusals", points, _("%(n)s kali tidak mendapat kursi"), {"n": facts.refusals})


def interest(facts, terms, weights):
    points = weights["interest"] if facts.is_interested else 0
    return Part("interest", points, _("berminat pada %(trade)s"), {"trade": terms.trade})


def recommended(facts, terms, weights):
    points = weights["recommended"] if facts.is_recommended else 0
    return Part("recommended", points, _("asesmen menyarankan %(trade)s"), {"trade": terms.trade})


PARTS = (waiting, release, residency, refusals, interest, recommended)


def months_between(start, end):
    """Whole calendar months from one day to another; negative when `end` comes first."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (end.day < start.day)
