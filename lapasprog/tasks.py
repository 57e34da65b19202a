from celery import shared_task

from lapasprog.backups import keeping


@shared_task(name="lapasprog.keep_backups")
def keep_backups():
    keeping.keep()
