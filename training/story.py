"""What training adds to the story of an agency: rounds of slots answered, batches, seats."""

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners import story
from partners.story import Chapter, Event, Step
from training.models import Batch, SlotProposal
from training.states import BatchState, ProposalState, Side

HELD = (BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED)
OVER = (BatchState.FINISHED, BatchState.CLOSED)
TONES = {
    ProposalState.ACCEPTED: "good",
    ProposalState.COUNTERED: "info",
    ProposalState.WITHDRAWN: "quiet",
}


def _batches(agency, user):
    return Batch.objects.visible_to(user).filter(agency=agency)


def _rounds(agency, user):
    rounds = SlotProposal.objects.visible_to(user).filter(agency=agency)
    return rounds.exclude(state=ProposalState.OPEN)


def _begun(agency, user):
    return _batches(agency, user).filter(state__in=HELD)


def _over(agency, user):
    return _batches(agency, user).filter(state__in=OVER)


def _cancelled(agency, user):
    return _batches(agency, user).filter(state=BatchState.CANCELLED)


def _name(batch):
    return f"{batch.course} – {batch}"


def _tell_round(row):
    seats = ngettext("Usulan %(seats)d kursi", "Usulan %(seats)d kursi", row.seats)
    return Event(
        what=f"{seats % {'seats': row.seats}}: {row.get_state_display().lower()}",
        about=_name(row.batch),
        url=row.get_absolute_url(),
        note=row.answer_reason,
        tone=TONES.get(row.state, "bad"),
    )


def _tell_begun(row):
    return Event(what=_("Pelatihan dimulai"), about=_name(row), url=row.get_absolute_url())


def _tell_over(row):
    people = ngettext("%(number)d peserta.", "%(number)d peserta.", row.seats_taken)
    return Event(
        what=_("Pelatihan selesai"),
        about=_name(row),
        url=row.get_absolute_url(),
        note=people % {"number": row.seats_taken},
        tone="good",
    )


def _tell_cancelled(row):
    return Event(
        what=_("Angkatan dibatalkan"),
        about=_name(row),
        url=row.get_absolute_url(),
        note=row.reason,
        tone="bad",
    )


story.register(
    Chapter(
        kind="slots",
        order=4,
        label=gettext_lazy("Kuota"),
        steps=(
            Step(
                code="round",
                rows=_rounds,
                day=Coalesce(TruncDate("answered_at"), F("respond_by")),
                tell=_tell_round,
                related=("batch__course",),
            ),
        ),
    )
)
story.register(
    Chapter(
        kind="batch",
        order=5,
        label=gettext_lazy("Angkatan"),
        steps=(
            Step(
                code="begun",
                rows=_begun,
                day=F("starts_on"),
                tell=_tell_begun,
                related=("course",),
            ),
            Step(code="over", rows=_over, day=F("ends_on"), tell=_tell_over, related=("course",)),
            Step(
                code="cancelled",
                rows=_cancelled,
                day=TruncDate("state_at"),
                tell=_tell_cancelled,
                related=("course",),
            ),
        ),
    )
)


@story.fact(order=3)
def seats_of_two_years(agency, user):
    """Seats that the agency confirmed and that were taken, last year and this year."""
    year = timezone.localdate().year
    rows = (
        _batches(agency, user)
        .filter(starts_on__year__range=(year - 1, year), seats_confirmed__gt=0)
        .exclude(state=BatchState.CANCELLED)
        .order_by()
        .values("starts_on__year")
        .annotate(given=Sum("seats_confirmed"), used=Sum("seats_taken"))
    )
    sums = {row["starts_on__year"]: row for row in rows}
    return " ".join(
        _("Tahun %(year)s: %(given)d kursi dikonfirmasi, %(used)d terisi.")
        % {"year": each, "given": sums[each]["given"], "used": sums[each]["used"]}
        for each in (year - 1, year)
        if each in sums
    )


@story.waits
def rounds_unanswered(agency, user):
    rounds = SlotProposal.objects.visible_to(user).filter(agency=agency)
    found = (
        rounds.open()
        .order_by()
        .aggregate(
            ours=Count("pk", filter=Q(side=Side.AGENCY)),
            theirs=Count("pk", filter=Q(side=Side.PRISON)),
        )
    )
    return _phrase(found["ours"]), _phrase(found["theirs"])


def _phrase(number):
    words = ngettext("%(number)d usulan kuota", "%(number)d usulan kuota", number)
    return [words % {"number": number}] if number else []
