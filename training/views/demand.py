"""Demand beside supply, and who could join a course if it began in a month."""

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import find, show
from training.eligibility import Outcome
from training.models import Course
from training.services import demand, eligible
from training.services.demand import STARTS_IN
from training.views.plans import page_of, place_and_year, uuid_in
from training.views.selection import need_names

OUTCOMES = (Outcome.PASS, Outcome.WARN, Outcome.FAIL)


@require_safe
def overview(request):
    facility, year = place_and_year(request)
    need_names(request, facility.pk)
    asked = uuid_in(request.GET.get("course"))
    course = find(Course.objects, request.user, asked) if asked else None
    rows = demand.of_courses(request.user, facility, year)
    return show(
        request,
        "training/plan_demand.html",
        {
            "facility": facility,
            "year": year,
            "back": page_of(facility, year),
            "rows": rows,
            "course": course,
            "months": demand.by_month(request.user, facility, course),
            "may_plan": may(request.user, "plan_year", facility.pk),
            "starts_in": STARTS_IN,
        },
    )


@require_safe
def supply(request):
    """The people behind the number of those who could join the course in `?course=`."""
    facility, year = place_and_year(request)
    need_names(request, facility.pk)
    asked = uuid_in(request.GET.get("course"))
    if asked is None:
        raise Http404
    course = find(Course.objects.select_related("trade"), request.user, asked)
    batch = demand.on_paper(course, facility)
    outcome = request.GET.get("outcome")
    wanted = eligible.Wanted(outcome=outcome if outcome in ("pass", "warn", "fail") else "pass")
    people = eligible.page(
        batch,
        request.user,
        wanted,
        number=request.GET.get("page", 1),
        terms=demand.terms_on_paper(batch),
    )
    access.record(request, access.VIEW, people.object_list)
    return show(
        request,
        "training/plan_supply.html",
        {
            "course": course,
            "batch": batch,
            "people": people,
            "outcome": wanted.outcome,
            "tabs": [
                (outcome.value, outcome.label, people.counts.get(outcome.value, 0))
                for outcome in OUTCOMES
            ],
            "query": f"prison={facility.code}&year={year}&course={course.public_id}",
            "back": page_of(facility, year, "plan-demand"),
        },
    )
