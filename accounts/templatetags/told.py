"""A history as HTML, written without a template: pages of details end with dozens of its lines."""

from django import template
from django.utils import formats, timezone
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.history import timeline
from accounts.markup import escaped
from accounts.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def history(context, obj, events=None):
    """The object's timeline, newest first: who, when, which fields from what to what. `events` are
    its history rows, if the page has read them."""
    return told(timeline(obj, context["user"], events))


@register.simple_tag
def told(entries, show_request=False):
    """Entries of `accounts.history`, each with the request that made it if asked for."""
    lines = [_entry(entry, show_request) for entry in entries or ()]
    nothing = _("Belum ada riwayat.")
    return mark_safe(f'<ol class="timeline">\n{"".join(lines) or f"<li>{nothing}</li>"}</ol>')


def _entry(entry, show_request):
    what = escaped(entry.what)
    if entry.about:
        what = f"{escaped(capfirst(entry.about))}: {escaped(str(entry.what).lower())}"
    at, who = timezone.localtime(entry.at), entry.who or _("sistem")
    when = (
        f'<time datetime="{at.isoformat()}">{formats.date_format(at, "DATETIME_FORMAT")}</time>'
        f" · {escaped(who)}"
    )
    if show_request and entry.request:
        request = _("permintaan")
        when += f' · <span class="small">{request} {escaped(entry.request[:12])}</span>'
    reason = _("Alasan:")
    why = f"\n<div>{reason} {escaped(entry.why)}</div>" if entry.why else ""
    changes = "".join(map(_change, entry.changes))
    more = why + (f"\n<ul>\n{changes}</ul>" if changes else "")
    return f'<li>\n<strong>{what}</strong>\n<div class="when">\n{when}\n</div>{more}\n</li>\n'


def _change(change):
    label = escaped(capfirst(change.label))
    if change.hidden:
        changed = _("diubah")
        return f"<li>{label} {changed}</li>\n"
    old = ""
    if change.old:
        words = _("menjadi")
        became = f'{icon("arrow-right", 14)}<span class="visually-hidden">{words}</span>'
        old = f'<span class="struck">{escaped(change.old)}</span> {became} '
    return f"<li>{label}: {old}{escaped(change.new or '—')}</li>\n"
