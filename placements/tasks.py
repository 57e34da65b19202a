from celery import shared_task

from placements.services import circumstances, follow_ups, referral_upkeep, run_out, work_days


@shared_task(name="placements.settle_circumstances")
def settle_circumstances():
    run_out.note()
    circumstances.settle_all()


@shared_task(name="placements.keep_referrals")
def keep_referrals():
    referral_upkeep.keep()


@shared_task(name="placements.alarm_late_returns")
def alarm_late_returns():
    work_days.alarm_all()


@shared_task(name="placements.keep_follow_ups")
def keep_follow_ups():
    follow_ups.keep_up()
