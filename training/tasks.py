from celery import shared_task

from training.services import slots


@shared_task(name="training.expire_slot_proposals")
def expire_slot_proposals():
    slots.expire_overdue()
