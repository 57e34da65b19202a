"""What waits for whom: one function a kind of work, each one query whatever the number of rows.

A new kind is one more function with `@waits`: whose post it is, the act it takes, and the list
where all of it stands. It gets the reader and the prisons where they may act, and yields tasks.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from accounts.models import Posting
from accounts.permissions import acts_of
from inmates.models import Circumstance, ImportRun, Transfer
from inmates.states import ImportState
from partners.models import ActionItem, Agreement
from partners.querysets import EXPIRING_DAYS
from partners.rules import notice_deadline
from partners.states import AgreementState
from placements import duplicates
from training.models import Batch, Candidate, Decree, Hearing, SlotProposal
from training.states import (
    CANDIDATE_OPEN,
    BatchState,
    DecreeState,
    HearingState,
)

SEATS = F("seats_confirmed") + F("seats_extra")
SHOWN = 5  # rows of one kind; the rest stands on its list
NEEDED_POSTS = (
    roles.OFFICER,
    roles.HEAD,
    roles.WARDEN,
    roles.REGISTRAR,
    roles.SECRETARIAT,
)


@dataclass
class Task:
    """One line of the home: what to do, about what, by when, and where."""

    what: str
    about: str
    url: str
    due: date | None = None
    since: date | None = None
    key: tuple = ()

    @property
    def age(self):
        """Since when it waits, in words; empty when it came today."""
        days = (timezone.localdate() - self.since).days if self.since else 0
        return days > 0 and ngettext("menunggu %(days)d hari", "menunggu %(days)d hari", days) % {
            "days": days
        }


def task(row, what, *about, due=None, since=None, url=""):
    """A task about a row of the database; facts that are empty are left out."""
    return Task(
        what=what,
        about=" · ".join(str(fact) for fact in about if fact),
        url=url or row.get_absolute_url(),
        due=due,
        since=since and timezone.localdate(since),
        key=(row._meta.label_lower, row.pk),
    )


@dataclass(frozen=True)
class Work:
    find: object
    post: str
    act: str
    more: str


_kinds = []


def waits(*, post, act, more):
    """Register the decorated function as a kind of work of a post."""

    def register(find):
        _kinds.append(Work(find, post, act, more))
        return find

    return register


@dataclass
class Waiting:
    tasks: list
    more: list  # pairs of what to do and the list where the rest of it stands

    def add(self, tasks, more):
        self.tasks += tasks[:SHOWN]
        if len(tasks) > SHOWN:
            self.more.append((tasks[0].what, reverse(more)))

    def __len__(self):
        return len(self.tasks)

    @property
    def keys(self):
        return {one.key for one in self.tasks}


def waiting_for(user, vacant=()):
    """All that waits for the reader's posts, the nearest date first.

    `vacant` names posts without a holder: their work comes to whoever passes them in (the head).
    A role that owns no kind of work sees what it may act on.
    """
    posts = user.roles | set(vacant)
    owns_work = bool(user.roles & {kind.post for kind in _kinds})
    waiting = Waiting([], [])
    for kind in _kinds:
        prisons = {facility for facility, act in acts_of(user) if act == kind.act}
        if prisons and (kind.post in posts or not owns_work):
            waiting.add(list(kind.find(user, prisons)), kind.more)
    waiting.add(list(own_promises(user)), "partners:engagement-list")
    waiting.tasks.sort(key=lambda one: (one.due or date.max, one.since or date.max))
    return waiting


def vacant_posts(facility_ids):
    """Pairs (prison, role) of posts that nobody holds today, in one query."""
    held = set(
        Posting.objects.current()
        .filter(facility__in=facility_ids, user__is_active=True)
        .values_list("facility_id", "role_id")
    )
    return [
        (facility, role)
        for facility in sorted(facility_ids)
        for role in NEEDED_POSTS
        if (facility, role) not in held
    ]


# --- Officer ---------------------------------------------------------------------------------


@waits(post=roles.OFFICER, act="open_slots", more="training:slot-inbox")
def rounds_to_answer(user, prisons):
    rows = SlotProposal.objects.visible_to(user).awaiting_prison()
    for row in _first(rows.select_related("batch__course", "agency"), prisons, "respond_by"):
        yield task(
            row,
            _("Jawab usulan %(seats)d kursi") % {"seats": row.seats},
            *(name_of(row.batch), row.agency),
            due=row.respond_by,
            since=row.created_at,
        )


@waits(post=roles.OFFICER, act="open_slots", more="training:batch-list")
def batches_without_round(user, prisons):
    asked = SlotProposal.objects.open().filter(batch=OuterRef("pk"))
    for row in _batches(user, prisons, ~Exists(asked), state=BatchState.PLANNED):
        yield task(
            row,
            _("Usulkan kuota"),
            *(name_of(row), row.agency),
            due=row.starts_on,
            since=row.state_at,
        )


@waits(post=roles.OFFICER, act="propose_candidates", more="training:batch-list")
def batches_short_of_candidates(user, prisons):
    rows = Batch.objects.annotate(
        in_play=Count("candidates", filter=Q(candidates__state__in=CANDIDATE_OPEN))
    ).filter(in_play__lt=SEATS, state=BatchState.CONFIRMED)
    for row in _batches(user, prisons, rows=rows):
        have = _("%(have)d dari %(seats)d calon") % {"have": row.in_play, "seats": row.seats}
        yield task(
            row,
            _("Usulkan calon peserta"),
            *(name_of(row), have),
            due=row.starts_on,
            since=row.state_at,
        )


@waits(post=roles.OFFICER, act="propose_candidates", more="training:batch-list")
def batches_without_hearing(user, prisons):
    proposed = Candidate.objects.awaiting_hearing().filter(batch=OuterRef("pk"))
    planned = Hearing.objects.filter(batch=OuterRef("pk"), state=HearingState.PLANNED)
    rows = _batches(user, prisons, Exists(proposed), ~Exists(planned), state=BatchState.CONFIRMED)
    for row in rows:
        yield task(row, _("Jadwalkan sidang TPP"), name_of(row), due=row.starts_on)


@waits(post=roles.OFFICER, act="decide_circumstance", more="placements:circumstance-list")
def circumstances_to_decide(user, prisons):
    rows = Circumstance.objects.visible_to(user).waiting()
    for row in _first(rows, prisons, "asked_at"):
        yield task(
            row,
            _("Putuskan perubahan keadaan"),
            *(row.get_kind_display(), formats.date_format(row.effective)),
            since=row.asked_at,
        )


# --- Head ------------------------------------------------------------------------------------


@waits(post=roles.HEAD, act="record_hearing", more="training:hearing-list")
def hearings_to_record(user, prisons):
    rows = Hearing.objects.visible_to(user).filter(state=HearingState.PLANNED)
    for row in _first(rows.select_related("batch__course"), prisons, "held_on"):
        yield task(
            row,
            _("Catat hasil sidang TPP"),
            name_of(row.batch),
            due=row.held_on,
            since=row.created_at,
        )


@waits(post=roles.HEAD, act="prepare_decree", more="training:batch-list")
def batches_without_decree(user, prisons):
    approved = Candidate.objects.approved_without_seat().regular().filter(batch=OuterRef("pk"))
    held = Hearing.objects.filter(batch=OuterRef("pk"), state=HearingState.HELD)
    pending = Decree.objects.filter(batch=OuterRef("pk")).exclude(state=DecreeState.ISSUED)
    rows = _batches(
        user,
        prisons,
        *(Exists(approved), Exists(held), ~Exists(pending), Q(seats_taken__lt=SEATS)),
        state=BatchState.CONFIRMED,
    )
    for row in rows:
        yield task(row, _("Siapkan SK peserta"), *(name_of(row), row.agency), due=row.starts_on)


@waits(post=roles.HEAD, act="prepare_decree", more="training:batch-list")
def decrees_returned(user, prisons):
    for row in _decrees(user, prisons, DecreeState.RETURNED):
        yield task(
            row,
            _("Perbaiki SK yang dikembalikan"),
            *(name_of(row.batch), row.reason),
            since=row.created_at,
        )


@waits(post=roles.HEAD, act="sign_agreement", more="partners:agreement-list")
def agreements_to_sign(user, prisons):
    rows = Agreement.objects.visible_to(user).filter(state=AgreementState.READY)
    for row in _first(rows.select_related("agency"), prisons, "state_at"):
        yield task(row, _("Catat penandatanganan"), row.title, row.agency, since=row.state_at)


@waits(post=roles.HEAD, act="sign_agreement", more="partners:agreement-list")
def agreements_expiring(user, prisons):
    rows = Agreement.objects.visible_to(user).ending_within(EXPIRING_DAYS).not_renewed()
    rows = rows.filter(state=AgreementState.SIGNED).select_related("agency")
    for row in _first(rows, prisons, "ends_on"):
        propose_by = formats.date_format(notice_deadline(row))
        yield task(
            row,
            _("Putuskan perpanjangan perjanjian"),
            *(row.title, row.agency),
            _("batas usul perpanjangan %(day)s") % {"day": propose_by},
            due=row.ends_on,
        )


# --- Warden, registrar, everybody ------------------------------------------------------------


@waits(post=roles.WARDEN, act="issue_decree", more="training:batch-list")
def decrees_to_issue(user, prisons):
    for row in _decrees(user, prisons, DecreeState.PREPARED):
        people = ngettext("%(n)d orang", "%(n)d orang", row.people) % {"n": row.people}
        yield task(
            row,
            _("Tetapkan SK peserta"),
            *(name_of(row.batch), people),
            due=row.batch.starts_on,
            since=row.created_at,
        )


@waits(post=roles.REGISTRAR, act="import_register", more="inmates:import-list")
def imports_to_apply(user, prisons):
    rows = ImportRun.objects.visible_to(user).filter(state=ImportState.READY)
    for row in _first(rows, prisons, "created_at"):
        yield task(row, _("Terapkan impor register"), row.file_name, since=row.created_at)


@waits(post=roles.REGISTRAR, act="answer_transfer", more="placements:transfer-list")
def transfers_to_answer(user, prisons):
    rows = Transfer.objects.visible_to(user).awaiting_origin().filter(origin__in=prisons)
    for row in rows.select_related("destination").order_by("created_at", "pk")[: SHOWN + 1]:
        yield task(row, _("Jawab permintaan mutasi"), row.destination, since=row.created_at)


@waits(post=roles.REGISTRAR, act="import_register", more="placements:absence-list")
def absences_to_decide(user, prisons):
    gone = Count("absences", filter=Q(absences__decision=""))
    rows = ImportRun.objects.visible_to(user).annotate(gone=gone).filter(gone__gt=0)
    for row in _first(rows, prisons, "created_at"):
        yield task(
            row,
            ngettext(
                "Tentukan %(count)d orang yang tidak tercantum lagi",
                "Tentukan %(count)d orang yang tidak tercantum lagi",
                row.gone,
            )
            % {"count": row.gone},
            row.file_name,
            since=row.applied_at,
            url=reverse("placements:absence-list"),
        )


@waits(post=roles.REGISTRAR, act="import_register", more="placements:duplicate-list")
def duplicates_to_judge(user, prisons):
    count = len(duplicates.pairs(prisons))
    if count:
        words = ngettext("%(count)d pasang data mirip", "%(count)d pasang data mirip", count)
        yield Task(
            _("Tinjau data ganda"),
            words % {"count": count},
            reverse("placements:duplicate-list"),
            key=("duplicates", tuple(sorted(prisons))),
        )


def own_promises(user):
    """What was promised at a visit and is owned by one of the reader's posts."""
    rows = ActionItem.objects.visible_to(user).open().filter(owner_role__in=user.roles)
    for row in _first(rows.select_related("engagement", "agency"), user.facility_ids, "due"):
        about = _("dijanjikan kepada %(agency)s") % {"agency": row.agency}
        yield task(row, row.what, about, due=row.due, url=row.engagement.get_absolute_url())


# --- Shared ----------------------------------------------------------------------------------


def name_of(batch):
    """How a batch is called on the home: its course and its own name."""
    return f"{batch.course} – {batch}"


def _first(rows, prisons, order):
    return rows.filter(facility__in=prisons).order_by(order, "pk")[: SHOWN + 1]


def _batches(user, prisons, *conditions, rows=None, **fields):
    rows = Batch.objects.all() if rows is None else rows
    rows = rows.visible_to(user).filter(*conditions, **fields)
    return _first(rows.select_related("course", "agency"), prisons, "starts_on")


def _decrees(user, prisons, state):
    rows = Decree.objects.visible_to(user).filter(state=state).annotate(people=Count("entries"))
    return _first(rows.select_related("batch__course"), prisons, "created_at")
