"""What a batch or a candidate needs next, for lists and for the home of whoever is to do it."""

from django.db import models
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from inmates.states import RestrictionKind
from partners.querysets import MonthsBefore
from training.states import (
    BATCH_OPEN,
    CANDIDATE_OPEN,
    SELECTING,
    BatchNeed,
    BatchState,
    CandidateState,
    DecreeState,
    HearingState,
)

SEATS = F("seats_confirmed") + F("seats_extra")
PENDING = {BatchNeed.CORRECTION: DecreeState.RETURNED, BatchNeed.SIGNATURE: DecreeState.PREPARED}


class NeedsSomething(models.QuerySet):
    """Part of the queryset of batches."""

    def needing(self, need):
        """Batches whose next step is this one of `BatchNeed`."""
        if need in PENDING:
            decrees = self._of_batch("decrees").filter(state=PENDING[BatchNeed(need)])
            return self.filter(Exists(decrees))
        return getattr(self, f"_needing_{BatchNeed(need).value}")()

    def with_candidates(self):
        """Each row with `people_in_play`: candidates whom nobody turned down."""
        people = self._of_batch("candidates").filter(state__in=CANDIDATE_OPEN).order_by()
        counted = people.values("batch").annotate(n=Count("pk")).values("n")
        return self.annotate(people_in_play=Coalesce(Subquery(counted), 0))

    def _needing_round(self):
        rounds = self._of_batch("proposals").open()
        return self.filter(~Exists(rounds), state=BatchState.PLANNED)

    def _needing_candidates(self):
        rows = self.filter(state=BatchState.CONFIRMED)
        return rows.with_candidates().filter(people_in_play__lt=SEATS)

    def _needing_hearing(self):
        proposed = self._of_batch("candidates").awaiting_hearing()
        planned = self._of_batch("hearings").filter(state=HearingState.PLANNED)
        return self.filter(Exists(proposed), ~Exists(planned), state=BatchState.CONFIRMED)

    def _needing_decree(self):
        """Approved people, or a reserve who took a seat, whom no decree names yet."""
        approved = self._of_batch("candidates").filter(
            state=CandidateState.APPROVED, is_reserve=False, enrolment__isnull=True
        )
        held = self._of_batch("hearings").filter(state=HearingState.HELD)
        pending = self._of_batch("decrees").filter(state__in=PENDING.values())
        taken = self._of_batch("seat_offers").taken()
        first_list = Q(Exists(approved), seats_taken__lt=SEATS, state=BatchState.CONFIRMED)
        return self.filter(
            first_list | Q(Exists(taken)), Exists(held), ~Exists(pending), state__in=SELECTING
        )

    def _needing_reserve(self):
        return self.filter(Exists(self._of_batch("seat_offers").open()))

    def _of_batch(self, name):
        related = self.model._meta.get_field(name).related_model.objects
        return related.filter(batch=OuterRef("pk"))


class NeedsClinic(models.QuerySet):
    """Part of the queryset of candidates."""

    def awaiting_clinic(self, on=None):
        """Candidates of courses that ask for it, of whom the clinic has not said anything lately.

        Whoever is unfit for now is answered; an old word that somebody is fit is none.
        """
        on = on or timezone.localdate()
        person = self.model._meta.get_field("inmate").related_model
        words = person._meta.get_field("restrictions").related_model.objects.in_force(on)
        words = words.filter(
            Q(inmate=OuterRef("inmate")) | Q(inmate=OuterRef("inmate__merged_into"))
        )
        months = OuterRef("batch__course__fitness_within_months")
        lately = MonthsBefore(Value(on, DateField()), months)
        fit = words.filter(kind=RestrictionKind.FIT, starts__gte=lately)
        return self.filter(
            ~Exists(words.filter(kind=RestrictionKind.UNFIT)),
            ~Exists(fit),
            state__in=CANDIDATE_OPEN,
            enrolment=None,
            batch__state__in=BATCH_OPEN,
            batch__course__fitness_within_months__isnull=False,
        )
