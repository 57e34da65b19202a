"""What an employer reads of a person: the CV, and nothing of a prison, an offence or a sentence.

Own words come from `CurriculumVitae`, all else is read when it is asked for: only the parts that
the person agreed to share, only while their consent to a profile holds, and only what names no
prison. Nothing is stored, so a consent taken back ends it at once.
"""

from dataclasses import dataclass, field

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from correspondence import typesetting
from correspondence.services import verifications
from inmates import regions
from inmates.models import Consent, Inmate, SkillProfile
from inmates.states import ConsentPurpose
from placements.employment import CVLanguage, CVPart
from placements.models import CurriculumVitae
from placements.services import branding
from placements.services.cv import OWN_WORDS
from training.models import Certificate, Enrolment
from training.services.certificate_guards import issuer_of_own, public_facts
from training.services.results import results_of_people
from training.states import EnrolmentState
from training.teaching import Verdict

TEMPLATE = "cv_v1"
DISTRICT = len("36.72.01")  # a region's code without its village
MONTH = "F Y"


@dataclass
class Paper:
    """A certificate as it stands in the CV; `check` is how a stranger verifies it, or None."""

    kind: str
    title: str
    number: str
    issuer: str
    issued: str
    until: str
    check: dict | None


@dataclass
class Training:
    """A training that was completed (or the empty title of papers from elsewhere)."""

    course: str
    provider: str = ""
    when: str = ""
    jp: int | None = None
    units: list = field(default_factory=list)
    papers: list = field(default_factory=list)


@dataclass
class CV:
    """All that the employer reads, in the language of the text. Empty: not shared, or not known.

    `left_out` names for the office what was not taken because it names a prison.
    """

    name: str
    language: str
    age: int | None = None
    district: str = ""
    education: str = ""
    summary: str = ""
    wishes: str = ""
    experience: list = field(default_factory=list)
    abilities: list = field(default_factory=list)
    languages: list = field(default_factory=list)
    trainings: list = field(default_factory=list)
    others: list = field(default_factory=list)
    phone: str = ""
    email: str = ""
    left_out: list = field(default_factory=list)


def of(inmate, language):
    """The `CurriculumVitae` of the person in a language, None where nothing is written."""
    rows = CurriculumVitae.objects.filter(
        inmate__in=Inmate.objects.records_of(inmate), language=language
    )
    rows = rows.select_related("inmate__merged_into", "written_by", "approved_by")
    return rows.order_by("pk").last()


def known_of(inmate, language):
    """What the office may offer for a first text: the work that the person told of before."""
    if language != CVLanguage.INDONESIAN:
        return {}
    profile = _profile(inmate, Inmate.objects.records_of(inmate))
    return {"experience": profile.earlier_work} if profile else {}


def consent_of(inmate):
    """The consent to a profile for employers that holds today, None without one."""
    rows = Consent.objects.in_force(purpose=ConsentPurpose.PROFILE)
    return rows.filter(inmate__in=Inmate.objects.records_of(inmate)).first()


def in_the_way(inmate, cv):
    """Why no employer may get the CV now, in sentences."""
    found = []
    if consent_of(inmate) is None:
        found.append(_("Belum ada persetujuan “profil untuk pemberi kerja” yang berlaku."))
    if cv is None:
        found.append(_("Riwayat hidup belum ditulis dalam bahasa ini."))
    elif cv.approved_on is None:
        found.append(_("Orangnya belum membaca dan menyetujui naskah ini."))
    return found


def pdf(inmate, language):
    """The CV as a PDF (bytes). Raises `NotAllowed` while something is in the way.

    The permission and the access record are the caller's business.
    """
    inmate = inmate.merged_into or inmate
    cv = of(inmate, language)
    if found := in_the_way(inmate, cv):
        raise NotAllowed(found)
    if any(branding.problem_of(getattr(cv, name), inmate) for name in OWN_WORDS):
        raise NotAllowed(_("Naskahnya memuat kata yang tidak boleh keluar; betulkan dulu."))
    return typesetting.pdf(TEMPLATE, _as_data(gather(cv)), made_at=timezone.now())


