"""The first page after signing in: what waits, what is due, what changed, a few numbers."""

from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import acts_of, may
from accounts.roles import HEAD, ROLE_LABELS
from correspondence.services import mail
from partners.models import Agency
from reports import agency, posts
from reports.deadlines import due_soon
from reports.figures import figures_for
from reports.news import since_yesterday
from reports.waiting import waiting_for


def home(request):
    if request.user.is_liaison:
        return _of_liaison(request)
    if not request.user.facility_ids:
        failed = mail.failed_count() if request.user.is_staff else 0
        return render(request, "reports/home_without_post.html", {"failed_mails": failed})
    return _of_staff(request)


def _of_staff(request):
    user = request.user
    cared_for = {pk for pk in user.facility_ids if may(user, "end_posting", pk)}
    vacant = posts.vacant(cared_for) if cared_for else []
    waiting = waiting_for(user, vacant=_passed_up(user, vacant))
    figures = figures_for(user)
    return render(
        request,
        "reports/home.html",
        {
            "today": timezone.localdate(),
            "waiting": waiting,
            "acts": bool(acts_of(user)),
            "vacant": [ROLE_LABELS[role] for _facility, role in vacant],
            "due": due_soon(user, without=waiting.keys, covered=waiting.covers),
            "news": since_yesterday(user),
            "figures": figures,
            "is_new": not any(figure.number for figure in figures),
        },
    )


def _passed_up(user, vacant):
    """Roles whose work comes to the reader: all to the head, the head's to whoever is left."""
    return {role for pk, role in vacant if role == HEAD or may(user, "correct_state", pk)}


def _of_liaison(request):
    """One column for a phone: the rounds that wait for the agency, each with two buttons."""
    user = request.user
    own, desk = Agency.objects.own(user), agency.desk(user)
    return render(
        request,
        "reports/home_liaison.html",
        {
            "today": timezone.localdate(),
            "agency": own or "",
            "desk": desk,
            "due": due_soon(user, without=desk.keys, covered=desk.never_due),
            "news": since_yesterday(user),
            "figures": figures_for(user, is_office=agency.is_labour_office(user)),
        },
    )
