"""Referrals to employers that wait for a hand: the officer's and the warden's."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from correspondence.states import LetterState
from placements.employment import ReferralState
from placements.models import Referral
from reports.waiting.kinds import Task, first, task, waits

LIST = "placements:referral-list"
QUEUE = "placements:referral-approval"
SIGNED = (LetterState.SIGNED, LetterState.SENT)


@waits(post=roles.WARDEN, act="approve_referral", more=QUEUE)
def referrals_to_approve(user, prisons):
    rows = Referral.objects.filter(state=ReferralState.SUBMITTED)
    yield from _together(_("Setujui rujukan kerja"), user, prisons, rows, reverse(QUEUE))


@waits(post=roles.OFFICER, act="refer", more=LIST)
def referrals_to_submit(user, prisons):
    rows = Referral.objects.filter(state=ReferralState.DRAFT)
    yield from _together(_("Ajukan rujukan kerja"), user, prisons, rows, _listed("draft"))


@waits(post=roles.OFFICER, act="refer", more=LIST)
def referrals_to_send(user, prisons):
    """Approved ones whose letter is signed; the others wait for their number."""
    rows = Referral.objects.filter(state=ReferralState.APPROVED, letter__state__in=SIGNED)
    yield from _together(
        _("Kirim rujukan kerja ke Disnaker"), user, prisons, rows, _listed("approved")
    )


@waits(post=roles.OFFICER, act="refer", more=LIST)
def referrals_unanswered(user, prisons):
    rows = Referral.objects.visible_to(user).unanswered().select_related("agency")
    for row in first(rows, prisons, "answer_by"):
        yield task(
            row,
            _("Tanyakan jawaban rujukan kerja"),
            *(row.person_code, row.agency, row.get_state_display()),
            due=row.answer_by,
        )


@waits(post=roles.OFFICER, act="place_people", more=LIST)
def referrals_to_place(user, prisons):
    rows = Referral.objects.visible_to(user).to_place().select_related("employer", "vacancy")
    for row in first(rows, prisons, "state_at"):
        yield task(
            row,
            _("Catat hari mulai bekerja"),
            *(row.person_code, row.employer, row.vacancy),
            since=row.state_at,
        )


def _together(what, user, prisons, rows, url):
    """One line for all rows: they are dealt with together on the page it leads to."""
    rows = rows.visible_to(user).filter(facility__in=prisons).order_by()
    found = rows.aggregate(count=Count("pk"), since=Min("state_at"))
    if found["count"]:
        words = ngettext("%(count)d orang", "%(count)d orang", found["count"])
        yield Task(
            what,
            words % {"count": found["count"]},
            url,
            since=timezone.localdate(found["since"]),
            key=(url, tuple(sorted(prisons))),
        )


def _listed(state):
    return f"{reverse(LIST)}?state={state}"
