"""A clock that ran ahead and was set back: nothing waits for a future that was none.

The machine's clock cannot be moved here, so what it would have left behind is written down.
"""

from datetime import timedelta

import pytest
from celery.beat import ScheduleEntry
from django.utils import timezone

from accounts.services import sessions
from correspondence.models import Mail
from correspondence.services import mail
from correspondence.states import MailState
from inmates.models import ImportRun
from inmates.services import register_import
from inmates.states import ImportState
from lapasprog.beat import Scheduler
from lapasprog.celery import app
from reports.models import Report
from reports.services import monthly_reports
from reports.states import ReportState

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def test_the_beat_goes_on(tmp_path):
    """Both what it left on disk and what it had planned while it ran."""
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.schedule = {
        "sweep": ScheduleEntry(
            "sweep", "x", last_run_at=app.now() + YEAR, schedule=timedelta(minutes=1), app=app
        )
    }
    assert scheduler.tick() <= 60
    (event,) = scheduler._heap
    scheduler._heap[0] = event._replace(time=event.time + YEAR.total_seconds())
    scheduler.schedule["sweep"].last_run_at += YEAR
    assert scheduler.tick() <= 60
    assert scheduler._heap[0].time - scheduler._when(event.entry, 0) <= 60
    scheduler.close()


def test_leases_and_pauses_of_the_future_hold_nothing(facility, officer):
    later = timezone.now() + YEAR
    Mail.objects.create(recipient=officer, claimed_until=later, not_before=later)
    run = ImportRun.objects.create(
        facility=facility, as_of=timezone.localdate(), state=ImportState.READING
    )
    ImportRun.objects.update(claimed_until=later)
    first = timezone.localdate().replace(day=1)
    report = Report.objects.create(
        facility=facility,
        starts_on=first,
        due_on=monthly_reports.due_day(first),
        state=ReportState.COUNTING,
        claimed_until=later,
    )
    assert mail.deliver()
    assert not Mail.objects.filter(state=MailState.QUEUED).exists()
    assert register_import.resume() == 1
    assert monthly_reports.resume() == 1
    assert monthly_reports.count(report=report).state == ReportState.READY

    soon = timezone.now() + timedelta(seconds=30)
    ImportRun.objects.filter(pk=run.pk).update(claimed_until=soon)
    Mail.objects.create(recipient=officer, claimed_until=soon)
    assert register_import.resume() == 0
    assert not mail.deliver()["cancelled"]


def test_a_session_of_the_future_is_over(login, officer):
    client = login(officer)
    session = client.session
    assert client.get("/").status_code == 200
    session[sessions.BEGAN] = session[sessions.SEEN] = session[sessions.BEGAN] + 10**7
    session.save()
    assert client.get("/").status_code == 302


def test_a_task_that_the_broker_did_not_take_is_asked_for_again(tmp_path, monkeypatch):
    """Not at its next turn, which for a sweep is in an hour."""
    away, sent = True, []

    def send(name, *args, **kwargs):
        if away:
            raise ConnectionError
        sent.append(name)

    monkeypatch.setattr(Scheduler, "producer", None)
    monkeypatch.setattr(Scheduler, "send_task", lambda self, *args, **kwargs: send(*args))
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.schedule = {
        name: ScheduleEntry(name, name, schedule=timedelta(hours=1), app=app, last_run_at=past)
        for name, past in (("sweep", app.now() - YEAR), ("quiet", app.now()))
    }
    assert scheduler.tick() == 0
    assert list(scheduler.unsent) == ["sweep"]
    assert scheduler.tick() <= 5, "it looks again soon"
    away, scheduler.again_at = False, 0
    scheduler.tick()
    assert sent == ["sweep"]
    assert scheduler.unsent == {}
    assert scheduler.tick() > 60, "and then as ever"
    scheduler.close()
