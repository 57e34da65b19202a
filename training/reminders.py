"""Deadlines of training: answers that are awaited, hearings, a batch's start and closing."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, deadlines, link_to, source
from training.models import Batch, Hearing, SeatOffer, SlotProposal
from training.states import BatchState, HearingState, Side

BATCH = Concat("batch__course__name", Value(" – "), "batch__name")
TITLE = Concat("course__name", Value(" – "), "name")


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


@source(
    Kind(
        "seat_reply",
        _("Jawaban cadangan ditunggu"),
        _("Kursi kosong pada %(batch)s ditawarkan kepada cadangan; jawabannya sampai %(due)s."),
    ),
    offsets=(1, 0),
    audience=(roles.OFFICER,),
)
def seat_reply(today):
    """Freed seats whose reserve has not answered."""
    return deadlines(
        SeatOffer.objects.open(),
        due="until",
        data={"batch": BATCH},
        link=link_to("training:seat-detail"),
    )


@source(
    Kind("batch_start", _("Pelatihan dimulai"), _("%(batch)s mulai pada %(due)s.")),
    offsets=(7, 1, -1),
    audience=(roles.OFFICER, roles.HEAD),
)
def batch_start(today):
    """Confirmed batches that nobody has called begun."""
    return deadlines(
        Batch.objects.filter(state=BatchState.CONFIRMED),
        due="starts_on",
        data={"batch": TITLE},
        link=link_to("training:batch-detail"),
    )


@source(
    Kind(
        "batch_closing",
        _("Penutupan angkatan"),
        _("%(batch)s berakhir pada %(ended)s; tutup dengan laporannya sebelum %(due)s."),
    ),
    offsets=(7, 0, -7),
    audience=(roles.OFFICER, roles.HEAD),
)
def batch_closing(today):
    """Batches that were begun and not closed; due some days after their last day."""
    return deadlines(
        Batch.objects.filter(state__in=[BatchState.RUNNING, BatchState.FINISHED]),
        due=F("ends_on") + timedelta(days=settings.BATCH_CLOSING_DAYS),
        data={"batch": TITLE, "ended": "ends_on"},
        link=link_to("training:batch-detail"),
    )
