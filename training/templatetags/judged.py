"""What the rules say of a person, as HTML. A page tells some three hundred results: too many for
templates.
"""

from functools import lru_cache

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.badges import badge
from accounts.markup import escaped
from accounts.templatetags.ui import icon
from training.eligibility.results import Outcome, Result

register = template.Library()


@register.simple_tag
def people_to_pick(people):
    """Each person of `services.eligible.page` with a box to tick, the verdict and all rules."""
    every = _("Semua syarat")
    return mark_safe(
        "\n".join(_to_pick(place, person, every) for place, person in enumerate(people, start=1))
    )


def _to_pick(place, person, every):
    key, name = person.public_id, escaped(person.name)
    number = escaped(person.register_number)
    if person.register_class:
        number += f" · {escaped(person.register_class)}"
    told = (
        (not person.fails, " data-tickable"),
        (person.picked, " checked"),
        (not person.selectable, " disabled"),
    )
    return (
        f'<li class="list-group-item" data-person="{key}">\n<div class="row g-2">\n'
        '<div class="col-md-5">\n<div class="form-check">\n'
        f'<input class="form-check-input" type="checkbox" name="people" value="{key}"'
        f' id="person-{place}" aria-describedby="why-{place}"'
        f"{''.join(words for holds, words in told if holds)}>\n"
        f'<label class="form-check-label opacity-100" for="person-{place}">{name}<br>'
        f'<span class="small muted">{number}</span></label>\n</div>\n</div>\n'
        f'<div class="col-md-7">\n<div id="why-{place}">\n{verdict(person)}\n</div>\n'
        f'<details class="small"><summary>{every}<span class="visually-hidden">: {name}</span>'
        f'</summary>\n<ul class="list-unstyled mb-0">\n{every_rule(person)}\n</ul>\n'
        "</details>\n</div>\n</div>\n</li>"
    )


def verdict(person):
    """Whether the person of `services.eligible.page` may join, the priority, and what stands
    against it."""
    if person.fails:
        word = badge(_("Belum memenuhi"), "bad")
    elif person.remarks:
        word = badge(_("Dengan catatan"), "wait")
    else:
        word = badge(_("Memenuhi syarat"), "good")
    parts = " · ".join(f"{part.text}: {part.points}" for part in person.parts)
    why = f' <span class="small muted">({escaped(parts)})</span>' if parts else ""
    said = [_remark("circle-x", result) for result in person.fails]
    said += [
        _remark(
            "triangle-alert" if result.outcome == Outcome.WARN else "circle-question-mark", result
        )
        for result in person.remarks
    ]
    against = f'<ul class="list-unstyled small mb-0 mt-1">{"".join(said)}</ul>' if said else ""
    priority = escaped(_("Prioritas"))
    return mark_safe(
        f'{word} <span class="nowrap"><strong>{priority} {escaped(str(person.points))}</strong>'
        f"</span>{why}{against}"
    )


def _remark(name, result):
    return f"<li>{icon(name, 16)} {escaped(result.text)}</li>"


def every_rule(person):
    """Each rule with what it says and where it comes from, as list items."""
    language = get_language()
    return mark_safe(
        "".join(
            [
                _rule(language, result.outcome, result.sentence, result.source, *places)
                for result in person.results
                for places in [result.places.items()]
            ]
        )
    )


@lru_cache(maxsize=4_000)
def _rule(language, outcome, sentence, source, *places):
    """The item of a result: a page has hundreds, and most say the same of several people."""
    result = Result("", outcome, sentence, source, dict(places))
    return (
        f"<li>{escaped(Outcome(outcome).label)}: {escaped(result.text)} "
        f'<span class="muted">({escaped(result.source_text)})</span></li>'
    )
