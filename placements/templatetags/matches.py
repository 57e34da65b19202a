"""Ranked people and vacancies as HTML: two hundred sentences a page, too many for templates."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.templatetags.ui import icon
from correspondence.sources import PLACE

register = template.Library()


@register.simple_tag
def suited_people(rows, may_pick):
    """An item for each `services.matching.Suited`, with a box to tick if `may_pick`."""
    return mark_safe(
        "\n".join(
            _item(
                *("person", row.person.name, place, row),
                _box("people", "checkbox", row.person, place, row.person.is_picked)
                if may_pick
                else "",
                format_html(
                    '<a href="{}">{}</a>',
                    _address("placements:person-detail", row.person),
                    row.person.register_number or row.person.person_key,
                ),
            )
            for place, row in enumerate(rows, start=1)
        )
    )


@register.simple_tag
def suited_vacancies(rows, may_pick, picked=""):
    """The same for the vacancies of a person, one of which is chosen; `picked` is its id."""
    return mark_safe(
        "\n".join(
            _item(
                *("vacancy", row.vacancy.title, place, row),
                _box("vacancy", "radio", row.vacancy, place, str(row.vacancy.public_id) == picked)
                if may_pick
                else "",
                format_html(
                    '<a href="{}">{}</a>{}<br><span class="muted">{}</span>',
                    _address("placements:vacancy-detail", row.vacancy),
                    row.vacancy.employer,
                    f" · {row.region}" if row.region else "",
                    row.offer,
                ),
            )
            for place, row in enumerate(rows, start=1)
        )
    )


def _address(page, one):
    before, after = _around(page)
    return f"{before}{one.public_id}{after}"


@lru_cache(maxsize=4)
def _around(page):
    """An address before and after the public id: asked once, not for every row."""
    return reverse(page, args=[PLACE]).split(PLACE)


def _item(kind, name, place, row, box, about):
    name = conditional_escape(name)
    if box:
        title = (
            f'<div class="form-check">{box} <label class="form-check-label" for="{kind}-{place}">'
            f"{name}</label></div>"
        )
    else:
        title = f"<strong>{name}</strong>"
    one = row.person if kind == "person" else row.vacancy
    return (
        f'<li class="list-group-item" data-{kind}="{one.public_id}"><div class="row g-2">'
        f'<div class="col-md-5">{title}<div class="small">{about}</div></div>'
        f'<div class="col-md-7" id="why-{place}">{_told(row, name)}</div></div></li>'
    )


def _box(name, kind, one, place, is_picked):
    which = "person" if name == "people" else name
    tickable = " data-tickable" if kind == "checkbox" else ""
    return (
        f'<input class="form-check-input" type="{kind}" name="{name}" value="{one.public_id}"'
        f' id="{which}-{place}" aria-describedby="why-{place}"{tickable}'
        f"{' checked' if is_picked else ''}>"
    )


def _told(row, who):
    """Points, why the person cannot be referred, and each part; `who` names it for readers."""
    language = get_language()
    problems = "".join(
        f"<li>{icon('circle-x', 16)} {conditional_escape(sentence)}</li>"
        for sentence in row.sentences
    )
    if problems:
        problems = f'<ul class="list-unstyled small mb-0 mt-1">{problems}</ul>'
    parts = "".join(
        _line(language, part.label(language), part.text(language), part.points)
        for part in row.parts
    )
    brings = conditional_escape(row.brings(language))
    return (
        f'<div><strong class="nowrap">{_points(language, row.match.points)}</strong>'
        f' <span class="small muted">{brings}</span></div>{problems}'
        f'<details class="small"><summary>{_details(language)}<span class="visually-hidden">:'
        f' {who}</span></summary><ul class="list-unstyled mb-0">{parts}</ul></details>'
    )


@lru_cache(maxsize=4_000)
def _line(language, label, text, points):
    return (
        f"<li><strong>{conditional_escape(label)}</strong>: {conditional_escape(text)} · "
        f'<span class="nowrap">{_points(language, points)}</span></li>'
    )


@lru_cache(maxsize=10)
def _details(language):
    return conditional_escape(_("Rincian poin"))


@lru_cache(maxsize=2_000)
def _points(language, points):
    words = ngettext("%(points)s poin", "%(points)s poin", points)
    return conditional_escape(words % {"points": points})
