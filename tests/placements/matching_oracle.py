"""Who suits which vacancy, worked out row by row in plain Python: what the SQL has to say too."""

import re
from dataclasses import dataclass
from functools import cached_property

from dateutil.relativedelta import relativedelta

from inmates.models import (
    Consent,
    Custody,
    Document,
    Inmate,
    Restriction,
    SkillProfile,
)
from inmates.rules import release_of
from placements.models import JobSeekerCard, Placement, ReadinessItem, Referral
from tests.factories.partners import today
from training.attended import Attended
from training.models import Assessment, Certificate, Enrolment

SCHOOLS = {
    "": None,
    "SD": 1,
    "SMP": 2,
    "SLTA": 3,
    "SMA": 3,
    "tamat SMK": 3,
    "S-1": 6,
    "entah": None,
}
TOWNS = {
    "": "",
    "Kota Cilegon": "3672",
    "CILEGON": "3672",
    "Kab. Serang": "3604",
    "Serang": "36",
    "Kota Bandung": "3273",
    "Negeri Jauh": "",
}


@dataclass(frozen=True)
class Said:
    """What is expected of one person at one vacancy."""

    points: int
    exclusions: tuple
    has_consented: bool


class Known:
    """One person of the prison, and all rows about them and the records merged into them."""

    def __init__(self, person, prison):
        self.person, self.prison, self.read = person, prison, {}
        self.records = [person, *Inmate.objects.filter(merged_into=person)]
        self.custodies = self.rows(Custody)
        self.open = next((stay for stay in self.custodies if stay.until is None), None)
        self.papers = [
            paper
            for paper in self.rows(Certificate)
            if paper.state == "issued" and not (paper.valid_until and paper.valid_until < today())
        ]
        self.finished = [row for row in self.rows(Enrolment) if row.state == "completed"]

    def rows(self, model):
        if model not in self.read:
            rows = model.objects.filter(inmate__in=self.records)
            self.read[model] = list(rows.order_by("pk"))
        return self.read[model]

    def consented(self, purpose):
        return any(
            row.purpose == purpose
            and not row.withdrawn_on
            and row.signed_on <= today()
            and not (row.until and row.until < today())
            for row in self.rows(Consent)
        )

    @property
    def is_free(self):
        if self.open or not self.custodies:
            return False
        last = max(self.custodies, key=lambda stay: (stay.until, stay.starts, stay.pk))
        return (
            last.facility == self.prison
            and last.ended_how == "released"
            and self.consented("follow_up")
        )

    @property
    def is_here(self):
        return self.is_free or (self.open is not None and self.open.facility == self.prison)

    @property
    def available(self):
        if self.is_free:
            return today()
        release = release_of(getattr(self.person, "sentence", None), self.open, today())
        return release and max(release.day, today())

    def level(self, trade):
        weights = {"competency": 3, "training": 2, "participation": 1}
        found = [weights[p.kind] for p in self.papers if p.course and p.course.trade == trade]
        found += [1 for row in self.finished if row.batch.course.trade == trade]
        return max(found, default=0)

    @cached_property
    def units(self):
        """`{code: 3 where certified as competent, 2 where trained}`."""
        found = {}
        for paper in self.papers:
            if paper.kind == "participation":
                continue
            codes = [each.unit.code for each in paper.course.units.all()] if paper.course else []
            worth = 2 if paper.kind == "training" else 3
            if worth == 3 and (verdicts := self.verdicts(paper)):
                codes = [code for code, verdict in verdicts.items() if verdict == "K"]
            for code in codes:
                found[code] = max(found.get(code, 0), worth)
        return found

    def verdicts(self, paper):
        rows = Assessment.objects.filter(enrolment=paper.enrolment_id, kind="competency")
        rows = rows.exclude(unit=None).order_by("attempt")
        return {row.unit.code: row.result for row in rows}

    def wishes(self):
        return {wish.lower() for profile in self.rows(SkillProfile) for wish in profile.interests}

    @cached_property
    def percent(self):
        rows = Enrolment.objects.with_attendance().filter(pk__in=[r.pk for r in self.finished])
        sums = [Attended.of(row) for row in rows]
        held = sum(each.held for each in sums)
        return sum(each.attended for each in sums) * 100 // held if held > 0 else None

    def ready(self):
        items = self.rows(ReadinessItem)
        kinds = {item.kind for item in items if item.done_on or item.is_waived}
        return kinds | ({d.kind for d in self.rows(Document)} - {"family_card"})

    def home(self):
        card = re.sub(r"\D", "", self.person.domicile_code)
        stated = TOWNS[self.person.return_city]
        if stated:
            return card if card.startswith(stated) else stated
        return card or TOWNS[self.person.city]


