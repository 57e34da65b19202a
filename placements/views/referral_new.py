"""New referrals: of one person, or of several people for one vacancy; and several on their way."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.models import Inmate
from placements.forms import referral as forms
from placements.lists.referrals import TICKED
from placements.models import Vacancy
from placements.services import referral_people, referrals

LIST = "placements:referral-list"
PAGE = 25


def refer(request, public_id):
    """One person, `?vacancy=` with a vacancy chosen; the second button also submits it."""
    inmate = find(Inmate.objects.select_related("merged_into"), request.user, public_id)
    inmate = inmate.merged_into or inmate
    facility_id = referral_people.prison_of(inmate, request.user)
    if facility_id is None:
        raise PermissionDenied
    asked = {"vacancy": request.GET.get("vacancy"), "employer": request.GET.get("employer")}
    form = forms.ReferForm(
        request.POST or None, user=request.user, facility_id=facility_id, initial=asked
    )
    if form.is_valid():
        made = perform(form, referrals.draft, inmate=inmate, by=request.user, **form.cleaned_data)
        if made and _submits(request):
            _submit(request, [made])
            return redirect(made)
        if made:
            return done(request, _("Rujukan disimpan sebagai konsep."), made)
    access.record(request, access.VIEW, [inmate])
    return show(request, "placements/referral_new.html", {"inmate": inmate}, form=form)


def refer_many(request, public_id):
    """Several people for one vacancy; `?people=` of a ranked list come ticked."""
    vacancy = find(Vacancy.objects.select_related("employer"), request.user, public_id)
    facility = request.user.facility
    if facility is None or not may(request.user, "refer"):
        raise PermissionDenied
    form = forms.ReferManyForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        facility_id=facility.pk,
        vacancy=vacancy,
    )
    refused = []
    if form.is_valid():
        made, refused = _draft_each(request, form, vacancy)
        submits = _submits(request)
        if made and submits:
            _submit(request, made)
        elif made:
            messages.success(request, _drafted(len(made)))
        if not refused:
            listed = f"{reverse(LIST)}?vacancy={vacancy.public_id}"
            return redirect(vacancy if submits else listed)
    return _whom(request, vacancy, form, refused)


def _draft_each(request, form, vacancy):
    """The drafts that could be made, and pairs of a person and why not."""
    typed = form.cleaned_data
    made, refused = [], []
    for inmate in typed["people"]:
        try:
            made.append(
                referrals.draft(
                    inmate=inmate,
                    agency=typed["agency"],
                    vacancy=vacancy,
                    message=typed["message"],
                    despite=typed.get("despite", ""),
                    by=request.user,
                )
            )
        except NotAllowed as refusal:
            refused.append((inmate, refusal.messages))
    return made, refused


def _whom(request, vacancy, form, refused):
    people = referral_people.with_consent(request.user, vacancy)
    wanted = _ids(request.GET.getlist("people"))
    typed = request.GET.get("q", "").replace("\0", "").strip()
    if wanted:
        people = people.filter(public_id__in=wanted)
    elif typed:
        people = people.search(typed, at=request.user.facility_ids)
    page = Paginator(people, forms.MOST if wanted else PAGE).get_page(request.GET.get("page"))
    shown = referral_people.with_papers(page)
    picked = form.picked() if form.is_bound else wanted
    for person in shown:
        person.is_picked = str(person.public_id) in picked
    access.record(request, access.VIEW, [*shown, *(person for person, _why in refused)])
    response = show(
        request,
        "placements/referral_new_many.html",
        {
            "vacancy": vacancy,
            "people": shown,
            "page": page,
            "q": typed,
            "refused": refused,
            "is_chosen": bool(wanted),
        },
        form=form,
    )
    if refused:
        response.status_code = 422
    return response


def _ids(texts):
    """Those of the texts that can be ids, as the pages write them."""
    found = set()
    for text in texts:
        try:
            found.add(str(UUID(text)))
        except ValueError:
            continue
    return found


@require_POST
def submit_many(request):
    return _together(request, referrals.submit, "draft", _told_submitted)


@require_POST
def send_many(request):
    return _together(request, referrals.send, "approved", _told_sent)


def _together(request, service, state, told):
    """Those picked on the list of this state; a refusal names whom, and none is moved.

    The others stay ticked: one more press moves them.
    """
    if request.user.is_liaison or not may(request.user, "refer"):
        raise PermissionDenied
    form = forms.PickForm(request.POST, user=request.user)
    if form.is_valid():
        picked = list(form.cleaned_data["referrals"])
        if perform(form, service, referrals=picked, by=request.user):
            return done(request, told(len(picked)), LIST)
    named = getattr(form, "named", ())
    access.record(request, access.VIEW, named)
    for sentence in (text for texts in form.errors.values() for text in texts):
        messages.error(request, sentence)
    query = QueryDict(mutable=True)
    query["state"] = state
    if named:
        rest = [row.public_id for row in picked if row.inmate not in named]
        query.setlist(TICKED, [str(public_id) for public_id in rest])
        if rest:
            messages.info(request, _("Yang lain masih tercentang: tekan tombolnya sekali lagi."))
    return redirect(f"{reverse(LIST)}?{query.urlencode()}")


def _submits(request):
    return request.POST.get("then") == "submit"


def _submit(request, made):
    """Submit new drafts at once; where that is refused they stay drafts, and one reads why."""
    try:
        referrals.submit(referrals=made, by=request.user)
    except NotAllowed as refusal:
        access.record(request, access.VIEW, refusal.people)
        messages.warning(request, _("Disimpan sebagai konsep, belum diajukan."))
        for sentence in refusal.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _told_submitted(len(made)))


def _drafted(count):
    return ngettext(
        "%(count)d rujukan disimpan sebagai konsep.",
        "%(count)d rujukan disimpan sebagai konsep.",
        count,
    ) % {"count": count}


def _told_submitted(count):
    return ngettext(
        "%(count)d rujukan diajukan; Kalapas diberi tahu.",
        "%(count)d rujukan diajukan; Kalapas diberi tahu.",
        count,
    ) % {"count": count}


def _told_sent(count):
    return ngettext(
        "%(count)d rujukan dikirim; Disnaker diberi tahu.",
        "%(count)d rujukan dikirim; Disnaker diberi tahu.",
        count,
    ) % {"count": count}
