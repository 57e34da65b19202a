"""What an agency may read of a referred person: this shape, and nothing beside it.

Every column is named here, so that no template can show more: code, name, sex, age, education,
skills, certificates, district of return, the month from which the person is available, the NIK.
Without a consent to being referred that holds today only the code is read.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from inmates import nik, regions
from inmates.models import Consent, Inmate, SkillProfile
from inmates.rules import age_on
from inmates.states import ConsentPurpose, Sex
from partners.states import AgencyKind
from placements.employment import WITH_AGENCY
from placements.models import Referral
from training.models import Assessment, Certificate
from training.teaching import AssessmentKind, CertificateKind, Verdict

DISTRICT = len("36.72.01")  # a region's code without its village


@dataclass(frozen=True)
class Paper:
    """A certificate that is valid today, with the units that its holder is competent in."""

    kind: str
    course: str
    number: str
    valid_until: date | None
    units: tuple = ()


@dataclass(frozen=True)
class Referred:
    """A referred person as the agency may know them. `public_id` is for the access record.

    `has_consented` is False where no consent holds: then all but the code is empty. The NIK is
    there only while the referral lies with a Disnaker.
    """

    code: str
    has_consented: bool = False
    public_id: UUID | None = None
    name: str = ""
    sex: str = ""
    age: int | None = None
    education: str = ""
    skills: tuple = ()
    languages: tuple = ()
    experience: tuple = ()
    certificates: tuple = ()
    returns_to: str = ""
    available_from: date | None = None
    message: str = ""
    nik: str = field(default="", repr=False)

    @property
    def label(self):
        return self.name or self.code


def of(referrals):
    """`{pk: Referred}` of these referrals (a queryset inside the reader's scope, or rows).

    The same number of queries for any number of them.
    """
    wanted = [row.pk for row in referrals] if isinstance(referrals, list) else referrals
    rows = list(
        Referral.objects.filter(pk__in=wanted)
        .order_by()
        .values("pk", "person_code", "available_from", "message", "state", "agency__kind")
        .annotate(root=_root("inmate"))
    )
    consenting = _consenting({row["root"] for row in rows})
    people = _people(consenting)
    skills = _skills(consenting)
    papers = _papers(consenting)
    return {
        row["pk"]: _told(row, people[row["root"]], skills, papers)
        if row["root"] in consenting
        else Referred(code=row["person_code"])
        for row in rows
    }


def one(referral):
    """`Referred` of one referral."""
    return of([referral])[referral.pk]


def with_consent(referrals):
    """Pks of those of these referrals whose person's consent to being referred holds today."""
    rows = Referral.objects.filter(pk__in=[row.pk for row in referrals]).order_by()
    roots = dict(rows.annotate(root=_root("inmate")).values_list("pk", "root"))
    holding = _consenting(set(roots.values()))
    return {pk for pk, root in roots.items() if root in holding}


def _root(path):
    """The record that a person is known by now, for the one at the end of `path`."""
    return Coalesce(F(f"{path}__merged_into"), F(path))


def _consenting(roots):
    given = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL).annotate(root=_root("inmate"))
    of_them = given.filter(inmate__in=Inmate.objects.records_of_all(roots))
    return set(of_them.order_by().values_list("root", flat=True))


def _people(roots):
    columns = (
        "pk", "public_id", "name", "sex", "birth_date", "education", "city", "return_city",
        "domicile_code", "nik_cipher",
    )  # fmt: skip
    return {row["pk"]: row for row in Inmate.objects.filter(pk__in=roots).values(*columns)}


def _skills(roots):
    """Of the record that is used now, else of one merged into it."""
    found = {}
    rows = SkillProfile.objects.filter(inmate__in=Inmate.objects.records_of_all(roots))
    rows = rows.annotate(root=_root("inmate"))
    columns = ("root", "inmate", "interests", "languages", "earlier_work")
    for row in rows.order_by("pk").values(*columns):
        if row["root"] not in found or row["inmate"] == row["root"]:
            found[row["root"]] = row
    return found


def _papers(roots):
    rows = list(
        Certificate.objects.valid()
        .filter(inmate__in=Inmate.objects.records_of_all(roots))
        .annotate(root=_root("inmate"))
        .order_by("-issued_on", "-pk")
        .values("root", "enrolment", "kind", "title", "course__name", "number", "valid_until")
    )
    units = _units({row["enrolment"] for row in rows if row["enrolment"]})
    found = defaultdict(list)
    for row in rows:
        paper = Paper(
            kind=str(CertificateKind(row["kind"]).label),
            course=row["course__name"] or row["title"],
            number=row["number"],
            valid_until=row["valid_until"],
            units=tuple(units[row["enrolment"]]),
        )
        found[row["root"]].append(paper)
    return found


def _units(enrolments):
    """Titles of the units in which the newest attempt found somebody competent, by enrolment."""
    found = defaultdict(list)
    rows = Assessment.objects.newest().filter(
        enrolment__in=enrolments,
        kind=AssessmentKind.COMPETENCY,
        result=Verdict.COMPETENT,
        unit__isnull=False,
    )
    for enrolment, title in rows.order_by("unit").values_list("enrolment", "unit__name"):
        found[enrolment].append(title)
    return found


def _told(row, person, skills, papers):
    profile = skills.get(row["root"]) or {}
    return Referred(
        code=row["person_code"],
        has_consented=True,
        public_id=person["public_id"],
        name=person["name"],
        sex=str(Sex(person["sex"]).label) if person["sex"] else "",
        age=age_on(person["birth_date"], timezone.localdate()) if person["birth_date"] else None,
        education=person["education"],
        skills=tuple(profile.get("interests", ())),
        languages=tuple(profile.get("languages", ())),
        experience=tuple(profile.get("earlier_work", "").splitlines()),
        certificates=tuple(papers[row["root"]]),
        returns_to=_district(person),
        available_from=row["available_from"],
        message=row["message"],
        nik=_nik_of(person) if _needs_nik(row) else "",
    )


def _needs_nik(row):
    return row["state"] in WITH_AGENCY and row["agency__kind"] == AgencyKind.DISNAKER


def _district(person):
    """Where the person goes: the stated city, else the district of the identity card's code."""
    if person["return_city"]:
        return person["return_city"]
    code = person["domicile_code"]
    return regions.name_of(code[:DISTRICT]) if code else person["city"]


def _nik_of(person):
    if not person["nik_cipher"]:
        return ""
    try:
        return nik.reveal(person["nik_cipher"])
    except nik.UnknownKey:
        return ""
