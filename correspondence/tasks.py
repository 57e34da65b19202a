from celery import shared_task

from correspondence.services import leaving, letter_papers, mail, sweep


@shared_task(name="correspondence.sweep_reminders")
def sweep_reminders():
    sweep.sweep()
    leaving.close_for_former_holders()
    mail.queue_digests()
    mail.deliver()


@shared_task(name="correspondence.deliver_mail")
def deliver_mail():
    mail.queue_daily_digests()
    mail.deliver()


@shared_task(name="correspondence.render_letter")
def render_letter(pk):
    letter_papers.print_one(pk)
