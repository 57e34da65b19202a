"""Who may join a batch: one pure function per rule (field notes 4.4).

A rule takes `Facts` about a person and `Terms` of a batch and gives a `Result`. A new rule is one
function here, in `RULES`; whatever it needs to know is gathered for many people at once by
`training.services.candidates.facts_for`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils import formats, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmates.states import RestrictionKind


class Outcome(models.TextChoices):
    PASS = "pass", _("Memenuhi")
    WARN = "warn", _("Peringatan")
    FAIL = "fail", _("Tidak memenuhi")
    NO_DATA = "no_data", _("Tidak ada data")


@dataclass(frozen=True)
class Span:
    """Another batch of the person; both days count. `name` is what the reader may know of it."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the rules know about one person. None or an empty text means: not stated."""

    register_class: str = ""
    facility_id: int | None = None
    restrictions: dict[str, date] = field(default_factory=dict)
    enrolled_in: tuple[Span, ...] = ()
    proposed_for: tuple[Span, ...] = ()
    completed: tuple[Span, ...] = ()
    birth_date: date | None = None
    as_of: date | None = None
    one_third: date | None = None
    two_thirds: date | None = None
    release: date | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a batch and its course ask for."""

    facility_id: int
    starts_on: date
    ends_on: date
    buffer_days: int
    minimum_age: int | None = None
    maximum_age: int | None = None


@dataclass(frozen=True)
class Result:
    """What one rule says: `sentence` and `source` are lazy, `places` fills both."""

    rule: str
    outcome: str
    sentence: str
    source: str
    places: dict = field(default_factory=dict)

    @property
    def text(self):
        return str(self.sentence) % _written(self.places)

    @property
    def source_text(self):
        return str(self.source) % _written(self.places)

    @property
    def label(self):
        return Outcome(self.outcome).label

    @property
    def is_fail(self):
        return self.outcome == Outcome.FAIL

    def as_data(self):
        """Plain data to store with a candidate; `from_data` reads it back in any language."""
        with translation.override(None):
            words = {"sentence": str(self.sentence), "source": str(self.source)}
        places = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.places.items()
        }
        return {"rule": self.rule, "outcome": str(self.outcome), **words, "places": places}

    @classmethod
    def from_data(cls, data):
        return cls(
            data["rule"],
            data["outcome"],
            gettext(data["sentence"]),
            gettext(data["source"]),
            data["places"],
        )


SDP = _("Register SDP")
SDP_AS_OF = _("SDP per %(as_of)s")
TRAINING = _("Data pelatihan")


def register(facts, terms):
    """Only sentenced people (register B) are trained; a detainee is presumed innocent."""
    places = {"class": facts.register_class}
    if not facts.register_class:
        sentence = _("Golongan registrasi tidak diketahui; lengkapi dari SDP.")
        return Result("register", Outcome.FAIL, sentence, SDP, places)
    if facts.register_class.startswith("B"):
        return Result("register", Outcome.PASS, _("Narapidana (%(class)s)."), SDP, places)
    return Result(
        "register",
        Outcome.FAIL,
        _("Masih tahanan (%(class)s); hanya register B yang dilatih."),
        SDP,
        places,
    )


def custody(facts, terms):
    if facts.facility_id == terms.facility_id:
        return Result("custody", Outcome.PASS, _("Berada di lapas ini."), SDP)
    return Result("custody", Outcome.FAIL, _("Tidak lagi tercatat di lapas ini."), SDP)


def discipline(facts, terms):
    return _unrestricted(
        "discipline",
        RestrictionKind.DISCIPLINE,
        facts,
        _("Register F"),
        _("Tercatat di Register F sejak %(since)s."),
        _("Tidak ada catatan Register F."),
    )


def security(facts, terms):
    return _unrestricted(
        "security",
        RestrictionKind.SECURITY,
        facts,
        _("Kesatuan Pengamanan"),
        _("Keberatan keamanan sejak %(since)s."),
        _("Tidak ada keberatan keamanan."),
    )


def fitness(facts, terms):
    return _unrestricted(
        "fitness",
        RestrictionKind.UNFIT,
        facts,
        _("Klinik"),
        _("Belum laik kesehatan sejak %(since)s."),
        _("Tidak ada catatan belum laik kesehatan."),
    )


def clash(facts, terms):
    """Nobody takes part in two batches on the same day; a second candidature is only a warning."""
    for span in facts.enrolled_in:
        if _overlaps(span, terms):
            sentence = _("Peserta %(batch)s, %(starts)s s.d. %(ends)s.")
            return Result("clash", Outcome.FAIL, sentence, TRAINING, _places(span))
    for span in facts.proposed_for:
        if _overlaps(span, terms):
            sentence = _("Juga diusulkan untuk %(batch)s, %(starts)s s.d. %(ends)s.")
            return Result("clash", Outcome.WARN, sentence, TRAINING, _places(span))
    return Result("clash", Outcome.PASS, _("Tidak bentrok dengan angkatan lain."), TRAINING)


def one_third(facts, terms):
    """A third of the sentence is served when the training starts."""
    places = {"day": facts.one_third, "as_of": facts.as_of}
    if facts.one_third is None:
        return Result(
            "one_third", Outcome.NO_DATA, _("Tanggal 1/3 masa pidana tidak ada."), SDP, places
        )
    if facts.one_third <= terms.starts_on:
        sentence, outcome = _("1/3 masa pidana pada %(day)s."), Outcome.PASS
    else:
        sentence = _("1/3 masa pidana baru pada %(day)s, sesudah pelatihan mulai.")
        outcome = Outcome.FAIL
    return Result("one_third", outcome, sentence, SDP_AS_OF, places)


def remaining_term(facts, terms):
    """The person is still here when the training ends, with some days to spare."""
    needed = terms.ends_on + timedelta(days=terms.buffer_days)
    places = {"day": facts.release, "needed": needed, "as_of": facts.as_of}
    if facts.release is None:
        return Result(
            "remaining_term", Outcome.NO_DATA, _("Tanggal ekspirasi tidak ada."), SDP, places
        )
    if facts.release < needed:
        sentence = _("Bebas pada %(day)s; pelatihan perlu sampai %(needed)s.")
        return Result("remaining_term", Outcome.FAIL, sentence, SDP_AS_OF, places)
    if facts.two_thirds is not None and facts.two_thirds < needed:
        places["day"] = facts.two_thirds
        sentence = _("2/3 masa pidana pada %(day)s: mungkin bebas lebih awal.")
        return Result("remaining_term", Outcome.WARN, sentence, SDP_AS_OF, places)
    sentence = _("Sisa pidana cukup, sampai %(day)s.")
    return Result("remaining_term", Outcome.PASS, sentence, SDP_AS_OF, places)


def age(facts, terms):
    """Within the course's age limits on the first day; both limits count."""
    if terms.minimum_age is None and terms.maximum_age is None:
        return Result("age", Outcome.PASS, _("Program ini tidak membatasi usia."), TRAINING)
    if facts.birth_date is None:
        return Result("age", Outcome.NO_DATA, _("Tanggal lahir tidak ada."), SDP)
    years = relativedelta(terms.starts_on, facts.birth_date).years
    places = {"age": years, "youngest": terms.minimum_age, "oldest": terms.maximum_age}
    if terms.minimum_age is not None and years < terms.minimum_age:
        sentence = _("Usia %(age)s tahun, paling muda %(youngest)s.")
        return Result("age", Outcome.FAIL, sentence, SDP, places)
    if terms.maximum_age is not None and years > terms.maximum_age:
        sentence = _("Usia %(age)s tahun, paling tua %(oldest)s.")
        return Result("age", Outcome.FAIL, sentence, SDP, places)
    return Result("age", Outcome.PASS, _("Usia %(age)s tahun."), SDP, places)


