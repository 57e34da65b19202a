"""Deadlines of placement: papers, referrals, vacancies, follow-ups, for whose they are."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, OWNER, deadlines, link_to, source
from inmates.models import Consent
from inmates.states import ConsentPurpose
from partners.querysets import MonthsBefore
from placements import checklist
from placements.employment import INSIDE, FollowUpOwner, ReferralState
from placements.models import FollowUp, JobSeekerCard, Placement, Referral, Vacancy

PAGE = "placements:follow-up-detail"
LONG_PASSED = timedelta(days=14)
WITH_AGENCY = Q(owner=FollowUpOwner.AGENCY)
LATE_DAYS = 7  # after so many days a follow-up that nobody answered is late


@source(
    Kind(
        "follow_up_due",
        _("Pemantauan jatuh tempo"),
        _("Pemantauan bulan ke-%(months)s seorang lulusan pelatihan jatuh tempo %(due)s."),
    ),
    offsets=(7, 0),
    audience=(OWNER,),
)
def follow_up_due(today):
    """Each open follow-up, for the agency that has it, else for the officer until it is late.

    What an agency has is no business of it on a day without the person's consent.
    """
    owner = Case(
        When(WITH_AGENCY, then=Value(AGENCY)),
        default=Value(roles.OFFICER),
        output_field=CharField(),
    )
    agency = Case(When(WITH_AGENCY, then=F("agency_id")))
    rows = FollowUp.objects.planned().with_leave(today)
    rows = rows.filter(WITH_AGENCY | Q(due_on__gt=today - timedelta(days=LATE_DAYS)))
    return _of(rows.exclude(WITH_AGENCY, has_consent=False), agency=agency, owner_role=owner)


@source(
    Kind(
        "follow_up_late",
        _("Pemantauan terlambat"),
        _("Pemantauan bulan ke-%(months)s yang jatuh tempo %(due)s belum dicatat siapa pun."),
    ),
    offsets=(-LATE_DAYS, -3 * LATE_DAYS),
    audience=(roles.OFFICER,),
    escalate_after=7,
    escalation=(roles.OFFICER, roles.HEAD),
)
def follow_up_late(today):
    """What nobody answered, whoever was to ask: the prison wants to know it all the same."""
    return _of(FollowUp.objects.due(today))


@source(
    Kind(
        "vacancy_closes",
        _("Lowongan akan ditutup"),
        _("Lowongan %(title)s ditutup pada %(due)s; tempat yang masih kosong: %(free)s."),
    ),
    offsets=(7, 1),
    audience=(OWNER,),
)
def vacancy_closes(today):
    """Open vacancies with a free place, for whoever keeps them: the officer, or the agency."""
    owner = Case(
        When(facility__isnull=False, then=Value(roles.OFFICER)),
        default=Value(AGENCY),
        output_field=CharField(),
    )
    return deadlines(
        Vacancy.objects.open(today),
        due="closes_on",
        agency="agency_id",
        owner_role=owner,
        data={"title": "title", "free": F("places") - F("places_filled")},
        link=link_to("placements:vacancy-detail"),
    )


@source(
    Kind(
        "card_report",
        _("Lapor AK-1"),
        _("Lapor berkala kartu AK-1 seseorang ke %(agency)s paling lambat %(due)s."),
    ),
    offsets=(30, 7, 0, -7),
    audience=(roles.OFFICER,),
)
def card_report(today):
    """The next report of open cards, while they last."""
    rows = _cards(today).filter(report_by__isnull=False, expires_on__gte=today)
    return _of_cards(rows, due="report_by")


@source(
    Kind(
        "card_end",
        _("Akhir kartu AK-1"),
        _("Kartu AK-1 seseorang dari %(agency)s berlaku sampai %(due)s; ganti atau akhiri."),
    ),
    offsets=(60, 30, 7, 0),
    audience=(roles.OFFICER,),
)
def card_end(today):
    """Open cards, until they are renewed or ended."""
    return _of_cards(_cards(today), due="expires_on")


@source(
    Kind(
        "readiness",
        _("Kesiapan kerja"),
        _(
            "%(missing)s keperluan kerja seseorang yang segera bebas belum ada; lengkapi sebelum "
            "%(due)s."
        ),
    ),
    offsets=(30, 0),
    audience=(roles.OFFICER,),
)
def readiness(today):
    """People who leave within `REFERRAL_BEGINS_MONTHS`, could be referred and lack something.

    Due is the day on which referrals are sent. Who was not trained and did not ask to be referred,
    and whose day has long passed, is in the list, but nobody is reminded of them.
    """
    people = checklist.lists_to_complete(today, checklist.referable(today))
    return deadlines(
        people.filter(due_on__gte=today - LONG_PASSED),
        due="due_on",
        facility="prison_id",
        data={"missing": "missing"},
        link=link_to("placements:readiness-detail"),
    )


@source(
    Kind(
        "referral_begins",
        _("Mulai rujukan kerja"),
        _("Seseorang bersertifikat yang setuju dirujuk segera bebas; mulai rujukannya %(due)s."),
    ),
    offsets=(0, -30, -60),
    audience=(roles.OFFICER,),
    escalate_after=14,
    escalation=(roles.OFFICER, roles.HEAD),
)
def referral_begins(today):
    """Certified people with consent whose release is near, until somebody refers them."""
    return deadlines(
        checklist.to_refer(today),
        due="opened_on",
        facility="prison_id",
        data={},
        link=link_to("placements:person-detail"),
    )


@source(
    Kind(
        "referral_to_send",
        _("Rujukan belum dikirim"),
        _("Rujukan kerja %(code)s belum dikirim; kirim paling lambat %(due)s."),
    ),
    offsets=(14, 0, -14),
    audience=(roles.OFFICER, roles.HEAD),
)
def referral_to_send(today):
    """Referrals still inside the prison, by the day on which they should be with an agency."""
    return _of_referrals(
        Referral.objects.filter(state__in=INSIDE),
        due=MonthsBefore(F("available_from"), Value(settings.REFERRAL_SENT_MONTHS)),
    )


@source(
    Kind(
        "referral_reply",
        _("Jawaban rujukan ditunggu"),
        _("Rujukan kerja %(code)s ke %(agency)s menunggu jawaban sampai %(due)s."),
        mandatory=True,
    ),
    offsets=(7, 3, 0),
    audience=(roles.OFFICER, AGENCY),
)
def referral_reply(today):
    """What an agency has to answer; what rests beside an acceptance is not asked for."""
    return _of_referrals(
        Referral.objects.with_agency().not_resting(), due="answer_by", agency="agency_id"
    )


@source(
    Kind(
        "referral_interview_day",
        _("Hari wawancara kerja"),
        _("Wawancara kerja %(code)s pada %(due)s."),
    ),
    offsets=(1, 0),
    audience=(roles.OFFICER, AGENCY),
)
def referral_interview_day(today):
    """Interviews that are still to come."""
    rows = Referral.objects.filter(
        state=ReferralState.INTERVIEW, interview_at__date__gte=today
    ).not_resting()
    return _of_referrals(rows, due=TruncDate("interview_at"), agency="agency_id")


@source(
    Kind(
        "referral_check",
        _("Periksa rujukan sebelum bebas"),
        _("Rujukan kerja %(code)s: bebasnya mendekat. Periksa lagi tanggal dan kesiapannya."),
    ),
    offsets=(0,),
    audience=(roles.OFFICER,),
)
def referral_check(today):
    """Referrals outside, or accepted, shortly before the person is free: dates move forward."""
    return _of_referrals(
        Referral.objects.not_over().exclude(state__in=INSIDE).filter(available_from__gte=today),
        due=MonthsBefore(F("available_from"), Value(settings.REFERRAL_CHECKED_MONTHS)),
    )


@source(
    Kind(
        "work_release_end",
        _("Dasar asimilasi kerja berakhir"),
        _("SK atau perjanjian asimilasi kerja di %(employer)s berlaku sampai %(due)s."),
    ),
    offsets=(30, 14, 7, 1, -1),
    audience=(roles.OFFICER, roles.HEAD),
    escalate_after=7,
    escalation=(roles.OFFICER, roles.HEAD, roles.WARDEN),
)
def work_release_end(today):
    """Of who goes out to work: the last day on which decree and agreement hold."""
    rows = Placement.objects.work_release().running().with_papers_end()
    return deadlines(
        rows.filter(papers_end__isnull=False),
        due="papers_end",
        data={"employer": "employer__name"},
        link=link_to("placements:placement-detail"),
    )


def _of_referrals(rows, *, due, agency=None):
    return deadlines(
        rows,
        due=due,
        agency=agency,
        data={"code": "person_code", "agency": "agency__name"},
        link=link_to("placements:referral-detail"),
    )


def _cards(today):
    """Open cards of people who are held, or may be asked after their release."""
    following = Consent.objects.in_force(today, purpose=ConsentPurpose.FOLLOW_UP)
    held = Q(inmate__prison__isnull=False) | Q(inmate__merged_into__prison__isnull=False)
    return JobSeekerCard.objects.open().filter(held | Q(inmate__in=following.values("inmate")))


def _of_cards(rows, *, due):
    return deadlines(
        rows,
        due=due,
        facility=Coalesce("inmate__merged_into__prison", "inmate__prison", "facility"),
        data={"agency": "agency__name"},
        link=link_to("placements:card-detail"),
    )


def _of(rows, **whose):
    return deadlines(rows, due="due_on", data={"months": "months"}, link=link_to(PAGE), **whose)
