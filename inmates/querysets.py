from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Replace
from django.db.models.lookups import StartsWith
from django.utils import timezone

from accounts.at_most_one import AtMostOne
from accounts.once import worked_out_once
from accounts.permissions import may
from accounts.prepared import among
from accounts.querysets import FacilityScoped
from inmates import rules
from inmates.rules import release_in_sql, sentences_in_sql
from inmates.searched import SearchedQuerySet
from inmates.states import KEEPS_OUT, KNOWN_AT_ONCE, RowOutcome, TransferState


class InmateQuerySet(SearchedQuerySet):
    def visible_to(self, user):
        """People whose custody is or was at a prison where the user may see people."""
        if user.is_liaison:
            return self.none()
        facilities = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        stays = self._rows("custodies").filter(facility_id__in=facilities)
        return self.filter(pk__in=stays.order_by().values("inmate"))

    def held_for(self, user):
        """Those of `visible_to` whom a prison of the user holds now.

        Who may see people at each of these prisons sees all of them: nobody's stays are looked up.
        """
        held = self.in_prisons(user.facility_ids)
        if all(may(user, "see_people", pk) for pk in user.facility_ids):
            return held
        return held.visible_to(user)

    def records_of_all(self, people):
        """Keys of all records of these people (keys): their own, and those merged into them.

        For `inmate__in`: found by an index each, as no index serves one condition on both.
        """
        every = self.model.objects.order_by()
        own = every.filter(pk__in=people).values("pk")
        return own.union(every.filter(merged_into__in=people).values("pk"), all=True)

    def records_among(self, people):
        """The same for a list of keys, in one shape whatever its length (`asked_often`)."""
        every = self.model.objects.order_by()
        own = every.filter(among("pk", people)).values("pk")
        return own.union(every.filter(among("merged_into", people)).values("pk"), all=True)

    def in_custody(self, facility_id):
        """People whose open custody is at the prison."""
        return self.in_prisons([facility_id])

    def residents_of(self, facility, *, are_residents=True):
        """By the region of the KTP where it is known, else by the city that the register states.

        `Cilegon` also matches `Kota Cilegon`; of whom nothing is known is no resident.
        """
        people = self.alias(is_resident=_residency(facility))
        return people.filter(is_resident=are_residents)

    def aged(self, youngest=None, oldest=None, on=None):
        """By age in whole years, both ends included; without a birth date nobody has an age."""
        on = on or timezone.localdate()
        people = self.filter(birth_date__isnull=False)
        if youngest is not None:
            people = people.filter(birth_date__lte=rules.months_later(on, -12 * youngest))
        if oldest is not None:
            people = people.filter(birth_date__gt=rules.months_later(on, -12 * (oldest + 1)))
        return people

    def without_nik(self):
        """Who needs a recording at Disdukcapil (perekaman KTP-el); foreigners have no NIK."""
        return self.filter(nik_digest="", is_foreigner=False)

    def without_sentence_dates(self):
        stated = ("one_third", "one_half", "two_thirds", "expires")
        return self.filter(**{f"sentence__{name}__isnull": True for name in stated})

    def with_differing_dates(self):
        """Of whom `rules.differences` has something to say."""
        return self.filter(sentences_in_sql.dates_differ())

    def restricted(self, on=None):
        """Whom a restriction that is in force keeps out of trainings."""
        return self._named_in(self._rows("restrictions").in_force(on).keeping_out())

    def limited(self):
        """Whose data are kept and used no further, because they asked for it."""
        return self.filter(pk__in=self._rows("limits").standing().values("inmate"))

    def unlimited(self):
        return self.exclude(pk__in=self._rows("limits").standing().values("inmate"))

    def without_aptitude(self):
        """Without any assessment of interest and aptitude."""
        return self._named_in(self._rows("aptitudes").all(), named=False)

    def without_consent(self, purpose, on=None):
        return self._named_in(self._rows("consents").in_force(on, purpose=purpose), named=False)

    def _rows(self, name):
        return self.model._meta.get_field(name).related_model.objects

    def _named_in(self, rows, *, named=True):
        """By rows about them; a merged record's rows are those of the person it stands for."""
        merged = rows.filter(inmate__merged_into=OuterRef("pk"))
        named_there = Q(Exists(rows.filter(inmate=OuterRef("pk")))) | Q(Exists(merged))
        return self.filter(named_there if named else ~named_there)

    def leaving_within(self, months, today=None):
        """Expected to be released from today to so many calendar months later."""
        today = today or timezone.localdate()
        return self.by_expected_release(today).filter(
            expected_release__range=(today, rules.months_later(today, months))
        )

    def overdue(self, today=None):
        """Still held although every stated way out has passed: to be looked up in SDP."""
        today = today or timezone.localdate()
        return self.by_expected_release(today).filter(expected_release__lt=today)

    def with_expected_release(self, today=None, **custody):
        """With `expected_release` (a day) and `release_basis`, as `rules.expected_release` says.

        Both can be filtered and ordered by; without a way out they are None and empty. The open
        custody is joined as `open_custody`, in at most one row per person; `custody` says what is
        known of it, if that helps to find it.
        """
        today = today or timezone.localdate()
        rows = self.with_open_custody(**custody).annotate(
            expected_release=release_in_sql.expected_release(today)
        )
        return rows.annotate(release_basis=release_in_sql.basis(F("expected_release")))

    def by_expected_release(self, today=None):
        """The same for who filters or orders by it: the database works it out once a row."""
        day = release_in_sql.expected_release(today or timezone.localdate())
        rows = worked_out_once(self.with_open_custody(), expected_release=day)
        return rows.annotate(release_basis=release_in_sql.basis(F("expected_release")))

    def with_open_custody(self, **known):
        """The open custody joined as `open_custody`, as `with_expected_release` has it."""
        known = {f"custodies__{name}": value for name, value in known.items()}
        condition = Q(custodies__until__isnull=True, **known)
        return self.alias(open_custody=AtMostOne("custodies", condition=condition))

    def for_list(self, facility, today=None):
        """With what a list shows of a person: number and class of the open custody, residency of
        the facility's city, expected release.
        """
        return self.with_expected_release(today).annotate(
            register_number=F("open_custody__register_number"),
            register_class=F("open_custody__register_class"),
            is_resident=_residency(facility),
        )


