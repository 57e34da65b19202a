"""What becomes of a person's data when the time for which they are kept is over.

People are made anonymous, not deleted: courses, results, age group, education and city stay, so
that every figure stays; name, keys, numbers, addresses, reasons and scans go, from history too.
Issued letters are kept as archives and are not touched (docs/privacy.md).

`apply` runs as the owner of the tables (`manage.py apply_retention`), because the app's role may
not change history.
"""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import (
    Cast,
    Coalesce,
    Concat,
    Left,
    Replace,
    TruncYear,
    Upper,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import privacy
from accounts.grants import OWNER
from accounts.models import RandomUUID
from accounts.privacy import ANONYMOUS
from accounts.services import blanking
from inmates.models import Circumstance, Custody, DataLimit, ImportRow, Inmate, Transfer
from inmates.states import CustodyEnd, ImportState
from placements.models import FollowUp, Placement, Referral, RetentionRun
from placements.services import mentions
from training.models import Candidate, Enrolment, WaitingEntry
from training.states import BATCH_OPEN, BatchState

BATCH = 100
CODE_LENGTH, KEY_LENGTH = 8, 30
IMPORTS_OVER = (ImportState.APPLIED, ImportState.FAILED, ImportState.CANCELLED)
# What keeps a person's data beyond the time, by the name of the annotation.
HOLDS = {
    "in_custody": _("Masih ditempatkan"),
    "escaped": _("Melarikan diri dan belum kembali"),
    "candidacy": _("Masih calon peserta"),
    "enrolment": _("Masih peserta"),
    "waiting": _("Masih di daftar tunggu"),
    "transfer": _("Mutasi belum dijawab"),
    "referral": _("Rujukan kerja masih berjalan"),
    "placement": _("Masih tercatat bekerja"),
    "follow_up": _("Pemantauan belum selesai"),
    "circumstance": _("Perubahan keadaan belum diputuskan"),
    "limited": _("Pemrosesan dibatasi atas permintaannya"),
}


def last_left():
    """Everybody who is not anonymous yet and has left, as canonical persons.

    Annotated with the last custody (`left_on`, `left_how`, `left_prison`), with `due_on`, the
    first day on which the data may be made anonymous, and with one flag for each of `HOLDS`.
    """
    records = Inmate.objects.filter(
        Q(pk=OuterRef(OuterRef("pk"))) | Q(merged_into=OuterRef(OuterRef("pk")))
    ).values("pk")
    last = (
        Custody.objects.filter(inmate__in=records, until__isnull=False)
        .exclude(ended_how=CustodyEnd.DUPLICATE)
        .order_by("-until", "-id")
    )
    months = Coalesce(
        F("left_prison_months"), Value(settings.RETENTION_MONTHS), output_field=IntegerField()
    )

    def any_of(rows):
        return Exists(rows.filter(inmate__in=records))

    return (
        Inmate.objects.canonical()
        .filter(anonymised_on__isnull=True)
        .annotate(
            left_on=Subquery(last.values("until")[:1]),
            left_how=Subquery(last.values("ended_how")[:1]),
            left_prison=Subquery(last.values("facility")[:1]),
            left_prison_months=Subquery(last.values("facility__retention_months")[:1]),
        )
        .filter(left_on__isnull=False)
        .annotate(
            due_on=Func(
                F("left_on"),
                months,
                template="(%(expressions)s))::date",
                arg_joiner=" + make_interval(months => ",
                output_field=DateField(),
            ),
            in_custody=any_of(Custody.objects.open()),
            escaped=ExpressionWrapper(Q(left_how=CustodyEnd.ESCAPED), BooleanField()),
            candidacy=any_of(
                Candidate.objects.open().filter(
                    enrolment__isnull=True, batch__state__in=[*BATCH_OPEN, BatchState.POSTPONED]
                )
            ),
            enrolment=any_of(Enrolment.objects.blocking()),
            waiting=any_of(WaitingEntry.objects.open()),
            transfer=any_of(Transfer.objects.awaiting_origin()),
            referral=any_of(Referral.objects.not_over()),
            placement=any_of(Placement.objects.running()),
            follow_up=any_of(FollowUp.objects.planned()),
            circumstance=any_of(Circumstance.objects.open()),
            limited=any_of(DataLimit.objects.standing()),
        )
    )


def due(today):
    """People whose time is over on that day and whom nothing holds."""
    return last_left().filter(due_on__lte=today, **dict.fromkeys(HOLDS, False))


def upcoming(user, until):
    """Who of the user's prisons is due by that day, the first ones first; who is held, too."""
    left_here = Custody.objects.filter(facility__in=user.facility_ids, until__isnull=False)
    mine = Inmate.objects.filter(pk__in=left_here.values("inmate"))
    canonical = mine.annotate(canonical=Coalesce("merged_into", "pk")).values("canonical")
    return (
        last_left()
        .filter(pk__in=canonical, left_prison__in=user.facility_ids, due_on__lte=until)
        .exclude(in_custody=True)
        .order_by("due_on", "name", "pk")
    )


def held_by(person):
    """Why the data of somebody from `last_left` are kept beyond the time, in words."""
    return [label for name, label in HOLDS.items() if getattr(person, name)]


def last_run():
    """The newest run that finished, None if there was none."""
    return RetentionRun.objects.filter(finished_at__isnull=False).first()


def apply(*, today, ran_by, batch=BATCH):
    """Make everybody anonymous who is due; returns the finished `RetentionRun`.

    Its `named_elsewhere` tells where texts about nobody in particular name one of them
    (`mentions.places`); that is not stored.

    Each batch of people commits by itself, together with its count: ended at any moment, a person
    is done wholly or not at all, and the next run goes on.
    """
    run = RetentionRun.objects.using(OWNER).create(today=today, ran_by=ran_by[:100])
    run.named_elsewhere = []
    after = 0
    while True:
        people = due(today).using(OWNER).filter(pk__gt=after).order_by("pk")
        ids = list(people.values_list("pk", flat=True)[:batch])
        if not ids:
            break
        after = ids[-1]
        _apply_to(run, ids, today)
        _delete_files(run)
    for unfinished in RetentionRun.objects.using(OWNER).exclude(files_pending=[]):
        _delete_files(unfinished)
    run.finished_at = timezone.now()
    run.save(using=OWNER, update_fields=["finished_at"])
    return run


def _apply_to(run, ids, today):
    with transaction.atomic(using=OWNER):
        locked = Inmate.objects.using(OWNER).select_for_update().filter(pk__in=ids).order_by("pk")
        list(locked.values_list("pk", flat=True))
        # Somebody may have come back, or been merged, before the lock was ours.
        ids = list(due(today).using(OWNER).filter(pk__in=ids).values_list("pk", flat=True))
        records = list(
            Inmate.objects.using(OWNER)
            .filter(Q(pk__in=ids) | Q(merged_into__in=ids))
            .select_for_update()
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        named = mentions.places(records)
        run.import_rows += _blank_import_rows(records)
        run.files_pending = sorted(_blank_what_hangs(records))
        _make_anonymous(records, today)
        run.people += len(ids)
        run.save(using=OWNER, update_fields=["people", "import_rows", "files_pending"])
    run.named_elsewhere += named


def _blank_what_hangs(records):
    """Blank every row that is about the records; returns the names of their files."""
    ids, files = {Inmate: records}, set()
    reasons = blanking.contexts_of(Inmate, records)
    models = list(privacy.hanging_on(Inmate))
    with blanking.past_triggers(models):
        for model in models:
            ids[model] = blanking.ids_of(model, ids)
            files |= blanking.files_of(model, ids[model])
            reasons |= blanking.contexts_of(model, ids[model])
            blanking.blank(model, ids[model])
    if reasons:
        blanking.blank_reasons(reasons)
    return files


def _make_anonymous(records, today):
    """The records themselves; that they became anonymous stands in their history."""
    event = privacy.history_of(Inmate)
    with blanking.past_triggers([Inmate]):
        rows = blanking.tables_of(Inmate, records)
        blanking.blank_history(Inmate, rows[event])
    code = Left(Cast("public_id", CharField()), CODE_LENGTH)
    rows[Inmate].update(
        **blanking.blanks(Inmate)
        | {
            "name": Concat(Value(f"{ANONYMOUS} "), Upper(code)),
            "search_name": Concat(Value(f"{ANONYMOUS.lower()} "), code),
            "person_key": Left(Replace(Cast(RandomUUID(), CharField()), Value("-")), KEY_LENGTH),
            "nik_last4": "",
            "birth_date": TruncYear("birth_date"),
            "anonymised_on": today,
        }
    )


def _blank_import_rows(records):
    """Rows of imports that were about the records: by key; without a key, by the exact name."""
    tables = blanking.tables_of(Inmate, records)
    keys = {key for rows in tables.values() for key in rows.values_list("person_key", flat=True)}
    names = {name for rows in tables.values() for name in rows.values_list("name", flat=True)}
    rows = ImportRow.objects.using(OWNER).filter(
        Q(person_key__in=keys) | Q(person_key="", name__in=names), run__state__in=IMPORTS_OVER
    )
    return rows.update(**blanking.blanks(ImportRow))


def _delete_files(run):
    """After the commit: the files of blanked rows; a file that is gone already is no failure."""
    for name in run.files_pending:
        default_storage.delete(name)
    run.files += len(run.files_pending)
    run.files_pending = []
    run.save(using=OWNER, update_fields=["files", "files_pending"])
