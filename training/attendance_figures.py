"""Attendance of a batch in figures: for the grid, the guard of certificates, the closing report."""

from django.db.models import Max

from training.attended import Attended
from training.models import Enrolment
from training.states import EnrolmentState


def attendance_of(batch):
    """`{enrolment id: Attended}` of all who ever took part; one query."""
    rows = Enrolment.objects.filter(batch=batch).with_attendance()
    return {row.pk: Attended.of(row) for row in rows}


def shares_of(batch):
    """`{participant code: (percent, prospect)}`, of those who did not leave."""
    longest = batch.meetings.standing().aggregate(most=Max("jp"))["most"] or 0
    rows = Enrolment.objects.filter(batch=batch, dropped_on=None).with_attendance()
    found = {row.participant_code: Attended.of(row) for row in rows}
    return {code: (one.percent, one.prospect(longest)) for code, one in found.items()}


def attendance_of_one(enrolment):
    """`Attended` of one participant; one query."""
    return Attended.of(Enrolment.objects.with_attendance().get(pk=enrolment.pk))


def suspensions_of(batch):
    """`{enrolment id: [(since, is suspended), ...]}` in order, of all who were ever suspended."""
    events = Enrolment.pgh_event_model.objects.filter(batch=batch)
    found = {}
    for pk, since, state in events.order_by("pgh_id").values_list("pgh_obj", "state_at", "state"):
        found.setdefault(pk, []).append((since, state == EnrolmentState.SUSPENDED))
    return {pk: states for pk, states in found.items() if any(kept for _since, kept in states)}
