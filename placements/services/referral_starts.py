"""Where a referral begins: from which prison, through whom, to which place, from which month."""

import secrets

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from inmates.models import Custody, Inmate
from inmates.states import CustodyEnd
from partners.services import agencies
from partners.states import AgencyKind
from placements.employment import Openness
from placements.models import Referral, Vacancy
from placements.services import referral_checks as checks
from training.services.decrees import CODE_ALPHABET, CODE_LENGTH


def month_of(inmate, today=None):
    """The first day of the month in which the person is expected to be free, or is free.

    None while the register names no way out.
    """
    today = today or timezone.localdate()
    if inmate.prison_id is None:
        return today.replace(day=1)
    release = (
        Inmate.objects.with_expected_release(today)
        .filter(pk=inmate.merged_into_id or inmate.pk)
        .values_list("expected_release", flat=True)
        .first()
    )
    return release and max(release, today).replace(day=1)


def needed_month(inmate):
    """As `month_of`; `NotAllowed` where it is not known."""
    month = month_of(inmate)
    if month is None:
        raise NotAllowed(
            _("Perkiraan bebas orang ini belum diketahui; lengkapi tanggalnya di register.")
        )
    return month


def seen(vacancy, by):
    """The vacancy as it is now, if `by` sees it."""
    found = Vacancy.objects.visible_to(by).select_related("employer").filter(pk=vacancy.pk).first()
    if found is None:
        raise NotAllowed({"vacancy": ValidationError(_("Lowongan ini tidak ada."))})
    return found


def check_place(facility, agency, vacancy, employer, despite):
    problems = {}
    if vacancy and (problem := checks.problem_of_vacancy(vacancy)):
        problems["vacancy"] = ValidationError(problem)
    if employer and employer.openness == Openness.NO and not despite.strip():
        said = checks.warning_of(employer)
        problems["despite"] = ValidationError(
            _("%(warning)s Sebutkan alasan tetap merujuk ke sana.") % {"warning": said}
        )
    if problems:
        raise NotAllowed(problems)
    check_agency(facility, agency)


def check_agency(facility, agency):
    agencies.require_partner(facility, agency)
    if agency.kind != AgencyKind.DISNAKER:
        raise NotAllowed(
            {"agency": ValidationError(_("Rujukan kerja dikirim lewat Dinas Tenaga Kerja."))}
        )


def stay_to_refer_from(inmate):
    """The stay at the prison that holds the person, or that released them; of register B.

    Only the sentenced are placed (field notes 2.1).
    """
    stays = Custody.objects.filter(inmate__in=Inmate.objects.records_of(inmate))
    stay = stays.open().select_related("facility").first() or (
        stays.select_related("facility").order_by("until", "pk").last()
    )
    if stay is None or (stay.until and stay.ended_how != CustodyEnd.RELEASED):
        raise NotAllowed(_("Orang ini tidak sedang ditempatkan di lapas mana pun."))
    if not stay.is_sentenced:
        raise NotAllowed(_("Hanya narapidana (register B) yang dirujuk ke pemberi kerja."))
    return stay


def new_code(facility_id):
    """A random code such as R-7K3M2, which tells nothing about the person."""
    while True:
        code = "R-" + "".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LENGTH))
        if not Referral.objects.filter(facility=facility_id, person_code=code).exists():
            return code
