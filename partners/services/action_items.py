"""What was promised at an engagement: whose it is, by when, and whether it was done."""

import pghistory
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import ActionItem


@act
def add(*, engagement, what, owner_role, due, by, owner=None):
    """Write down a promise of a post; `owner` names one of its holders."""
    require(by, "record_engagement", engagement.facility_id)
    _check(engagement.facility_id, owner_role, owner, due)
    return ActionItem.objects.create(
        engagement=engagement,
        facility_id=engagement.facility_id,
        agency_id=engagement.agency_id,
        what=what,
        owner_role_id=owner_role,
        owner=owner,
        due=due,
        created_by=by,
    )


@act
def change(*, item, what, owner_role, due, by, owner=None, reason=""):
    """Correct an open promise. Moving its due date takes a reason, which history keeps.

    Reminders of the old date end and those of the new one begin at the next sweep.
    """
    require(by, "record_engagement", item.facility_id)
    item = _locked(item)
    if item.done_at:
        raise NotAllowed(_("Tindak lanjut ini sudah selesai; batalkan dulu tanda selesainya."))
    wanted = (what, owner_role, owner and owner.pk, due)
    if wanted == (item.what, item.owner_role_id, item.owner_id, item.due):
        return item
    if due != item.due and not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan mengapa batas waktunya dipindah.")})
    _check(item.facility_id, owner_role, owner, due)
    item.what, item.owner_role_id, item.owner, item.due = what, owner_role, owner, due
    with pghistory.context(reason=reason):
        item.save(update_fields=["what", "owner_role", "owner", "due"])
    return item


@act
def finish(*, item, by):
    """Tick off what was promised. By whoever keeps the log, or by the holder of its post."""
    if not rules.can_finish(by, item):
        raise Forbidden(_("Tindak lanjut ini tugas jabatan lain."))
    item = _locked(item)
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


@act
def reopen(*, item, reason, by):
    """Take back a tick that was wrong; the promise is reminded of again."""
    if not rules.can_finish(by, item):
        raise Forbidden(_("Tindak lanjut ini tugas jabatan lain."))
    item = _locked(item)
    if item.done_at is None:
        return item
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasannya.")})
    item.done_at = item.done_by = None
    with pghistory.context(reason=reason):
        item.save(update_fields=["done_at", "done_by"])
    return item


@act
def remove(*, item, reason, by):
    """Strike out what was written down by mistake; that it stood there stays in history."""
    require(by, "record_engagement", item.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasannya.")})
    item = ActionItem.objects.select_for_update(of=["self"]).filter(pk=item.pk).first()
    if item is None:
        return
    if item.done_at:
        raise NotAllowed(_("Yang sudah selesai tidak bisa dihapus."))
    notices.close_for(item)
    with pghistory.context(reason=reason):
        item.delete()


def owners(facility_id):
    """People who hold a post of the prison today: one of them may be named with a promise."""
    held = Posting.objects.current().filter(facility=facility_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def _locked(item):
    return (
        ActionItem.objects.select_for_update(no_key=True, of=["self"])
        .select_related("done_by")
        .get(pk=item.pk)
    )


def _check(facility_id, owner_role, owner, due):
    if not rules.EARLIEST <= due <= rules.LATEST:
        raise NotAllowed({"due": _("Tahunnya tidak masuk akal.")})
    if owner is None:
        return
    holders = User.objects.holding(facility_id=facility_id, role=owner_role)
    if not holders.filter(pk=owner.pk).exists():
        raise NotAllowed({"owner": _("Orang ini tidak memegang jabatan itu.")})
