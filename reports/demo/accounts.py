"""The two prisons, their staff, the holidays and the numbering of decrees."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
import pghistory
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Facility, Holiday, Posting, User
from accounts.states import UserKind
from correspondence.models import Letterhead, LetterSeries
from correspondence.states import SeriesMode
from reports.demo.acting import day

# The lines above a letter, from a day on: ministries are renamed, old papers are not.
MINISTRIES = {
    date(2014, 1, 1): [
        "KEMENTERIAN HUKUM DAN HAK ASASI MANUSIA REPUBLIK INDONESIA",
        "KANTOR WILAYAH BANTEN",
    ],
    date(2025, 1, 1): [
        "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",
        "DIREKTORAT JENDERAL PEMASYARAKATAN",
        "KANTOR WILAYAH BANTEN",
    ],
}
FACILITIES = {
    "CLG": {
        "name": "Lapas Kelas IIA Cilegon",
        "city": "Cilegon",
        "residence_code": "36.72",
    },
    "SRG": {
        "name": "Lapas Kelas IIA Serang",
        "city": "Serang",
        "residence_code": "36.73",
        "issuer_name": "LPK Karya Mandiri Serang",
        "lpk_number": "563/041/LPK/DTK",
        "lpk_starts_on": date(2025, 3, 1),
    },
}
KASUBSI_BIMKER = "Kasubsi Bimbingan Kerja dan Pengelolaan Hasil Kerja"
# Prison, role: name, title, NIP.
STAFF = {
    ("CLG", "officer"): ("Rangga Wirasasmita", KASUBSI_BIMKER, "198804122010121003"),
    ("CLG", "head"): ("Dewi Kartikasari", "Kepala Seksi Kegiatan Kerja", "198106232003122001"),
    ("CLG", "warden"): ("Hendra Prawiranata", "Kepala Lapas", "197403151998031002"),
    ("CLG", "registrar"): ("Nurul Hidayati", "Kasubsi Registrasi", "199001072014022004"),
    ("CLG", "secretariat"): ("Sutrisno Hadi", "Kepala Subbagian Tata Usaha", "197911302002121001"),
    ("CLG", "security"): ("Bayu Setiadi", "Kepala KPLP", "198502182007031001"),
    ("CLG", "clinic"): ("dr. Maya Anggraini", "Dokter Lapas", "198709252015032002"),
    ("CLG", "observer"): ("Ferry Gunadi", "Bidang Pembinaan Kanwil Banten", "198010102005011001"),
    ("SRG", "officer"): ("Wahyu Nugroho", KASUBSI_BIMKER, "198912052012121002"),
    ("SRG", "head"): ("Ratna Kusumawati", "Kepala Seksi Kegiatan Kerja", "198207142006042001"),
    ("SRG", "registrar"): ("Lilis Suryani", "Kasubsi Registrasi", "199203052016012001"),
    ("SRG", "warden"): ("Agus Suryaman", "Kepala Lapas", "197508201999031001"),
}
DOMAINS = {"CLG": "cilegon.test", "SRG": "serang.test"}
IN_OFFICE_SINCE = -900


@dataclass
class Prison:
    """A prison of the demo and who works there, by role."""

    facility: Facility
    staff: dict[str, User]


def create():
    """Both prisons with their staff, by code; the admin and the holidays come along."""
    with pghistory.context(name="load_demo"):
        _create_holidays()
        prisons = {code: _create_prison(code, fields) for code, fields in FACILITIES.items()}
        create_user(
            "admin@cilegon.test",
            "Admin Sistem",
            kind=UserKind.ADMIN,
            is_staff=True,
            is_superuser=True,
        )
        for (code, role), (name, title, nip) in STAFF.items():
            prison = prisons[code]
            kind = UserKind.OBSERVER if role == "observer" else UserKind.STAFF
            user = create_user(f"{role}@{DOMAINS[code]}", name, nip=nip, kind=kind)
            Posting.objects.create(
                user=user,
                facility=prison.facility,
                role_id=role,
                title=title,
                starts=day(IN_OFFICE_SINCE),
            )
            prison.staff[role] = user
    return prisons


def create_user(email, name, **fields):
    """An account that can sign in at once with the demo password."""
    user = User.objects.create(email=email, name=name, password=_password(), **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@cache
def _password():
    """The hash takes half a second; one for all is enough here."""
    return make_password(settings.DEMO_PASSWORD)


def _create_prison(code, fields):
    facility = Facility.objects.create(code=code, **fields)
    own_line = facility.name.upper().replace("LAPAS", "LEMBAGA PEMASYARAKATAN")
    Letterhead.objects.bulk_create(
        Letterhead(facility=facility, starts_on=since, lines=[*lines, own_line])
        for since, lines in MINISTRIES.items()
    )
    LetterSeries.objects.create(
        facility=facility,
        kind="decree",
        mode=SeriesMode.OWN,
        pattern=f"WP.11.PAS.{code}-PK.05.09-{{number:04d}} TAHUN {{year}}",
    )
    LetterSeries.objects.create(
        facility=facility,
        kind="general",
        mode=SeriesMode.OWN if code == "CLG" else SeriesMode.BOOK,
        pattern=f"WP.11.PAS.{code}-{{code}}-{{number:04d}}",
    )
    # Numbers that say nothing of a prison: whoever holds the paper shows it to employers.
    LetterSeries.objects.bulk_create(
        LetterSeries(
            facility=facility,
            kind=f"certificate_{kind}",
            pattern=f"{letters}/{{number:04d}}/{{month}}/{{year}}",
        )
        for kind, letters in (("training", "SP"), ("participation", "SKP"))
    )
    return Prison(facility, {})


def _create_holidays():
    year = day().year
    days = holidays.country_holidays("ID", years=range(year - 1, year + 3), language="id")
    Holiday.objects.bulk_create(
        [Holiday(day=when, name=name[:120]) for when, name in sorted(days.items())],
        ignore_conflicts=True,
    )
