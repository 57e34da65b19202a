"""Why work cannot be written down: `{field: sentence}`, empty when all is well."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from inmates.models import Custody
from inmates.states import CustodyEnd
from placements.employment import PayBand, PlacementKind, VacancyState
from placements.models import Employer

EARLIEST_YEAR = 2000
JOB_LENGTH, REASON_LENGTH = 150, 250
NOT_FREE = {
    CustodyEnd.DIED: lambda: _("Orang ini tercatat meninggal."),
    CustodyEnd.ESCAPED: lambda: _("Orang ini tercatat melarikan diri."),
    CustodyEnd.TRANSFERRED: lambda: _("Orang ini tercatat pindah ke lapas lain, belum bebas."),
}


def refuse(problems):
    """Raise them all, each beside its field (`None`: beside none)."""
    problems = {field: sentence for field, sentence in problems.items() if sentence}
    if set(problems) == {None}:
        raise NotAllowed(problems[None])
    if problems:
        raise NotAllowed(
            {field or "__all__": ValidationError(text) for field, text in problems.items()}
        )


def problems_of_job(job, pay_band):
    found = {}
    if not job:
        found["job"] = _("Sebutkan pekerjaannya.")
    if pay_band not in PayBand.values:
        found["pay_band"] = _("Pilihan ini tidak tersedia di sini.")
    return found


def problems_of_employer(kind, employer, by, *, known=None):
    """`known` is the employer that stands there already: it need be neither seen nor active."""
    if kind == PlacementKind.SELF_EMPLOYED:
        return {}
    if employer is None:
        return {"employer": _("Pilih pemberi kerja.")}
    if employer == known:
        return {}
    if not Employer.objects.visible_to(by).filter(pk=employer.pk).exists():
        return {"employer": _("Pemberi kerja ini tidak dikenal di sini.")}
    if not employer.is_active:
        return {"employer": _("Pemberi kerja ini ditandai tidak aktif.")}
    return {}


def problems_of_vacancy(vacancy, employer):
    """For somebody who takes a place of it now; its row is locked."""
    if vacancy is None:
        return {}
    if vacancy.employer_id != (employer and employer.pk):
        return {"vacancy": _("Lowongan ini dari pemberi kerja lain.")}
    if vacancy.state == VacancyState.CANCELLED:
        return {"vacancy": _("Lowongan ini sudah dibatalkan.")}
    if vacancy.places_free <= 0:
        return {
            "vacancy": _("Lowongan ini sudah terisi semua (%(filled)s dari %(places)s).")
            % {"filled": vacancy.places_filled, "places": vacancy.places}
        }
    return {}


def problems_of_end(starts_on, ended_on, reason):
    """Of work that is over: on which day, and why."""
    found = {}
    if ended_on < starts_on:
        found["ended_on"] = _("Pekerjaan ini baru mulai pada %(day)s.") % {"day": _day(starts_on)}
    elif ended_on > timezone.localdate():
        found["ended_on"] = _("Tanggal tidak boleh di masa depan.")
    if not reason:
        found["reason"] = _("Sebutkan alasannya.")
    return found


def problems_of_freedom(records, facility_id, starts_on, ended_on=None):
    """Whether the person was free all the time, released by this prison; `facility_id` None: any.

    While serving somebody works outside by work release only.
    """
    if starts_on > timezone.localdate():
        return {"starts_on": _("Tanggal ini belum lewat; catat setelah orangnya mulai bekerja.")}
    if starts_on.year < EARLIEST_YEAR:
        return {"starts_on": _("Tahunnya tidak masuk akal.")}
    stays = list(_stays(records))
    inside = next((stay for stay in stays if _overlaps(stay, starts_on, ended_on)), None)
    if inside:
        return _inside(inside)
    before = [stay for stay in stays if stay.until and stay.until <= starts_on]
    if not before:
        return {"starts_on": _("Sebelum tanggal itu orang ini belum pernah bebas dari lapas.")}
    last = before[-1]
    if last.ended_how in NOT_FREE:
        return {None: NOT_FREE[last.ended_how]()}
    if facility_id is not None and last.facility_id != facility_id:
        return {None: _("Orang ini bebas dari lapas lain; lapas itu yang mencatat pekerjaannya.")}
    return {}


def problems_of_custody(records, facility_id, starts_on, ended_on=None):
    """Whether the prison held the person, sentenced, when work release began, and to its end."""
    stays = _stays(records).filter(facility=facility_id)
    stay = next(
        (
            stay
            for stay in stays
            if stay.starts <= starts_on
            and (stay.until is None or (ended_on is not None and ended_on <= stay.until))
        ),
        None,
    )
    if stay is None:
        return {None: _("Asimilasi kerja hanya untuk orang yang ditempatkan di lapas ini.")}
    if not stay.is_sentenced:
        return {None: _("Asimilasi kerja hanya untuk narapidana (register B).")}
    return {}


def _stays(records):
    rows = Custody.objects.filter(inmate__in=records).exclude(ended_how=CustodyEnd.DUPLICATE)
    return rows.order_by("starts", "pk")


def _overlaps(stay, starts_on, ended_on):
    return (stay.until is None or stay.until > starts_on) and (
        ended_on is None or stay.starts < ended_on
    )


def _inside(stay):
    if stay.until is None:
        return {
            None: _(
                "Orang ini masih ditempatkan di lapas sejak %(day)s. Selama menjalani pidana, "
                "pekerjaan di luar hanya bisa dicatat sebagai asimilasi kerja."
            )
            % {"day": _day(stay.starts)}
        }
    return {"starts_on": _("Orang ini baru bebas pada %(day)s.") % {"day": _day(stay.until)}}


def _day(day):
    return formats.date_format(day)
