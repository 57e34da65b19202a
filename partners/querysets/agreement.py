from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import (
    Cast,
    Ceil,
    ExtractMonth,
    ExtractYear,
    Greatest,
    TruncDate,
)
from django.utils import timezone

from accounts.once import worked_out_for_few, worked_out_once
from partners import rules
from partners.querysets.months import MonthsAfter, MonthsBefore
from partners.querysets.scope import AgencyScoped
from partners.states import SIGNED_ONCE, UMBRELLAS, UNSIGNED, AgreementState, AgreementStatus

EXPIRING_DAYS = settings.AGREEMENT_EXPIRING_DAYS


class AgreementQuerySet(AgencyScoped):
    def visible_to(self, user):
        """A liaison reads agreements once they were on the table: from review on."""
        rows = super().visible_to(user)
        if not user.is_liaison:
            return rows
        shown = self.model.pgh_event_model.objects.filter(state=AgreementState.REVIEW)
        rows = rows.exclude(state__in=[AgreementState.EXPLORING, AgreementState.DRAFT])
        return rows.exclude(
            ~Exists(shown.filter(pgh_obj=OuterRef("pk"))), state=AgreementState.CANCELLED
        )

    def in_force(self, on=None):
        """Agreements that hold on a day (default today): its first and last day count."""
        on = on or timezone.localdate()
        return self.filter(
            Q(terminated_on__isnull=True) | Q(terminated_on__gt=on),
            state__in=SIGNED_ONCE,
            starts_on__lte=on,
            ends_on__gte=on,
        )

    def ending_within(self, days, on=None):
        on = on or timezone.localdate()
        return self.in_force(on).filter(ends_on__lte=on + timedelta(days=days))

    def covering(self, starts_on, ends_on):
        """Agreements that hold on every day from `starts_on` to `ends_on`."""
        return self.filter(
            Q(terminated_on__isnull=True) | Q(terminated_on__gt=ends_on),
            state__in=SIGNED_ONCE,
            starts_on__lte=starts_on,
            ends_on__gte=ends_on,
        )

    def usable(self, on=None):
        """Signed agreements that still hold or will hold: those a new batch may name."""
        on = on or timezone.localdate()
        return self.filter(state=AgreementState.SIGNED, ends_on__gte=on)

    def signed_once(self):
        """Agreements that hold, held or will hold: signed, also those terminated since."""
        return self.filter(state__in=SIGNED_ONCE)

    def umbrellas(self, agency=None):
        """What a PKS may stand under: of any agency, or of one and those above it."""
        rows = self.filter(kind__in=UMBRELLAS).exclude(state=AgreementState.CANCELLED)
        return rows if agency is None else rows.filter(agency__in=rules.lineage(agency))

    def before(self, agreement):
        """Agreements with the same agency that it may continue: signed, by no other one yet."""
        others = self.model.objects.exclude(state=AgreementState.CANCELLED)
        return (
            self.signed_once()
            .filter(facility=agreement.facility_id, agency=agreement.agency_id)
            .filter(~Exists(others.filter(renews=OuterRef("pk"))))
            .exclude(pk=agreement.pk)
        )

    def not_renewed(self):
        """Agreements that no signed successor continues."""
        successors = self.model.objects.filter(renews=OuterRef("pk"), state__in=SIGNED_ONCE)
        return self.filter(~Exists(successors))

    def notice_within(self, days, on=None):
        """In force without successor; the day to propose an extension is yet to come, and near."""
        on = on or timezone.localdate()
        rows = self.in_force(on).with_status(on).filter(is_renewed=False)
        return rows.filter(notice_by__range=(on, on + timedelta(days=days)))

    def promising_seats(self):
        return self.filter(seats_per_year__gt=0)

    def unsigned(self):
        return self.filter(state__in=UNSIGNED)

    def with_status(self, on=None):
        """Each row with `status_code` (one of `AgreementStatus`), `notice_by` and `is_past_notice`.

        `is_past_notice`: in force, the day to propose an extension has gone by, no successor.
        """
        on = on or timezone.localdate()
        last = on + timedelta(days=EXPIRING_DAYS)
        successors = self.model.objects.filter(renews=OuterRef("pk"), state__in=SIGNED_ONCE)
        return self.annotate(
            notice_by=MonthsBefore(F("ends_on"), F("notice_months")),
            is_renewed=Exists(successors),
            reviewed_due=self._last_review(),
            status_code=Case(
                When(state__in=UNSIGNED, then=Value(AgreementStatus.UNSIGNED)),
                When(state=AgreementState.CANCELLED, then=Value(AgreementStatus.CANCELLED)),
                When(state=AgreementState.TERMINATED, then=Value(AgreementStatus.TERMINATED)),
                When(starts_on__gt=on, then=Value(AgreementStatus.NOT_YET)),
                When(ends_on__lt=on, then=Value(AgreementStatus.ENDED)),
                When(ends_on__lte=last, then=Value(AgreementStatus.EXPIRING)),
                default=Value(AgreementStatus.IN_FORCE),
                output_field=models.CharField(),
            ),
        ).annotate(
            is_past_notice=Case(
                When(
                    status_code__in=[AgreementStatus.IN_FORCE, AgreementStatus.EXPIRING],
                    is_renewed=False,
                    notice_by__lt=on,
                    then=Value(True),
                ),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )

    def with_review_due(self):
        """Each row with `review_due`, the next monev (`rules.next_review` in SQL), or null."""
        entered = TruncDate("created_at")
        gone = (ExtractYear(entered) - ExtractYear("starts_on")) * 12 + (
            ExtractMonth(entered) - ExtractMonth("starts_on")
        )
        rounds = Case(
            When(
                entered_afterwards=True,
                then=Cast(
                    Greatest(Ceil(Cast(gone, FloatField()) / F("review_months")), 1.0),
                    IntegerField(),
                ),
            ),
            default=Value(1),
        )
        rows = worked_out_once(self, reviewed_due=self._last_review()).annotate(rounds=rounds)
        rows = rows.annotate(
            first_due=MonthsAfter(F("starts_on"), F("rounds") * F("review_months"))
        )
        next_due = Case(
            When(
                reviewed_due__isnull=False,
                then=MonthsAfter(F("reviewed_due"), F("review_months")),
            ),
            When(
                entered_afterwards=True,
                first_due__lt=entered,
                then=MonthsAfter(F("starts_on"), (F("rounds") + 1) * F("review_months")),
            ),
            default=F("first_due"),
        )
        return worked_out_for_few(rows, review_due=next_due)

    def _last_review(self):
        reviews = self.model._meta.get_field("reviews").related_model.objects
        newest = reviews.filter(agreement=OuterRef("pk")).order_by("-due")
        return Subquery(newest.values("due")[:1])

    def having_status(self, code, on=None):
        """Rows with a status: a code of `AgreementStatus`, or `past_notice`.

        `in_force` also holds what is expiring and what is terminated for a later day.
        """
        if code == AgreementStatus.IN_FORCE:
            return self.in_force(on)
        if code == "past_notice":
            return self.with_status(on).filter(is_past_notice=True)
        return self.with_status(on).filter(status_code=code)

    def touching(self, first, last):
        """Agreements whose term, as written, shares a day with the span; both have dates."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def undated(self):
        """Agreements that are being written and have no term yet."""
        return self.unsigned().filter(Q(starts_on__isnull=True) | Q(ends_on__isnull=True))

    def with_something_between(self, first, last):
        """Agreements whose term shares a day with the span, or with an open obligation due in it.

        Ends, notice deadlines and reviews fall into the term.
        """
        obligations = self.model._meta.get_field("obligations").related_model.objects
        due = obligations.open().filter(agreement=OuterRef("pk"), due__range=(first, last))
        return self.filter(Q(starts_on__lte=last, ends_on__gte=first) | Exists(due))

    def with_what_is_due(self):
        """Each row with its `agency` and `obligations_open`, read in two statements for all."""
        obligations = self.model._meta.get_field("obligations").related_model.objects
        return self.select_related("agency").prefetch_related(
            Prefetch("obligations", obligations.open(), to_attr="obligations_open")
        )

    def unsigned_for(self, days, now=None):
        """Agreements written down more than so many days ago and not signed yet."""
        return self.unsigned_since((now or timezone.now()) - timedelta(days=days))

    def unsigned_since(self, moment):
        """Agreements written down before the moment and not signed yet."""
        return self.unsigned().filter(created_at__lt=moment)

    def with_obligations(self, *, late=False, on=None):
        """Agreements, not given up, under which something is open, or late on a day."""
        obligations = self.model._meta.get_field("obligations").related_model.objects
        rows = obligations.late(on) if late else obligations.open()
        return self.exclude(state=AgreementState.CANCELLED).filter(
            Exists(rows.filter(agreement=OuterRef("pk")))
        )
