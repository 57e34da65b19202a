"""Asking what became of somebody: when, whether one may, in which words, and who may write it."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from inmates.rules import months_later
from partners.rules import is_liaison_of
from placements.employment import (
    WE_CONTACT,
    WORKING,
    FollowUpOutcome,
    FollowUpOwner,
)

CODE_LENGTH = 6
RESTRICTED = FollowUpOutcome.DETAINED


def due_day(counted_from, months):
    """The same day so many months later, or the last of that month if it has no such day."""
    return months_later(counted_from, months)


def opens_on(due_on):
    """The first day on which a follow-up may be answered."""
    return due_on - timedelta(days=settings.FOLLOW_UP_EARLY_DAYS)


def has_leave(has_consent, sentence_ends, on=None):
    """Whether the prison may turn to the person on a day: under the sentence, or by consent.

    Of whom no end of the sentence is known counts as free.
    """
    on = on or timezone.localdate()
    return has_consent or bool(sentence_ends and on <= sentence_ends)


def needs_leave(channel):
    """Whether this channel turns to the person; news that is brought needs no consent."""
    return channel in WE_CONTACT


def is_working(outcome):
    return outcome in WORKING


def code_of(follow_up):
    """What a follow-up is called where nobody may read a name."""
    return f"K-{str(follow_up.public_id)[:CODE_LENGTH].upper()}"


def name_of(months):
    """How a follow-up is called: by its month, or as news."""
    return _("Bulan ke-%(months)s") % {"months": months} if months else _("Kabar")


# --- Who may ----------------------------------------------------------------------------------
def speaks_for_owner(user, follow_up):
    """Whether the user is a liaison of the agency that was given this follow-up."""
    return follow_up.owner == FollowUpOwner.AGENCY and is_liaison_of(user, follow_up.agency_id)


def may_record(user, follow_up):
    return may(user, "follow_up", follow_up.facility_id) or speaks_for_owner(user, follow_up)


def sees_outcome(user, follow_up):
    """That somebody is detained again is told only to those who follow people up at the prison."""
    return follow_up.outcome != RESTRICTED or may(user, "follow_up", follow_up.facility_id)


def takes_outcome_along(user, follow_up):
    """As `sees_outcome`, for what leaves the page in a file: then only to the head."""
    return follow_up.outcome != RESTRICTED or may(user, "correct_state", follow_up.facility_id)


def may_ask_for_restricted(user):
    """Whether a list may be narrowed to what only the head takes along."""
    return may(user, "correct_state")
