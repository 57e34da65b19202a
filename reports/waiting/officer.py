"""What waits for the officer."""

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from inmates.models import Circumstance
from reports.waiting.kinds import SEATS, Task, batches, first, name_of, task, waits
from training.models import Batch, Candidate, Hearing, Meeting, SeatOffer, SlotProposal
from training.states import CANDIDATE_OPEN, BatchState, HearingState


@waits(post=roles.OFFICER, act="open_slots", more="training:slot-inbox")
def rounds_to_answer(user, prisons):
    rows = SlotProposal.objects.visible_to(user).awaiting_prison()
    for row in first(rows.select_related("batch__course", "agency"), prisons, "respond_by"):
        yield task(
            row,
            _("Jawab usulan %(seats)d kursi") % {"seats": row.seats},
            *(name_of(row.batch), row.agency),
            due=row.respond_by,
            since=row.created_at,
        )


@waits(post=roles.OFFICER, act="open_slots", more="training:batch-list")
def batches_without_round(user, prisons):
    asked = SlotProposal.objects.open().filter(batch=OuterRef("pk"))
    for row in batches(user, prisons, ~Exists(asked), state=BatchState.PLANNED):
        yield task(
            row,
            _("Usulkan kuota"),
            *(name_of(row), row.agency),
            due=row.starts_on,
            since=row.state_at,
        )


@waits(post=roles.HEAD, act="plan_batch", more="training:batch-list")
@waits(post=roles.OFFICER, act="plan_batch", more="training:batch-list")
def batches_without_cover(user, prisons):
    """One row for all batches whose agreement holds no longer on all their days."""
    rows = Batch.objects.visible_to(user).uncovered().filter(facility__in=prisons).order_by()
    found = rows.aggregate(count=Count("pk"), first=Min("starts_on"))
    if found["count"]:
        words = ngettext(
            "%(count)d angkatan tanpa perjanjian yang berlaku seluruh harinya",
            "%(count)d angkatan tanpa perjanjian yang berlaku seluruh harinya",
            found["count"],
        )
        yield Task(
            _("Amankan dasar perjanjian angkatan"),
            words % {"count": found["count"]},
            f"{reverse('training:batch-list')}?covered=no",
            due=found["first"],
            key=("uncovered", tuple(sorted(prisons))),
        )


@waits(post=roles.OFFICER, act="propose_candidates", more="training:batch-list")
def batches_short_of_candidates(user, prisons):
    rows = Batch.objects.annotate(
        in_play=Count("candidates", filter=Q(candidates__state__in=CANDIDATE_OPEN))
    ).filter(in_play__lt=SEATS, state=BatchState.CONFIRMED)
    for row in batches(user, prisons, rows=rows):
        have = _("%(have)d dari %(seats)d calon") % {"have": row.in_play, "seats": row.seats}
        yield task(
            row,
            _("Usulkan calon peserta"),
            *(name_of(row), have),
            due=row.starts_on,
            since=row.state_at,
        )


@waits(post=roles.OFFICER, act="propose_candidates", more="training:batch-list")
def batches_without_hearing(user, prisons):
    proposed = Candidate.objects.awaiting_hearing().filter(batch=OuterRef("pk"))
    planned = Hearing.objects.filter(batch=OuterRef("pk"), state=HearingState.PLANNED)
    rows = batches(user, prisons, Exists(proposed), ~Exists(planned), state=BatchState.CONFIRMED)
    for row in rows:
        yield task(row, _("Jadwalkan sidang TPP"), name_of(row), due=row.starts_on)


@waits(post=roles.OFFICER, act="keep_attendance", more="training:meeting-list")
def meetings_to_mark(user, prisons):
    rows = Meeting.objects.visible_to(user).to_mark().select_related("batch__course")
    for row in first(rows, prisons, "during"):
        yield task(
            row,
            _("Catat kehadiran pertemuan ke-%(number)s") % {"number": row.number},
            name_of(row.batch),
            due=timezone.localdate(row.during.lower),
            url=reverse("training:meeting-attendance", args=[row.public_id]),
        )


@waits(post=roles.OFFICER, act="propose_candidates", more="training:batch-list")
def seats_to_answer(user, prisons):
    """Freed seats whose reserve has not said yes or no."""
    rows = SeatOffer.objects.visible_to(user).open().select_related("batch__course")
    for row in first(rows, prisons, "until"):
        yield task(
            row,
            _("Catat jawaban cadangan"),
            name_of(row.batch),
            due=row.until,
            since=row.created_at,
        )


@waits(post=roles.OFFICER, act="decide_circumstance", more="placements:circumstance-list")
def circumstances_to_decide(user, prisons):
    rows = Circumstance.objects.visible_to(user).waiting()
    for row in first(rows, prisons, "asked_at"):
        yield task(
            row,
            _("Putuskan perubahan keadaan"),
            *(row.get_kind_display(), formats.date_format(row.effective)),
            since=row.asked_at,
        )
