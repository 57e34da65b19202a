from celery import shared_task

from lapasprog.backups import keeping


@shared_task(name="lapasprog.watch_backups")
def watch_backups():
    keeping.watch()
