"""Referrals as Disnaker's liaison sees them, on a phone: what waits, one person, each answer.

A liaison reads people only as `placements.referred` tells them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Value
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import NotAllowed
from accounts.services import access
from accounts.stand_ins import asked_often
from accounts.views.lists import csv_of
from accounts.views.pages import done, find, perform, show
from correspondence.views import letters
from partners.models import Agency
from partners.rules import is_liaison_of
from placements import referred, steps
from placements.employment import ReferralState
from placements.forms import referral_answer as forms
from placements.lists.referrals import Line, ReferredTable
from placements.models import Employer, Referral
from placements.services import (
    referral_answers,
    referral_checks,
    referral_letters,
    referral_people,
)
from training.states import Channel

RELATED = ("agency", "facility", "employer", "vacancy__employer", "letter", "cover_letter")
NAMED = (
    ("agency", "name"), ("facility", "name"), ("employer", "name"), ("vacancy", "title"),
    ("vacancy__employer", "name"),
)  # fmt: skip
OF_REFERRAL = ("public_id", "person_code", "available_from", "answer_by", "state", "state_at")
ENDED = (
    ReferralState.ACCEPTED,
    ReferralState.DECLINED,
    ReferralState.WITHDRAWN,
    ReferralState.LAPSED,
)
RECENT = 20
PAGE = 25


@require_safe
def inbox(request):
    """What waits for the agency, the nearest day first; `?format=csv` is all of its referrals."""
    agency = Agency.objects.own(request.user)
    if agency is None:
        raise PermissionDenied
    if request.GET.get("format") == "csv":
        rows = Referral.objects.visible_to(request.user).select_related(*RELATED)
        return _as_csv(request, list(rows))
    counted, first, over = _first(request.user)
    page = Paginator(range(sum(counted)), PAGE).get_page(request.GET.get("page"))
    page.object_list = first if page.number == 1 else _further(request.user, str(page.number))
    behind = referral_people.behind([*page, *over])
    seen = referred.in_brief([*page, *over], behind.roots, behind.records)
    access.record(request, access.VIEW, _named(seen.values()))
    return show(
        request,
        "placements/referral_inbox.html",
        {
            "agency": agency,
            "page": page,
            "waiting": [
                Line(row, seen[row.pk], row.agency_id == agency.pk, row.pk in behind.resting)
                for row in page
            ],
            "over": [Line(row, seen[row.pk]) for row in over],
        },
    )


@asked_often
def _first(reader):
    """How many wait for the agency, the first of them, and the last that are over."""
    rows = Referral.objects.visible_to(reader).order_by()
    whole = rows.with_agency().annotate(whole=Value(1)).values("whole")
    over = _listed(rows).filter(state__in=ENDED).order_by("-state_at", "-pk")
    return (
        whole.annotate(number=Count("pk")).values_list("number", flat=True),
        _waiting(rows)[:PAGE],
        over[:RECENT],
    )


@asked_often
def _further(reader, number):
    start = (int(number) - 1) * PAGE
    return _waiting(Referral.objects.visible_to(reader))[start : start + PAGE]


def _waiting(rows):
    return _listed(rows).with_agency().order_by("answer_by", "pk")


def _listed(rows):
    """Of each referral what the list shows: of a hidden column nothing has to be worked out."""
    names = (f"{related}__{name}" for related, name in NAMED)
    return rows.select_related(*dict(NAMED)).only(*OF_REFERRAL, *names)


def page(request, referral, name="", bound=None):
    """One referral; `bound` is the form of the answer `name` that came back."""
    user, acts = request.user, steps.acts_for(request.user, referral)
    seen = referred.one(referral)
    if not is_liaison_of(user, referral.agency_id):
        seen = replace(seen, nik="")  # who reads it from above registers nobody
    access.record(request, access.VIEW, _named([seen]))
    answers = [
        (answer, bound if answer.name == name and bound else answer.form(user, referral))
        for answer in ANSWERS.values()
        if answer.name in acts
    ]
    is_shown = any(form is bound for _answer, form in answers)
    held_up = referral.is_with_agency and referral_checks.needs_nobody_else(referral, user)
    return show(
        request,
        "placements/referral_for_agency.html",
        {
            "referral": referral,
            "seen": seen,
            "steps": steps.steps_of(referral, reader_is_agency=True),
            "answers": answers if seen.has_consented else _only_no(answers),
            "refused": None if is_shown else bound,
            "held_up": held_up,
            "letters": referral_letters.readable(referral, user),
            "recorded_how": dict(Channel.choices).get(referral.recorded_channel, ""),
            "may_print": referral.employer and "introduce" in acts and seen.has_consented,
        },
        form=bound,
    )


def _only_no(answers):
    """Without a consent the agency can only give the referral back."""
    return [(answer, form) for answer, form in answers if answer.name in NOS]


@dataclass(frozen=True)
class Answer:
    """One act of the agency: what asks for it, and who does it."""

    name: str
    service: Callable
    form_class: type
    label: str
    told: str
    tone: str = "btn-primary"

    @property
    def slug(self):
        return self.name.replace("_", "-")

    @property
    def url_name(self):
        return f"placements:referral-{self.slug}"

    def form(self, user, referral, data=None):
        arguments = {}
        if issubclass(self.form_class, forms.EmployerForm):
            employers = Employer.objects.visible_to(user).filter(is_active=True)
            arguments = {"referral": referral, "employers": employers}
        elif self.form_class is forms.IntroduceForm:
            arguments["initial"] = {
                "number": referral.introduction_number,
                "introduced_on": referral.introduced_on,
            }
        return self.form_class(data, auto_id=f"{self.name}_%s", **arguments)

    def view(self):
        @require_POST
        def submit(request, public_id):
            referral = _found(request, public_id)
            if not is_liaison_of(request.user, referral.agency_id):
                raise PermissionDenied
            form = self.form(request.user, referral, request.POST)
            if form.is_valid() and perform(
                form, self.service, referral=referral, by=request.user, **form.cleaned_data
            ):
                return done(request, self.told, referral)
            return page(request, _found(request, public_id), self.name, form)

        return submit


DANGER = "btn-outline-danger"
QUIET = "btn-outline-secondary"
NOS = ("decline", "fall_through", steps.OBJECT)
ANSWERS = {
    answer.name: answer
    for answer in (
        Answer(
            "receive",
            referral_answers.receive,
            forms.PlainForm,
            gettext_lazy("Terima rujukan"),
            gettext_lazy("Rujukan diterima; lapas diberi tahu. Berikutnya: pemberi kerja."),
        ),
        Answer(
            "forward",
            referral_answers.forward,
            forms.ForwardForm,
            gettext_lazy("Rujuk ke pemberi kerja"),
            gettext_lazy("Dirujuk; lapas diberi tahu. Surat pengantar bisa dicetak."),
        ),
        Answer(
            "accept",
            referral_answers.accept,
            forms.AcceptForm,
            gettext_lazy("Pemberi kerja menerima"),
            gettext_lazy("Diterima bekerja; lapas diberi tahu."),
        ),
        Answer(
            "interview",
            referral_answers.interview,
            forms.InterviewForm,
            gettext_lazy("Catat wawancara"),
            gettext_lazy("Wawancara dicatat; lapas diberi tahu."),
            QUIET,
        ),
        Answer(
            "introduce",
            referral_answers.introduce,
            forms.IntroduceForm,
            gettext_lazy("Nomor surat pengantar"),
            gettext_lazy("Nomor surat pengantar disimpan."),
            QUIET,
        ),
        Answer(
            "decline",
            referral_answers.decline,
            forms.DeclineForm,
            gettext_lazy("Tolak"),
            gettext_lazy("Penolakan dicatat; lapas diberi tahu."),
            DANGER,
        ),
        Answer(
            "fall_through",
            referral_answers.fall_through,
            forms.FallThroughForm,
            gettext_lazy("Tidak jadi bekerja"),
            gettext_lazy("Dicatat; tempatnya kosong lagi dan lapas diberi tahu."),
            DANGER,
        ),
        Answer(
            steps.OBJECT,
            referral_answers.object_to,
            forms.ObjectForm,
            gettext_lazy("Nyatakan keberatan"),
            gettext_lazy("Keberatan dikirim ke lapas."),
            DANGER,
        ),
    )
}


@require_safe
def letter(request, public_id):
    return _paper(request, public_id, "letter")


@require_safe
def cover(request, public_id):
    return _paper(request, public_id, "cover_letter")


def _paper(request, public_id, name):
    """A letter of the prison, as long as the agency may read it."""
    referral = _found(request, public_id)
    if not request.user.is_liaison:
        raise PermissionDenied
    known = referral_letters.readable(referral, request.user).get(name)
    if known is None:
        raise Http404
    return letters.pdf_of(request, known)


@require_safe
@never_cache
def introduction(request, public_id):
    """The agency's own letter to the employer, to print."""
    referral = _found(request, public_id)
    try:
        content = referral_letters.introduction(referral=referral, by=request.user)
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
        return redirect(referral)
    access.record(request, access.EXPORT, _named([referred.one(referral)]))
    name = f"pengantar-{referral.person_code}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _found(request, public_id):
    return find(Referral.objects.select_related(*RELATED), request.user, public_id)


def _named(people):
    """Those of whom more than the code is read."""
    return [person for person in people if person.has_consented]


def _as_csv(request, rows):
    seen = referred.of(rows)
    access.record(request, access.EXPORT, _named(seen.values()))
    table = ReferredTable([{"referral": row, "seen": seen[row.pk]} for row in rows])
    return csv_of(table, _("Rujukan kerja"))
