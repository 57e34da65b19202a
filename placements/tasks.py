from celery import shared_task

from placements.services import circumstances


@shared_task(name="placements.settle_circumstances")
def settle_circumstances():
    circumstances.settle_all()
