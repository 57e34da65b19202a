"""Reminders as an office leaves them: one marked, one put off, the rest passed on to the warden."""

from django.utils import timezone

from correspondence.models import Notice
from correspondence.services import notices, policies, silences, sweep
from reports.demo.acting import day, did

SWEPT = -9  # days ago; what nobody marked since is passed on by the next sweep


def create(prison):
    officer, head = prison.staff["officer"], prison.staff["head"]
    did(
        policies.set_own,
        by=head,
        facility_id=prison.facility.pk,
        kind="action_item",
        offsets=[7, 3, 1, 0, -1, -7],
        audience=["owner", "head"],
        escalate_after=5,
        escalation=["officer", "head", "warden"],
    )
    did(silences.choose, by=head, silenced=["hearing_date"])
    sweep.sweep(day(SWEPT))
    waiting = Notice.objects.visible_to(officer).waiting().filter(kind="agreement_end")
    known, later = waiting.filter(due__gt=timezone.localdate()).order_by("-due")[:2]
    did(notices.acknowledge, by=officer, notice=known)
    did(
        notices.snooze,
        by=officer,
        notice=later,
        until=day(6),
        reason="Menunggu jawaban surat usul perpanjangan",
    )
