"""All that is held on one person (UU 27/2022): what a subject may ask for, gathered table by table.

`placements.sections` says which tables.
"""

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import privacy
from accounts.models import AccessRecord, Facility
from accounts.permissions import may
from accounts.refusals import Forbidden, act
from accounts.services.blanking import about
from correspondence.models import Letter
from inmates import nik
from inmates.models import Custody, ImportRow, Inmate
from inmates.register.changes import sentence_of
from placements import documents
from placements.documents import Cell, Part, SubjectFile
from placements.sections import SECTIONS
from training import models as training

# Copies for the machine, and what the file says elsewhere.
UNTOLD = {
    *("id", "public_id", "entered_afterwards"),
    *("search_name", "search_text", "register_bare", "prison", "prisons", "merged_into"),
    *("nik_cipher", "nik_digest", "nik_key", "nik_last4"),
}
WRITTEN = ("created_at", "created_by")  # come last
# After custody, a prison holds of a person the name, the key and what it did itself.
OF_FORMER = ("person_key", "name")


@act
def gather(*, inmate, by):
    """The `SubjectFile` of a person: everything while in custody at a prison of `by`.

    After custody it holds what those prisons did themselves. The same number of queries for any
    length. Raises `Forbidden` unless `by` may export people there.
    """
    with translation.override("id"):
        return _gather(inmate.merged_into or inmate, by)


def looks(*, inmate, by):
    """Access records that name the person, in any of their records; oldest last.

    While in custody at a prison of `by` all of them, afterwards those of that prison's users.
    Raises `Forbidden` unless `by` may export people there.
    """
    inmate = inmate.merged_into or inmate
    records = _records(inmate)
    _facility, scope = _scope(inmate, records, by)
    return _looks_at(records, None if scope is None else by).order_by("-at", "-pk")


def _looks_at(records, reader):
    rows = AccessRecord.objects.about(record.public_id for record in records)
    return (rows if reader is None else rows.visible_to(reader)).with_user_name()


def _records(inmate):
    ids = Inmate.objects.records_of(inmate)
    return list(Inmate._base_manager.filter(pk__in=ids).order_by("pk"))


def _scope(inmate, records, by):
    """The prison that answers, and the prisons whose rows it may show: None is every row."""
    facilities = [pk for pk in by.facility_ids if may(by, "export_person", pk)]
    if inmate.prison_id in facilities:
        return Facility.objects.get(pk=inmate.prison_id), None
    stays = Custody.objects.filter(inmate__in=records, facility__in=facilities)
    last = stays.order_by("until", "pk").select_related("facility").last()
    if last is None:
        raise Forbidden(_("Tugas ini bukan wewenang jabatan Anda."))
    return last.facility, facilities


def _gather(inmate, by):
    records = _records(inmate)
    facility, scope = _scope(inmate, records, by)
    is_held = scope is None
    ids = {Inmate: [record.pk for record in records]}
    parts = [_identity(records, is_held)]
    for section in SECTIONS:
        rows = list(_rows(section, ids, scope))
        ids[section.model] = [row.pk for row in rows]
        parts.append(Part(section.model._meta.model_name, section.title, _cells_of(section, rows)))
    parts += [_letters(records, ids, scope), _import_rows(records, scope)]
    if is_held:
        parts.append(_changes(ids))
    parts.append(_looks_part(_looks_at(records, None if is_held else by)))
    return SubjectFile(
        person=inmate,
        records=records,
        facility=facility,
        is_held=is_held,
        made_at=timezone.now(),
        made_by=by,
        parts=parts,
    )


def _identity(records, is_held):
    rows = []
    for record in records:
        cells = [
            Cell.of(record, column)
            for column in _columns(Inmate, frozenset())
            if is_held or column.name in OF_FORMER
        ]
        if is_held:
            cells.insert(2, Cell("nik", _("NIK"), _nik_of(record)))
        rows.append(cells)
    return Part("inmate", _("Data diri"), rows)


def _nik_of(record):
    if record.nik_cipher is None:
        return ""
    try:
        return nik.reveal(record.nik_cipher)
    except nik.UnknownKey:
        return _("tersimpan, kuncinya tidak tersedia (berakhir %(last4)s)") % {
            "last4": record.nik_last4
        }


def _columns(model, leave_out):
    """The fields of a model that its rows are shown with; the person stands in the title."""
    shown = [
        column
        for column in model._meta.concrete_fields
        if column.name not in UNTOLD | leave_out and not _leads_to_person(column)
    ]
    return sorted(shown, key=lambda column: column.name in WRITTEN)


def _leads_to_person(column):
    return column.is_relation and column.related_model in ABOUT_PEOPLE


ABOUT_PEOPLE = {Inmate, *privacy.hanging_on(Inmate)}


