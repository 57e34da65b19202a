from celery import shared_task

from accounts.services import sessions


@shared_task(name="accounts.tidy_sessions")
def tidy_sessions():
    """Safe to repeat, and to run twice at once."""
    sessions.tidy()