def _residency(facility):
    """Whether a person is from the facility's city, as an expression."""
    if facility is None:
        return Value(False)
    home = facility.__class__.objects.filter(pk=facility.pk)
    code = Subquery(home.values(bare=_without_dots("residence_code")))
    city = Subquery(home.exclude(city="").values("city"))
    known = ~Q(domicile_code="") & Exists(home.exclude(residence_code=""))
    return Case(
        When(known, then=StartsWith(_without_dots("domicile_code"), code)),
        When(city__icontains=city, then=True),
        default=False,
        output_field=models.BooleanField(),
    )


def _without_dots(name):
    return Replace(name, Value("."), Value(""))


class CustodyQuerySet(FacilityScoped):
    def open(self):
        return self.filter(until__isnull=True)

    def last_of(self, inmate):
        """The person's last stay among these, with person and prison, or None."""
        stays = self.filter(inmate=inmate).select_related("inmate", "facility")
        return stays.order_by("starts", "pk").last()


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
        # Three ways that each have an index; as one condition they would read the whole table.
        every = self.model._base_manager.order_by().values("pk")
        own = every.filter(facility__in=facilities)
        held = every.filter(inmate__prison__in=facilities)
        known_as = every.filter(inmate__merged_into__prison__in=facilities)
        return self.filter(pk__in=own.union(held, known_as))


class RestrictionQuerySet(FacilityScoped):
    def visible_to(self, user):
        """Written where the user may see people, or about somebody whom that prison holds now."""
        if user.is_liaison:
            return self.none()
        prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
        return self.filter(Q(facility__in=prisons) | Q(inmate__prison__in=prisons))

    def keeping_out(self):
        """Without the clinic's word that somebody is fit."""
        return self.filter(kind__in=KEEPS_OUT)

    def in_force(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), starts__lte=on)

    def for_list(self):
        """The newest first, with whoever wrote it down and said that it was wrong."""
        return self.select_related("created_by", "voided_by").order_by("-starts", "-pk")


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

    def with_stay(self):
        """With person and import, and in `register_number` the person's number at the prison."""
        person = self.model._meta.get_field("inmate").related_model
        here = (
            person._meta.get_field("custodies")
            .related_model.objects.filter(
                inmate=OuterRef("inmate_id"), facility=OuterRef("facility_id")
            )
            .order_by("-starts", "-pk")
        )
        return self.select_related("inmate", "run", "decided_by").annotate(
            register_number=Subquery(here.values("register_number")[:1])
        )


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


class DataLimitQuerySet(GoesWithPerson):
    def standing(self):
        return self.filter(lifted_on__isnull=True)


class ConsentQuerySet(GoesWithPerson):
    def in_force(self, on=None, *, purpose=None):
        """Given, not withdrawn and not ended on a day (default today), and of somebody whose data
        may be used: nothing rests on the consent of whoever asked that theirs be kept only."""
        person = self.model._meta.get_field("inmate").related_model
        limits = person._meta.get_field("limits").related_model.objects.standing()
        return self.given(on, purpose=purpose).exclude(inmate__in=limits.values("inmate"))

    def given(self, on=None, *, purpose=None):
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

    def with_people(self):
        return self.select_related("winner", "loser", "created_by", "undone_by")


class DistinctQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pairs of people both of whom the user may see."""
        people = self.model._meta.get_field("first").related_model.objects.visible_to(user)
        return self.filter(first__in=people.values("pk"), second__in=people.values("pk"))

    def of(self, one, other):
        return self.filter(Q(first=one, second=other) | Q(first=other, second=one))

    def latest_first(self):
        return self.select_related("first", "second", "created_by").order_by("-created_at", "-pk")
