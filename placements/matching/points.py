"""What brings points, in words and in SQL; the weights are `settings.MATCHING_POINTS`.

A part takes a `Match` and its vacancy. `points_sql` adds up the same; a property test keeps the
two equal.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from inmates import regions
from placements.employment import Readiness
from placements.matching import homes
from placements.matching.gathered import COMPETENT, FINISHED, TRAINED

UNITS, TRADE, INTEREST, PLACE = "units", "trade", "interest", "place"
AVAILABLE, ATTENDANCE, CARD, PAPERS = "available", "attendance", "card", "papers"


@dataclass(frozen=True)
class Part:
    """So many points, and why: `places` are names and values that fill the sentence, of a day its
    month.
    """

    name: str
    points: int
    sentence: str
    places: tuple[tuple[str, object], ...] = ()

    def text(self, language=None):
        """The sentence filled; whoever writes many says in which language."""
        return _filled(language or get_language(), self.sentence, self.places)

    def label(self, language=None):
        return _label(language or get_language(), self.name)


@lru_cache(maxsize=4_000)
def _filled(language, sentence, places):
    return gettext(sentence) % {
        name: formats.date_format(value, "F Y") if isinstance(value, date) else value
        for name, value in places
    }


@lru_cache(maxsize=100)
def _label(language, name):
    return str(LABELS[name])


LABELS = {
    UNITS: gettext_lazy("Unit kompetensi"),
    TRADE: gettext_lazy("Kejuruan"),
    INTEREST: gettext_lazy("Minat"),
    PLACE: gettext_lazy("Wilayah"),
    AVAILABLE: gettext_lazy("Tersedia"),
    ATTENDANCE: gettext_lazy("Kehadiran"),
    CARD: gettext_lazy("AK-1"),
    PAPERS: gettext_lazy("Dokumen"),
}


def parts(match, vacancy):
    """All parts of a match that say something, those without points too, in a fixed order."""
    said = (part(match, vacancy, settings.MATCHING_POINTS) for part in PARTS)
    return [part for part in said if part is not None]


def starts_of(vacancy):
    """The day of the start, today if it has passed, None if none is stated."""
    return vacancy.starts_on and max(vacancy.starts_on, timezone.localdate())


def target_of(vacancy):
    """The day by which somebody is wanted: that of the start, else the closing day."""
    return starts_of(vacancy) or vacancy.closes_on


def units(match, vacancy, weights):
    asked = len(set(vacancy.units))
    if not asked:
        return None
    counted = 100 * match.competent + weights["unit_training_percent"] * match.learnt
    points = max(weights["units_most"] * counted // (100 * asked), 0)
    if not (match.competent or match.learnt):
        return Part(UNITS, points, _("belum punya unit yang diminta"))
    sentence = _("%(competent)s dari %(asked)s unit kompeten")
    if match.learnt and match.competent:
        sentence = _("%(competent)s dari %(asked)s unit kompeten, %(learnt)s dilatih")
    elif match.learnt:
        sentence = _("%(learnt)s dari %(asked)s unit dilatih")
    numbers = (("competent", match.competent), ("learnt", match.learnt), ("asked", asked))
    return Part(UNITS, points, sentence, numbers)


def trade(match, vacancy, weights):
    if vacancy.trade is None:
        return None
    sentence, weight = {
        COMPETENT: (_("sertifikat kompetensi %(trade)s"), "trade_competency"),
        TRAINED: (_("sertifikat pelatihan %(trade)s"), "trade_training"),
        FINISHED: (_("selesai pelatihan %(trade)s"), "trade_finished"),
    }.get(match.level, (_("belum dilatih %(trade)s"), ""))
    points = max(weights[weight], 0) if weight else 0
    return Part(TRADE, points, sentence, (("trade", vacancy.trade.name),))


def interest(match, vacancy, weights):
    if not match.interested:
        return None
    points = max(weights["interest"], 0)
    return Part(INTEREST, points, _("berminat pada %(trade)s"), (("trade", vacancy.trade.name),))


def place(match, vacancy, weights):
    if not vacancy.region_code:
        return None
    if match.nearness is None:
        return Part(PLACE, 0, _("daerah tujuan tidak diketahui"))
    sentence, weight, size = {
        homes.DISTRICT: (_("kecamatan yang sama: %(region)s"), "same_district", 8),
        homes.CITY: (_("kota/kabupaten yang sama: %(region)s"), "same_city", 5),
        homes.PROVINCE: (_("provinsi yang sama: %(region)s"), "same_province", 2),
        homes.ELSEWHERE: (_("di provinsi lain"), "", 0),
    }[match.nearness]
    points = max(weights[weight], 0) if weight else 0
    region = regions.name_of(vacancy.region_code[:size]) if size else ""
    return Part(PLACE, points, sentence, (("region", region),))


def available(match, vacancy, weights):
    if match.available is None:
        return Part(AVAILABLE, 0, _("perkiraan bebas tidak diketahui"))
    late = max(_months_between(target_of(vacancy), match.available), 0)
    points = max(weights["available_most"] - late * weights["available_month"], 0)
    if match.is_free:
        return Part(AVAILABLE, points, _("sudah bebas"))
    sentence = _("tersedia mulai %(day)s")
    if late and vacancy.starts_on:
        sentence = _("tersedia mulai %(day)s, %(late)s bulan sesudah mulai kerja")
    elif late:
        sentence = _("tersedia mulai %(day)s, %(late)s bulan sesudah lowongan ditutup")
    elif match.available <= timezone.localdate():
        sentence = _("perkiraan bebas sudah lewat; periksa di SDP")
    return Part(AVAILABLE, points, sentence, (("day", match.available), ("late", late)))


def attendance(match, vacancy, weights):
    if match.percent is None:
        return None
    above = match.percent - weights["attendance_from"]
    points = 0
    if above >= 0:
        span = max(100 - weights["attendance_from"], 1)
        points = max(weights["attendance_most"] * above // span, 0)
    return Part(ATTENDANCE, points, _("hadir %(percent)s%%"), (("percent", match.percent),))


def card(match, vacancy, weights):
    if match.has_card:
        return Part(CARD, max(weights["card"], 0), _("kartu AK-1 berlaku"))
    return Part(CARD, 0, _("belum punya kartu AK-1"))


def papers(match, vacancy, weights):
    if not match.ready:
        return Part(PAPERS, 0, _("dokumen belum ada"))
    points = max(len(match.ready) * weights["document"], 0)
    names = _names_of(get_language(), match.ready)
    return Part(PAPERS, points, _("ada %(papers)s"), (("papers", names),))


@lru_cache(maxsize=1_000)
def _names_of(language, kinds):
    return ", ".join(str(kind.label) for kind in Readiness if kind in kinds)


PARTS = (units, trade, interest, place, available, attendance, card, papers)


def _months_between(day, other):
    """From the month of one day to that of another, negative when the other comes first."""
    return 12 * (other.year - day.year) + other.month - day.month


def points_sql():
    """The sum of all parts over the columns of `facts`."""
    weights = {name: int(points) for name, points in settings.MATCHING_POINTS.items()}
    late = "greatest(available_month - target_month, 0)"
    span = max(100 - weights["attendance_from"], 1)
    sums = (
        f"CASE WHEN units_asked > 0 THEN {weights['units_most']}"
        f" * (100 * competent + {weights['unit_training_percent']} * learnt)"
        f" / (100 * units_asked) ELSE 0 END",
        f"CASE level WHEN {COMPETENT} THEN {weights['trade_competency']}"
        f" WHEN {TRAINED} THEN {weights['trade_training']}"
        f" WHEN {FINISHED} THEN {weights['trade_finished']} ELSE 0 END",
        f"CASE WHEN interested THEN {weights['interest']} ELSE 0 END",
        f"CASE nearness WHEN {homes.DISTRICT} THEN {weights['same_district']}"
        f" WHEN {homes.CITY} THEN {weights['same_city']}"
        f" WHEN {homes.PROVINCE} THEN {weights['same_province']} ELSE 0 END",
        f"CASE WHEN available IS NULL THEN 0 ELSE {weights['available_most']}"
        f" - {late} * {weights['available_month']} END",
        f"CASE WHEN percent >= {weights['attendance_from']} THEN {weights['attendance_most']}"
        f" * (percent - {weights['attendance_from']}) / {span} ELSE 0 END",
        f"CASE WHEN has_card THEN {weights['card']} ELSE 0 END",
        f"cardinality(ready) * {weights['document']}",
    )
    return " + ".join(f"greatest({one}, 0)" for one in sums)