def matched(known, vacancy, weights):
    """`Said` of the person at the vacancy, None if the two have nothing to do with each other."""
    asked = set(vacancy.units)
    if not known.is_here or not (known.papers or known.finished):
        return None
    level = known.level(vacancy.trade) if vacancy.trade else 0
    units = {code: worth for code, worth in known.units.items() if code in asked}
    wants = bool(vacancy.trade) and vacancy.trade.name.lower() in known.wishes()
    if (vacancy.trade or asked) and not (level or units or wants):
        return None
    points = 0
    if asked:
        worth = {3: 100, 2: weights["unit_training_percent"]}
        counted = sum(worth[each] for each in units.values())
        points += weights["units_most"] * counted // (100 * len(asked))
    names = {3: "trade_competency", 2: "trade_training", 1: "trade_finished"}
    points += weights[names[level]] if level else 0
    points += weights["interest"] if wants else 0
    points += near(known.home(), re.sub(r"\D", "", vacancy.region_code), weights)
    start = vacancy.starts_on and max(vacancy.starts_on, today())
    points += in_time(known.available, start or vacancy.closes_on, weights)
    if (percent := known.percent) is not None and percent >= weights["attendance_from"]:
        above = percent - weights["attendance_from"]
        points += weights["attendance_most"] * above // (100 - weights["attendance_from"])
    points += weights["card"] if has_card(known) else 0
    points += weights["document"] * len(known.ready())
    return Said(points, tuple(kept_out(known, vacancy, start)), known.consented("referral"))


def near(home, place, weights):
    if not home or not place:
        return 0
    for size, name in ((6, "same_district"), (4, "same_city"), (2, "same_province")):
        if len(home) >= size and len(place) >= size and home[:size] == place[:size]:
            return weights[name]
    return 0


def in_time(available, target, weights):
    if available is None:
        return 0
    months = 12 * (available.year - target.year) + available.month - target.month
    return max(weights["available_most"] - max(months, 0) * weights["available_month"], 0)


def has_card(known):
    return any(
        card.ended_on is None and card.expires_on >= today() for card in known.rows(JobSeekerCard)
    )


def kept_out(known, vacancy, start):
    person, referrals = known.person, known.rows(Referral)
    if vacancy.employer.openness == "no":
        yield "employer"
    if any(p.state == "running" and p.kind != "work_release" for p in known.rows(Placement)):
        yield "working"
    if any(row.state == "accepted" and not row.is_placed for row in referrals):
        yield "hired"
    over = ("accepted", "withdrawn", "lapsed")
    if any(row.vacancy == vacancy and row.state not in over for row in referrals):
        yield "referred"
    latest = start or vacancy.closes_on + relativedelta(months=6)
    if known.available and known.available > latest:
        yield "late"
    if not known.is_free and any(
        row.kind == "security" and row.starts <= today() and not (row.until and row.until < today())
        for row in known.rows(Restriction)
    ):
        yield "security"
    if vacancy.sex and person.sex and vacancy.sex != person.sex:
        yield "sex"
    if person.birth_date:
        age = relativedelta(start or today(), person.birth_date).years
        young = vacancy.age_from is not None and age < vacancy.age_from
        if young or (vacancy.age_to is not None and age > vacancy.age_to):
            yield "age"
    own, least = SCHOOLS[person.education], SCHOOLS[vacancy.education]
    if own is not None and least is not None and own < least:
        yield "education"
