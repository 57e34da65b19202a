"""The log of visits, meetings, calls and letters, with the files that belong to them."""

from pathlib import PurePath

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from partners import rules
from partners.models import ActionItem, Attachment, Engagement
from partners.services import action_items as promises
from partners.services import agencies
from partners.states import EngagementKind

NAME_LENGTH = Attachment._meta.get_field("name").max_length


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
    files=(),
):
    """Write down an engagement that took place, with what each post promised to do.

    `action_items` are dicts with `what`, `owner_role` (name of a role), `due` and perhaps `owner`;
    `files` as for `attach`. Raises `NotAllowed` with field errors.
    """
    require(by, "record_engagement", facility.pk)
    agencies.require_partner(facility, agency)
    _check_day(held_on)
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
    for item in action_items:
        promises.add(engagement=engagement, by=by, **item)
    _keep_files(engagement, files, by)
    return engagement


@act
def edit(*, engagement, agency, kind, held_on, delegation, hosts, purpose, result, by):
    """Correct an entry of the log, or add what came of it; what it said before stays in history.

    Another agency takes the promises along; it is refused once an agreement came of the visit.
    """
    require(by, "record_engagement", engagement.facility_id)
    engagement = (
        Engagement.objects.select_for_update(no_key=True, of=["self"])
        .select_related("facility")
        .get(pk=engagement.pk)
    )
    _check_day(held_on)
    if agency.pk != engagement.agency_id:
        agencies.require_partner(engagement.facility, agency)
        if engagement.agreements.exists():
            raise NotAllowed(
                {"agency": _("Dari kunjungan ini sudah disusun perjanjian; instansinya tetap.")}
            )
        moved = ActionItem.objects.filter(engagement=engagement).order_by("pk")
        moved.update(agency=agency)
    engagement.agency, engagement.kind, engagement.held_on = agency, kind, held_on
    engagement.delegation, engagement.hosts = delegation, hosts
    engagement.purpose, engagement.result = purpose, result
    engagement.save(
        update_fields=["agency", "kind", "held_on", "delegation", "hosts", "purpose", "result"]
    )
    return engagement


@act
def attach(*, engagement, files, by):
    """Keep files with an engagement: pairs of a name that people read and a checked file."""
    require(by, "record_engagement", engagement.facility_id)
    if not files:
        raise NotAllowed({"files": _("Pilih berkas yang dilampirkan.")})
    return _keep_files(engagement, files, by)


@act
def remove_attachment(*, attachment, reason, by):
    """Take back a wrong file: it is gone for good, that it was there stays in history."""
    require(by, "record_engagement", attachment.engagement.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasannya.")})
    rows = Attachment.objects.select_for_update(no_key=True, of=["self"])
    attachment = rows.filter(pk=attachment.pk).first()
    if attachment is None:
        return
    stored = attachment.file
    with pghistory.context(reason=reason):
        attachment.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))


def _keep_files(engagement, files, by):
    return [
        Attachment.objects.create(
            engagement=engagement, name=_short(name), file=file, created_by=by
        )
        for name, file in files
    ]


def _short(name):
    """A name that fits, with its suffix."""
    path = PurePath(name)
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix}"[:NAME_LENGTH]


def _check_day(held_on):
    if held_on > timezone.localdate():
        raise NotAllowed(
            {"held_on": _("Yang dicatat di sini sudah berlangsung; tanggalnya di masa depan.")}
        )
    if held_on < rules.EARLIEST:
        raise NotAllowed({"held_on": _("Tahunnya tidak masuk akal.")})
