"""What waits for the officer."""

from django.db.models import DateField, F, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.stand_ins import NOW
from inmates.models import Circumstance
from inmates.states import CircumstanceKind
from placements.models import FollowUp
from reports.lines import Lines
from reports.waiting.kinds import day, waits
from training.models import Batch, Meeting, SeatOffer, SlotProposal
from training.reminders import BATCH, TITLE
from training.states import BatchNeed

NAMED = {"batch": TITLE, "agency": "agency__name"}


@waits(
    gettext_lazy("Jawab usulan kuota"),
    post=roles.OFFICER,
    act="open_slots",
    to="training:slot-inbox",
)
def rounds_to_answer():
    return Lines(
        SlotProposal.objects.awaiting_prison(),
        due="respond_by",
        since="created_at",
        data={"batch": BATCH, "agency": "agency__name", "seats": "seats"},
        words=lambda row: (row["batch"], row["agency"], _("%(seats)s kursi") % row),
        page="training:slot-answer",
    )


@waits(
    gettext_lazy("Usulkan kuota"),
    post=roles.OFFICER,
    act="open_slots",
    to="training:batch-list?needs=round",
)
def batches_without_round():
    return of_batches(Batch.objects.needing(BatchNeed.ROUND), since="state_at")


@waits(
    gettext_lazy("Amankan dasar perjanjian angkatan"),
    post=roles.HEAD,
    act="plan_batch",
    to="training:batch-list?covered=no",
)
@waits(
    gettext_lazy("Amankan dasar perjanjian angkatan"),
    post=roles.OFFICER,
    act="plan_batch",
    to="training:batch-list?covered=no",
)
def batches_without_cover():
    """Batches whose agreement holds no longer on all their days."""
    return of_batches(Batch.objects.uncovered())


@waits(
    gettext_lazy("Usulkan calon peserta"),
    post=roles.OFFICER,
    act="propose_candidates",
    to="training:batch-list?needs=candidates",
)
def batches_short_of_candidates():
    return of_batches(
        Batch.objects.needing(BatchNeed.CANDIDATES),
        since="state_at",
        data={"batch": TITLE, "have": "people_in_play", "seats": seats()},
        words=lambda row: (row["batch"], _("%(have)s dari %(seats)s calon") % row),
    )


@waits(
    gettext_lazy("Jadwalkan sidang TPP"),
    post=roles.OFFICER,
    act="propose_candidates",
    to="training:batch-list?needs=hearing",
)
def batches_without_hearing():
    return of_batches(Batch.objects.needing(BatchNeed.HEARING))


@waits(
    gettext_lazy("Catat kehadiran"),
    post=roles.OFFICER,
    act="keep_attendance",
    to="training:meeting-list?attendance=missing",
)
def meetings_to_mark():
    return Lines(
        Meeting.objects.to_mark(NOW),
        due=TruncDate("during__startswith"),
        data={"batch": BATCH, "number": "number"},
        words=lambda row: (row["batch"], _("pertemuan ke-%(number)s") % row),
        page="training:meeting-attendance",
    )


@waits(
    gettext_lazy("Catat jawaban cadangan"),
    post=roles.OFFICER,
    act="propose_candidates",
    to="training:batch-list?needs=reserve",
    covers="seat_reply",
)
def batches_with_a_reserve_asked():
    """Freed seats whose reserve has not said yes or no."""
    offers = SeatOffer.objects.open().filter(batch=OuterRef("pk")).order_by("until", "pk")
    rows = Batch.objects.needing(BatchNeed.RESERVE).annotate(
        reserve_until=Subquery(offers.values("until")[:1], output_field=DateField()),
        reserve_since=Subquery(offers.values("created_at")[:1]),
        reserve_offer=Subquery(offers.values("public_id")[:1]),
    )
    return Lines(
        rows,
        due="reserve_until",
        since="reserve_since",
        data=NAMED,
        page="training:seat-detail",
        of="reserve_offer",
    )


@waits(
    gettext_lazy("Putuskan perubahan keadaan"),
    post=roles.OFFICER,
    act="decide_circumstance",
    to="placements:circumstance-list?asked=yes",
)
def circumstances_to_decide():
    return Lines(
        Circumstance.objects.waiting(),
        since="asked_at",
        data={"kind": "kind", "effective": "effective"},
        words=lambda row: (CircumstanceKind(row["kind"]).label, day(row["effective"])),
        page="placements:circumstance-detail",
    )


@waits(
    gettext_lazy("Tanyakan kabar lulusan"),
    post=roles.OFFICER,
    act="follow_up",
    to="placements:follow-up-list?when=now",
    together=True,
)
def follow_ups_due():
    """Those of whom nobody has asked yet how it goes; the list has their names."""
    return Lines(FollowUp.objects.due_here(), due="due_on", page="placements:follow-up-detail")


def of_batches(rows, **told):
    """Batches by the day on which they begin, told by their name and agency."""
    told.setdefault("data", NAMED)
    return Lines(rows, due="starts_on", page="training:batch-detail", **told)


def seats():
    return F("seats_confirmed") + F("seats_extra")
