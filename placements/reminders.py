"""Deadlines of placement: follow-ups that are due, told to whoever is to ask."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, OWNER, deadlines, link_to, source
from placements.employment import FollowUpOwner
from placements.models import FollowUp

PAGE = "placements:follow-up-detail"
WITH_AGENCY = Q(owner=FollowUpOwner.AGENCY)


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
    """Each open follow-up, for the agency that has it, else for the officer.

    What an agency has is no business of it on a day without the person's consent.
    """
    owner = Case(
        When(WITH_AGENCY, then=Value(AGENCY)),
        default=Value(roles.OFFICER),
        output_field=CharField(),
    )
    agency = Case(When(WITH_AGENCY, then=F("agency_id")))
    rows = FollowUp.objects.planned().with_leave(today)
    return _of(rows.exclude(WITH_AGENCY, has_consent=False), agency=agency, owner_role=owner)


@source(
    Kind(
        "follow_up_late",
        _("Pemantauan terlambat"),
        _("Pemantauan bulan ke-%(months)s yang jatuh tempo %(due)s belum dicatat siapa pun."),
    ),
    offsets=(-7, -21),
    audience=(roles.OFFICER,),
    escalate_after=7,
    escalation=(roles.OFFICER, roles.HEAD),
)
def follow_up_late(today):
    """What nobody answered, whoever was to ask: the prison wants to know it all the same."""
    return _of(FollowUp.objects.due(today))


def _of(rows, **whose):
    return deadlines(rows, due="due_on", data={"months": "months"}, link=link_to(PAGE), **whose)
