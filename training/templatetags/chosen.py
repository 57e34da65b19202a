"""Who is chosen for a batch, as rows of its page: too many for templates."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.badges import badge, state_badge
from accounts.markup import escaped, link
from accounts.templatetags.ui import icon
from training.states import EnrolmentState

register = template.Library()


@register.simple_tag
def candidate_rows(candidates, may_propose):
    """Candidates in their order, each with `participation`; with what may be done with each for
    whoever may propose."""
    rows = [_row(each, _acts(each) if may_propose else ()) for each in candidates]
    return mark_safe("\n".join(rows))


def _row(candidate, acts):
    name, taken = escaped(candidate.inmate.name), candidate.participation
    state = state_badge(taken or candidate)
    if candidate.is_reserve and not taken:
        reserve = badge(_("Cadangan"), "info")
        state += f" {reserve}"
    done = [
        link(address, mark_safe(f'{escaped(act)}<span class="visually-hidden"> {name}</span>'))
        for act, address in acts
    ]
    return (
        f"<tr><td>{escaped(str(candidate.rank))}</td><td>{name}</td>"
        f'<td class="nowrap">{escaped(candidate.register_number)}</td><td>{state}</td>'
        f'<td class="small">{escaped(candidate.note)}{_cause(taken)}{_override(candidate)}</td>'
        f"<td>{' · '.join(done)}</td></tr>"
    )


def _cause(taken):
    if not (taken and taken.cause):
        return ""
    reason = f": {escaped(taken.reason)}" if taken.reason else ""
    return f"{escaped(taken.get_cause_display())}{reason}"


def _override(candidate):
    """As `_override.html` says it."""
    if not candidate.override_reason:
        return ""
    who = f" ({escaped(str(candidate.override_by))})" if candidate.override_by else ""
    excepted = _("Pengecualian:")
    return (
        f'<span class="small d-block">{icon("shield-alert", 14)} {excepted} '
        f"{escaped(candidate.override_reason)}{who}</span>"
    )


def _acts(candidate):
    """Words and addresses of what may be done with a candidate or a participant now."""
    taken = candidate.participation
    if taken is None:
        address = address_of("training:candidate-withdraw", candidate.public_id)
        return [(_("Tarik"), address)] if candidate.is_open else []
    suspend = {
        EnrolmentState.ENROLLED: _("Tangguhkan"),
        EnrolmentState.SUSPENDED: _("Kembali ikut"),
    }.get(taken.state)
    if suspend is None:
        return []
    return [
        (suspend, address_of("training:participant-suspend", taken.public_id)),
        (_("Keluarkan"), address_of("training:participant-drop", taken.public_id)),
    ]
