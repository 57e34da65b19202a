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

from accounts.prepared import among, asked_often
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

    Two statements for any number of them.
    """
    is_read = isinstance(referrals, list)
    wanted = [row.pk for row in referrals] if is_read else referrals.values_list("pk", flat=True)
    rows = _rows(list(wanted))
    consents, people, profiles, papers, units = _beside({row["root"] for row in rows})
    consenting, people = set(consents), {person["pk"]: person for person in people}
    skills, papers = _skills(profiles), _papers(papers, _units(units))
    return {
        row["pk"]: _told(row, people[row["root"]], skills, papers)
        if row["root"] in consenting
        else Referred(code=row["person_code"])
        for row in rows
    }


def in_brief(referrals, roots, records):
    """The same of a list, in one statement and with less: code, name, certificates without their
    units, the month. `roots` and `records` are the keys that `referral_people.behind` found."""
    consents, people, papers = _in_brief(list(set(roots.values())), list(records))
    consenting = {records[inmate] for (inmate,) in consents}
    people = {person["pk"]: person for person in people}
    found = _papers([paper | {"root": records[paper["inmate"]]} for paper in papers], {})
    return {
        row.pk: _told_in_brief(row, people[roots[row.pk]], found)
        if roots[row.pk] in consenting
        else Referred(code=row.person_code)
        for row in referrals
    }


@asked_often
def _rows(referrals):
    rows = Referral.objects.filter(among("pk", referrals)).order_by().annotate(root=_root("inmate"))
    return rows.values(
        "pk", "person_code", "available_from", "message", "state", "agency__kind", "root"
    )


PERSON = (
    "pk", "public_id", "name", "sex", "birth_date", "education", "city", "return_city",
    "domicile_code", "nik_cipher",
)  # fmt: skip
PROFILE = ("root", "inmate", "interests", "languages", "earlier_work")
PAPER = ("root", "enrolment", "kind", "title", "course__name", "number", "valid_until")


@asked_often
def _beside(roots):
    """Who consents, and about each person (a key of the record that is used now): the columns that
    an agency may read, skills, papers, and units by the enrolment of a paper."""
    records = Inmate.objects.records_among(roots)
    given = _consents().filter(inmate__in=records).order_by().values_list("root", flat=True)
    profiles = SkillProfile.objects.filter(inmate__in=records).annotate(root=_root("inmate"))
    papers = Certificate.objects.valid().filter(inmate__in=records)
    units = Assessment.objects.newest().filter(
        enrolment__in=papers.exclude(enrolment=None).order_by().values("enrolment"),
        kind=AssessmentKind.COMPETENCY,
        result=Verdict.COMPETENT,
        unit__isnull=False,
    )
    return (
        given,
        Inmate.objects.filter(among("pk", roots)).values(*PERSON),
        profiles.order_by("pk").values(*PROFILE),
        papers.annotate(root=_root("inmate")).order_by("-issued_on", "-pk").values(*PAPER),
        units.order_by("unit").values_list("enrolment", "unit__name"),
    )


@asked_often
def _in_brief(roots, records):
    given = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL).order_by()
    papers = Certificate.objects.valid().filter(among("inmate", records))
    return (
        given.filter(among("inmate", records)).values_list("inmate"),
        Inmate.objects.filter(among("pk", roots)).order_by().values("pk", "public_id", "name"),
        papers.order_by("-issued_on", "-pk").values("inmate", *PAPER[1:]),
    )


def one(referral):
    """`Referred` of one referral."""
    return of([referral])[referral.pk]


def with_consent(referrals):
    """Pks of those of these referrals whose person's consent to being referred holds today."""
    rows = Referral.objects.filter(pk__in=[row.pk for row in referrals]).order_by()
    roots = dict(rows.annotate(root=_root("inmate")).values_list("pk", "root"))
    records = Inmate.objects.records_among(list(set(roots.values())))
    given = _consents().filter(inmate__in=records).order_by()
    holding = set(given.values_list("root", flat=True))
    return {pk for pk, root in roots.items() if root in holding}


def _root(path):
    """The record that a person is known by now, for the one at the end of `path`."""
    return Coalesce(F(f"{path}__merged_into"), F(path))


def _consents():
    given = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL)
    return given.annotate(root=_root("inmate"))


def _skills(profiles):
    """Of the record that is used now, else of one merged into it."""
    found = {}
    for row in profiles:
        if row["root"] not in found or row["inmate"] == row["root"]:
            found[row["root"]] = row
    return found


def _papers(rows, units):
    found = defaultdict(list)
    for row in rows:
        paper = Paper(
            kind=str(CertificateKind(row["kind"]).label),
            course=row["course__name"] or row["title"],
            number=row["number"],
            valid_until=row["valid_until"],
            units=tuple(units.get(row["enrolment"], ())),
        )
        found[row["root"]].append(paper)
    return found


def _units(rows):
    """Titles of the units in which the newest attempt found somebody competent, by enrolment."""
    found = defaultdict(list)
    for enrolment, title in rows:
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


def _told_in_brief(referral, person, papers):
    return Referred(
        code=referral.person_code,
        has_consented=True,
        public_id=person["public_id"],
        name=person["name"],
        certificates=tuple(papers[person["pk"]]),
        available_from=referral.available_from,
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
