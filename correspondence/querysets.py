from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.utils import timezone

from accounts.prepared import Prepared, among
from accounts.querysets import FacilityScoped
from accounts.states import UserKind
from correspondence import letter_kinds
from correspondence.states import LetterState, MailState, NoticeState

LONGEST_PAUSE = timedelta(hours=6)  # between two attempts to send a mail


def _unread(user):
    notices = apps.get_model("correspondence.Notice").objects.filter(recipient_id=user).unread()
    whole = notices.order_by().annotate(whole=Value(1)).values("whole")
    return whole.annotate(number=Count("pk")).values_list("number")


_UNREAD = Prepared(_unread, ids=["user"])


class NoticeQuerySet(models.QuerySet):
    def unread_by(self, user):
        """How many notices wait to be read by the user: stands on every page."""
        return sum(number for (number,) in _UNREAD.rows(user=user.pk))

    def visible_to(self, user):
        """The user's own; `user` may be an id."""
        return self.filter(recipient=user)

    def live(self):
        return self.filter(state=NoticeState.LIVE)

    def nearest(self):
        """Without those that a nearer one of the same deadline has followed."""
        nearer = self.model.objects.filter(
            recipient=OuterRef("recipient"),
            kind=OuterRef("kind"),
            object_type=OuterRef("object_type"),
            object_id=OuterRef("object_id"),
            due=OuterRef("due"),
            offset_days__lt=OuterRef("offset_days"),
            state=NoticeState.LIVE,
        )
        return self.filter(~Exists(nearer))

    def waiting(self):
        """Live, nearest, not acknowledged and not snoozed to a later day."""
        today = timezone.localdate()
        return (
            self.live()
            .filter(
                Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today), acknowledged_at=None
            )
            .nearest()
        )

    def snoozed(self):
        """Live, nearest, and put off to a later day."""
        later = self.live().filter(snoozed_until__gt=timezone.localdate(), acknowledged_at=None)
        return later.nearest()

    def logged_for(self, facility_ids):
        """What the staff and the partners of these prisons were told, and what they would be."""
        return self.filter(facility_id__in=facility_ids)

    def tally(self):
        """Of each kind, how many are `waiting`, put off (`snoozed`) and `unread`: dicts."""
        open_to, later = Q(acknowledged_at=None), Q(snoozed_until__gt=timezone.localdate())
        live = self.live().nearest().filter(open_to | Q(read_at=None))
        return (
            live.order_by()
            .values("kind")
            .annotate(
                waiting=Count("pk", filter=open_to & ~later),
                snoozed=Count("pk", filter=open_to & later),
                unread=Count("pk", filter=Q(read_at=None)),
            )
        )

    def beside(self, keys):
        """Live notices of the same deadlines as these, of the staff: who else knows?"""
        same = ("kind", "object_type", "object_id", "due")
        these = self.model.objects.filter(
            among("pk", keys), **{name: OuterRef(name) for name in same}
        )
        return self.live().filter(Exists(these), recipient__kind=UserKind.STAFF)

    def unread(self):
        return self.live().filter(read_at=None).nearest()

    def shown(self):
        """All that a recipient was told: the live ones and those told and then superseded."""
        return self.exclude(state=NoticeState.CANCELLED)

    def told(self):
        """Those that reached their recipient: seen in the app, or in the words of a mail."""
        return self.filter(Q(read_at__isnull=False) | Q(mail__message_id__gt=""))

    def by_due(self):
        return self.order_by("due", "offset_days", "-id")


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def rendered(self):
        """Mails that have their words: before their first claim they have none."""
        return self.exclude(message_id="")

    def claimable(self, now):
        """Queued mail whose time has come and that no worker holds.

        A lease or a pause that ends much later than any can is of a clock that went wrong.
        """
        lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        return self.filter(
            ~Q(claimed_until__range=(now, now + 2 * lease)),
            Q(not_before__lte=now) | Q(not_before__gt=now + 2 * LONGEST_PAUSE),
            state=MailState.QUEUED,
        ).order_by("not_before", "id")

    def failed(self):
        return self.filter(state=MailState.FAILED)


class LetterQuerySet(FacilityScoped):
    """Letters belong to the prison; a liaison gets one through its object's page only."""

    def about(self, obj):
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)

    def about_any(self, objects):
        """Letters that belong to one of the rows of a queryset."""
        return self.filter(
            object_type=objects.model._meta.label_lower, object_id__in=objects.values("pk")
        )

    def ordinary(self):
        """Without the papers that have a life of their own, such as decrees."""
        return self.filter(kind__in=letter_kinds.codes(), entered_afterwards=False)

    def sent_outside(self):
        """What an agency may read: letters of the kinds meant for it, once they were sent."""
        return self.filter(kind__in=letter_kinds.sent_to_agencies(), state=LetterState.SENT)

    def to_initial(self):
        """Drafts that their writer has handed on."""
        return self.ordinary().filter(state=LetterState.DRAFT).exclude(initials=[])

    def to_finish(self):
        """What waits for its writer: drafts not handed on, and letters to ask a number for."""
        mine = Q(state=LetterState.INITIALLED) | Q(state=LetterState.DRAFT, initials=[])
        return self.ordinary().filter(mine)

    def to_number_or_send(self):
        return self.ordinary().filter(state__in=(LetterState.AWAITING, LetterState.SIGNED))

    def to_send(self):
        return self.ordinary().filter(state=LetterState.SIGNED)

    def to_sign(self, role):
        """Numbered letters whose signatory stands there for a role."""
        return self.ordinary().filter(state=LetterState.NUMBERED, signatory__role=role)
