"""What an office knows of its people beyond the register, and what has changed for them lately.

Skills, papers, consents and waiting lists for many; and one of each kind of news: somebody unfit
in mid-course, a consent withdrawn, data that are to be kept only, a transfer asked for and one
done, a record kept twice, and the newest register with people missing.
"""

import csv
import io
import random

from django.core.files.base import ContentFile

from inmates import rules
from inmates.models import Custody, Inmate, Sentence
from inmates.services import (
    consents,
    documents,
    register_import,
    register_import_apply,
    register_import_read,
    restrictions,
    skills,
    transfers,
)
from inmates.states import ConsentPurpose, DocumentKind, RestrictionKind
from placements.services import circumstances, data_limits, departures
from reports.demo.acting import acting, day, did
from reports.demo.scans import scan
from training.models import Enrolment, Trade
from training.services import waiting
from training.states import Asker, EnrolmentState

LANGUAGES = ("Indonesia", "Sunda", "Jawa", "Jawa Serang", "Lampung", "Inggris dasar")
WORK = (
    "Tukang las lepas di bengkel pagar, 3 tahun",
    "Penjahit di konveksi rumahan",
    "Kernet lalu sopir truk",
    "Buruh bangunan, bisa memasang keramik",
    "Membantu warung makan keluarga",
    "Montir sepeda motor",
)
MISSING = 3  # people whom the newest register does not list
HEADERS = (
    *("No", "No Reg Instansi", "Nama", "Tempat Lahir", "Tanggal Lahir", "Jenis Kelamin"),
    *("Nomor Induk", "Tanggal Mulai Ditahan", "1/3 Masa Pidana", "1/2 Masa Pidana"),
    *("2/3 Masa Pidana", "Tgl Ekspirasi"),
)


def create(office, second):
    """Everything of the first prison; the second takes part in the transfers."""
    chance = random.Random(7)  # noqa: S311 - the same lives at every load
    here = Inmate.objects.in_custody(office.prison.facility.pk).select_related("sentence")
    sentenced = list(here.filter(custodies__register_class__startswith="B").order_by("pk"))
    _describe(office, sentenced, chance)
    _collect_papers(office, sentenced, chance)
    free = [person for person in sentenced if not person.enrolments.exists()]
    _put_on_lists(office, free[-80:], chance)
    _keep_only(office, free[-80:-MISSING])
    _kept_twice(office, sentenced[-1])
    _move(office, second, free)
    _change_in_mid_course(office)
    _import_newest(office, free[-MISSING:])


def _describe(office, people, chance):
    trades = list(Trade.objects.values_list("name", flat=True))
    for person in people[:90]:
        interests = chance.sample(trades, 2)
        did(
            skills.describe,
            by=office["officer"],
            inmate=person,
            interests=interests,
            languages=["Indonesia", chance.choice(LANGUAGES[1:])],
            earlier_work=chance.choice(WORK),
        )
        if chance.random() < 0.5:
            did(
                skills.assess,
                by=office["officer"],
                inmate=person,
                assessed_on=day(-chance.randint(20, 300)),
                assessor="Psikolog Bapas Serang",
                scores={"Minat": chance.randint(55, 95), "Bakat": chance.randint(50, 95)},
                recommended=interests[:1],
                recommendation=f"Cocok untuk kejuruan {interests[0]}.",
            )


def _collect_papers(office, people, chance):
    for person in people[:120]:
        for kind in (DocumentKind.DIPLOMA, DocumentKind.PHOTO):
            if chance.random() < 0.7:
                seen = day(-chance.randint(5, 200))
                did(documents.note, by=office["officer"], inmate=person, kind=kind, seen_on=seen)
    for person in people[:60]:
        did(
            restrictions.impose,
            by=office["clinic"],
            inmate=person,
            facility=office.prison.facility,
            kind=RestrictionKind.FIT,
            starts=day(-chance.randint(5, 90)),
        )
    paper = scan("SURAT PERSETUJUAN", "contoh").read()
    for person in people[:40]:
        for purpose in (ConsentPurpose.TRAINING, ConsentPurpose.REFERRAL):
            did(
                consents.give,
                by=office["officer"],
                inmate=person,
                facility=office.prison.facility,
                purpose=purpose,
                signed_on=day(-chance.randint(5, 60)),
                scan=ContentFile(paper, name="persetujuan.pdf"),
            )


def _put_on_lists(office, people, chance):
    courses = list(office.courses.values())
    for person in people:
        did(
            waiting.add,
            by=office["officer"],
            inmate=person,
            course=chance.choice(courses),
            asked_on=day(-chance.randint(10, 400)),
            asked_by=chance.choice([Asker.SELF, Asker.ASSESSMENT, Asker.GUARDIAN]),
        )


