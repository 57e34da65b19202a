"""What letters about referrals say: who somebody is, what they learned, from when they may work.

Each receiver reads the least that it needs (field notes 2.7). Disnaker: name, age, sex, education,
district of return, training, certificates, month. The employer: name, training, certificates, and
of the rest what the person agreed to show in their CV. Nothing of why, where in the prison or
until when somebody is held: no offence, sentence, register number, NIK, day of birth, kind or day
of release. Papers are always in Indonesian.
"""

from django.conf import settings
from django.utils import formats, timezone, translation

from inmates import regions
from inmates.models import Consent, Inmate
from inmates.rules import age_on
from inmates.states import ConsentPurpose, Sex
from placements.employment import CVPart
from placements.models import CurriculumVitae
from training.attended import Attended
from training.models import Certificate, Enrolment
from training.states import EnrolmentState

ALWAYS = 95  # percent of the lessons
DISTRICT = len("36.72.01")
SEX = "sex"
FOR_DISNAKER = (CVPart.AGE, SEX, CVPart.EDUCATION, CVPart.DISTRICT)


def recommendation(referral):
    """Content of the warden's letter about one person, for `letter_approvals.sign_off`."""
    with translation.override("id"):
        person = referral.inmate
        trainings, papers = _trainings(person), _papers(person)
        lines = [
            f"Sehubungan dengan {_aim(referral)}, bersama ini kami merekomendasikan:",
            "",
            *_facts(_identity(person)),
        ]
        if trainings:
            lines += ["", "Yang bersangkutan telah menyelesaikan pelatihan kerja sebagai berikut."]
        for training in trainings:
            lines += ["", *_facts(training)]
        if papers:
            lines += ["", "Sertifikat yang masih berlaku:", ""]
            lines += [f"{number}. {said}" for number, said in enumerate(papers, start=1)]
        lines += [
            "",
            f"Yang bersangkutan dapat mulai bekerja sejak {_month(referral.available_from)} dan "
            "telah menyetujui secara tertulis bahwa data dalam surat ini disampaikan kepada "
            f"{referral.agency.name} untuk keperluan penempatan kerja.",
            "",
            "Jawaban dan pertanyaan mengenai rekomendasi ini mohon disampaikan kepada Kepala Seksi "
            f"Kegiatan Kerja dengan menyebut kode {referral.person_code}.",
            "",
            "Demikian rekomendasi ini dibuat untuk dipergunakan sebagaimana mestinya.",
        ]
        return {
            "subject": f"Rekomendasi penempatan kerja ({referral.person_code})",
            "attachments": "",
            "text": "\n".join(lines),
        }


def covering(referrals):
    """Content of the letter on top of several recommendations to one agency: a list."""
    with translation.override("id"):
        count = len(referrals)
        return {
            "subject": f"Rekomendasi penempatan kerja {count} orang",
            "attachments": f"{count} surat rekomendasi",
            "text": "",
            "rows": [
                {
                    "code": referral.person_code,
                    "name": referral.inmate.name,
                    "training": _newest(referral.inmate),
                    "for": _wanted(referral),
                    "available": _month(referral.available_from),
                }
                for referral in referrals
            ],
        }


def introduction(referral):
    """Data of `introduction_v1.typ`: the agency introduces a job seeker; no prison is named."""
    agency, employer, person = referral.agency, referral.employer, referral.inmate
    with translation.override("id"):
        agreed = _agreed_to_show(person)
        shows_training = agreed is None or CVPart.TRAINING in agreed
        heads = [agency.parent.name, agency.name] if agency.parent else [agency.name]
        return {
            "letterhead": [line.upper() for line in heads],
            "office": agency.name,
            "address": agency.address,
            "city": agency.city,
            "number": referral.introduction_number or "……………………",
            "dated": _day(referral.introduced_on) or "……………………",
            "employer": employer.name,
            "employer_address": employer.address,
            "job": referral.vacancy.title if referral.vacancy else "",
            "report_number": referral.vacancy.report_number if referral.vacancy else "",
            "person": [list(row) for row in _identity(person, agreed or ())],
            "trainings": _trainings_in_short(person) if shows_training else [],
            "papers": [
                said for said in _papers(person) if shows_training and not _names_prison(said)
            ],
            "available": _month(referral.available_from),
            "contact": " / ".join(text for text in (agency.phone, agency.email) if text),
        }


