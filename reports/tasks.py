from celery import shared_task

from reports.services import city_editions, editions, handover, kept_figures, monthly_reports


@shared_task(name="reports.move_promises")
def move_promises():
    handover.move_promises()


@shared_task(name="reports.publish_figures")
def publish_figures():
    editions.publish()
    city_editions.publish_all()


@shared_task(name="reports.keep_figures")
def keep_figures():
    kept_figures.keep_all()


@shared_task(name="reports.count_report")
def count_report(pk):
    monthly_reports.work(pk=pk)


@shared_task(name="reports.resume_reports")
def resume_reports():
    monthly_reports.resume()
