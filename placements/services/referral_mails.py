"""The mail about a referral that waits for the agency, with a link that receives it.

Each liaison has a link of their own. It names a code and no person, lives while the referral is
waiting to be received, and `referral_links` is what stands behind it.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import action_links
from correspondence.models import Notice
from correspondence.services import mail

ACT = "receive_referral"
ASKING = ("referral_sent", "referral_resumed")


def writer(referral, by):
    """A function that writes the mail about this referral to one liaison."""

    def write(person):
        token = action_links.create(user=person, act=ACT, obj=referral, days=_days(referral), by=by)
        with translation.override(person.language):
            context = {
                "referral": referral,
                "url": settings.SITE_URL + reverse("placements:referral-link", args=[token]),
                "page": settings.SITE_URL + referral.get_absolute_url(),
            }
            return mail.write(
                recipient=person,
                subject=_("[lapasprog] Rujukan kerja %(code)s menunggu jawaban")
                % {"code": referral.person_code},
                body=render_to_string("mail/referral.txt", context),
                secret=True,
            )

    return write


def keep_until(referral):
    """The reply date has moved: the links that were sent live as long."""
    action_links.prolong_for(obj=referral, days=_days(referral))


def end_links(referral):
    """It was received, or ended: its links are dead, and mails with one that wait stay unsent."""
    if action_links.revoke_for(obj=referral):
        about = Notice.objects.live().filter(
            object_type=referral._meta.label_lower, object_id=referral.pk
        )
        mail.call_back(notices=about)


def _days(referral):
    return max((referral.answer_by - timezone.localdate()).days + 1, 1)
