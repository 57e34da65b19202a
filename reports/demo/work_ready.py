"""What people have for work: job-seeker cards in every state, checklists, CVs.

Those who completed a training come first, then those who leave soon.
"""

from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile

from inmates.models import Inmate
from inmates.services import consents
from inmates.states import ConsentPurpose
from placements.employment import CardEnd, CVLanguage, CVPart, Readiness, ReadinessStanding
from placements.services import cv, job_seekers, readiness
from reports.demo.acting import day, did
from reports.demo.scans import scan
from training.models import Certificate, Enrolment
from training.states import EnrolmentState

# Days since the issue, and months since the last report, of cards that count today.
CARDS = (
    (40, None),
    (160, None),
    (178, None),
    (205, None),
    (712, 1),
    (400, 2),
    (545, 7),
    (715, 1),
)
WRITTEN = {
    CVLanguage.INDONESIAN: {
        "summary": "Saya bekerja teliti dan tidak mudah menyerah. Saya suka belajar alat baru.",
        "wishes": "Pekerjaan di bengkel atau pabrik di Cilegon atau Serang.",
        "experience": "Tukang las lepas di bengkel pagar, 3 tahun\nKernet lalu sopir truk, 2 tahun",
        "abilities": "Mengelas pelat dan pipa kecil\nMembaca gambar kerja sederhana\n"
        "Merawat mesin dan alat",
        "phone": "0812-0000-0101 (kakak)",
    },
    CVLanguage.ENGLISH: {
        "summary": "I work carefully and do not give up easily. I like to learn new tools.",
        "wishes": "Work in a workshop or a factory in Cilegon or Serang.",
        "experience": "Welder in a fence workshop, 3 years\nTruck driver, 2 years",
        "abilities": "Welding plates and small pipes\nReading simple drawings",
        "phone": "0812-0000-0101 (my brother)",
    },
}


def create(office, disnaker):
    """Cards, checklists and CVs of the first prison."""
    here = Inmate.objects.in_custody(office.prison.facility.pk).with_expected_release()
    completed = Enrolment.objects.filter(state=EnrolmentState.COMPLETED).values("inmate")
    trained = list(here.filter(pk__in=completed).order_by("expected_release", "pk"))
    leaving = list(here.exclude(pk__in=completed).leaving_within(6).order_by("pk"))
    _register(office, disnaker, trained + leaving)
    _check(office, (trained + leaving)[:24])
    certified = [
        person for person in trained if Certificate.objects.valid().filter(inmate=person).exists()
    ]
    _write(office, (certified or trained)[:2])


def _register(office, disnaker, people):
    paper = scan("KARTU PENCARI KERJA", "contoh", heading="KARTU AK/I").read()
    by, cards = office["officer"], []
    for number, (person, (issued, reported)) in enumerate(zip(people, CARDS, strict=False), 1):
        cards.append(
            did(
                job_seekers.register,
                by=by,
                inmate=person,
                agency=disnaker,
                number=f"3672.{day(-issued):%Y}.{number:05d}",
                issued_on=day(-issued),
                reported_on=reported and day() - relativedelta(months=reported),
                scan=ContentFile(paper, name="ak1.pdf") if number % 2 else None,
            )
        )
    if len(cards) > 2:
        did(job_seekers.report, by=by, card=cards[2], on=day(-1))
    for card, why in zip(cards[-3:-1], (CardEnd.WORK, CardEnd.OTHER), strict=False):
        did(job_seekers.end, by=by, card=card, on=day(-3), why=why)
    if cards:
        renewed = {"number": f"3672.{day():%Y}.00090", "issued_on": day(-1)}
        did(job_seekers.renew, by=by, card=cards[-1], **renewed)


def _check(office, people):
    """From nothing at all to all there, with something not needed and something late."""
    by = office["officer"]
    there, waived, missing = ReadinessStanding
    for number, person in enumerate(people):
        told = []
        if number % 3 != 2:
            told.append((Readiness.IDENTITY, there, day(-60), ""))
        if number % 2:
            told.append((Readiness.BANK, there, day(-20 - number), ""))
        if number % 4 == 0:
            told.append((Readiness.POLICE, missing, day(20 + number), "Menunggu jadwal Polres"))
        if number % 6 == 1:
            told.append((Readiness.POLICE, waived, None, "Akan usaha sendiri"))
        if number % 5 == 0:
            told.append((Readiness.BANK, missing, day(-4), "Formulir bank belum kembali"))
        if number % 8 == 3:
            told += [(kind, there, day(-9), "") for kind in (Readiness.DIPLOMA, Readiness.PHOTO)]
            told.append((Readiness.POLICE, there, day(-5), ""))
        for kind, standing, on, note in told:
            did(
                readiness.record,
                by=by,
                inmate=person,
                kind=kind,
                standing=standing,
                on=on,
                note=note,
            )


def _write(office, people):
    """One in two languages that may be given away, one that its person has still to read."""
    by = office["officer"]
    paper = scan("SURAT PERSETUJUAN", "contoh").read()
    for number, person in enumerate(people):
        for language, words in WRITTEN.items():
            if number and language == CVLanguage.ENGLISH:
                continue
            shares = CVPart.values if not number else [CVPart.TRAINING, CVPart.SKILLS]
            text = did(cv.write, by=by, inmate=person, language=language, shares=shares, **words)
            if not number:
                did(cv.approve, by=by, cv=text, on=day())
        if not number:
            did(
                consents.give,
                by=by,
                inmate=person,
                facility=office.prison.facility,
                purpose=ConsentPurpose.PROFILE,
                signed_on=day(-8),
                scan=ContentFile(paper, name="persetujuan.pdf"),
            )
