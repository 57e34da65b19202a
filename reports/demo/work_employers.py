"""Employers and vacancies in every state, kept by the first prison and by its Disnaker."""

from dataclasses import dataclass

from placements.employment import EmployerKind, EmployerSize, Openness
from placements.models import Employer, Vacancy
from placements.services import employers, vacancies
from reports.demo.acting import acting, day, did
from training.models import CourseUnit, Trade

CILEGON, SERANG_REGENCY, SERANG, TANGERANG = "36.72", "36.04", "36.73", "36.03"
PRISON, DISNAKER = "officer", "disnaker"
# Key: who keeps it, kind, name, number, sector, size, region, openness, conditions.
EMPLOYERS = {
    "steel": (
        DISNAKER, EmployerKind.COMPANY, "PT Krida Baja Utama", "9120301234501",
        "Logam dan konstruksi baja", EmployerSize.LARGE, CILEGON,
        Openness.CONDITIONS, "Bersertifikat kompetensi; masa percobaan tiga bulan",
    ),
    "cooling": (
        DISNAKER, EmployerKind.SMALL, "CV Sejuk Abadi Teknik", "9120301234502",
        "Pendingin dan tata udara", EmployerSize.SMALL, CILEGON, Openness.YES, "",
    ),
    "garment": (
        DISNAKER, EmployerKind.COMPANY, "PT Busana Serasi Banten", "9120301234503",
        "Garmen", EmployerSize.MEDIUM, SERANG_REGENCY, Openness.UNKNOWN, "",
    ),
    "logistics": (
        DISNAKER, EmployerKind.COMPANY, "PT Samudra Angkut Merak", "9120301234504",
        "Pergudangan dan angkutan", EmployerSize.LARGE, "36.72.03", Openness.NO, "",
    ),
    "workshop": (
        PRISON, EmployerKind.SMALL, "Bengkel Motor Pak Udin", "",
        "Otomotif", EmployerSize.MICRO, "36.72.01", Openness.YES, "",
    ),
    "bakery": (
        PRISON, EmployerKind.SMALL, "Roti Manis Ibu Sari", "9120301234506",
        "Makanan", EmployerSize.MICRO, CILEGON, Openness.YES, "",
    ),
    "builder": (
        PRISON, EmployerKind.INDIVIDUAL, "H. Mansyur", "3672011504700003",
        "Bangunan", EmployerSize.MICRO, SERANG, Openness.CONDITIONS,
        "Ada penjamin dari keluarga",
    ),
    "company": (
        PRISON, EmployerKind.COMPANY, "PT Cakra Baja Sejahtera", "9120301234508",
        "Logam dan paving block", EmployerSize.MEDIUM, CILEGON, Openness.YES, "",
    ),
}  # fmt: skip
CONTACTS = {
    "steel": ("Rina Marlina", "0812-5550-2001", "sdm@kridabaja.test"),
    "cooling": ("Dedi Kurnia", "0812-5550-2002", ""),
    "workshop": ("Udin Saepudin", "0812-5550-2005", ""),
    "bakery": ("Sari Lestari", "0812-5550-2006", ""),
    "builder": ("H. Mansyur", "0812-5550-2007", ""),
    "company": ("Manajer SDM", "(0254) 555020", "sdm@cakrabaja.test"),
}
# Key: who keeps it, employer, title, trade, course of its units, places, pay from and to, days
# until it starts and closes, report number, further facts.
VACANCIES = {
    "welder": (
        DISNAKER, "steel", "Juru las SMAW", "Las", "LAS-SMAW", 4, 4_900_000, 5_600_000,
        60, 40, "3672/LWK/0101", {"education": "SMP", "age_from": 20, "age_to": 45},
    ),
    "welder_soon": (
        DISNAKER, "steel", "Pembantu juru las", "Las", "", 2, 4_600_000, None,
        20, 5, "3672/LWK/0102", {"age_from": 18, "age_to": 50},
    ),
    "cooling": (
        DISNAKER, "cooling", "Teknisi AC", "Pendingin", "RAC-AC", 2, 3_500_000, 4_800_000,
        45, 30, "3672/LWK/0103", {"education": "SMP", "experience": "Boleh tanpa pengalaman"},
    ),
    "sewing": (
        DISNAKER, "garment", "Operator jahit", "Garmen", "", 10, 3_400_000, 3_900_000,
        90, 75, "3604/LWK/0220", {"age_from": 18, "age_to": 40},
    ),
    "warehouse": (
        DISNAKER, "logistics", "Tenaga gudang", None, "", 6, 4_200_000, None,
        30, 21, "", {"sex": "L", "education": "SMA"},
    ),
    "closed": (
        DISNAKER, "cooling", "Helper teknisi AC", "Pendingin", "", 1, 3_000_000, None,
        15, 10, "3672/LWK/0077", {},
    ),
    "past": (
        DISNAKER, "garment", "Petugas pola", "Garmen", "", 2, 3_600_000, None,
        -10, -12, "3604/LWK/0190", {},
    ),
    "mechanic": (
        PRISON, "workshop", "Mekanik sepeda motor", "Otomotif", "", 1, 2_500_000, 3_000_000,
        25, 14, "", {"place": "Bengkel di Cibeber"},
    ),
    "baker": (
        PRISON, "bakery", "Pembuat roti", "Tata boga", "", 2, 2_400_000, 3_000_000,
        40, 60, "", {"conditions": "Masuk kerja pukul 04.00"},
    ),
    "mason": (
        PRISON, "builder", "Tukang batu", "Bangunan", "", 3, 3_900_000, None,
        14, 28, "", {"sex": "L", "experience": "Pernah bekerja di bangunan"},
    ),
    "paving": (
        PRISON, "company", "Operator cetak paving block", "Bangunan", "", 5, 4_300_000, None,
        50, 45, "", {"age_from": 18, "age_to": 45},
    ),
    "cancelled": (
        PRISON, "company", "Juru las produksi", "Las", "LAS-SMAW", 2, 5_000_000, None,
        35, 20, "", {},
    ),
}  # fmt: skip


