"""Deadlines of training: answers to rounds of slots, and hearings."""

from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, deadlines, link_to, source
from training.models import Hearing, SlotProposal
from training.states import HearingState, Side

BATCH = Concat("batch__course__name", Value(" – "), "batch__name")


@source(
    Kind(
        "slot_reply",
        _("Jawaban kuota ditunggu"),
        _("Usulan %(seats)s kursi untuk %(batch)s menunggu jawaban sampai %(due)s."),
        mandatory=True,
    ),
    offsets=(3, 1, 0),
    audience=(roles.OFFICER, AGENCY),
)
def slot_reply(today):
    """Open rounds. The agency's liaisons are reminded only of those that wait for the agency."""
    asked = Case(When(side=Side.PRISON, then=F("agency_id")))
    return deadlines(
        SlotProposal.objects.open(),
        due="respond_by",
        agency=asked,
        data={"seats": "seats", "batch": BATCH},
        link=link_to("training:slot-answer"),
    )


@source(
    Kind("hearing_date", _("Sidang TPP"), _("Sidang TPP untuk %(batch)s pada %(due)s.")),
    offsets=(3, 1),
    audience=(roles.OFFICER, roles.HEAD, roles.REGISTRAR),
)
def hearing_date(today):
    """Hearings that are planned and not held yet."""
    return deadlines(
        Hearing.objects.filter(state=HearingState.PLANNED),
        due="held_on",
        data={"batch": BATCH},
        link=link_to("training:batch-detail", "batch__public_id"),
    )
