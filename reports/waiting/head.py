"""What waits for the head of section, and what the head shares with the registrar."""

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from partners.models import Agreement
from partners.querysets import EXPIRING_DAYS, MonthsBefore
from partners.states import AgreementState
from reports.lines import Lines
from reports.waiting.kinds import day, waits
from reports.waiting.officer import of_batches
from training.models import Batch, Decree, Hearing
from training.reminders import BATCH, TITLE
from training.states import BatchNeed, DecreeState, HearingState

HEARINGS = "training:hearing-list?state=planned"


@waits(gettext_lazy("Catat hasil sidang TPP"), post=roles.HEAD, act="record_hearing", to=HEARINGS)
@waits(
    gettext_lazy("Catat hasil sidang TPP"), post=roles.REGISTRAR, act="record_hearing", to=HEARINGS
)
def hearings_to_record():
    return Lines(
        Hearing.objects.filter(state=HearingState.PLANNED),
        due="held_on",
        since="created_at",
        data={"batch": BATCH},
        page="training:hearing-record",
    )


@waits(
    gettext_lazy("Siapkan SK peserta"),
    post=roles.HEAD,
    act="prepare_decree",
    to="training:batch-list?needs=decree",
)
def batches_without_decree():
    return of_batches(Batch.objects.needing(BatchNeed.DECREE))


@waits(
    gettext_lazy("Perbaiki SK yang dikembalikan"),
    post=roles.HEAD,
    act="prepare_decree",
    to="training:batch-list?needs=correction",
)
def decrees_returned():
    return with_decree(BatchNeed.CORRECTION, DecreeState.RETURNED, reason="decree_reason")


@waits(
    gettext_lazy("Catat penandatanganan"),
    post=roles.HEAD,
    act="sign_agreement",
    to="partners:agreement-list?state=ready",
)
def agreements_to_sign():
    return Lines(
        Agreement.objects.filter(state=AgreementState.READY),
        since="state_at",
        data={"title": "title", "agency": "agency__name"},
        page="partners:agreement-detail",
    )


@waits(
    gettext_lazy("Putuskan perpanjangan perjanjian"),
    post=roles.HEAD,
    act="sign_agreement",
    to=f"partners:agreement-list?state=signed&ending={EXPIRING_DAYS}&renewed=no",
)
def agreements_expiring():
    rows = Agreement.objects.ending_within(EXPIRING_DAYS).not_renewed()
    return Lines(
        rows.filter(state=AgreementState.SIGNED),
        due="ends_on",
        data={
            "title": "title",
            "agency": "agency__name",
            "propose_by": MonthsBefore(F("ends_on"), F("notice_months")),
        },
        words=lambda row: (
            row["title"],
            row["agency"],
            _("batas usul perpanjangan %(day)s") % {"day": day(row["propose_by"])},
        ),
        page="partners:agreement-detail",
    )


def with_decree(need, state, **facts):
    """Batches with a decree in a state; `facts` name more of it for the row's text."""
    decrees = Decree.objects.filter(batch=OuterRef("pk"), state=state).order_by("-pk")
    rows = Batch.objects.needing(need).annotate(
        decree_page=Subquery(decrees.values("public_id")[:1]),
        decree_at=Subquery(decrees.values("created_at")[:1]),
        decree_reason=Subquery(decrees.values("reason")[:1]),
    )
    return Lines(
        rows,
        due="starts_on",
        since="decree_at",
        data={"batch": TITLE, "agency": "agency__name", **facts},
        page="training:decree-detail",
        of="decree_page",
    )
