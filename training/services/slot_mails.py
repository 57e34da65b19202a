"""The mail about a round that waits for the agency, with a link that answers it without sign-in.

Each liaison has a link of their own. It lives while the round is open, and no longer than its
reply date; `slot_links` is what stands behind it.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import action_links
from correspondence.models import Notice
from correspondence.services import mail

ACT = "answer_slots"


def writer(proposal, by):
    """A function that writes the mail about this round to one liaison."""

    def write(person):
        token = action_links.create(user=person, act=ACT, obj=proposal, days=_days(proposal), by=by)
        with translation.override(person.language):
            context = {
                "proposal": proposal,
                "batch": proposal.batch,
                "url": settings.SITE_URL + reverse("training:slot-link", args=[token]),
                "page": settings.SITE_URL + proposal.get_absolute_url(),
            }
            return mail.write(
                recipient=person,
                subject=_("[lapasprog] Mohon jawaban: %(seats)s kursi %(course)s")
                % {"seats": proposal.seats, "course": proposal.batch.course.name},
                body=render_to_string("mail/slot_round.txt", context),
                secret=True,
            )

    return write


def keep_until(proposal):
    """The reply date has moved: the links that were sent live as long."""
    action_links.prolong_for(obj=proposal, days=_days(proposal))


def end_links(proposal):
    """The round is settled: its links are dead, and mails with one that wait stay unsent."""
    if action_links.revoke_for(obj=proposal):
        about = Notice.objects.live().filter(
            object_type=proposal._meta.label_lower, object_id=proposal.pk
        )
        mail.call_back(notices=about)


def _days(proposal):
    """Until the end of the reply date, at least."""
    return (proposal.respond_by - timezone.localdate()).days + 1
