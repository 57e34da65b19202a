from django.db import models
from django.db.models import FilteredRelation, Prefetch, Q
from django.utils import timezone

from accounts.permissions import may
from accounts.querysets import FacilityScoped
from inmates import rules
from inmates.rules import release_in_sql
from inmates.states import KEEPS_OUT, KNOWN_AT_ONCE, RowOutcome, TransferState


class InmateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People whose custody is or was at a prison where the user may see people."""
        if user.is_liaison:
            return self.none()
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return self.filter(
            pk__in=self.model.objects.filter(custodies__facility_id__in=facilities).values("pk")
        )

    def in_custody(self, facility_id):
        """People whose open custody is at the prison."""
        return self.filter(prison=facility_id)

    def canonical(self):
        """Without the records that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def records_of(self, inmate):
        """Ids of all records of one person: the canonical one and those merged into it.

        The same for any of them, and in no scope: whoever shows something asks `visible_to`.
        """
        canonical = inmate.merged_into_id or inmate.pk
        return self.filter(Q(pk=canonical) | Q(merged_into=canonical)).values_list("pk", flat=True)

    def search(self, text):
        """By name (each word, in any order, titles aside) or by the exact person key."""
        by_name = Q(pk__in=[])
        words = rules.search_name(text).split()
        if words:
            by_name = Q()
            for word in words:
                by_name &= Q(search_name__contains=word)
        return self.filter(by_name | Q(person_key=rules.person_key_of(text)))

    def held_at(self, facility_ids, **custody):
        """People whose open custody is at one of the prisons, and is as `custody` says."""
        if not custody:
            return self.filter(prison__in=facility_ids)
        conditions = {f"custodies__{name}": value for name, value in custody.items()}
        return self.filter(
            pk__in=self.model.objects.filter(
                custodies__facility_id__in=facility_ids,
                custodies__until__isnull=True,
                **conditions,
            ).values("pk")
        )

    def from_city(self, city, *, is_from=True):
        """By the city that the register states: `Cilegon` also matches `Kota Cilegon`."""
        lives_there = Q(city__icontains=city) if city else Q(pk__in=[])
        return self.filter(lives_there if is_from else ~lives_there)

    def with_expected_release(self, today=None):
        """With `expected_release` (a day) and `release_basis`, as `rules.expected_release` says.

        Both can be filtered and ordered by; without a way out they are None and empty. The open
        custody is joined as `open_custody`, in at most one row per person.
        """
        day, basis = release_in_sql.expected_release(today or timezone.localdate())
        return self.alias(
            open_custody=FilteredRelation("custodies", condition=Q(custodies__until__isnull=True))
        ).annotate(expected_release=day, release_basis=basis)

    def for_list(self, facility_ids):
        """With `sentence`, and in `here` the open custody at one of the prisons."""
        custodies = self.model._meta.get_field("custodies").related_model.objects
        here = custodies.open().filter(facility_id__in=facility_ids)
        return self.select_related("sentence").prefetch_related(
            Prefetch("custodies", here, to_attr="here")
        )


class CustodyQuerySet(FacilityScoped):
    def open(self):
        return self.filter(until__isnull=True)


class OfPerson(FacilityScoped):
    """Rows about one person, written at one prison, for those who may see people there."""

    def visible_to(self, user):
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return super().visible_to(user).filter(facility_id__in=facilities)


class GoesWithPerson(OfPerson):
    """Rows that move with the person: the prison that holds them now sees those of others too."""

    def visible_to(self, user):
        if user.is_liaison:
            return self.none()
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return self.filter(
            Q(facility__in=facilities)
            | Q(inmate__prison__in=facilities)
            | Q(inmate__merged_into__prison__in=facilities)
        )


class RestrictionQuerySet(FacilityScoped):
    def keeping_out(self):
        """Without the clinic's word that somebody is fit."""
        return self.filter(kind__in=KEEPS_OUT)

    def in_force(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), starts__lte=on)


class RestrictionManager(models.Manager.from_queryset(RestrictionQuerySet)):
    """Without the entries that were wrong."""

    def get_queryset(self):
        return super().get_queryset().filter(voided_at__isnull=True)


class ImportRunQuerySet(FacilityScoped):
    """Imports are the registrar's: others of the prison do not see them."""

    def visible_to(self, user):
        facilities = [pk for pk in user.facility_ids if may(user, "import_register", pk)]
        return super().visible_to(user).filter(facility_id__in=facilities)


class ImportRowQuerySet(models.QuerySet):
    def shown_as(self, tab):
        """Rows of one tab of the preview: an outcome, `"warning"`, or all for anything else."""
        if tab == "warning":
            return self.filter(is_warning=True)
        return self.filter(outcome=tab) if tab in RowOutcome.values else self.all()


class AbsenceQuerySet(FacilityScoped):
    def open(self):
        """Those of whom nobody has said yet what became of them."""
        return self.filter(decision="")


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Transfers from or to a prison where the user may see people."""
        if user.is_liaison:
            return self.none()
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return self.filter(Q(origin__in=facilities) | Q(destination__in=facilities))

    def awaiting_origin(self):
        return self.filter(state=TransferState.PROPOSED)


class CircumstanceQuerySet(OfPerson):
    def open(self):
        return self.filter(decision="")

    def unsettled(self, on=None):
        """Open ones that no policy has been asked about, and whose day has come (default today).

        What is known of a date, a class or a consent counts at once.
        """
        on = on or timezone.localdate()
        return self.open().filter(
            Q(effective__lte=on) | Q(kind__in=KNOWN_AT_ONCE), asked_at__isnull=True
        )

    def waiting(self):
        """Left by the policy for a post to decide."""
        return self.open().filter(asked_at__isnull=False)


class ConsentQuerySet(GoesWithPerson):
    def in_force(self, on=None, *, purpose=None):
        """Given, not withdrawn and not ended on a day (default today)."""
        on = on or timezone.localdate()
        rows = self.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            signed_on__lte=on,
            withdrawn_on__isnull=True,
        )
        return rows.filter(purpose=purpose) if purpose else rows


class DocumentQuerySet(GoesWithPerson):
    pass


class AptitudeQuerySet(GoesWithPerson):
    pass


class MergeQuerySet(OfPerson):
    def standing(self):
        return self.filter(undone_at__isnull=True)
