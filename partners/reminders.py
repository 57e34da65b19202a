"""Deadlines of agreements and of what was promised at a visit, and the agency as audience.

Source of the offsets: field notes 3.3. A new deadline is one more function like these.
"""

from datetime import timedelta

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, OWNER, audience, deadlines, link_to, source
from partners.models import ActionItem, Agreement, Liaison, Obligation
from partners.querysets import MonthsBefore
from partners.states import AgreementState, Party

UPWARDS = (roles.OFFICER, roles.HEAD, roles.WARDEN)
WEEKLY_WHEN_LATE = tuple(range(-7, -85, -7))  # for twelve weeks
ENDED_DAYS = 30  # so long an agreement that ended without a successor is still an open matter


@source(
    Kind(
        "agreement_end",
        _("Akhir perjanjian"),
        _("Masa berlaku perjanjian “%(title)s” dengan %(agency)s sampai %(due)s."),
        mandatory=True,
    ),
    offsets=(180, 90, 60, 30, 14, 7, 1, -1),
    audience=(roles.OFFICER, roles.HEAD, AGENCY),
    escalate_after=7,
    escalation=UPWARDS,
)
def agreement_end(today):
    """Agreements in force or lately ended, not renewed. Old ones entered afterwards stay quiet."""
    ended_before_entry = Q(entered_afterwards=True, ends_on__lt=TruncDate("created_at"))
    rows = (
        Agreement.objects.not_renewed()
        .filter(
            state=AgreementState.SIGNED,
            starts_on__lte=today,
            ends_on__gte=today - timedelta(days=ENDED_DAYS),
        )
        .exclude(ended_before_entry)
    )
    return _of_agreements(rows, due="ends_on", agency="agency_id")


@source(
    Kind(
        "agreement_notice",
        _("Batas usul perpanjangan"),
        _("Usul perpanjangan perjanjian “%(title)s” dengan %(agency)s paling lambat %(due)s."),
        mandatory=True,
    ),
    offsets=(60, 30, 14, 7, 0),
    audience=(roles.OFFICER, roles.HEAD),
    escalate_after=7,
    escalation=UPWARDS,
)
def agreement_notice(today):
    """The last day to propose an extension, as long as the agreement runs without a successor."""
    rows = Agreement.objects.not_renewed().in_force(today).filter(state=AgreementState.SIGNED)
    return _of_agreements(rows, due=MonthsBefore(F("ends_on"), F("notice_months")))


@source(
    Kind(
        "agreement_answer",
        _("Tanggapan naskah"),
        _("Tanggapan %(agency)s atas naskah “%(title)s” ditunggu sampai %(due)s."),
    ),
    offsets=(3, 0, -7),
    audience=(roles.OFFICER, roles.HEAD, AGENCY),
)
def agreement_answer(today):
    """Texts on the table that nobody answered yet."""
    rows = Agreement.objects.filter(state=AgreementState.REVIEW, answer_by__isnull=False)
    return _of_agreements(rows, due="answer_by", agency="agency_id")


@source(
    Kind(
        "agreement_review",
        _("Monev perjanjian"),
        _("Monev perjanjian “%(title)s” dengan %(agency)s jatuh tempo %(due)s."),
    ),
    offsets=(30, 7, 0, *WEEKLY_WHEN_LATE),
    audience=(roles.OFFICER, roles.HEAD),
)
def agreement_review(today):
    """The next monitoring and evaluation while the agreement holds, or the one that is late."""
    rows = Agreement.objects.in_force(today).filter(state=AgreementState.SIGNED).with_review_due()
    return _of_agreements(rows.filter(review_due__lte=F("ends_on")), due="review_due")


@source(
    Kind(
        "obligation",
        _("Kewajiban perjanjian"),
        _("Satu kewajiban menurut perjanjian “%(title)s” dengan %(agency)s jatuh tempo %(due)s."),
    ),
    offsets=(30, 7, 0, -7),
    audience=(OWNER,),
)
def obligation(today):
    """What a side has not done yet: its owner is the officer for the prison, else the agency."""
    return deadlines(
        Obligation.objects.open().filter(
            agreement__state=AgreementState.SIGNED,
            agreement__ends_on__gte=today - timedelta(days=ENDED_DAYS),
        ),
        due="due",
        facility="agreement__facility_id",
        agency="agreement__agency_id",
        owner_role=Case(When(party=Party.AGENCY, then=Value(AGENCY)), default=Value(roles.OFFICER)),
        data={"title": "agreement__title", "agency": "agreement__agency__name"},
        link=link_to("partners:agreement-detail", "agreement__public_id"),
    )


@source(
    Kind(
        "action_item",
        _("Tindak lanjut"),
        _("Tindak lanjut kunjungan ke %(agency)s jatuh tempo %(due)s."),
    ),
    offsets=(7, 1, 0, -1),
    audience=(OWNER,),
)
def action_item(today):
    """What was promised and is not done yet."""
    return deadlines(
        ActionItem.objects.open(),
        due="due",
        owner_role="owner_role_id",
        data={"agency": "agency__name"},  # what was promised may name a person: not for mail
        link=link_to("partners:engagement-detail", "engagement__public_id"),
    )


@audience(AGENCY, {AGENCY: _("narahubung instansi")})
def liaisons_of_agencies(today):
    return Liaison.objects.speaking().order_by().values_list(Value(AGENCY), "agency_id", "user_id")


def _of_agreements(rows, *, due, agency=None):
    return deadlines(
        rows,
        due=due,
        agency=agency,
        data={"title": "title", "agency": "agency__name"},
        link=link_to("partners:agreement-detail"),
    )
