"""What the page of an agreement reads: the row itself, and all that hangs on it. Reads only."""

from dataclasses import dataclass, fields

from accounts.history import events_of
from accounts.stand_ins import asked_often
from correspondence.services import letters
from partners import panels
from partners.models import Agreement, AgreementDocument, Extension, Obligation, Review
from partners.services import liaisons
from partners.states import AgreementState


@asked_often
def known(reader, public_id):
    """The agreement with this public id, `with_status`, in a list; empty if not to be seen."""
    rows = Agreement.objects.select_related("agency", "facility", "renews", "parent", "state_by")
    if not reader.is_liaison:
        rows = rows.select_related("engagement")
    return rows.with_status().visible_to(reader).filter(public_id=public_id)


@dataclass(frozen=True)
class Rows:
    """What the reader sees of an agreement. `parents` are for a liaison only: a unit does not read
    its parent's agreements, `speakers` are the agency's liaisons with a number, and `events`
    the history, for staff. `of_panels` are the lists of what panels read."""

    documents: list
    duties: list
    reviews: list
    extensions: list
    children: list
    successors: list
    parents: list
    letters: list
    speakers: list
    events: list
    of_panels: tuple

    @property
    def successor(self):
        """What continues the agreement, or None."""
        return self.successors[0] if self.successors else None

    @property
    def parent(self):
        return self.parents[0] if self.parents else None


OWN = len(fields(Rows)) - 1  # lists that are no panel's


def rows_of(agreement, user):
    """The `Rows` of an agreement that the user sees, in one statement."""
    lists = _asked(user, agreement.pk, agreement.agency_id, agreement.parent_id)
    return Rows(*lists[:OWN], of_panels=lists[OWN:])


@asked_often
def _asked(reader, agreement, agency, parent):
    def of(model):
        return model.objects.visible_to(reader).filter(agreement=agreement)

    seen = Agreement.objects.visible_to(reader)
    for_staff = liaisons.with_phones(agency), events_of(Agreement, agreement)
    duties = of(Obligation).select_related("done_by", "dropped_by")
    return (
        of(AgreementDocument).select_related("created_by"),
        duties.standing() if reader.is_liaison else duties,
        Review.objects.filter(agreement=agreement).select_related("created_by"),
        Extension.objects.filter(agreement=agreement).select_related("created_by", "voided_by"),
        seen.filter(parent=agreement).select_related("agency").with_status(),
        seen.exclude(state=AgreementState.CANCELLED).filter(renews=agreement).with_status()[:1],
        seen.filter(pk=parent) if parent and reader.is_liaison else seen.none(),
        letters.about(Agreement(pk=agreement), reader),
        *([rows.none() for rows in for_staff] if reader.is_liaison else for_staff),
        *panels.asked(reader, agreement),
    )
