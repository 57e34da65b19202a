from celery import shared_task

from placements.services import circumstances, referral_upkeep, run_out


@shared_task(name="placements.settle_circumstances")
def settle_circumstances():
    run_out.note()
    circumstances.settle_all()


@shared_task(name="placements.keep_referrals")
def keep_referrals():
    referral_upkeep.keep()
