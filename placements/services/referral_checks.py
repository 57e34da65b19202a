"""What must hold for a referral to go on. Each check gives a sentence, empty when all is well."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import wall
from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.states import LetterState
from inmates.models import Consent, Custody, DataLimit, Inmate
from inmates.states import ConsentPurpose, CustodyEnd
from placements.employment import Openness, PlacementKind, ReferralState, VacancyState
from placements.models import Placement, Referral
from placements.services.referral_rows import clock

GONE = (CustodyEnd.DIED, CustodyEnd.ESCAPED)


def is_gone(inmate):
    """Whether the person's last stay anywhere ended by death or escape."""
    stays = Custody.objects.filter(inmate__in=Inmate.objects.records_of(inmate))
    last = stays.order_by("until", "starts", "pk").last()
    return last is not None and not stays.open().exists() and last.ended_how in GONE


def consent_of(inmate):
    """The person's consent to being referred that holds today, or None."""
    return (
        Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL)
        .filter(inmate__in=Inmate.objects.records_of(inmate))
        .first()
    )


def limited(inmate):
    """That the person asked that their data be used no further, as a sentence; empty if not."""
    limit = DataLimit.objects.standing().filter(inmate=inmate.merged_into_id or inmate.pk).first()
    if limit is None:
        return ""
    return _("Pemrosesan data orang ini dibatasi atas permintaannya sejak %(day)s.") % {
        "day": formats.date_format(limit.asked_on)
    }


def needs_consent(referral):
    """No step forward without it. A consent that was renewed takes the place of the old one."""
    consent = consent_of(referral.inmate)
    if consent is None:
        return _("Persetujuan orang ini untuk dirujuk tidak berlaku lagi.")
    if consent.pk != referral.consent_id:
        referral.consent = consent
        referral.save(update_fields=["consent"])
    return ""


def needs_person(referral):
    """In custody at the prison that recommends, or released from it."""
    records = Inmate.objects.records_of(referral.inmate)
    stays = Custody.objects.filter(inmate__in=records)
    last = stays.filter(facility=referral.facility_id).order_by("starts", "pk").last()
    if last is not None and last.until is None:
        return ""
    if last is not None and last.ended_how == CustodyEnd.RELEASED and not stays.open().exists():
        return ""
    return _("Orang ini tidak lagi ditempatkan di lapas ini.")


def needs_vacancy(referral):
    """Still open, with a place left."""
    return problem_of_vacancy(referral.vacancy) if referral.vacancy else ""


def problem_of_vacancy(vacancy, *, for_answer=False):
    """Why nobody can be sent there; an answer may still come after the vacancy was closed."""
    if vacancy.state == VacancyState.CANCELLED or (
        vacancy.state == VacancyState.CLOSED and not for_answer
    ):
        return _("Lowongan ini sudah %(state)s.") % {"state": vacancy.get_state_display().lower()}
    if vacancy.closes_on < timezone.localdate() and not for_answer:
        return _("Lowongan ini ditutup pada %(day)s.") % {
            "day": formats.date_format(vacancy.closes_on)
        }
    if vacancy.places_free <= 0:
        return _("Lowongan ini sudah terisi semua (%(filled)s dari %(places)s).") % {
            "filled": vacancy.places_filled,
            "places": vacancy.places,
        }
    return ""


@wall.outside()
def needs_nobody_else(referral, by=None):
    """A person who was accepted, or works, goes to no second employer.

    Asked of all agencies, also for a liaison: who else it is stands in the answer only for those
    who may know.
    """
    records = Inmate.objects.records_of(referral.inmate)
    other = accepted_of(records).exclude(pk=referral.pk).first()
    if other:
        return taken(other, by)
    works = Placement.objects.running().filter(inmate__in=records)
    if works.exclude(kind=PlacementKind.WORK_RELEASE).exists():
        return _("Orang ini sudah tercatat bekerja.")
    return ""


def needs_letter(referral):
    """Signed, and not taken back since."""
    letter = referral.letter
    if letter is None or letter.state == LetterState.VOID:
        return _("Surat rekomendasinya dibatalkan; tarik rujukan ini dan ajukan lagi.")
    if letter.state not in (LetterState.SIGNED, LetterState.SENT):
        return _("Surat rekomendasinya belum bernomor dan ditandatangani.")
    return ""


def accepted_of(records):
    """Accepted referrals of a person whose work has not begun."""
    return Referral.objects.filter(
        inmate__in=records, state=ReferralState.ACCEPTED, is_placed=False
    ).select_related("facility", "employer", "state_by")


def taken(other, by):
    """That another employer was first; whose it is, only to those who see that referral."""
    words = {"when": clock(other.state_at)}
    if by is not None and Referral.objects.visible_to(by).filter(pk=other.pk).exists():
        return _(
            "Orang ini sudah diterima di %(employer)s (%(code)s, %(when)s, dicatat oleh %(who)s)."
        ) % {
            **words,
            "employer": other.employer,
            "code": other.person_code,
            "who": other.state_by or _("sistem"),
        }
    return _("Orang ini sudah diterima di tempat lain pada %(when)s.") % words


def last_place(referral, by):
    """A sentence that names who got the last place of the vacancy, as far as one may know it."""
    problem = problem_of_vacancy(referral.vacancy, for_answer=True) if referral.vacancy else ""
    if not problem or referral.vacancy.places_free > 0:
        return problem
    winner = (
        Referral.objects.visible_to(by)
        .filter(vacancy=referral.vacancy_id, state=ReferralState.ACCEPTED)
        .select_related("state_by")
        .order_by("-state_at")
        .first()
    )
    if winner is None:
        return problem
    return _("%(problem)s Tempat terakhir untuk %(code)s, dicatat %(who)s pada %(when)s.") % {
        "problem": problem,
        "code": winner.person_code,
        "who": winner.state_by or _("sistem"),
        "when": clock(winner.state_at),
    }


def warning_of(employer):
    """What to know before somebody is referred to this employer; empty when nothing."""
    if employer is None or employer.openness == Openness.YES:
        return ""
    if employer.openness == Openness.NO:
        return _("%(employer)s menyatakan tidak menerima mantan warga binaan.") % {
            "employer": employer
        }
    if employer.openness == Openness.CONDITIONS:
        return _("%(employer)s menerima dengan syarat: %(conditions)s.") % {
            "employer": employer,
            "conditions": employer.conditions,
        }
    return _("%(employer)s belum ditanya apakah menerima mantan warga binaan.") % {
        "employer": employer
    }


def all_well(referrals, *checks):
    """Raise `NotAllowed` with a sentence for each referral that fails, or `AlreadyDone` for one."""
    problems = {
        referral: [said for check in checks if (said := check(referral))] for referral in referrals
    }
    failing = {referral: said for referral, said in problems.items() if said}
    if not failing:
        return
    if len(referrals) == 1:
        raise NotAllowed(next(iter(failing.values())))
    raise NotAllowed(
        [f"{referral.inmate} ({referral}): {' '.join(said)}" for referral, said in failing.items()],
        people=[referral.inmate for referral in failing],
    )


def refuse(sentence, kind=NotAllowed):
    if sentence:
        raise kind(sentence)


def not_taken(referral, by):
    """`AlreadyDone` when another employer was first."""
    refuse(needs_nobody_else(referral, by), AlreadyDone)
