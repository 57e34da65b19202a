"""The day list: who, where, when, who comes in and with which tools. Whom it names is recorded."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import show
from correspondence import typesetting
from training import day_sections, documents
from training.services import days


@require_safe
def list_(request):
    day, sessions = _sessions(request)
    sections = day_sections.of(request.user, day)
    access.record(request, access.VIEW, _people(sessions, sections))
    return show(
        request,
        "training/day_list.html",
        {
            "day": day,
            "today": timezone.localdate(),
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "next_with_meetings": None if sessions else days.next_day_after(request.user, day),
            "sessions": sessions,
            "sections": sections,
            "gates": days.gates_closed(request.user),
            "people": sum(len(session.present) for session in sessions),
        },
    )


@require_safe
def paper(request):
    """The same on paper, with room to count tools and to sign."""
    day, sessions = _sessions(request)
    sections = day_sections.of(request.user, day)
    facility = sessions[0].meeting.facility if sessions else request.user.facility
    content = typesetting.pdf(
        "day_list_v1",
        documents.day_list(facility, day, sessions, sections),
        made_at=timezone.now(),
    )
    access.record(request, access.EXPORT, _people(sessions, sections))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="daftar-harian-{day}.pdf"'},
    )


def _sessions(request):
    if not may(request.user, "check_tools"):
        raise PermissionDenied
    day = _day_in(request)
    return day, days.day_of(request.user, day)


def _day_in(request):
    """The day asked for; today when none, or none that exists, is named."""
    try:
        asked = parse_date(request.GET.get("date", ""))
    except ValueError:
        asked = None
    return asked if asked and 1970 <= asked.year <= 2100 else timezone.localdate()


def _people(sessions, sections):
    enrolled = [enrolment.inmate for session in sessions for enrolment in session.people]
    return enrolled + [person for section in sections for person in section.people]