def _keep_only(office, people):
    """Somebody who stays for long contests what is written of him."""
    did(
        data_limits.impose,
        by=office["registrar"],
        inmate=max(people, key=lambda person: person.sentence.expires),
        asked_on=day(-6),
        reason="Pendidikan dan alamatnya tercatat keliru; minta tidak dipakai sampai diperiksa",
    )


def _kept_twice(office, person):
    """The same man under an old key, as a stay of years ago left him."""
    name = person.name.replace("A", "AA", 1)
    with acting(office["registrar"]):
        twin = Inmate.objects.create(
            person_key=f"{person.person_key}9",
            name=name,
            search_name=rules.search_name(name),
            birth_date=person.birth_date,
            birth_place=person.birth_place,
            sex=person.sex,
            city=person.city,
            province=person.province,
            created_by=office["registrar"],
        )
        Custody.objects.create(
            inmate=twin,
            facility=office.prison.facility,
            register_number="B.IIa 77/2019",
            register_class="B.IIa",
            starts=day(-2400),
            until=day(-2200),
            ended_how="released",
            created_by=office["registrar"],
        )


def _move(office, second, free):
    """One person sent to the second prison; one whom the second prison says it holds."""
    sent, asked_for = free[0], free[1]
    did(
        departures.send,
        by=office["registrar"],
        inmate=sent,
        origin=office.prison.facility,
        destination=second.facility,
        moved_on=day(-12),
    )
    did(
        transfers.propose_many,
        by=second.staff["registrar"],
        destination=second.facility,
        people=[
            {
                "inmate": asked_for,
                "origin_id": office.prison.facility.pk,
                "moved_on": day(-2),
                "register_number": "B.I 14/2026",
                "register_class": "B.I",
            }
        ],
    )


def _change_in_mid_course(office):
    """Somebody in a running course is unfit (the office decides), another takes back a consent."""
    running = Enrolment.objects.filter(
        facility=office.prison.facility, state=EnrolmentState.ENROLLED, batch__state="running"
    ).order_by("pk")
    unfit, other = running[0].inmate, running[1].inmate
    did(
        restrictions.impose,
        by=office["clinic"],
        inmate=unfit,
        facility=office.prison.facility,
        kind=RestrictionKind.UNFIT,
        starts=day(-1),
    )
    consent = other.consents.filter(purpose=ConsentPurpose.TRAINING).first() or did(
        consents.give,
        by=office["officer"],
        inmate=other,
        facility=office.prison.facility,
        purpose=ConsentPurpose.TRAINING,
        signed_on=day(-30),
        scan=scan("SURAT PERSETUJUAN", "contoh"),
    )
    did(
        consents.withdraw,
        by=office["officer"],
        consent=consent,
        on=day(0),
        why="Tidak ingin datanya dilihat instansi",
    )
    circumstances.settle_all()


def _import_newest(office, missing):
    """The whole register of yesterday, as SDP would give it, without the `missing`."""
    registrar = office["registrar"]
    run = did(
        register_import.upload,
        by=registrar,
        facility=office.prison.facility,
        file=ContentFile(_register(office, {person.pk for person in missing}), name="register.csv"),
        file_name=f"register-{day(-1):%Y-%m-%d}.csv",
        as_of=day(-1),
        is_complete=True,
        queue=False,
    )
    with acting(registrar):
        register_import_read.read(run=run)
        run.refresh_from_db()
        register_import_apply.apply(run=run, by=registrar)


def _register(office, left_out):
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(HEADERS)
    sentences = Sentence.objects.in_bulk(field_name="inmate_id")
    custodies = Custody.objects.open().filter(facility=office.prison.facility)
    for number, custody in enumerate(custodies.select_related("inmate").order_by("pk"), 1):
        person = custody.inmate
        if person.pk in left_out:
            continue
        sentence = sentences.get(person.pk)
        dates = [
            getattr(sentence, name, None)
            for name in ("detained_since", "one_third", "one_half", "two_thirds", "expires")
        ]
        writer.writerow(
            [
                number,
                custody.register_number,
                person.name,
                person.birth_place,
                _written(person.birth_date),
                person.get_sex_display(),
                f"'{person.person_key}",
                *map(_written, dates),
            ]
        )
    return ("\ufeff" + sheet.getvalue()).encode()


def _written(when):
    return f"{when:%d/%m/%Y}" if when else "-"
