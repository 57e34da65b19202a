from celery import shared_task

from correspondence.services import mail, sweep


@shared_task(name="correspondence.sweep_reminders")
def sweep_reminders():
    sweep.sweep()
    mail.queue_digests()
    mail.deliver()


@shared_task(name="correspondence.deliver_mail")
def deliver_mail():
    mail.queue_daily_digests()
    mail.deliver()
