"""What the trainings came to, for everybody: sums only, of groups of at least five people."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from reports.bars import Bar, draw
from reports.models import Edition
from reports.paths import OF, Step
from reports.publishing import LEAST

HOUR = 3600


def _edition_in_force(request):
    request.edition = Edition.objects.visible_to(request.user).latest_first().first()
    return request.edition


def _etag(request):
    edition = _edition_in_force(request)
    return f'"{edition.pk if edition else 0}-{get_language()}"'


@login_not_required
@require_safe
@cache_control(public=True, max_age=HOUR)
@vary_on_headers("Accept-Language", "Cookie")
@condition(etag_func=_etag)
def show(request):
    edition = request.edition
    if edition is None:
        return render(request, "reports/impact.html", {"edition": None})
    total = {Step(step): number for step, number in edition.data["total"].items()}
    bars = [Bar(str(step.label), total[step], _whole(step, total)) for step in total]
    tables = [(name, _table(edition.data[name])) for name in ("years", "trades")]
    return render(
        request,
        "reports/impact.html",
        {
            "edition": edition,
            "least": LEAST,
            "bars": bars,
            "picture": draw(bars),
            "tables": {name: table for name, table in tables if table["rows"]},
        },
    )


def _whole(step, total):
    whole = OF.get(step)
    while whole and whole not in total:
        whole = OF.get(whole)
    return total.get(whole)


def _table(data):
    steps = [Step(step) for step in data["steps"]]
    return {
        "steps": [step.label for step in steps],
        "rows": [
            (row["labels"], [row["numbers"][step] for step in data["steps"]])
            for row in data["rows"]
        ],
    }
