"""A labour office's referrals as HTML: a card for each that waits, a line for each that is over."""

from functools import lru_cache
from types import SimpleNamespace

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.badges import days_left, state_badge
from accounts.days import day_in_words
from accounts.markup import escaped, link
from accounts.templatetags.ui import icon
from placements.employment import ReferralState

register = template.Library()
DETAIL, RECEIVE = "placements:referral-detail", "placements:referral-receive"
MAIN, QUIET = "btn btn-primary btn-lg", "btn btn-outline-secondary btn-lg"


@register.simple_tag(takes_context=True)
def referral_cards(context, lines):
    """A section for each `Line` of what waits, with what is to be done next."""
    token, words = str(context.get("csrf_token", "")), _words(get_language())
    return mark_safe(
        "\n".join(_card(place, line, token, words) for place, line in enumerate(lines, start=1))
    )


@register.simple_tag
def referrals_over(lines):
    """A list item for each `Line` of what is over."""
    return mark_safe("\n".join(map(_over, lines)))


def _card(place, line, token, words):
    referral, seen = line.referral, line.seen
    code = f" {escaped(seen.code)}" if seen.name else ""
    return (
        f'<section class="sheet" aria-labelledby="referral-{place}">'
        '<div class="d-flex flex-wrap justify-content-between gap-2 mb-2">'
        f'<h2 class="mb-0" id="referral-{place}">{escaped(seen.label)}</h2>'
        f"{days_left(referral.answer_by)}</div>"
        f'<p class="mb-1">{state_badge(referral)}{code}</p>'
        f'<p class="mb-1">{_work(referral) or words.no_employer}</p>'
        f'<p class="muted">{_about(referral, seen)}</p>'
        f'<div class="d-grid gap-2">{_acts(line, token, words)}</div></section>'
    )


def _work(referral):
    if referral.vacancy:
        return escaped(f"{referral.vacancy}, {referral.vacancy.employer}")
    return escaped(str(referral.employer)) if referral.employer else ""


def _about(referral, seen):
    told = [str(referral.facility)]
    if not seen.has_consented:
        told.append(_("persetujuan tidak berlaku lagi"))
    else:
        if seen.certificates:
            told.append(seen.certificates[0].course)
        month = day_in_words(seen.available_from, "F Y")
        told.append(_("tersedia %(month)s") % {"month": month})
    return " · ".join(map(escaped, told))


def _acts(line, token, words):
    referral, seen = line.referral, line.seen
    code = f'<span class="visually-hidden">: {escaped(seen.code)}</span>'

    def button(text, look=QUIET):
        return f'<a class="{look}" href="{address_of(DETAIL, referral.public_id)}">{text}{code}</a>'

    if not line.is_own:
        answered = _("Lihat (dijawab %(agency)s)") % {"agency": referral.agency}
        return button(escaped(answered))
    if line.is_resting:
        return f'<p class="mb-0">{icon("circle-pause", 18)} {words.resting}</p>{button(words.look)}'
    if referral.state == ReferralState.SENT and seen.has_consented:
        return (
            '<form method="post" class="d-grid"'
            f' action="{reverse(RECEIVE, args=[referral.public_id])}">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escaped(token)}">'
            f'<button class="{MAIN}" type="submit">{words.receive}{code}</button></form>'
            f"{button(words.look)}"
        )
    return button(words.next.get(referral.state, words.answer), MAIN)


def _over(line):
    referral = line.referral
    where = escaped(str(referral.employer or referral.facility))
    return (
        f"<li>{link(address_of(DETAIL, referral.public_id), line.seen.label)}"
        f"<p>{where} · {escaped(day_in_words(timezone.localdate(referral.state_at), 'j F Y'))}</p>"
        f'<div class="due">{state_badge(referral)}</div></li>'
    )


@lru_cache(maxsize=10)
def _words(language):
    return SimpleNamespace(
        no_employer=escaped(_("Pemberi kerja belum dipilih")),
        resting=escaped(_("Menunggu: orang ini sudah diterima di tempat lain.")),
        look=escaped(_("Lihat orangnya")),
        receive=escaped(_("Terima rujukan")),
        next={
            ReferralState.RECEIVED: escaped(_("Rujuk ke pemberi kerja")),
            ReferralState.SENT: escaped(_("Buka")),
        },
        answer=escaped(_("Catat jawaban pemberi kerja")),
    )
