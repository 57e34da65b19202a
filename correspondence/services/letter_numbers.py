"""The number of a letter, and the name below it, both as they are on its day.

The number of an `own` series is taken under the lock of the series' row, always the last lock of
a transaction: a rollback gives it back. In a `book` series it is typed from the register.
"""

from django.db.models import Case, Exists, When
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.by_key import asked_by_key
from accounts.inserts import update
from accounts.models import Posting
from accounts.refusals import NotAllowed
from accounts.roles import ROLE_LABELS
from correspondence import letter_kinds
from correspondence.models import Letter, LetterSeries
from correspondence.states import LetterState, SeriesMode


def series_of(letter):
    """The series that numbers this letter: of its kind, else that of general letters; or None."""
    return next(iter(_series(*_numbering(letter))), None)


def is_in_book(facility, kind):
    """Whether the secretariat's book numbers letters of the kind; False without any series."""
    series = series_of(Letter(facility=facility, kind=kind))
    return series is not None and series.mode == SeriesMode.BOOK


def take(letter, *, typed=""):
    """Number a letter that has its date, and save the number.

    `typed` is the number in the register, for a `book` series only. Raises `NotAllowed`.
    """
    series = next(iter(_locked_series(*_numbering(letter))), None)
    if series is None or (series.mode == SeriesMode.BOOK and not letter_kinds.get(letter.kind)):
        raise NotAllowed(
            _("Nomor surat belum diatur: minta admin membuat seri nomor untuk surat ini.")
        )
    letter.series, letter.year = series, letter.dated.year
    if series.mode == SeriesMode.BOOK:
        letter.number, letter.sequence = _written(series, letter, typed), None
    else:
        letter.number, letter.sequence = _counted(series, letter)
    letter.state = LetterState.NUMBERED
    update(letter, "series", "number", "sequence", "year", "state")


def signatory_of(user, facility_id, *preferred_roles):
    """Name, NIP, title and Plt./Plh. of whoever signs, as they are today."""
    postings = [p for p in user.current_postings if p.facility_id == facility_id]
    postings.sort(key=lambda posting: posting.role_id not in preferred_roles)
    return _snapshot(user, postings[0])


def holder_of(facility_id, role, on):
    """Who signs for a post on a day: the newest posting, so that a Plh. goes before the absent.

    A dict as of `signatory_of`, with the role and the holder's `user`. Raises `NotAllowed` when
    nobody holds the post.
    """
    posting = (
        Posting.objects.current(on)
        .filter(facility=facility_id, role=role, user__is_active=True)
        .select_related("user")
        .order_by("-starts", "-pk")
        .first()
    )
    if posting is None:
        raise NotAllowed(
            _("Jabatan %(post)s kosong pada tanggal itu: catat dulu pejabat atau Plt./Plh.-nya.")
            % {"post": ROLE_LABELS.get(role, role)}
        )
    person = {"role": role, "user": str(posting.user.public_id)}
    return _snapshot(posting.user, posting) | person


def _snapshot(user, posting):
    return {
        "name": user.name,
        "nip": user.nip,
        "title": posting.title or str(ROLE_LABELS.get(posting.role_id, posting.role_id)),
        "acting": posting.acting,
    }


def _numbering(letter):
    kinds = [letter.kind, letter_kinds.GENERAL] if letter_kinds.get(letter.kind) else [letter.kind]
    return letter.facility_id, ",".join(kinds)


@asked_by_key
def _series(facility_id, kinds):
    return _rows_of_series(facility_id, kinds)


@asked_by_key
def _locked_series(facility_id, kinds):
    return _rows_of_series(facility_id, kinds).select_for_update(no_key=True)


def _rows_of_series(facility_id, kinds):
    its_own_first = Case(When(kind=letter_kinds.GENERAL, then=1), default=0)
    rows = LetterSeries.objects.filter(facility=facility_id, kind__in=kinds.split(","))
    return rows.order_by(its_own_first)[:1]


@asked_by_key
def _last(series, year):
    """Of the letters in a series the last one, with whether any of the year was typed, from when
    the series was kept as a book."""
    typed = Letter.objects.filter(series=series, year=int(year), sequence=None)
    rows = Letter.objects.filter(series=series).order_by("-dated", "-sequence")
    return rows.annotate(some_typed=Exists(typed)).only("dated", "number")[:1]


def _written(series, letter, typed):
    number = typed.strip()
    if not number:
        raise NotAllowed({"number": _("Ketik nomor dari buku agenda.")})
    taken = Letter.objects.filter(series=series, year=letter.year, number=number).first()
    if taken:
        raise NotAllowed(
            {
                "number": _("Nomor ini sudah dipakai surat “%(subject)s” tanggal %(day)s.")
                % {"subject": taken.subject, "day": formats.date_format(taken.dated)}
            }
        )
    return number


def _counted(series, letter):
    typed = Letter.objects.filter(series=series, year=letter.year, sequence=None)
    last = next(iter(_last(series.pk, str(letter.year))), None)
    _check_follows(last, letter)
    if series.counter_year != letter.year:
        series.counter_year, series.counter = letter.year, 0
    series.counter += 1
    number = _in_pattern(series, letter)
    while last and last.some_typed and typed.filter(number=number).exists():
        series.counter += 1
        number = _in_pattern(series, letter)
    update(series, "counter_year", "counter")
    return number, series.counter


def _in_pattern(series, letter):
    try:
        return series.pattern.format(
            number=series.counter,
            year=letter.year,
            month=letter.dated.strftime("%m"),
            code=letter.data.get("classification", ""),
        )
    except (LookupError, ValueError, AttributeError) as error:
        raise NotAllowed(
            _("Pola nomor surat salah: minta admin membetulkan seri nomornya.")
        ) from error


def _check_follows(last, letter):
    """Numbers that the app counts follow each other in time, within a year and over the years."""
    if last and last.dated > letter.dated:
        raise NotAllowed(
            {
                "dated": _("Surat terakhir dalam seri ini bertanggal %(day)s (%(number)s).")
                % {"day": formats.date_format(last.dated), "number": last.number}
            }
        )
