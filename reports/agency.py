"""What a liaison's home shows: all that waits for the agency, and its next batches, at once."""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts import stand_ins
from partners.models import Agency, Agreement
from partners.states import AgencyKind
from placements.models import FollowUp, Referral
from reports import lines
from reports.lines import Lines
from reports.waiting.kinds import day
from training.models import Batch, Meeting, SlotProposal
from training.reminders import BATCH, TITLE
from training.states import BatchState

SHOWN = 10
# Deadlines of work that most agencies never have: by what it is about.
OF_REFERRALS = {"referral_reply", "referral_interview_day"}
OF_FOLLOW_UPS = {"follow_up_due"}
ROUNDS, REFERRALS, FOLLOW_UPS, MEETINGS, ASKED, BATCHES, AGREEMENTS = range(7)


def is_labour_office(user):
    agency = Agency.objects.own(user)
    return agency is not None and agency.kind == AgencyKind.DISNAKER


@dataclass(frozen=True)
class Desk:
    """What lies on the liaison's desk: `rows` of each kind, as `reports.lines` found them, and
    `never_due`, kinds of deadlines that the agency has none of."""

    found: dict
    never_due: frozenset

    def _of(self, kind):
        return self.found.get(kind, [])

    @property
    def rounds(self):
        """Rounds that wait for the agency which the user speaks for, not for units below it."""
        return self._of(ROUNDS)

    @property
    def rounds_left(self):
        return self.rounds[0].count - len(self.rounds) if self.rounds else 0

    @property
    def referrals(self):
        """Referrals that lie with the agency, by their codes."""
        return self._of(REFERRALS)

    @property
    def follow_ups(self):
        """The first of those whom the agency is to ask by today; its `count` says how many."""
        return next(iter(self._of(FOLLOW_UPS)), None)

    @property
    def meetings(self):
        """The first meeting whose attendance is missing; its `count` says how many."""
        return next(iter(self._of(MEETINGS)), None)

    @property
    def asked(self):
        """Rounds that the agency, or a unit below it, opened and the prison has yet to answer."""
        return self._of(ASKED)

    @property
    def batches(self):
        """Confirmed and running batches of the agency, the next one first."""
        return self._of(BATCHES)

    @property
    def agreements(self):
        return self._of(AGREEMENTS)

    @cached_property
    def keys(self):
        """Of the rows that wait: they are not told a second time as due."""
        waiting = (ROUNDS, REFERRALS, FOLLOW_UPS, MEETINGS, ASKED)
        return {row.key for kind in waiting for row in self._of(kind)}


def desk(user):
    """All kinds in one statement, up to `SHOWN` rows of each.

    A training agency is seldom given referrals or follow-ups. Whether it is, is asked first: the
    long plan of what to tell of them costs more than all else, even if it finds nobody.
    """
    refers, follows = (True, True) if is_labour_office(user) else map(bool, _given(user))
    statement, real = _prepared(user, refers, follows)
    never_due = (set() if refers else OF_REFERRALS) | (set() if follows else OF_FOLLOW_UPS)
    return Desk(statement.found(real), frozenset(never_due))


@stand_ins.asked_often
def _given(reader):
    """One referral, and one follow-up, that lies with the agency or a unit below it."""
    ours = {"agency__in": Agency.objects.ids_under(reader)}
    given = Referral.objects.with_agency(), FollowUp.objects.planned()
    return tuple(rows.filter(**ours).order_by().values_list("pk")[:1] for rows in given)


@stand_ins.made_once
def _prepared(reader, refers, follows):
    mine = {"agency__in": Agency.objects.own_ids(reader)}
    kinds = {
        ROUNDS: _rounds(SlotProposal.objects.awaiting_agency().filter(**mine)),
        REFERRALS: refers and _referrals(Referral.objects.with_agency().filter(**mine)),
        FOLLOW_UPS: follows
        and Lines(
            FollowUp.objects.due().filter(**mine),
            due="due_on",
            page="placements:follow-up-detail",
        ),
        MEETINGS: Lines(
            Meeting.objects.to_mark(stand_ins.NOW),
            due=TruncDate("during__startswith"),
            page="training:meeting-attendance",
        ),
        ASKED: _rounds(SlotProposal.objects.awaiting_prison()),
        BATCHES: _batches(Batch.objects.upcoming()),
        AGREEMENTS: Lines(
            Agreement.objects.in_force(),
            due="ends_on",
            data={"title": "title", "prison": "facility__name"},
            page="partners:agreement-detail",
        ),
    }
    asked = [kinds[place] for place in sorted(kinds)]
    scoped = [kind and kind.filtered(kind.rows.visible_to(reader)) for kind in asked]
    return lines.Prepared(scoped, most=SHOWN)


def _rounds(rows):
    return Lines(
        rows,
        due="respond_by",
        since="created_at",
        data={
            "batch": BATCH,
            "prison": "facility__name",
            "seats": "seats",
            "starts_on": "starts_on",
            "ends_on": "ends_on",
            "place": "place",
        },
        words=lambda row: (f"{day(row['starts_on'])} – {day(row['ends_on'])}", row["place"]),
        page="training:slot-answer",
    )


def _referrals(rows):
    return Lines(
        rows,
        due="answer_by",
        since="sent_at",
        data={
            "code": "person_code",
            "state": "state",
            "prison": "facility__name",
            "employer": "employer__name",
            "vacancy": "vacancy__title",
        },
        words=lambda row: (row["prison"], row["vacancy"] or row["employer"]),
        page="placements:referral-detail",
    )


def _batches(rows):
    return Lines(
        rows.filter(state__in=[BatchState.CONFIRMED, BatchState.RUNNING]),
        due="starts_on",
        data={
            "batch": TITLE,
            "state": "state",
            "starts_on": "starts_on",
            "ends_on": "ends_on",
            "taken": "seats_taken",
            "seats": F("seats_confirmed") + F("seats_extra"),
        },
        words=lambda row: (
            f"{day(row['starts_on'])} – {day(row['ends_on'])}",
            _("%(taken)s dari %(seats)s kursi terisi") % row,
        ),
        page="training:batch-detail",
    )
