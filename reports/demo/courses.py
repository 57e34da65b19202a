"""Trades and training programmes that a BLK typically offers (lesson hours vary in practice)."""

import pghistory

from training.models import Course, Trade

# Code: trade, name, lesson hours, KKNI level, youngest, oldest.
COURSES = {
    "LAS-SMAW": ("Las", "Las SMAW pelat posisi 1G–4G", 280, 2, 18, 50),
    "RAC-AC": ("Pendingin", "Teknisi AC rumah tangga", 240, 2, 18, None),
    "GAR-JAHIT": ("Garmen", "Menjahit pakaian dengan mesin", 240, 2, None, None),
    "OTO-MOTOR": ("Otomotif", "Tune-up sepeda motor injeksi", 240, 2, 18, None),
    "BOGA-ROTI": ("Tata boga", "Pembuatan roti dan kue", 144, None, None, None),
    "KOPI-BAR": ("Tata boga", "Barista", 120, None, None, None),
    "BGN-KAYU": ("Bangunan", "Tukang kayu dan mebel", 160, 2, 18, None),
    "BGN-PAVING": ("Bangunan", "Pembuatan paving block", 40, None, 18, 55),
    "TIK-KANTOR": ("TIK", "Aplikasi perkantoran", 160, 2, None, None),
    "JASA-CUKUR": ("Jasa", "Pangkas rambut pria", 80, None, None, None),
    "JASA-SABLON": ("Jasa", "Sablon kaus", 60, None, None, None),
    "LIS-INST": ("Listrik", "Instalasi listrik bangunan sederhana", 240, 2, 18, None),
    "AGR-HIDRO": ("Pertanian", "Hidroponik sayuran", 60, None, None, None),
}


def create():
    """The catalogue, by code."""
    with pghistory.context(name="load_demo"):
        return {code: _create_course(code, *fields) for code, fields in COURSES.items()}


def _create_course(code, trade, name, jp, level, youngest, oldest):
    trade, _made = Trade.objects.get_or_create(name=trade)
    course, _made = Course.objects.get_or_create(
        code=code,
        defaults={
            "trade": trade,
            "name": name,
            "jp": jp,
            "kkni_level": level,
            "minimum_age": youngest,
            "maximum_age": oldest,
        },
    )
    return course
