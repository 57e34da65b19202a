from celery import shared_task
from django.db import OperationalError

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import ImportRun
from inmates.services import register_import


@shared_task(name="inmates.read_import")
def read_import(run_id):
    run = ImportRun.objects.filter(pk=run_id).first()
    if run:
        _settle(run, lambda: register_import.read(run=run))


@shared_task(name="inmates.apply_import")
def apply_import(run_id):
    run = ImportRun.objects.filter(pk=run_id).select_related("applied_by").first()
    if run and run.applied_by:
        _settle(run, lambda: register_import.apply(run=run, by=run.applied_by))


@shared_task(name="inmates.resume_imports")
def resume_imports():
    register_import.resume()


def _settle(run, work):
    """Do the work; whatever cannot succeed by trying again ends the run in words."""
    try:
        work()
    except OperationalError:
        raise  # the database went away: `resume_imports` tries again
    except (NotAllowed, Forbidden) as refusal:
        register_import.give_up(run=run, refusal=refusal)
    except Exception:
        register_import.give_up(run=run)
        raise
