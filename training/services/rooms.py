"""The rooms and workshops of a prison in which is taught."""

from accounts.permissions import require
from accounts.refusals import act
from training.models import Room


@act
def add(*, facility, name, by, capacity=None):
    """One more room; each name once a prison."""
    require(by, "plan_batch", facility.pk)
    known = Room.objects.filter(facility=facility, name=name, created_by=by).first()
    if known and known.capacity == capacity:
        return known
    return Room.objects.create(facility=facility, name=name, capacity=capacity, created_by=by)


@act
def change(*, room, by, **typed):
    """Another name or size, or no longer in use; meetings keep their room."""
    require(by, "plan_batch", room.facility_id)
    room = Room.objects.select_for_update(no_key=True, of=["self"]).get(pk=room.pk)
    changed = [name for name, value in typed.items() if getattr(room, name) != value]
    for name in changed:
        setattr(room, name, typed[name])
    if changed:
        room.save(update_fields=changed)
    return room
