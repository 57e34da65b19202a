"""The open work of one post, as its holder hands it over: one function a kind of work.

A new kind is one more function with `@work`: its heading, and whose posts it is (none named:
everybody's). It gets the posting and the reader (whoever ends the posting, and so may see all of
the prison's) and yields tasks. What two kinds have in common is shown by the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from correspondence import kinds, sources
from correspondence.models import ReminderPolicy
from partners.models import ActionItem, Agreement, Obligation
from partners.states import AgreementState, Party
from reports.waiting import Task, tasks_of
from training.models import Batch
from training.states import BATCH_OPEN, BatchState

AHEAD_DAYS = 366  # deadlines further away are not handed over one by one
MOST = 200


@dataclass(frozen=True)
class Kind:
    heading: str
    posts: tuple[str, ...]
    find: Callable


@dataclass(frozen=True)
class Section:
    """Rows of one kind, the nearest date first."""

    heading: str
    tasks: list[Task]


_kinds: list[Kind] = []


def work(heading, *posts):
    """Register the decorated function as a kind of open work of these posts (none: of all)."""

    def register(find):
        _kinds.append(Kind(heading, posts, find))
        return find

    return register


def open_work(posting, reader):
    """All open work of the posting as `Section`s; those without a row are left out."""
    seen, sections = set(), []
    for kind in _kinds:
        if kind.posts and posting.role_id not in kind.posts:
            continue
        tasks = [row for row in kind.find(posting, reader) if (row.key, row.due) not in seen]
        seen |= {(row.key, row.due) for row in tasks}
        tasks.sort(key=lambda row: (row.due or date.max, row.since or date.max))
        if tasks:
            sections.append(Section(kind.heading, tasks))
    return sections


@work(gettext_lazy("Menunggu dikerjakan"))
def waiting(posting, reader):
    """What the home of the post's holder shows as waiting."""
    return tasks_of(posting.role_id, reader, {posting.facility_id}, MOST)


@work(gettext_lazy("Tindak lanjut kunjungan"))
def promises(posting, reader):
    """What the post, or its holder by name, promised an agency."""
    for row in promised(posting).select_related("engagement", "agency")[:MOST]:
        about = _("dijanjikan kepada %(agency)s") % {"agency": row.agency}
        yield _task(row, row.what, about, due=row.due, url=row.engagement.get_absolute_url())


@work(gettext_lazy("Kewajiban lapas"), roles.OFFICER, roles.HEAD)
def obligations(posting, reader):
    rows = (
        Obligation.objects.open()
        .filter(party=Party.PRISON, agreement__facility=posting.facility_id)
        .exclude(agreement__state=AgreementState.CANCELLED)
    )
    for row in rows.select_related("agreement__agency").order_by("due", "pk")[:MOST]:
        about = (row.agreement, row.agreement.agency)
        yield _task(row, row.what, *about, due=row.due, url=row.agreement.get_absolute_url())


@work(gettext_lazy("Naskah perjanjian"), roles.OFFICER, roles.HEAD)
def drafts(posting, reader):
    rows = Agreement.objects.unsigned().filter(facility=posting.facility_id)
    for row in rows.select_related("agency").order_by("state_at", "pk")[:MOST]:
        about = (row.agency, row.get_state_display())
        yield _task(row, row.title, *about, due=row.answer_by, since=row.state_at)


@work(gettext_lazy("Angkatan"), roles.OFFICER, roles.HEAD)
def batches(posting, reader):
    rows = Batch.objects.filter(
        facility=posting.facility_id, state__in=[*BATCH_OPEN, BatchState.POSTPONED]
    )
    for row in rows.select_related("course", "agency").order_by("starts_on", "pk")[:MOST]:
        about = (row.agency, row.get_state_display())
        next_day = {BatchState.RUNNING: row.ends_on, BatchState.POSTPONED: None}
        due = next_day.get(row.state, row.starts_on)
        yield _task(row, f"{row.course} – {row}", *about, due=due)


@work(gettext_lazy("Tenggat setahun ke depan"))
def deadlines(posting, reader):
    """Open deadlines of which the prison's reminders tell the post, passed ones too."""
    today = timezone.localdate()
    audiences = _audiences(posting.facility_id)
    for source in sources.all_sources():
        words = audiences.get(source.kind, ())
        if posting.role_id not in words and sources.OWNER not in words:
            continue
        rows = source.rows(today).filter(
            deadline_facility_id=posting.facility_id,
            deadline_due__lte=today + timedelta(days=AHEAD_DAYS),
        )
        if posting.role_id not in words:
            rows = rows.filter(deadline_owner_role=posting.role_id)
        for row in rows.order_by("deadline_due", "pk")[:MOST]:
            yield Task(
                what=str(kinds.get(source.kind).label),
                about=kinds.words_of(source.kind, row.deadline_due, row.deadline_data),
                url=row.deadline_link,
                due=row.deadline_due,
                key=(row._meta.label_lower, row.pk),
            )


def _task(row, what, *about, due=None, since=None, url=""):
    """A task about a row of the database; facts that are empty are left out."""
    return Task(
        what=what,
        about=" · ".join(str(fact) for fact in about if fact),
        url=url or row.get_absolute_url(),
        due=due,
        since=since and timezone.localdate(since),
        key=(row._meta.label_lower, row.pk),
    )


def promised(posting):
    """Open action items of the post, or of its holder by name."""
    return (
        ActionItem.objects.open()
        .filter(
            Q(owner_role=posting.role_id) | Q(owner=posting.user_id),
            facility=posting.facility_id,
        )
        .order_by("due", "pk")
    )


def _audiences(facility_id):
    """`{kind: words}` of the reminders that hold for the prison: its own, else the nation's."""
    policies = ReminderPolicy.objects.filter(Q(facility=None) | Q(facility=facility_id))
    ordered = sorted(policies, key=lambda policy: policy.facility_id is not None)
    return {
        policy.kind: {*policy.audience, *policy.escalation} for policy in ordered if policy.offsets
    }