def _aim(referral):
    job = _wanted(referral)
    return f"penempatan kerja {job}" if job else "penempatan tenaga kerja terlatih"


def _wanted(referral):
    """The job and the employer, as far as they are known."""
    if referral.vacancy:
        return f"{referral.vacancy.title} pada {referral.vacancy.employer.name}"
    return f"pada {referral.employer.name}" if referral.employer else ""


def _identity(person, parts=FOR_DISNAKER):
    """Pairs of label and fact: the name, and of the rest these parts."""
    age = age_on(person.birth_date, timezone.localdate()) if person.birth_date else None
    rows = (
        (CVPart.AGE, "Umur", f"{age} tahun" if age is not None else ""),
        (SEX, "Jenis kelamin", str(Sex(person.sex).label) if person.sex else ""),
        (CVPart.EDUCATION, "Pendidikan terakhir", person.education),
        (CVPart.DISTRICT, "Daerah tujuan", _district(person)),
    )
    told = [(label, fact) for part, label, fact in rows if part in parts and fact]
    return [("Nama", person.name), *told]


def _agreed_to_show(person):
    """The parts of the CV that the person shows to employers, None without a CV that counts."""
    records = Inmate.objects.records_of(person)
    consents = Consent.objects.in_force(purpose=ConsentPurpose.PROFILE)
    if not consents.filter(inmate__in=records).exists():
        return None
    written = CurriculumVitae.objects.approved().filter(inmate__in=records)
    newest = written.order_by("approved_on", "pk").last()
    return newest and set(newest.shares)


def _district(person):
    if person.return_city:
        return person.return_city
    code = person.domicile_code
    return regions.name_of(code[:DISTRICT]) if code else person.city


def _enrolments(person):
    return (
        Enrolment.objects.filter(
            inmate__in=Inmate.objects.records_of(person), state=EnrolmentState.COMPLETED
        )
        .with_attendance()
        .select_related("batch__course", "batch__agency")
        .order_by("batch__ends_on", "pk")
    )


def _trainings(person):
    """Of each training that was completed, pairs of label and fact."""
    found = []
    for row in _enrolments(person):
        batch = row.batch
        facts = [
            ("Pelatihan", f"{batch.course.name} ({batch.course.jp} JP)"),
            ("Waktu", f"{_day(batch.starts_on)} sampai dengan {_day(batch.ends_on)}"),
            ("Penyelenggara", batch.agency.name),
        ]
        conduct = conduct_of(Attended.of(row))
        if conduct:
            facts.append(("Kehadiran", conduct))
        found.append(facts)
    return found


def _trainings_in_short(person):
    return [
        f"{row.batch.course.name}, {row.batch.course.jp} JP, {row.batch.ends_on.year}, "
        f"{row.batch.agency.name}"
        for row in _enrolments(person)
    ]


def conduct_of(attended):
    """How somebody behaved in a training, in words; empty where attendance is not known."""
    percent = attended.percent
    if percent is None:
        return ""
    if percent >= ALWAYS:
        return "sangat baik, hampir selalu hadir"
    if percent >= attended.minimum:
        return "baik, rajin hadir"
    return "cukup, hadir pada sebagian pertemuan"


def _papers(person):
    """Certificates valid today, each in a line."""
    rows = (
        Certificate.objects.valid()
        .filter(inmate__in=Inmate.objects.records_of(person))
        .order_by("-issued_on", "-pk")
    )
    return [_paper(row) for row in rows]


def _paper(row):
    until = f", berlaku sampai {_day(row.valid_until)}" if row.valid_until else ""
    return (
        f"{row.get_kind_display()} {row.scheme or row.title}, nomor {row.number}, "
        f"penerbit {row.issuer}, terbit {_day(row.issued_on)}{until}"
    )


def _newest(person):
    """The newest certificate's subject, else the newest training."""
    papers = Certificate.objects.valid().filter(inmate__in=Inmate.objects.records_of(person))
    newest = papers.order_by("-issued_on", "-pk").first()
    if newest:
        return newest.title
    last = _enrolments(person).last()
    return last.batch.course.name if last else ""


def _names_prison(said):
    words = {word.strip(".,()").lower() for word in said.split()}
    return bool(words & set(settings.PRISON_WORDS))


def _facts(rows):
    return [f"{label} : {value}" for label, value in rows]


def _month(day):
    return formats.date_format(day, "F Y")


def _day(day):
    return formats.date_format(day, "j F Y") if day else ""
