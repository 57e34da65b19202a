"""What waits on a prison's home, what changed and how many, as HTML: too many for templates."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.badges import days_left
from accounts.days import day_in_words
from accounts.markup import counted, escaped, link

register = template.Library()
SHORT = "j M Y"


@register.simple_tag
def work_items(groups):
    """The items of a list of `Group`s: each by itself where there is one row, else its list and
    the first rows of it."""
    return mark_safe("\n".join(map(_work, groups)))


def _work(group):
    only = group.only
    told = _alone(only) if only else _together(group)
    rows = "" if only or not group.tasks else _first_rows(group)
    return f"<li>{told}{_day(group.due)}{rows}</li>"


def _alone(task):
    age = task.age
    since = f" · {escaped(age)}" if age else ""
    return f"{link(task.url, task.what)}<p>{escaped(task.about)}{since}</p>"


def _together(group):
    age = group.age
    if age and group.count > 1:
        age = _("paling lama %(age)s") % {"age": age}
    since = f"<p>{escaped(age)}</p>" if age else ""
    number = f'<span class="count">{counted(group.count)}</span>'
    return f"<div>{link(group.url, group.what)} {number}</div>{since}"


def _day(day):
    if not day:
        return ""
    written = f'<span class="small muted nowrap">{escaped(day_in_words(day, SHORT))}</span>'
    return f'<div class="due">{days_left(day)}{written}</div>'


def _first_rows(group):
    rows = [
        f'<li><a class="own-target" href="{escaped(row.url)}">{escaped(row.about)}</a>'
        f' <span class="small muted">{_when(row)}</span></li>'
        for row in group.tasks
    ]
    if group.rest:
        hidden = f'<span class="visually-hidden">: {escaped(group.what)}</span>'
        rows.append(
            f'<li><a class="own-target" href="{escaped(group.url)}">'
            f"{escaped(_more(group.rest))}{hidden}</a></li>"
        )
    return f'<ul class="todo-rows">{"".join(rows)}</ul>'


def _when(row):
    return escaped(day_in_words(row.due, SHORT) if row.due else row.age)


def _more(number):
    return ngettext("dan %(n)s lagi", "dan %(n)s lagi", number) % {"n": number}


@register.simple_tag
def news_items(news):
    """The items of a list of what changed."""
    return mark_safe("\n".join(map(_entry, news)))


def _entry(entry):
    if not entry.rows:
        sentence = entry.sentence
        told = link(entry.url, sentence) if entry.url else f"<strong>{escaped(sentence)}</strong>"
        return f"<li>{told}</li>"
    rows = [f"<li>{link(url, words)}</li>" for words, url in entry.rows]
    if entry.rest:
        rows.append(f'<li class="muted">{escaped(_more(entry.rest))}</li>')
    return f"<li><strong>{escaped(entry.sentence)}</strong><ul>{''.join(rows)}</ul></li>"


@register.simple_tag
def figure_items(figures):
    """The items of a list of figures, each a link to the rows it counts."""
    items = (
        f'<li><a class="figure-card" href="{escaped(each.url)}">'
        f"<strong>{counted(each.number)}</strong> <span>{escaped(each.label)}</span></a></li>"
        for each in figures
    )
    return mark_safe("\n".join(items))
