"""The register of agreements as supervision asks for it: one line each. Pure.

Source of its columns: field notes 3.1 (background, term, implementation and benefit of each
running agreement), with the parties, both numbers, the dates and the seats.
"""

from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import rules
from partners.states import PAST_NOTICE

LONGEST = 4000  # letters of a text
LONG = 700  # letters of a text that may take a large part of a printed page
TEXTS = ("background", "implementation", "benefit")

Column = namedtuple("Column", "heading width value")


def term_in_words(agreement):
    """How long the term is, both days counted: "2 tahun", "1 tahun 6 bulan", "45 hari"."""
    if not agreement.starts_on or not agreement.ends_on:
        return ""
    length = relativedelta(agreement.ends_on + timedelta(days=1), agreement.starts_on)
    parts = [
        (length.years, _("%(number)s tahun")),
        (length.months, _("%(number)s bulan")),
        (length.days, _("%(number)s hari")),
    ]
    return " ".join(words % {"number": number} for number, words in parts if number)


def term_in_years(starts_on, ends_on):
    """How many whole years a term lasts, 0 when it is not whole years."""
    length = relativedelta(ends_on + timedelta(days=1), starts_on)
    return 0 if length.months or length.days else max(length.years, 0)


def status_in_words(agreement):
    """What the agreement is worth today, in words (a row `with_status`)."""
    status = agreement.get_status_display()
    return f"{status}; {PAST_NOTICE[1]}".lower() if agreement.is_past_notice else status.lower()


def lacking(agreement):
    """Labels of the texts that supervision asks for and that are not written yet."""
    return [
        agreement._meta.get_field(name).verbose_name
        for name in TEXTS
        if not getattr(agreement, name).strip()
    ]


COLUMNS = (
    Column(gettext_lazy("Jenis"), 16, lambda row: row.get_kind_display()),
    Column(gettext_lazy("Judul"), 36, lambda row: row.title),
    Column(gettext_lazy("Pihak kesatu"), 26, lambda row: row.facility.name),
    Column(gettext_lazy("Pihak kedua"), 26, lambda row: row.agency.name),
    Column(gettext_lazy("Nomor pihak kesatu"), 24, lambda row: row.our_number),
    Column(gettext_lazy("Nomor pihak kedua"), 24, lambda row: row.their_number),
    Column(gettext_lazy("Ditandatangani"), 13, lambda row: row.signed_on),
    Column(gettext_lazy("Berlaku mulai"), 13, lambda row: row.starts_on),
    Column(gettext_lazy("Berlaku sampai"), 13, lambda row: row.ends_on),
    Column(gettext_lazy("Dihentikan per"), 13, lambda row: row.terminated_on),
    Column(gettext_lazy("Jangka waktu"), 16, term_in_words),
    Column(gettext_lazy("Sisa hari"), 9, lambda row: _days_left(row)),
    Column(gettext_lazy("Batas usulan perpanjangan"), 13, lambda row: row.notice_by),
    Column(gettext_lazy("Masa berlaku"), 18, status_in_words),
    Column(gettext_lazy("Kursi per tahun"), 9, lambda row: row.seats_per_year),
    Column(gettext_lazy("Latar belakang"), 45, lambda row: row.background),
    Column(gettext_lazy("Ruang lingkup"), 45, lambda row: row.scope),
    Column(gettext_lazy("Pelaksanaan"), 45, lambda row: row.implementation),
    Column(gettext_lazy("Manfaat"), 45, lambda row: row.benefit),
)


def _days_left(agreement):
    days = rules.days_left(agreement)
    return days if days is not None and days >= 0 else None


def paper(agreements, office, today):
    """What the printed register holds: plain data in Indonesian, the words are in the template."""
    with translation.override("id"):
        return {
            **office,
            "on": _day(today),
            "agreements": [_printed(agreement) for agreement in agreements],
        }


def _printed(agreement):
    return {
        "kind": str(agreement.get_kind_display()),
        "title": agreement.title,
        "parties": [agreement.facility.name, agreement.agency.name],
        "numbers": [agreement.our_number, agreement.their_number],
        "signed_on": _day(agreement.signed_on),
        "starts_on": _day(agreement.starts_on),
        "ends_on": _day(agreement.ends_on),
        "terminated_on": _day(agreement.terminated_on),
        "notice_by": _day(agreement.notice_by),
        "term": term_in_words(agreement),
        "status": status_in_words(agreement),
        "seats": agreement.seats_per_year,
        "scope": agreement.scope,
        **{name: getattr(agreement, name) for name in TEXTS},
        "is_long": max(len(getattr(agreement, name)) for name in (*TEXTS, "scope")) > LONG,
    }


def _day(day):
    """Kept on one line."""
    return formats.date_format(day, "j F Y").replace(" ", "\u00a0") if day else ""