def _rows(section, ids, scope):
    rows = about(section.model, ids)
    if scope is not None:
        written_here = Q(pk__in=[])
        for look_up in section.here:
            written_here |= Q(**{f"{look_up}__in": scope})
        rows = rows.filter(written_here)
    related = [
        column.name for column in _columns(section.model, section.leave_out) if column.is_relation
    ]
    return rows.select_related(*related, *_joined(section)).order_by("pk")


def _joined(section):
    """The relations on the way of `more`."""
    for _key, _label, look_up in section.more:
        model, way = section.model, []
        for name in look_up.split("__"):
            column = model._meta.get_field(name)
            if not column.is_relation:
                break
            way.append(name)
            model = column.related_model
        yield "__".join(way)


def _cells_of(section, rows):
    columns = _columns(section.model, section.leave_out)
    return [
        [
            *(Cell.at(row, key, label, look_up) for key, label, look_up in section.more),
            *(_cell(section, row, column) for column in columns),
        ]
        for row in rows
    ]


def _cell(section, row, column):
    if tell := section.told.get(column.name):
        return Cell(column.name, documents.label_of(column), tell(row))
    return Cell.of(row, column)


def _letters(records, ids, scope):
    named = Q(pk__in=[])
    for record in records:
        named |= Q(data__subjects__contains=[str(record.public_id)])
    decrees = training.Decree.objects.filter(
        Q(entries__in=ids[training.DecreeEntry]) | Q(enrolments__in=ids[training.Enrolment])
    )
    named |= Q(pk__in=decrees.values("letter"))
    rows = Letter._base_manager.filter(named).select_related("facility").order_by("dated", "pk")
    if scope is not None:
        rows = rows.filter(facility__in=scope)
    names = ("dated", "number", "subject", "facility", "state")
    columns = [Letter._meta.get_field(name) for name in names]
    return Part(
        "letter",
        _("Surat yang menyebut namanya"),
        [[Cell.of(row, column) for column in columns] for row in rows],
    )


def _import_rows(records, scope):
    rows = ImportRow._base_manager.filter(person_key__in=[record.person_key for record in records])
    if scope is not None:
        rows = rows.filter(run__facility__in=scope)
    cells = []
    for row in rows.select_related("run__facility").order_by("run__created_at", "number"):
        said = [str(sentence) for _level, sentence in row.sentences]
        cells.append(
            [
                Cell.at(row, "as_of", _("Data per"), "run__as_of"),
                Cell.at(row, "file", _("Berkas"), "run__file_name"),
                Cell.at(row, "facility", _("Lapas"), "run__facility"),
                *(
                    Cell.of(row, ImportRow._meta.get_field(name))
                    for name in ("number", "outcome", "name")
                ),
                Cell("values", _("Isi baris"), _values_of(row)),
                Cell("changes", _("Perubahan"), row.changes, _changed_fields(row.changes)),
                Cell("messages", _("Keterangan"), said),
            ]
        )
    return Part("importrow", _("Baris impor register"), cells)


def _values_of(row):
    """What a row will write as long as it is not applied; of its NIK that there is one."""
    values = {part: dict(fields) for part, fields in row.values.items() if fields}
    if sealed := values.get("inmate", {}).get("nik"):
        values["inmate"]["nik"] = f"•••• {sealed['last4']}"
    return values


def _changed_fields(changes):
    return "; ".join(str(sentence_of(change)) for change in changes)


def _changes(ids):
    """What was changed and removed, with the old values: one query per history table."""
    rows = []
    for model in (Inmate, *(section.model for section in SECTIONS)):
        event = privacy.history_of(model)
        if event is None:
            continue
        events = (
            about(event, ids)
            if model is not Inmate
            else event._base_manager.filter(pgh_obj_id__in=ids[Inmate])
        )
        related = [c.name for c in _columns(event, frozenset()) if _is_shown_reference(c)]
        rows += documents.changes(
            model,
            events.select_related(*related).order_by("pgh_obj_id", "pgh_id"),
            [column.name for column in _columns(model, frozenset())],
        )
    rows.sort(key=lambda cells: cells[0].value)
    return Part("change", _("Riwayat perubahan"), rows, is_table=True)


def _is_shown_reference(column):
    return column.is_relation and not column.name.startswith("pgh_")


def _looks_part(rows):
    return Part(
        "access",
        _("Siapa yang melihat data ini"),
        [
            [
                Cell("at", _("Waktu"), row.at),
                Cell("who", _("Pengguna"), row.user_name or row.user_email),
                Cell("act", _("Tindakan"), documents.act_in_words(row.act)),
                Cell("page", _("Halaman"), documents.page_in_words(row.path)),
            ]
            for row in rows.order_by("at", "pk")
        ],
        is_table=True,
    )
