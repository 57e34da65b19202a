"""The log of visits, meetings, calls and letters, and what was promised at them."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import ActionItem, Engagement
from partners.services import agencies
from partners.states import EngagementKind


@act
def record(
    *,
    facility,
    agency,
    held_on,
    delegation,
    purpose,
    by,
    kind=EngagementKind.VISIT,
    hosts="",
    result="",
    action_items=(),
):
    """Write down an engagement that took place, with what each post promised to do.

    `action_items` are dicts with `what`, `owner_role` (name of a role) and `due`. Raises
    `NotAllowed` with field errors.
    """
    require(by, "record_engagement", facility.pk)
    agencies.require_partner(facility, agency)
    if held_on > timezone.localdate():
        raise NotAllowed(
            {"held_on": _("Yang dicatat di sini sudah berlangsung; tanggalnya di masa depan.")}
        )
    if held_on < rules.EARLIEST:
        raise NotAllowed({"held_on": _("Tahunnya tidak masuk akal.")})
    engagement = Engagement.objects.create(
        facility=facility,
        agency=agency,
        kind=kind,
        held_on=held_on,
        delegation=delegation,
        hosts=hosts,
        purpose=purpose,
        result=result,
        created_by=by,
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            engagement=engagement,
            facility=facility,
            agency=agency,
            what=item["what"],
            owner_role_id=item["owner_role"],
            due=item["due"],
            created_by=by,
        )
        for item in action_items
    )
    return engagement


@act
def finish_action_item(*, item, by):
    """Tick off what was promised. By whoever keeps the log, or by the holder of its post."""
    if not rules.can_finish(by, item):
        raise Forbidden(_("Tindak lanjut ini tugas jabatan lain."))
    item = ActionItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if item.done_at:
        if item.done_by_id == by.pk:
            return item
        raise AlreadyDone(
            _("Tindak lanjut ini sudah diselesaikan oleh %(who)s pada %(when)s.")
            % {
                "who": item.done_by or _("sistem"),
                "when": formats.date_format(
                    timezone.localtime(item.done_at), "SHORT_DATETIME_FORMAT"
                ),
            }
        )
    item.done_at, item.done_by = timezone.now(), by
    item.save(update_fields=["done_at", "done_by"])
    notices.close_for(item)
    return item
