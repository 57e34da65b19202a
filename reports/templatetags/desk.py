"""What lies with an agency, on the home of its liaison, and deadlines, as HTML: rows by the dozen,
too many for templates."""

from functools import lru_cache
from types import SimpleNamespace

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.badges import days_left
from accounts.days import day_in_words
from accounts.markup import escaped, link
from placements.employment import ReferralState

register = template.Library()
DAY = "j F Y"


@register.simple_tag
def tasks(rows):
    """A list item for each of these: what, about whom, how far away."""
    return mark_safe("\n".join(_item(row.url, row.what, row.about, row.due) for row in rows))


@register.simple_tag
def rounds_to_answer(rows):
    """A section for each round that waits for the agency, with its two buttons."""
    words = _words(get_language())
    return mark_safe("\n".join(_round(n, row, words) for n, row in enumerate(rows, start=1)))


@register.simple_tag
def referrals_to_answer(rows):
    """A list item for each referral that lies with the agency."""
    words = _words(get_language())

    def item(row):
        next_step = words.next.get(row.data["state"], words.answer)
        about = f"{row.about} · {row.age}" if row.age else row.about
        return _item(row.url, f"{next_step} {row.data['code']}", about, row.due)

    return mark_safe("\n".join(map(item, rows)))


@register.simple_tag
def rounds_asked(rows):
    """A list item for each round that waits for the prison."""
    return mark_safe(
        "\n".join(
            _item(
                row.url,
                row.data["batch"],
                f"{row.data['prison']} · {_seats(row.data['seats'])}",
                row.due,
            )
            for row in rows
        )
    )


@register.simple_tag
def batches_of_agency(rows):
    return mark_safe("\n".join(_item(row.url, row.data["batch"], row.about) for row in rows))


@register.simple_tag
def agreements_in_force(rows):
    until = _("sampai %(day)s")

    def item(row):
        day = until % {"day": day_in_words(row.due, DAY)}
        return _item(row.url, row.data["title"], f"{row.data['prison']} · {day}")

    return mark_safe("\n".join(map(item, rows)))


def _item(address, name, about, due=None):
    left = f'<div class="due">{days_left(due)}</div>' if due else ""
    return f"<li>{link(address, name)}<p>{escaped(about)}</p>{left}</li>"


def _round(place, row, words):
    seats, batch, address = row.data["seats"], escaped(row.data["batch"]), escaped(row.url)
    by = words.answer_by % {"day": day_in_words(row.due, DAY)}
    about = " · ".join(filter(None, (row.data["prison"], by, row.age)))
    take = ngettext("Terima %(seats)s kursi", "Terima %(seats)s kursi", seats) % {"seats": seats}
    hidden = f'<span class="visually-hidden">: {batch}</span>'
    return (
        f'<section class="sheet" aria-labelledby="round-{place}">'
        '<div class="d-flex flex-wrap justify-content-between gap-2 mb-2">'
        f'<h2 class="mb-0" id="round-{place}">{batch}</h2>{days_left(row.due)}</div>'
        f'<p class="mb-1"><strong class="seats">{escaped(_seats(seats))}</strong></p>'
        f'<p class="mb-1">{escaped(row.about)}</p>'
        f'<p class="muted">{escaped(about)}</p>'
        '<div class="d-grid gap-2">'
        f'<a class="btn btn-primary btn-lg" href="{address}">{escaped(take)}{hidden}</a>'
        f'<a class="btn btn-outline-secondary btn-lg" href="{address}#counter_form_seats">'
        f"{words.otherwise}{hidden}</a></div></section>"
    )


def _seats(number):
    return ngettext("%(seats)s kursi", "%(seats)s kursi", number) % {"seats": number}


@lru_cache(maxsize=10)
def _words(language):
    return SimpleNamespace(
        answer_by=_("jawab paling lambat %(day)s"),
        otherwise=escaped(_("Usul lain atau tolak")),
        next={
            ReferralState.SENT: _("Terima rujukan"),
            ReferralState.RECEIVED: _("Rujuk ke pemberi kerja"),
        },
        answer=_("Catat jawaban pemberi kerja"),
    )
