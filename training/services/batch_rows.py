"""What every act on a batch does with its row: lock it, move it, refuse, tell people."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.refusals import AlreadyDone, NotAllowed
from accounts.states import allows
from correspondence.services import notices
from partners.services import liaisons
from training.models import Batch
from training.states import BATCH_TRANSITIONS


def locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agreement", "course", "facility", "agency", "state_by")
        .get(pk=batch.pk)
    )


def move(batch, state, by, **fields):
    """To a state, along `BATCH_TRANSITIONS`; `fields` are written with it, without one no reason.

    There already: the same person with the same fields gets the batch, anybody else learns who.
    """
    if batch.state == state:
        if batch.state_by == by and all(getattr(batch, name) == fields[name] for name in fields):
            return batch
        raise already(batch)
    if not allows(BATCH_TRANSITIONS, batch.state, state):
        raise not_now(batch)
    moved = {"state": state, "state_at": timezone.now(), "state_by": by, "reason": ""}
    return write(batch, **moved | fields)


def write(batch, **fields):
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(fields))
    return batch


def already(batch):
    return AlreadyDone(
        _("Angkatan ini sudah %(state)s: oleh %(who)s pada %(when)s.")
        % {
            "state": batch.get_state_display().lower(),
            "who": batch.state_by or "—",
            "when": formats.date_format(timezone.localtime(batch.state_at), "DATETIME_FORMAT"),
        }
    )


def not_now(batch):
    return NotAllowed(
        _("Tidak bisa: angkatan ini %(state)s.") % {"state": batch.get_state_display().lower()}
    )


def title(batch):
    return f"{batch.course.name} – {batch.name}"


def tell(kind, batch, by, **data):
    """Tell the agency's liaisons, officer and head, all but whoever did it."""
    people = [
        *liaisons.of(batch.agency_id),
        *notices.holders(batch.facility_id, roles.OFFICER, roles.HEAD),
    ]
    notices.tell(
        kind=kind,
        obj=batch,
        recipients=[person for person in people if person != by],
        data={"batch": title(batch), **data},
        link=batch.get_absolute_url(),
        facility_id=batch.facility_id,
    )
