"""One's notices as HTML: each is told in up to four places of its card, too often for templates."""

from dataclasses import dataclass

from django import template
from django.utils import formats, timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.badges import days_left, state_badge
from accounts.days import day_in_words
from accounts.markup import escaped
from correspondence.states import NoticeState

register = template.Library()


@register.simple_tag(takes_context=True)
def notice_rows(context, notices):
    """A list of notices, each with what one can do about it; `others` are told of it as well."""
    act = _Acts(str(context["csrf_token"]), _("Buka"), _("Saya tahu"), _("Tunda"))
    cards = "\n".join(_card(notice, act) for notice in notices)
    return mark_safe(f'<ul class="list-unstyled">\n{cards}\n</ul>')


def _card(notice, act):
    sentence, is_gone = escaped(notice.sentence), notice.state == NoticeState.SUPERSEDED
    return (
        '<li class="card mb-2"><div class="card-body d-flex flex-wrap justify-content-between'
        f' align-items-center gap-2">\n<div>\n{_told(notice, sentence, is_gone)}\n'
        f'<p class="mb-0 small muted">{_since(notice)}</p>\n{_others(notice)}'
        f"{_badge(notice, is_gone)}\n</div>\n"
        f'<div class="d-flex flex-wrap gap-2">{act.on(notice, sentence)}</div>\n</div></li>'
    )


def _told(notice, sentence, is_gone):
    bold = "" if notice.read_at else " fw-bold"
    if is_gone:
        state = escaped(notice.get_state_display())
        words = f'<s>{sentence}</s> <span class="visually-hidden">({state})</span>'
    elif notice.read_at:
        words = sentence
    else:
        unread = _("Belum dibaca:")
        words = f'<span class="visually-hidden">{unread} </span>{sentence}'
    return f'<p class="mb-1{bold}">{words}</p>'


def _since(notice):
    at = formats.date_format(timezone.localtime(notice.created_at), "DATETIME_FORMAT")
    if notice.acknowledged_at:
        known = _("sudah diketahui")
        return f"{at} · {known}"
    if not notice.snoozed_until:
        return at
    day, reason = day_in_words(notice.snoozed_until), escaped(notice.snooze_reason)
    words = _("ditunda sampai %(day)s: %(reason)s") % {"day": day, "reason": reason}
    return f"{at} · {words}"


def _others(notice):
    others = getattr(notice, "others", ())
    if not others:
        return ""
    told, knows = _("Juga diberitahu:"), _("sudah tahu")
    names = ", ".join(
        f"{escaped(str(other.recipient))}{f' ({knows})' if other.acknowledged_at else ''}"
        for other in others
    )
    return f'<p class="mb-0 small muted">{told} {names}</p>\n'


def _badge(notice, is_gone):
    if is_gone:
        return state_badge(notice)
    return days_left(notice.due) if notice.has_deadline else ""


@dataclass
class _Acts:
    """The buttons of a notice, in the language of the page."""

    token: str
    opens: str
    knows: str
    puts_off: str

    def on(self, notice, sentence):
        about, buttons = f'<span class="visually-hidden">: {sentence}</span>', ""
        if notice.link:
            buttons = self._form("open", notice, "btn-primary", self.opens + about)
        if notice.state == NoticeState.LIVE and not notice.acknowledged_at:
            knows, later = self.knows + about, _address("snooze", notice)
            buttons += self._form("acknowledge", notice, "btn-outline-secondary", knows)
            buttons += (
                f'<a class="btn btn-outline-secondary" href="{later}">{self.puts_off}{about}</a>'
            )
        return buttons

    def _form(self, act, notice, tone, content):
        return (
            f'<form method="post" action="{_address(act, notice)}">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{self.token}">'
            f'<button type="submit" class="btn {tone}">{content}</button></form>'
        )


def _address(act, notice):
    return address_of(f"correspondence:notice-{act}", notice.public_id)
