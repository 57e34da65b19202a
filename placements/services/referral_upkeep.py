"""What becomes of referrals by themselves, as time passes and other things happen.

Each function is safe to repeat and to run twice at once; what fails is logged and does not stop
the others.
"""

import logging

from django.db import OperationalError
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.refusals import act
from correspondence.services import notices
from inmates.models import Consent, Custody, Inmate
from inmates.states import ConsentPurpose
from placements.employment import REFERRAL_OPEN, PlacementKind, ReferralState
from placements.models import Placement, Referral
from placements.services import referral_checks as checks
from placements.services import referral_news as tell
from placements.services import referral_rows as rows
from placements.services import referral_starts, referrals

logger = logging.getLogger(__name__)
PERSON = Coalesce("inmate__merged_into", "inmate")


def keep(*, today=None):
    """All of it; returns how many referrals ended or changed."""
    return (
        end_without_consent(today=today)
        + end_of_the_gone()
        + end_of_workers()
        + lapse_overdue(today=today)
        + follow_dates(today=today)
    )


def lapse_overdue(*, today=None):
    """Lapse what no agency answered by its day; what rests (somebody was accepted) waits."""
    today = today or timezone.localdate()
    overdue = Referral.objects.with_agency().filter(answer_by__lt=today).not_resting()
    return _each(overdue, lapse, today=today)


@act
def lapse(*, referral, today=None):
    """Nobody answered by the day: both sides are told. Safe to repeat."""
    today = today or timezone.localdate()
    referral = rows.locked_one(referral)
    still = Referral.objects.with_agency().not_resting().filter(pk=referral.pk)
    if referral.answer_by is None or referral.answer_by >= today or not still.exists():
        return False
    rows.move(referral, ReferralState.LAPSED, None)
    tell.both("referral_lapsed", referral, None, due=referral.answer_by)
    return True


def end_without_consent(*, today=None):
    """End what lost its consent: withdrawn at another prison, or ended on its last day."""
    held = Consent.objects.in_force(today, purpose=ConsentPurpose.REFERRAL).annotate(person=PERSON)
    without = _open_ones().filter(~Exists(held.filter(person=OuterRef("person"))))
    return _each(without, end_if_without_consent)


@act
def end_of_person(*, inmate):
    """End what other prisons have open of somebody who took the consent back just now."""
    for referral in Referral.objects.open().filter(inmate__in=Inmate.objects.records_of(inmate)):
        end_if_without_consent(referral=referral)


@act
def end_if_without_consent(*, referral):
    """End an open referral of somebody without a consent in force; returns whether it ended."""
    referral = rows.locked_one(referral)
    if referral.state not in REFERRAL_OPEN or checks.consent_of(referral.inmate):
        return False
    return _end(referral, _("Persetujuan untuk dirujuk tidak berlaku lagi."))


def end_of_workers():
    """End the other referrals of whoever has begun to work."""
    working = _working().annotate(person=PERSON).filter(person=OuterRef("person"))
    return _each(_open_ones().filter(Exists(working)), end_if_working)


@act
def end_if_working(*, referral):
    """End an open referral of somebody who works by now; returns whether it ended."""
    referral = rows.locked_one(referral)
    if referral.state not in REFERRAL_OPEN or not _working(referral.inmate).exists():
        return False
    return _end(referral, _("Orang ini sudah mulai bekerja."))


def end_of_the_gone():
    """End referrals, accepted ones too, of people who died or escaped, wherever that was."""
    stays = Custody.objects.annotate(person=PERSON).filter(person=OuterRef("person"))
    found = Referral.objects.not_over().annotate(person=PERSON)
    gone = found.filter(~Exists(stays.open()), Exists(stays.filter(ended_how__in=checks.GONE)))
    return _each(gone, end_if_gone)


@act
def end_if_gone(*, referral):
    """End the referral of somebody who died or escaped; returns whether it ended."""
    referral = rows.locked_with_vacancy(referral)
    if not Referral.objects.not_over().filter(pk=referral.pk).exists():
        return False
    if not checks.is_gone(referral.inmate):
        return False
    return _end(referral, _("Orang ini tidak dapat dirujuk lagi."))


def follow_dates(*, today=None):
    """Move the month of the released, and of those whose dates moved at another prison."""
    today = today or timezone.localdate()
    person = Inmate.objects.filter(pk=OuterRef("person"))
    expected = Inmate.objects.with_expected_release(today).filter(pk=OuterRef("person"))
    moved = (
        Referral.objects.not_over()
        .annotate(
            person=PERSON,
            held_at=Subquery(person.values("prison")[:1]),
            free_on=Subquery(expected.values("expected_release")[:1]),
        )
        .filter(
            Q(held_at=None, available_from__gt=today)
            | Q(held_at__isnull=False, free_on__gte=today)
            & ~Q(held_at=F("facility"))
            & ~Q(available_from=TruncMonth("free_on"))
        )
    )
    return _each(moved, follow_date, today=today)


@act
def follow_date(*, referral, today=None):
    """Write the month from which the person is available; tells an agency that has it.

    Who was released is available now. Returns whether it moved.
    """
    today = today or timezone.localdate()
    referral = rows.locked_one(referral)
    if not Referral.objects.not_over().filter(pk=referral.pk).exists():
        return False
    month = referral_starts.month_of(referral.inmate, today)
    is_free = referral.inmate.prison_id is None and referral.available_from <= today
    if month is None or month == referral.available_from or is_free:
        return False
    referral.available_from = month
    referral.save(update_fields=["available_from"])
    if referral.sent_at:
        notices.close_for(referral, "referral_month")
        tell.agency("referral_month", referral, None, month=month.isoformat())
    return True


def _open_ones():
    return Referral.objects.open().annotate(person=PERSON)


def _working(inmate=None):
    """Work after release, or on one's own; work release while serving ends with the sentence."""
    found = Placement.objects.running().exclude(kind=PlacementKind.WORK_RELEASE)
    return found if inmate is None else found.filter(inmate__in=Inmate.objects.records_of(inmate))


def _end(referral, reason):
    with translation.override("id"):
        referrals.take_back(referral=referral, reason=str(reason))
    return True


def _each(found, service, **terms):
    done = 0
    for row in found.order_by("pk"):
        try:
            done += service(referral=row, **terms)
        except OperationalError:
            raise  # the database went away: the next sweep tries again
        except Exception:
            logger.exception("could not look after referral %s", row.pk)
    return done
