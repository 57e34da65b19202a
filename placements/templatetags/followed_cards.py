"""Follow-ups as HTML: the figures above their list, and a card for each of twenty-five."""

from functools import lru_cache
from types import SimpleNamespace
from urllib.parse import quote

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.badges import badge, days_left
from accounts.days import day_in_words
from accounts.markup import escaped, link
from accounts.templatetags.ui import icon
from placements.followed import FollowedHere
from placements.lists.follow_ups import DUE, REACHED, WORKING

register = template.Library()
DAY, SHORT_DAY = "j F Y", "j M Y"


@register.simple_tag
def months_followed(lines):
    """A row for each of the `Line`s of `placements.lists.follow_ups`."""
    return mark_safe("\n".join(map(_month, lines)))


@register.simple_tag
def follow_up_cards(items, may_tick, may_record, back):
    """An item for each `followed.Followed`; `may_tick` offers a box for the form `assign`."""
    address = quote(back, safe="/")
    return mark_safe(
        "\n".join(
            f"{_opened(item, may_tick)}{_told(item)}"
            f"{_to_record(item, address) if may_record and item.is_open else ''}</li>"
            for item in items
        )
    )


@register.simple_tag
def follow_up_head(item):
    """The first line of one card: who, and how it stands."""
    return mark_safe(_head(item, False))


@register.simple_tag
def follow_up_told(item):
    """What one card tells below its first line."""
    return mark_safe(_told(item))


@register.simple_tag
def follow_up_to_record(item, back):
    """What opens the form of one card."""
    return mark_safe(_to_record(item, quote(back, safe="/")))


def _month(line):
    words, label, reach = _words(get_language()), escaped(line.label), line.reach

    def cell(heading, found, number, told):
        content = mark_safe(f'{number}<span class="visually-hidden"> {label}, {told}</span>')
        return f'<td data-label="{heading}">{link(line.to(found), content)}</td>'

    return (
        f'<tr><th scope="row">{label}</th>'
        + cell(words.due, DUE, reach.due, words.told_due)
        + cell(words.reached, REACHED, _of(reach.reached, reach.due), words.told_reached)
        + cell(words.of_reached, WORKING, _of(reach.working, reach.reached), words.told_of_reached)
        + cell(words.of_due, WORKING, _of(reach.working, reach.due), words.told_of_due)
        + "</tr>"
    )


def _of(number, whole):
    return escaped(_("%(n)s dari %(all)s") % {"n": number, "all": whole})


def _opened(item, may_tick):
    return f'<li class="sheet" id="follow-up-{item.public_id}">{_head(item, may_tick)}'


def _head(item, may_tick):
    box, name, title = "", escaped(item.name), escaped(item.title)
    if may_tick and item.is_due:
        box = (
            '<input class="form-check-input me-2" type="checkbox" name="follow_ups"'
            f' value="{item.public_id}" form="assign" data-tickable'
            f' aria-label="{_words(get_language()).pick}: {name}, {title}">'
        )
    address = address_of("placements:follow-up-detail", item.public_id)
    return (
        '<div class="d-flex flex-wrap justify-content-between gap-2">'
        f'<h2 class="h5 mb-0">{box}{link(address, mark_safe(name))}</h2>'
        f"<span>{title} {_state(item)}</span></div>"
    )


def _state(item):
    here = isinstance(item, FollowedHere)
    if item.is_due:
        return days_left(item.due_on)
    if here and item.is_hidden:
        return badge(_("terbatas"))
    if item.learned:
        return badge(item.learned.outcome, "info")
    label = (item.outcome_label or item.state_label) if here else ""
    return badge(label or _("dicatat lapas"))


def _told(item):
    here = isinstance(item, FollowedHere)
    parts = [f'<p class="mb-1">{_when_and_where(item)}</p>', _contact(item, here)]
    if item.tries:
        tried = ngettext(
            "%(n)s kali dicoba, terakhir %(day)s", "%(n)s kali dicoba, terakhir %(day)s", item.tries
        )
        parts.append(_quiet(tried % {"n": item.tries, "day": _day(item.last_tried_on)}))
    if here and item.link_until:
        until = _("Formulir PK Bapas berlaku sampai %(day)s")
        parts.append(_quiet(until % {"day": _day(item.link_until)}))
    for each in item.earlier:
        where = f", {each.employer}" if each.employer else ""
        day = day_in_words(each.on, SHORT_DAY)
        parts.append(_quiet(f"{each.title}: {each.outcome}{where} ({day})"))
    return "".join(parts)


def _when_and_where(item):
    """Whatever is there of: when, the employer then, the work now, who asks."""
    told = []
    if item.is_due:
        told.append(_("Jatuh tempo %(day)s") % {"day": _day(item.due_on)})
    elif item.learned:
        told.append(_("Dicatat per %(day)s") % {"day": _day(item.learned.on)})
        told.append(item.learned.employer)
    else:
        told.append("")
    if item.job:
        told.append(f"{item.job}, {item.employer}" if item.employer else item.job)
    if isinstance(item, FollowedHere) and item.owner:
        told.append(f"{item.owner}: {item.agency}" if item.agency else item.owner)
    first, *rest = told
    return escaped(first) + "".join(f" · {escaped(each)}" for each in rest if each)


def _contact(item, here):
    words = _words(get_language())
    if item.is_due and here and item.owner and not item.has_leave:
        return words.without_consent
    if item.contact:
        contact = escaped(item.contact)
        told = link(f"tel:{item.phone}", mark_safe(contact)) if item.phone else contact
        return f'<p class="mb-1 breakable">{icon("phone", 16)} {told}</p>'
    return words.no_contact if item.is_due else ""


def _to_record(item, back):
    address = address_of("placements:follow-up-record", item.public_id)
    detail = address_of("placements:follow-up-detail", item.public_id)
    return (
        f'<div class="form-actions mt-2"><a class="btn btn-primary" href="{detail}#record"'
        f' hx-get="{address}?back={back}" hx-target="#follow-up-{item.public_id}"'
        f' hx-swap="outerHTML">{icon("pencil", 18)}{_words(get_language()).record}'
        f'<span class="visually-hidden">: {escaped(item.name)}, {escaped(item.title)}</span></a>'
        "</div>"
    )


def _quiet(text):
    return f'<p class="mb-1 muted">{escaped(text)}</p>'


def _day(value):
    return day_in_words(value, DAY)


@lru_cache(maxsize=10)
def _words(language):
    """What stands on every card and row, as HTML."""
    brought = _("Hanya kabar yang dibawa PK Bapas, keluarga atau orangnya sendiri.")
    refused = badge(_("tanpa persetujuan"), "bad")
    return SimpleNamespace(
        due=escaped(_("Jatuh tempo")),
        told_due=escaped(_("jatuh tempo")),
        reached=escaped(_("Terjangkau")),
        told_reached=escaped(_("terjangkau")),
        of_reached=escaped(_("Bekerja, dari yang terjangkau")),
        told_of_reached=escaped(_("bekerja, dari yang terjangkau")),
        of_due=escaped(_("Bekerja, dari semua jatuh tempo")),
        told_of_due=escaped(_("bekerja, dari semua jatuh tempo")),
        pick=escaped(_("Pilih")),
        record=escaped(_("Catat kabar")),
        no_contact=_quiet(_("kontak belum dicatat")),
        without_consent=(
            f'<p class="mb-1">{refused} <span class="muted">{escaped(brought)}</span></p>'
        ),
    )
