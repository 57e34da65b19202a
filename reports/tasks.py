from celery import shared_task

from reports.services import editions, handover


@shared_task(name="reports.move_promises")
def move_promises():
    handover.move_promises()


@shared_task(name="reports.publish_figures")
def publish_figures():
    editions.publish()
