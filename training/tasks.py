from celery import shared_task

from training.services import seat_offers, slots


@shared_task(name="training.expire_slot_proposals")
def expire_slot_proposals():
    slots.expire_overdue()


@shared_task(name="training.expire_seat_offers")
def expire_seat_offers():
    seat_offers.expire_overdue()
