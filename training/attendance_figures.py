"""Attendance of a batch in figures: for the grid, the guard of certificates, the closing report."""

from django.db.models import Max

from training.attended import Attended
from training.models import Enrolment


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