def trained_before(facts, terms):
    for span in facts.completed:
        sentence = _("Sudah menyelesaikan program ini: %(batch)s, sampai %(ends)s.")
        return Result("trained_before", Outcome.WARN, sentence, TRAINING, _places(span))
    sentence = _("Belum pernah menyelesaikan program ini.")
    return Result("trained_before", Outcome.PASS, sentence, TRAINING)


RULES = (
    register,
    custody,
    discipline,
    security,
    fitness,
    clash,
    one_third,
    remaining_term,
    age,
    trained_before,
)
# No reason lifts these: the decree itself would be refused.
NEVER_OVERRIDDEN = frozenset({"register", "custody", "clash"})
# Asked again when the warden issues the decree: what can change between hearing and decree.
ASKED_AGAIN = NEVER_OVERRIDDEN | {"discipline", "security", "fitness"}


def check(facts, terms):
    """What every rule says of one person, in the order of `RULES`."""
    return [rule(facts, terms) for rule in RULES]


def failures(results):
    return [result for result in results if result.is_fail]


def remarks(results):
    """What is worth reading although it stops nobody: warnings and missing data."""
    return [result for result in results if result.outcome in (Outcome.WARN, Outcome.NO_DATA)]


def may_be_overridden(results):
    """Whether all that fails can be lifted by a reasoned override."""
    return not any(result.rule in NEVER_OVERRIDDEN for result in failures(results))


def lifted_by(stored, override_reason):
    """The rules that a reasoned override lifted when the person was proposed (`stored` data)."""
    if not override_reason:
        return frozenset()
    failed = {data["rule"] for data in stored if data["outcome"] == Outcome.FAIL}
    return failed - NEVER_OVERRIDDEN


def _unrestricted(rule, kind, facts, source, restricted, free):
    since = facts.restrictions.get(kind)
    if since is None:
        return Result(rule, Outcome.PASS, free, source)
    return Result(rule, Outcome.FAIL, restricted, source, {"since": since})


def _overlaps(span, terms):
    return span.starts_on <= terms.ends_on and span.ends_on >= terms.starts_on


def _places(span):
    return {"batch": span.name, "starts": span.starts_on, "ends": span.ends_on}


def _written(places):
    return {name: _in_words(value) for name, value in places.items()}


def _in_words(value):
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, date):
        return formats.date_format(value)
    return "—" if value is None else value
