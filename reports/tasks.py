from celery import shared_task

from reports.services import handover


@shared_task(name="reports.move_promises")
def move_promises():
    handover.move_promises()