@dataclass
class Work:
    """Employers and vacancies of the first prison's demo, by their keys above."""

    employers: dict[str, Employer]
    vacancies: dict[str, Vacancy]


def create(prison, agencies, liaisons):
    sides = {
        PRISON: {"by": prison.staff["officer"], "facility": prison.facility},
        DISNAKER: {"by": liaisons["disnaker"], "agency": agencies["disnaker"]},
    }
    made = {
        key: _employer(key, sides[side], facts, agencies)
        for key, (side, *facts) in EMPLOYERS.items()
    }
    units = {}
    for row in CourseUnit.objects.order_by("course", "position").select_related("course", "unit"):
        units.setdefault(row.course.code, []).append(row.unit.code)
    trades = {trade.name: trade for trade in Trade.objects.all()}
    posted = {}
    for key, (side, employer, title, trade, course, *facts) in VACANCIES.items():
        about = {"employer": made[employer], "title": title, "trade": trades.get(trade)}
        posted[key] = _vacancy(sides[side], about, units.get(course, []), facts)
    _move_on(sides, made, posted)
    return Work(made, posted)


def _employer(key, side, facts, agencies):
    kind, name, number, sector, size, region, openness, conditions = facts
    contact, phone, email = CONTACTS.get(key, ("", "", ""))
    return did(
        employers.register,
        **side,
        kind=kind,
        name=name,
        identity_number=number,
        sector=sector,
        size=size,
        region_code=region,
        openness=openness,
        conditions=conditions,
        contact_name=contact,
        phone=phone,
        email=email,
        partner=agencies["company"] if key == "company" else None,
    )


def _vacancy(side, about, units, facts):
    places, pay_from, pay_to, starts, closes, number, more = facts
    terms = {
        "units": units,
        "places": places,
        "pay_from": pay_from,
        "pay_to": pay_to,
        "starts_on": day(starts),
        "closes_on": day(closes),
        "report_number": number,
    } | more
    if closes >= 0:
        return did(vacancies.post, **side, **about, **terms)
    by, kept_for = side["by"], {name: who for name, who in side.items() if name != "by"}
    terms["region_code"] = about["employer"].region_code
    with acting(by):  # nobody posts a vacancy that has passed its day already
        return Vacancy.objects.create(**kept_for, created_by=by, state_by=by, **about, **terms)


def _move_on(sides, made, posted):
    """Closed, cancelled, changed, reopened; an employer kept by both sides, and one given up."""
    prison, disnaker = sides[PRISON], sides[DISNAKER]
    did(vacancies.close, by=disnaker["by"], vacancy=posted["closed"], reason="Sudah dapat orangnya")
    did(
        vacancies.cancel,
        by=prison["by"],
        vacancy=posted["cancelled"],
        reason="Perusahaan menunda penambahan regu",
    )
    did(vacancies.edit, by=disnaker["by"], vacancy=posted["welder"], places=5)
    did(vacancies.close, by=prison["by"], vacancy=posted["mason"])
    did(vacancies.reopen, by=prison["by"], vacancy=posted["mason"], closes_on=day(35))
    did(employers.join, **prison, identity_number=made["steel"].identity_number)
    given_up = _employer(
        "closed_shop",
        prison,
        (EmployerKind.SMALL, "Kedai Kopi Pelabuhan", "", "Makanan", EmployerSize.MICRO, CILEGON,
         Openness.YES, ""),
        {},
    )  # fmt: skip
    did(employers.deactivate, by=prison["by"], employer=given_up, reason="Usahanya tutup")