def gather(cv):
    """The `CV` that an employer would read; the same number of queries for any length."""
    inmate = cv.inmate.merged_into or cv.inmate
    records = list(Inmate.objects.records_of(inmate))
    shares = set(cv.shares)
    made = CV(
        name=inmate.name.title() if inmate.name.isupper() else inmate.name,
        language=cv.language,
        summary=cv.summary,
        wishes=cv.wishes,
    )
    with translation.override(cv.language):
        if CVPart.AGE in shares:
            made.age = inmate.age
        if CVPart.DISTRICT in shares:
            made.district = _kept(made, _district(inmate))
        if CVPart.EDUCATION in shares:
            made.education = _kept(made, inmate.education)
        if CVPart.EXPERIENCE in shares:
            made.experience = cv.experience.splitlines()
        if CVPart.SKILLS in shares:
            made.abilities = cv.abilities.splitlines()
            made.languages = _languages(made, inmate, records)
        if CVPart.CONTACT in shares:
            made.phone, made.email = cv.phone, cv.email
        if CVPart.TRAINING in shares:
            _train(made, inmate, records)
    return made


def _kept(made, text):
    """The text if it names no prison; else it is left out, and the office is told."""
    text = str(text)
    if text and not branding.neutral(text):
        made.left_out.append(text)
        return ""
    return text


def _district(inmate):
    """Where the person goes: the stated city, else the district of the identity card's code."""
    if inmate.return_city:
        return inmate.return_city
    code = inmate.domicile_code
    return regions.name_of(code[:DISTRICT]) if code else inmate.city


def _languages(made, inmate, records):
    profile = _profile(inmate, records)
    return [kept for each in (profile.languages if profile else []) if (kept := _kept(made, each))]


def _profile(inmate, records):
    """Of the record that is used now, else of one merged into it."""
    profiles = SkillProfile.objects.filter(inmate__in=records)
    return min(profiles, key=lambda each: each.inmate_id != inmate.pk, default=None)


def _train(made, inmate, records):
    enrolments = list(
        Enrolment.objects.filter(inmate__in=records, state=EnrolmentState.COMPLETED)
        .select_related("batch__course", "batch__agency", "facility")
        .order_by("-batch__ends_on", "-pk")
    )
    results = results_of_people(enrolments)
    found = {}
    for row in enrolments:
        course = _kept(made, row.batch.course.name)
        if course:
            found[row.pk] = Training(
                course=course,
                provider=_kept(made, row.batch.agency.name) or _neutral_issuer(row.facility),
                when=_period(row.batch.starts_on, row.batch.ends_on),
                jp=row.batch.course.jp,
                units=[
                    kept
                    for each in results[row.pk].units
                    if each.unit and each.result == Verdict.COMPETENT
                    if (kept := _kept(made, each.unit.name))
                ],
            )
    certificates = (
        Certificate.objects.valid()
        .filter(inmate__in=records)
        .select_related("verification", "facility")
        .order_by("-issued_on", "-pk")
    )
    for row in certificates:
        training = found.get(row.enrolment_id)
        paper = _paper(made, row, inmate, with_title=training is None)
        if paper:
            (training.papers if training else made.others).append(paper)
    made.trainings = list(found.values())


def _paper(made, row, inmate, *, with_title):
    public = public_facts(row, inmate.name)
    title = row.scheme or (row.title if with_title else "")
    kept = _kept(made, title)
    if with_title and not kept:
        return None
    own = row.letter_id is not None
    issuer = public.get("issuer", "")
    if not issuer:
        issuer = _neutral_issuer(row.facility) if own else _kept(made, row.issuer)
    checkable = row.verification and row.verification.revoked_at is None
    return Paper(
        kind=str(row.get_kind_display()),
        title=kept,
        number=_kept(made, row.number),
        issuer=branding.neutral(issuer),
        issued=_month(row.issued_on),
        until=_month(row.valid_until),
        check=verifications.printed(row.verification.code) if checkable else None,
    )


def _neutral_issuer(facility):
    """The prison's name as a provider of trainings; without one that brands nobody, by its city."""
    city = f"Penyelenggara Pelatihan Kerja {facility.city}"
    return branding.neutral(issuer_of_own(facility)) or branding.neutral(city)


def _period(starts_on, ends_on):
    first, last = _month(starts_on), _month(ends_on)
    return first if first == last else f"{first} – {last}"


def _month(day):
    return formats.date_format(day, MONTH) if day else ""


def _as_data(cv):
    """Data of `templates/letters/cv_v1.typ`."""
    shown = {name: value for name, value in vars(cv).items() if name != "left_out"}
    return shown | {
        "trainings": [
            {**vars(each), "papers": [vars(paper) for paper in each.papers]}
            for each in cv.trainings
        ],
        "others": [vars(paper) for paper in cv.others],
    }
