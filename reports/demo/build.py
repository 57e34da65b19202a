"""Makes the whole demo in one transaction: all of it, or nothing."""

from django.db import transaction

from inmates.models import Inmate
from reports.demo import (
    accounts,
    batches,
    courses,
    letters,
    lives,
    old_papers,
    partners,
    past,
    people,
    plan,
    posts,
    reminders,
    reported,
    results,
    rounds,
    teaching,
    tools,
    work_employers,
    work_followed,
    work_placed,
    work_ready,
    work_referred,
)
from reports.demo.agreements import live
from reports.demo.batches import Office


@transaction.atomic
def everything():
    """Both prisons with all that the product knows so far, dated relative to today."""
    prisons = accounts.create()
    first, second = prisons["CLG"], prisons["SRG"]
    released = people.create(first, seed=1, sentenced=185, detained=15, left=16)
    people.create(second, seed=2, sentenced=36, detained=4, women=6)
    sentenced = Inmate.objects.in_custody(first.facility.pk).filter(
        custodies__register_class__startswith="B"
    )
    people.restrict(first, sentenced.order_by("-pk")[:8])
    catalogue = courses.create(first)
    agencies, liaisons = partners.create(prisons)
    explored = partners.visit(first, agencies)
    agreements = partners.agree(first, agencies, explored=explored)
    live(first, agreements, liaisons)
    work = work_employers.create(first, agencies, liaisons)
    letters.write(first, agencies, agreements)
    office = Office(first, catalogue, agreements, liaisons)
    past.create(office, released)
    batches.create(office)
    teaching.create(office)
    results.create(office)
    old_papers.create(office)
    tools.create(office)
    rounds.create(office)
    plan.create(office)
    posts.create(first, agencies)
    lives.create(office, second)
    work_ready.create(office, agencies["disnaker"])
    work_placed.create(office, work, released)
    work_referred.create(office, work, agencies["disnaker"], liaisons["disnaker"])
    work_followed.create(office, released[5:], agencies["disnaker"], liaisons["disnaker"])
    serang = partners.agree_elsewhere(second, agencies)
    batches.create_elsewhere(
        Office(second, catalogue, {"blk": serang}, {"blk": liaisons["blk_serang"]})
    )
    reported.create(first, second)
    reminders.create(first)
