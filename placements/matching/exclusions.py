"""What keeps a person from being referred to a vacancy although their skills fit, and its sentence.

Without a consent nobody is named at all: that is no exclusion here but the count of the ranking.
"""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from inmates.rules import age_on
from inmates.states import Sex
from placements.employment import ReferralState
from placements.matching.points import starts_of

# Codes with what the statement asks of the columns of `facts`, in the order of their sentences.
ASKED = {
    "employer": "takes_nobody",
    "working": "is_working",
    "hired": "is_hired",
    "referred": "referred IS NOT NULL",
    "late": "available > latest",
    "security": "is_opposed AND NOT is_free",
    "sex": "wants_sex <> '' AND sex <> '' AND sex <> wants_sex",
    "age": "birth_date > born_by OR birth_date <= born_after",
    "education": "school < schooled",
}


def exclusions_sql():
    """An array of the codes that hold."""
    codes = (f"CASE WHEN {asked} THEN '{code}' END" for code, asked in ASKED.items())
    return f"array_remove(ARRAY[{', '.join(codes)}]::text[], NULL)"


def is_excluded_sql():
    return " OR ".join(f"coalesce({asked}, false)" for asked in ASKED.values())


def sentences(match, vacancy, person):
    """Why the person cannot be referred now, one sentence for each code of the match."""
    return [SENTENCES[code](match, vacancy, person) for code in match.exclusions]


def of_employer(match, vacancy, person):
    return _("Pemberi kerja ini tidak menerima mantan Warga Binaan.")


def of_work(match, vacancy, person):
    return _("Sudah tercatat bekerja.")


def of_acceptance(match, vacancy, person):
    return _("Sudah diterima bekerja; tinggal dicatat mulainya.")


def of_referral(match, vacancy, person):
    if match.referred == ReferralState.DECLINED:
        return _("Pernah dirujuk ke lowongan ini dan ditolak.")
    state = ReferralState(match.referred).label
    return _("Sudah dirujuk ke lowongan ini: %(state)s.") % {"state": str(state).lower()}


def of_release(match, vacancy, person):
    start = starts_of(vacancy)
    sentence = _("Baru tersedia %(day)s; lowongan mulai %(start)s.")
    if start is None:
        sentence = _("Baru tersedia %(day)s, terlalu lama sesudah lowongan ditutup %(start)s.")
    return sentence % {
        "day": formats.date_format(match.available),
        "start": formats.date_format(start or vacancy.closes_on),
    }


def of_security(match, vacancy, person):
    return _("Ada catatan keamanan yang berlaku.")


def of_sex(match, vacancy, person):
    return _("Lowongan ini untuk %(sex)s.") % {"sex": str(Sex(vacancy.sex).label).lower()}


def of_age(match, vacancy, person):
    day = starts_of(vacancy) or timezone.localdate()
    places = {
        "age": age_on(person.birth_date, day),
        "from": vacancy.age_from,
        "to": vacancy.age_to,
    }
    if vacancy.age_to is None:
        return _("Berumur %(age)s tahun; lowongan meminta paling muda %(from)s.") % places
    if vacancy.age_from is None:
        return _("Berumur %(age)s tahun; lowongan meminta paling tua %(to)s.") % places
    return _("Berumur %(age)s tahun; lowongan meminta %(from)s sampai %(to)s.") % places


def of_education(match, vacancy, person):
    return _("Pendidikan %(own)s; lowongan meminta paling rendah %(asked)s.") % {
        "own": person.education,
        "asked": vacancy.education,
    }


SENTENCES = {
    "employer": of_employer,
    "working": of_work,
    "hired": of_acceptance,
    "referred": of_referral,
    "late": of_release,
    "security": of_security,
    "sex": of_sex,
    "age": of_age,
    "education": of_education,
}
