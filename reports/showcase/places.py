"""Prisons, their posts, the agencies and the catalogue of the demo."""

from dataclasses import dataclass
from datetime import timedelta

import holidays
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Facility, Holiday, Posting, User
from accounts.states import UserKind
from correspondence.models import LetterSeries
from partners.models import Agency, Liaison, Partnership
from partners.states import AgencyKind
from training.models import Course, Trade

LETTERHEAD = [
    "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",
    "DIREKTORAT JENDERAL PEMASYARAKATAN",
    "KANTOR WILAYAH BANTEN",
]
STAFF = (
    ("officer", "Rina Kartika", "Kepala Subseksi Bimbingan Kerja"),
    ("head", "Dedi Supriatna", "Kepala Seksi Kegiatan Kerja"),
    ("warden", "Hasan Basri", "Kepala Lembaga Pemasyarakatan"),
    ("registrar", "Sri Wahyuni", "Kepala Subseksi Registrasi"),
    ("secretariat", "Lina Marlina", "Kepala Subbagian Tata Usaha"),
    ("security", "Agung Prasetyo", "Kepala Kesatuan Pengamanan Lapas"),
    ("clinic", "Maya Lestari", "Dokter Lapas"),
)
COURSES = (
    ("Las", "LAS-SMAW-2G", "Las SMAW pelat posisi 1G-2G", 2, 240),
    ("Las", "LAS-SMAW-4G", "Las SMAW pelat posisi 4G", 3, 280),
    ("Pendingin", "RAC-AC-2", "Perawatan AC rumah tangga", 2, 240),
    ("Garmen", "GMT-JAHIT-2", "Menjahit pakaian dengan mesin", 2, 240),
    ("Otomotif", "OTO-MOTOR-2", "Tune-up sepeda motor injeksi", 2, 240),
    ("Tata boga", "BOGA-ROTI", "Membuat roti dan kue", None, 144),
    ("Kopi", "BOGA-BARISTA", "Barista", None, 120),
    ("Bangunan", "BGN-KAYU", "Tukang kayu dan mebel", 2, 160),
    ("Teknologi informasi", "TIK-KANTOR", "Aplikasi perkantoran", 2, 160),
    ("Jasa", "JSA-CUKUR", "Pangkas rambut", None, 80),
    ("Listrik", "LST-RUMAH", "Instalasi listrik rumah sederhana", 2, 240),
    ("Pertanian", "AGR-HIDRO", "Hidroponik", None, 60),
)


@dataclass
class Places:
    """What the story of the demo stands on."""

    cilegon: Facility
    serang: Facility
    posts: dict
    agencies: dict
    courses: list


def build():
    password = make_password(settings.DEMO_PASSWORD)
    cilegon = _facility("CLG", "Lapas Kelas IIA Cilegon", "Cilegon", "36.72")
    serang = _facility("SRG", "Lapas Kelas IIA Serang", "Serang", "36.73")
    posts = {}
    for n, (role, name, title) in enumerate(STAFF):
        posts[role] = _user(f"{role}@cilegon.test", name, password, nip=f"19800101200501{n + 1001}")
        _post(posts[role], cilegon, role, title)
    posts["observer"] = _user(
        "observer@cilegon.test", "Yanti Susanti", password, kind=UserKind.OBSERVER
    )
    for facility in (cilegon, serang):
        _post(posts["observer"], facility, "observer", "Kantor Wilayah Ditjenpas Banten")
    _user(
        "admin@cilegon.test",
        "Admin Sistem",
        password,
        kind=UserKind.ADMIN,
        is_staff=True,
        is_superuser=True,
    )
    other = _user("officer@serang.test", "Tatang Koswara", password)
    _post(other, serang, "officer", "Kepala Subseksi Bimbingan Kerja")
    agencies = _agencies(cilegon, serang, password)
    _holidays()
    trades = {name: Trade.objects.get_or_create(name=name)[0] for name, *_rest in COURSES}
    courses = [
        Course.objects.create(trade=trades[trade], code=code, name=name, kkni_level=level, jp=jp)
        for trade, code, name, level, jp in COURSES
    ]
    return Places(cilegon, serang, posts, agencies, courses)


def _facility(code, name, city, residence):
    facility = Facility.objects.create(
        code=code,
        name=name,
        city=city,
        residence_code=residence,
        letterhead=[*LETTERHEAD, name.upper().replace("LAPAS", "LEMBAGA PEMASYARAKATAN")],
    )
    LetterSeries.objects.create(
        facility=facility, kind="decree", pattern=f"W12.PAS.{code}-PK.01.04-{{number:04d}}/{{year}}"
    )
    return facility


def _user(email, name, password, **fields):
    user = User.objects.create(email=email, name=name, password=password, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _post(user, facility, role, title):
    Posting.objects.create(
        user=user,
        facility=facility,
        role_id=role,
        title=title,
        starts=timezone.localdate() - timedelta(days=400),
    )


def _agencies(cilegon, serang, password):
    disnaker = Agency.objects.create(
        name="Disnaker Kota Cilegon", kind=AgencyKind.DISNAKER, city="Cilegon"
    )
    agencies = {
        "disnaker": disnaker,
        "blk": Agency.objects.create(
            name="BLK Cilegon", kind=AgencyKind.BLK, city="Cilegon", parent=disnaker
        ),
    }
    for key, name, kind in (
        ("province", "Disnakertrans Provinsi Banten", AgencyKind.PROVINCE),
        ("lsp", "LSP Teknik Banten", AgencyKind.LSP),
        ("lpk", "LPK Karya Mandiri", AgencyKind.LPK),
        ("bapas", "Bapas Kelas I Serang", AgencyKind.BAPAS),
        ("company", "PT Baja Selat Sunda", AgencyKind.COMPANY),
        ("blk_serang", "BLK Serang", AgencyKind.BLK),
    ):
        agencies[key] = Agency.objects.create(name=name, kind=kind)
    for key, agency in agencies.items():
        Partnership.objects.create(
            facility=serang if key == "blk_serang" else cilegon, agency=agency
        )
    for key, email, name, title in (
        ("blk", "blk@kota.test", "Fitri Handayani", "Kepala UPT Latihan Kerja"),
        ("disnaker", "disnaker@kota.test", "Wawan Gunadi", "Pengantar Kerja"),
        ("blk_serang", "blk@serang.test", "Nina Herlina", "Kepala BLK"),
    ):
        user = _user(email, name, password, kind=UserKind.LIAISON)
        Liaison.objects.create(
            user=user,
            agency=agencies[key],
            title=title,
            starts=timezone.localdate() - timedelta(days=300),
        )
    return agencies


def _holidays():
    year = timezone.localdate().year
    known = holidays.country_holidays("ID", years=range(year - 1, year + 3), language="id")
    Holiday.objects.bulk_create(
        [Holiday(day=day, name=name[:120]) for day, name in sorted(known.items())],
        ignore_conflicts=True,
    )
