"""Synthetic people: names drawn from lists of our own, the same in every demo."""

import random

FIRST = (
    "Agus Ahmad Andi Arif Asep Bagas Bambang Bayu Budi Cahya Dadan Dani Dede Deni Dimas Eko Endang "
    "Fajar Farid Galih Gilang Hadi Hendra Herman Iqbal Irfan Iwan Jajang Joko Kurnia Lukman Maman "
    "Mulyadi Nana Nurdin Oman Purnomo Rahmat Rian Rizal Rudi Samsul Sandi Slamet Sofyan Sugeng "
    "Sunarto Surya Taufik Tono Ujang Wahyu Wawan Yana Yudi Yusuf Zainal"
).split()
LAST = (
    "Abdullah Anwar Ardiansyah Basuki Darmawan Effendi Firmansyah Gunawan Hakim Hamdani Hidayat "
    "Ibrahim Irawan Jayadi Kusnadi Lesmana Maulana Mulyana Nugraha Permana Prakoso Purnama Ramdani "
    "Rosadi Saputra Setiadi Sobari Subagja Suhendar Sukardi Supriadi Sutisna Suwandi Triyono "
    "Wibowo Wijaya Yulianto"
).split()
STREETS = "Kenanga Melati Pelabuhan Cendana Industri Masjid Pasar Stasiun Merdeka Anggrek".split()
CILEGON = "Cibeber Cilegon Pulomerak Ciwandan Jombang Gerogol Purwakarta Citangkil".split()
ELSEWHERE = (
    ("Kabupaten Serang", "Banten"),
    ("Kota Serang", "Banten"),
    ("Kabupaten Pandeglang", "Banten"),
    ("Kota Tangerang", "Banten"),
    ("Kabupaten Bogor", "Jawa Barat"),
)


def people(count, seed):
    """`count` dictionaries of a person's plain fields; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a demo, not a secret
    seen = set()
    while len(seen) < count:
        seen.add(f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}".upper())
    for name in sorted(seen, key=lambda _name: chance.random()):
        at_home = chance.random() < 0.35
        city, province = ("Kota Cilegon", "Banten") if at_home else chance.choice(ELSEWHERE)
        where = f" Kec. {chance.choice(CILEGON)}" if at_home else ""
        yield {
            "name": name,
            "city": city,
            "province": province,
            "address": f"Jl. {chance.choice(STREETS)} No. {chance.randint(1, 99)}{where}",
            "education": chance.choice(["SD", "SMP", "SMP", "SMA", "SMA", "SMK", "D3"]),
            "occupation": chance.choice(["Buruh", "Wiraswasta", "Petani", "Sopir", ""]),
            "birth_place": city.removeprefix("Kota ").removeprefix("Kabupaten "),
            "age_days": chance.randint(20 * 365, 52 * 365),
            "months_left": chance.randint(4, 30),
        }
