"""What work release while serving needs, and why it cannot begin or go on (field notes 5.3).

`{field: sentence}`, so that each refusal stands beside its field. The database refuses a missing
paper, too.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from inmates import rules
from inmates.models import Consent, Inmate, Restriction, Sentence
from inmates.states import ConsentPurpose
from partners.models import Agreement
from partners.rules import last_day
from partners.states import UMBRELLAS
from placements.employment import PayBand, PlacementState, Weekday
from placements.services.placement_checks import problems_of_custody, refuse

SCANS = ("decree_scan", "family_guarantee", "institution_guarantee")
PURPOSE = ConsentPurpose.PROFILE  # an employer gets to know the person
PAID_ENOUGH = (PayBand.AROUND, PayBand.ABOVE)


def problems_of_decree(number, decree_on, until, first, last):
    """`first` and `last` are the days for which it has to hold."""
    found = {}
    if not number:
        found["decree_number"] = _("Isi nomor SK asimilasi.")
    if decree_on is None:
        found["decree_on"] = _("Isi tanggal SK asimilasi.")
    elif decree_on > timezone.localdate():
        found["decree_on"] = _("Tanggal SK tidak boleh di masa depan.")
    elif decree_on > first:
        found["decree_on"] = _("SK ini baru terbit sesudah %(day)s.") % {"day": _day(first)}
    if until and decree_on and until < decree_on:
        found["decree_until"] = _("SK berakhir sebelum tanggalnya.")
    elif until and until < last:
        found["decree_until"] = _("SK ini sudah berakhir sebelum %(day)s.") % {"day": _day(last)}
    return found


def problems_of_scans(scans):
    """`scans` are uploads by the names of `SCANS`; they are judged by their content."""
    missing = {
        "decree_scan": _("Unggah pindaian SK asimilasi."),
        "family_guarantee": _("Unggah pindaian surat jaminan keluarga."),
        "institution_guarantee": _("Unggah pindaian surat jaminan lembaga."),
    }
    found = {}
    for name, file in scans.items():
        if not file:
            found[name] = missing[name]
            continue
        try:
            checked_scan(file)
        except ValidationError as error:
            found[name] = " ".join(error.messages)
    return found


def problems_of_agreement(agreement, employer, facility_id, *days):
    """One signed with the employer as a partner, that holds on each of these days."""
    if employer is None:
        return {}
    if employer.partner_id is None:
        return {
            "employer": _(
                "Pemberi kerja ini belum dihubungkan dengan mitra; asimilasi kerja perlu "
                "perjanjian kerja sama dengannya."
            )
        }
    if agreement is None:
        return {"agreement": _("Pilih perjanjian kerja sama dengan pemberi kerja.")}
    if (agreement.facility_id, agreement.agency_id) != (facility_id, employer.partner_id):
        return {"agreement": _("Perjanjian ini bukan dengan pemberi kerja itu.")}
    if agreement.kind in UMBRELLAS:
        return {"agreement": _("Nota Kesepahaman belum cukup; perlu perjanjian kerja sama (PKS).")}
    missing = next((day for day in days if not holds(agreement, day)), None)
    if missing is None:
        return {}
    until = last_day(agreement)
    if until is None:
        return {"agreement": _("Perjanjian ini belum ditandatangani.")}
    return {
        "agreement": _("Pada %(day)s perjanjian ini tidak berlaku (%(since)s – %(until)s).")
        % {"day": _day(missing), "since": _day(agreement.starts_on), "until": _day(until)}
    }


def holds(agreement, day):
    """Whether the agreement, or the one that continues it, is in force on the day."""
    successor = getattr(agreement, "successor", None)
    return _in_force(agreement, day) or (successor is not None and _in_force(successor, day))


def _in_force(agreement, day):
    until = last_day(agreement)
    return until is not None and agreement.starts_on <= day <= until


def problems_of_hours(leaves_at, returns_at, weekdays):
    found = {}
    if leaves_at is None:
        found["leaves_at"] = _("Isi jam keluar.")
    if returns_at is None:
        found["returns_at"] = _("Isi jam kembali.")
    if leaves_at and returns_at:
        if returns_at <= leaves_at:
            found["returns_at"] = _("Kembali pada hari yang sama, sesudah jam keluar.")
        elif hours_between(leaves_at, returns_at) > settings.WORK_RELEASE_HOURS:
            found["returns_at"] = _("Paling lama %(hours)s jam sehari dari pintu ke pintu.") % {
                "hours": settings.WORK_RELEASE_HOURS
            }
    if not weekdays or set(weekdays) - set(Weekday.values):
        found["weekdays"] = _("Pilih hari kerjanya.")
    return found


def hours_between(leaves_at, returns_at):
    """Hours from one time to another of the same day, negative when it is earlier."""
    any_day = date(2000, 1, 1)
    apart = datetime.combine(any_day, returns_at) - datetime.combine(any_day, leaves_at)
    return apart / timedelta(hours=1)


def problems_of_pay(pay_band):
    if pay_band in PAID_ENOUGH:
        return {}
    return {"pay_band": _("Upah asimilasi kerja paling sedikit upah minimum.")}


def problems_of_eligibility(records, starts_on, note):
    """Half of the sentence has to be served. Only a date of SDP refuses (field notes 2.3).

    Where SDP states none, `note` says on what the eligibility rests.
    """
    stated, computed = half_served(records)
    if stated:
        if starts_on >= stated:
            return {}
        return {
            "starts_on": _("1/2 masa pidana menurut SDP baru dijalani pada %(day)s.")
            % {"day": _day(stated)}
        }
    if note:
        return {}
    said = _("SDP tidak memuat tanggal 1/2 masa pidana. Sebutkan dasar kelayakannya.")
    if computed:
        said = _(
            "SDP tidak memuat tanggal 1/2 masa pidana; menurut hitungan %(day)s. Sebutkan dasar "
            "kelayakannya."
        ) % {"day": _day(computed)}
    return {"eligibility_note": said}


def half_served(records):
    """When half is served, as (what SDP states, what is computed); either may be None."""
    sentence = Sentence.objects.filter(inmate__in=records).order_by("-as_of", "pk").first()
    if sentence is None:
        return None, None
    return sentence.one_half, rules.computed(sentence)["one_half"]


def problems_of_person(records, *days):
    """No restriction in force on one of the days, and a consent on the last of them."""
    found = []
    if said := restricted(restrictions_of(records, *days)):
        found.append(said)
    if not consents_of(records, days[-1]).exists():
        found.append(_consent_missing())
    return {None: " ".join(found)} if found else {}


def _consent_missing():
    said = _("Belum ada persetujuan orang ini yang berlaku untuk “%(purpose)s”.")
    return said % {"purpose": PURPOSE.label}


def restrictions_of(records, *days):
    """Those of the person that keep them in on one of the days."""
    rows = Restriction.objects.keeping_out().filter(inmate__in=records)
    return [row for row in rows if any(_keeps_in(row, day) for day in days)]


def _keeps_in(restriction, day):
    return restriction.starts <= day and (restriction.until is None or restriction.until >= day)


def restricted(restrictions):
    """A sentence that names the kinds, empty without any."""
    kinds = sorted({str(row.get_kind_display()) for row in restrictions})
    return kinds and _("Ada pembatasan yang berlaku: %(kinds)s.") % {"kinds": ", ".join(kinds)}


def consents_of(records, day):
    return Consent.objects.in_force(day, purpose=PURPOSE).filter(inmate__in=records)


def obstacles(placement, day, restrictions=()):
    """Sentences: why somebody may not go out to work on a day; none when they may.

    Of a row with person, agreement and its successor; `restrictions` are those in force that day.
    """
    found = []
    if placement.state != PlacementState.RUNNING:
        found.append(_("Asimilasi kerja ini sudah berakhir."))
    if day < placement.starts_on:
        found.append(_("Baru mulai pada %(day)s.") % {"day": _day(placement.starts_on)})
    if day.isoweekday() not in placement.weekdays:
        found.append(_("Bukan hari kerjanya."))
    person = placement.inmate.merged_into or placement.inmate
    if person.prison_id != placement.facility_id:
        found.append(_("Tidak lagi ditempatkan di lapas ini."))
    found += lapsed(placement, day)
    if restrictions:
        found.append(restricted(restrictions))
    return found


def lapsed(placement, day):
    """Sentences: which of the papers does not hold on a day."""
    found = []
    if not holds(placement.agreement, day):
        found.append(_("Perjanjian dengan pemberi kerja tidak berlaku."))
    if placement.decree_until and placement.decree_until < day:
        found.append(
            _("SK asimilasi berakhir pada %(day)s.") % {"day": _day(placement.decree_until)}
        )
    return found


@dataclass(frozen=True)
class Standing:
    """How far somebody is for work release: when half is served, and what is in the way now."""

    stated: date | None
    computed: date | None
    restricted: str
    consent_missing: str

    @property
    def is_served(self):
        day = self.stated or self.computed
        return day is not None and day <= timezone.localdate()


def standing_of(inmate):
    records = list(Inmate.objects.records_of(inmate))
    stated, computed = half_served(records)
    today = timezone.localdate()
    return Standing(
        stated,
        computed,
        restricted(restrictions_of(records, today)) or "",
        "" if consents_of(records, today).exists() else _consent_missing(),
    )


def check_goes_on(placement, records):
    """Raise `NotAllowed` unless all that work release needs holds today."""
    today = max(timezone.localdate(), placement.starts_on)
    scans = {name: getattr(placement, name) for name in SCANS}
    problems = problems_of_custody(records, placement.facility_id, placement.starts_on)
    problems |= problems_of_person(records, today)
    sentences = [*problems.values(), *lapsed(placement, today)]
    if not all(scans.values()):
        sentences.append(_("Pindaian surat-suratnya sudah tidak ada; catat asimilasi kerja baru."))
    if sentences:
        refuse({None: " ".join(sentences)})


def agreements_with(employer, facility):
    """Signed agreements of the prison with the employer's partner that still hold or will."""
    rows = Agreement.objects.usable().filter(facility=facility).exclude(kind__in=UMBRELLAS)
    return rows.filter(agency=employer.partner_id) if employer else rows


def _day(day):
    return formats.date_format(day)
