"""Who sits in a batch's class, in the words that the reader may read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from training.attended import Attended
from training.models import Enrolment
from training.services import enrolments
from training.states import EnrolmentState


@dataclass(frozen=True)
class Subject:
    """Whom an access record names."""

    public_id: UUID


@dataclass(frozen=True)
class Person:
    """A participant, present or past. `pk` and `public_id` are the enrolment's.

    `name` is empty for whoever the reader may not read by name.
    """

    pk: int
    public_id: UUID
    code: str
    name: str
    subject: Subject | None
    state: str
    joined_on: date
    dropped_on: date | None
    attended: Attended

    @property
    def label(self):
        return f"{self.name} ({self.code})" if self.name else self.code

    @property
    def is_suspended(self):
        return self.state == EnrolmentState.SUSPENDED

    def takes_part_on(self, day):
        return self.joined_on <= day and (self.dropped_on is None or day <= self.dropped_on)


def class_list(batch, user):
    """`Person`s in the order of their codes; those who left before it began stay out.

    Staff who may see people there read all names, a liaison those that `enrolments.roster` gives.
    """
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(batch=batch)
        .select_related("inmate")
        .with_attendance()
        .order_by("participant_code")
    )
    named = None
    if user.is_liaison:
        named = {one.code: one for one in enrolments.roster(batch, user) if one.is_named}
    return [
        _person(row, named)
        for row in rows
        if row.dropped_on is None or row.dropped_on >= row.joined_on
    ]


def subjects(people):
    """Those of whom the page shows a name, for the access record."""
    return [person.subject for person in people if person.subject]


def _person(row, named):
    is_named = named is None or row.participant_code in named
    return Person(
        pk=row.pk,
        public_id=row.public_id,
        code=row.participant_code,
        name=row.inmate.name if is_named else "",
        subject=Subject(row.inmate.public_id) if is_named else None,
        state=row.state,
        joined_on=row.joined_on,
        dropped_on=row.dropped_on if row.state == EnrolmentState.DROPPED else None,
        attended=Attended.of(row),
    )
