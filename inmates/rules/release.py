"""When a person may be free: an estimate with its source, from what SDP states.

`inmates.rules.release_in_sql` says the same in SQL for lists; a property test keeps them equal.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from inmates.rules.sentences import months_later
from inmates.states import ReleaseBasis

MONTH_DAYS = 30  # a month against days, where lengths of sentences are compared


@dataclass(frozen=True)
class Release:
    """The expected day of release and what it rests on.

    `past`: every stated way lies before today although the person is still held, so that the day
    is only the last thing that SDP has said.
    """

    day: date
    basis: str
    past: bool = False

    @property
    def label(self):
        return ReleaseBasis(self.basis).label

    def source(self, as_of):
        """A sentence that says where the day comes from; `as_of` is the day of SDP's data."""
        said = _SOURCES[self.basis]() % {
            "day": formats.date_format(as_of, "j F Y"),
            "served": settings.PAROLE_SERVED_MONTHS,
            "lasts": settings.LEAVE_LASTS_MONTHS,
        }
        if self.past:
            said += " " + _("Tanggal ini sudah lewat; periksa di SDP.")
        return said


_SOURCES = {
    ReleaseBasis.STATED: lambda: _("Tanggal bebas menurut SDP per %(day)s."),
    ReleaseBasis.PAROLE: lambda: _(
        "2/3 masa pidana menurut SDP per %(day)s, paling cepat sesudah %(served)s bulan; "
        "PB mungkin."
    ),
    ReleaseBasis.LEAVE: lambda: _(
        "2/3 masa pidana menurut SDP per %(day)s, paling cepat %(lasts)s bulan sebelum "
        "ekspirasi; CB mungkin."
    ),
    ReleaseBasis.FULL: lambda: _("Ekspirasi menurut SDP per %(day)s."),
}


def expected_release(
    *,
    today,
    register_class,
    detained_since=None,
    years=None,
    months=None,
    days=None,
    two_thirds=None,
    expires=None,
    released_on=None,
):
    """The earliest way out that has not passed, as a `Release`; None when nothing is stated.

    Ways: SDP's day of release; parole (PB) from 2/3 and PAROLE_SERVED_MONTHS after detention;
    conditional leave (CB) from 2/3 and LEAVE_LASTS_MONTHS before expiry, for sentences up to
    LEAVE_SENTENCE_MONTHS; expiry. PB and CB are for register B only and end before expiry. A way
    whose day is before today did not happen to who is still held: it counts only when all have
    passed, and then the latest does.
    """
    stated = {"two_thirds": two_thirds, "expires": expires}
    ways = [(ReleaseBasis.STATED, released_on)]
    if register_class.startswith("B"):
        ways += [
            (ReleaseBasis.PAROLE, _parole(detained_since=detained_since, **stated)),
            (ReleaseBasis.LEAVE, _leave(years=years, months=months, days=days, **stated)),
        ]
    ways.append((ReleaseBasis.FULL, expires))
    found = nearest([way for way in ways if way[1]], today)
    return found and Release(found[1], found[0], past=found[1] < today)


def nearest(ways, today):
    """Of pairs (basis, day) the first that comes, else the last that has passed, else None."""
    return min(ways, key=lambda way: (way[1] < today, abs(way[1] - today)), default=None)


def release_of(sentence, custody, today):
    """`expected_release` of a `Sentence` (None gives None) and the open `Custody` (or None)."""
    if sentence is None:
        return None
    return expected_release(
        today=today,
        register_class=custody.register_class if custody else "",
        detained_since=sentence.detained_since,
        years=sentence.years,
        months=sentence.months,
        days=sentence.days,
        two_thirds=sentence.two_thirds,
        expires=sentence.expires,
        released_on=sentence.released_on,
    )


def _parole(*, detained_since, two_thirds, expires):
    if not two_thirds:
        return None
    day = two_thirds
    if detained_since:
        day = max(day, months_later(detained_since, settings.PAROLE_SERVED_MONTHS))
    return day if not expires or day < expires else None


def _leave(*, years, months, days, two_thirds, expires):
    length = MONTH_DAYS * (12 * (years or 0) + (months or 0)) + (days or 0)
    if not (two_thirds and expires and 0 < length <= MONTH_DAYS * settings.LEAVE_SENTENCE_MONTHS):
        return None
    day = max(two_thirds, months_later(expires, -settings.LEAVE_LASTS_MONTHS))
    return day if day < expires else None
