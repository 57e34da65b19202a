"""The deadlines of a month."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Holiday
from accounts.views.pages import show
from partners import calendar, rules
from partners.models import ActionItem, Agreement


@require_safe
def month(request):
    """Ends, notice deadlines, reviews, obligations and promises of one month, `?month=YYYY-MM`."""
    first = rules.month_named(request.GET.get("month"))
    last, before, after = rules.around(first)
    today = timezone.localdate()
    agreements = (
        Agreement.objects.visible_to(request.user)
        .with_something_between(first, last)
        .with_status()
        .with_what_is_due()
    )
    promises = ActionItem.objects.visible_to(request.user).due_between(first, last)
    entries = calendar.entries_of(agreements, promises, first, last, today)
    return show(
        request,
        "partners/agreement_calendar.html",
        {
            "month": first,
            "before": before,
            "after": after,
            "entries": entries,
            "weeks": calendar.weeks_of(first, entries, Holiday.objects.between(first, last), today),
        },
    )
