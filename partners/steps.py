"""What comes next for an agreement: one thing, the most pressing first."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from partners import rules
from partners.states import SIGNED_ONCE, AgreementState

NOTICE_SOON_DAYS = 60  # the first reminder of the notice deadline


class Step(models.TextChoices):
    BEGIN = "begin"
    SEND = "send"
    AWAIT_ANSWER = "await_answer"
    AWAIT_SIGNATURE = "await_signature"
    AWAIT_SUCCESSOR = "await_successor"
    RENEW = "renew"
    RENEW_ENDED = "renew_ended"
    REVIEW = "review"
    DUTIES = "duties"
    REST = "rest"
    CLOSED = "closed"


BEFORE_SIGNING = {
    AgreementState.EXPLORING: Step.BEGIN,
    AgreementState.DRAFT: Step.SEND,
    AgreementState.REVIEW: Step.AWAIT_ANSWER,
    AgreementState.READY: Step.AWAIT_SIGNATURE,
}


def next_step(agreement, *, successor, late_duties, today=None):
    """The `Step` that an agreement (a row `with_status()`) is at; whose it is, its page knows.

    `successor` is the agreement that continues it, or None; `late_duties` says whether a side is
    late with something.
    """
    today = today or timezone.localdate()
    if agreement.state in BEFORE_SIGNING:
        return BEFORE_SIGNING[agreement.state]
    if agreement.state != AgreementState.SIGNED:
        return Step.CLOSED
    continued = successor is not None and successor.state in SIGNED_ONCE
    notice_by = rules.notice_deadline(agreement)
    if not continued and successor and today >= notice_by - timedelta(days=NOTICE_SOON_DAYS):
        return Step.AWAIT_SUCCESSOR
    if not continued and agreement.ends_on < today:
        return Step.RENEW_ENDED
    if not continued and today >= notice_by - timedelta(days=NOTICE_SOON_DAYS):
        return Step.RENEW
    review = rules.next_review(agreement, today)
    if review and review <= today:
        return Step.REVIEW
    if late_duties:
        return Step.DUTIES
    return Step.CLOSED if agreement.ends_on < today else Step.REST
