from celery import shared_task
from django.db import OperationalError

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import ImportRun
from inmates.services import register_import


@shared_task(name="inmates.read_import")
def read_import(run_id):
    run = ImportRun.objects.filter(pk=run_id).first()
    if run:
        _or_fail(run, register_import.read, run=run)


@shared_task(name="inmates.apply_import")
def apply_import(run_id):
    run = ImportRun.objects.filter(pk=run_id).select_related("applied_by").first()
    if run:
        _or_fail(run, register_import.apply, run=run, by=run.applied_by)


@shared_task(name="inmates.resume_imports")
def resume_imports():
    register_import.resume()


def _or_fail(run, service, **arguments):
    try:
        service(**arguments)
    except OperationalError:
        raise  # the database went away: `resume_imports` tries again
    except (NotAllowed, Forbidden):
        pass  # settled or withdrawn meanwhile
    except Exception:
        register_import.fail_unexpectedly(run=run)
        raise
