"""Who is reminded when: the rule of the country, and what a prison makes of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from accounts.roles import ROLE_LABELS
from correspondence import kinds, sources
from correspondence.models import ReminderPolicy

FIELDS = ("offsets", "audience", "escalate_after", "escalation")
FURTHEST = 730  # days before; and as many after
LATEST = -365


def create_missing(using, **kwargs):
    """After migrate: the national policy of each kind that has none yet."""
    if using != "owner":
        return
    for source in sources.all_sources():
        ReminderPolicy.objects.using(using).get_or_create(
            facility=None,
            kind=source.kind,
            defaults={
                "offsets": list(source.offsets),
                "audience": list(source.audience),
                "escalate_after": source.escalate_after,
                "escalation": list(source.escalation),
            },
        )


@dataclass
class Rule:
    """What holds at a prison for one kind: `policy` is `own` if there is one, else `national`."""

    kind: kinds.Kind
    own: ReminderPolicy | None
    national: ReminderPolicy | None

    @property
    def policy(self):
        return self.own or self.national


def rules_of(facility_id):
    """The rules that hold at the prison, one a kind of deadline, by its label."""
    rows = ReminderPolicy.objects.filter(facility_id=facility_id) | ReminderPolicy.objects.filter(
        facility=None
    )
    found = {(row.kind, row.facility_id): row for row in rows}
    rules = [
        Rule(
            kinds.get(source.kind),
            found.get((source.kind, facility_id)),
            found.get((source.kind, None)),
        )
        for source in sources.all_sources()
    ]
    return sorted(rules, key=lambda rule: str(rule.kind.label))


@act
def set_own(*, facility_id, kind, offsets, audience, escalate_after, escalation, by):
    """The prison's own rule for a kind, from the next sweep on. The same again changes nothing."""
    require(by, "set_policies", facility_id)
    _check(kind, offsets, audience, escalate_after, escalation)
    wanted = {
        "offsets": sorted(set(offsets), reverse=True),
        "audience": list(audience),
        "escalate_after": escalate_after,
        "escalation": list(escalation),
    }
    policy, made = ReminderPolicy.objects.get_or_create(
        facility_id=facility_id, kind=kind, defaults={**wanted, "created_by": by}
    )
    policy = ReminderPolicy.objects.select_for_update(of=["self"], no_key=True).get(pk=policy.pk)
    if not made and wanted != {name: getattr(policy, name) for name in FIELDS}:
        for name, value in wanted.items():
            setattr(policy, name, value)
        policy.save(update_fields=FIELDS)
    return policy


@act
def reset(*, facility_id, kind, by):
    """The prison follows the rule of the country again. Twice is harmless."""
    require(by, "set_policies", facility_id)
    ReminderPolicy.objects.filter(facility_id=facility_id, kind=kind).delete()


def _check(kind, offsets, audience, escalate_after, escalation):
    if kind not in {source.kind for source in sources.all_sources()}:
        raise NotAllowed(_("Jenis tenggat ini tidak dikenal."))
    problems = {}
    if any(not LATEST <= days <= FURTHEST for days in offsets):
        problems["offsets"] = _("Paling banyak %(before)s hari sebelum dan %(after)s sesudah.") % {
            "before": FURTHEST,
            "after": -LATEST,
        }
    if not audience or not set(audience) <= set(sources.words()):
        problems["audience"] = _("Pilih paling sedikit satu penerima.")
    if set(escalation) - set(ROLE_LABELS) or len(set(escalation)) < len(escalation):
        problems["escalation"] = _("Setiap jabatan hanya sekali dalam urutan eskalasi.")
    elif escalate_after and not escalation:
        problems["escalation"] = _("Pilih jabatan yang diberi tahu bila tidak ada yang menandai.")
    elif escalate_after and set(audience) == {sources.AGENCY}:
        problems["audience"] = _("Eskalasi memerlukan jabatan lapas di antara penerima.")
    if problems:
        raise NotAllowed(problems)
