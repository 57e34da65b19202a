from celery import shared_task

from placements.services import circumstances, run_out


@shared_task(name="placements.settle_circumstances")
def settle_circumstances():
    run_out.note()
    circumstances.settle_all()
