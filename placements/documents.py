"""What stands in the file of one person, as plain data for paper and for machines.

Both are in Indonesian, as all papers are. Labels come from the models, and from `LABELS` where a
field has none of its own.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.urls import Resolver404, resolve
from django.utils import formats, timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateRange

from correspondence.documents import office
from training.eligibility import Result

LABELS = {
    "facility": _("Lapas"),
    "origin": _("Lapas asal"),
    "destination": _("Lapas tujuan"),
    "batch": _("Angkatan"),
    "course": _("Program"),
    "agency": _("Instansi"),
    "state": _("Keadaan"),
    "state_at": _("Keadaan sejak"),
    "state_by": _("Keadaan oleh"),
    "decided_at": _("Diputuskan pada"),
    "decided_by": _("Diputuskan oleh"),
    "handled_by": _("Diputuskan oleh"),
    "asked_at": _("Ditanyakan pada"),
    "withdrawn_by": _("Ditarik oleh"),
    "undone_by": _("Dibatalkan oleh"),
    "voided_by": _("Dinyatakan salah oleh"),
    "lifted_by": _("Dicabut oleh"),
    "override_by": _("Pengecualian oleh"),
    "eligibility": _("Hasil syarat"),
    "outcome": _("Yang dilakukan"),
    "before": _("Semula dan sesudah digabungkan"),
    "is_reserve": _("Cadangan"),
    "created_at": _("Dicatat pada"),
    "created_by": _("Dicatat oleh"),
}
ACTS = {"view": _("Melihat"), "export": _("Mengunduh")}
# The pages that name people, by the noun of their address.
PAGES = {
    "reports:home": _("Beranda"),
    "reports:search": _("Pencarian"),
    "reports:participant": _("Keikutsertaan"),
    "reports:candidacy": _("Calon peserta"),
    "reports:breach": _("Daftar insiden data"),
    "reports:user": _("Laporan pengguna"),
    "reports:history": _("Riwayat"),
    "inmates:inmate": _("Daftar Warga Binaan"),
    "inmates:import": _("Impor register"),
    "inmates:nik": _("Warga Binaan tanpa NIK"),
    "placements:person": _("Halaman orang"),
    "placements:vacancy": _("Orang yang cocok dengan lowongan"),
    "placements:subject": _("Berkas data orang"),
    "placements:access": _("Siapa yang melihat data"),
    "placements:retention": _("Masa simpan data"),
    "placements:circumstance": _("Perubahan keadaan"),
    "placements:restriction": _("Pembatasan"),
    "placements:limit": _("Pembatasan pemrosesan data"),
    "placements:assessment": _("Asesmen minat bakat"),
    "placements:consent": _("Persetujuan data"),
    "placements:document": _("Dokumen"),
    "placements:transfer": _("Mutasi"),
    "placements:departure": _("Keluar dari lapas"),
    "placements:absence": _("Tidak tercantum lagi"),
    "placements:referral": _("Rujukan kerja"),
    "placements:placement": _("Penempatan kerja"),
    "placements:gate": _("Keluar bekerja"),
    "placements:follow": _("Pemantauan"),
    "placements:merge": _("Penggabungan data"),
    "placements:card": _("Kartu AK-1"),
    "placements:readiness": _("Kesiapan kerja"),
    "placements:cv": _("Daftar riwayat hidup"),
    "placements:duplicate": _("Data yang mirip"),
    "training:batch": _("Angkatan"),
    "training:candidate": _("Calon peserta"),
    "training:participant": _("Daftar peserta"),
    "training:attendance": _("Kehadiran"),
    "training:meeting": _("Pertemuan"),
    "training:enrolment": _("Sertifikat peserta"),
    "training:waiting": _("Daftar tunggu"),
    "training:day": _("Daftar harian"),
    "training:plan": _("Rencana tahunan"),
    "training:seat": _("Tawaran kursi"),
    "training:hearing": _("Sidang TPP"),
    "training:decree": _("SK peserta"),
    "training:old": _("Sertifikat lama"),
    "training:person": _("Riwayat pelatihan"),
    "training:certificate": _("Sertifikat"),
    "correspondence:letter": _("Surat"),
    "admin": _("Admin sistem"),
}


@dataclass
class Cell:
    """One fact: `key` for machines, `label` for people, `value` as stored; `text` if given."""

    key: str
    label: str
    value: object
    text: str | None = None

    @classmethod
    def of(cls, row, column):
        value = getattr(row, column.name)
        if column.choices and value not in (None, ""):
            text = str(dict(column.flatchoices).get(value, value))
        else:
            text = None
        return cls(column.name, label_of(column), value, text)

    @classmethod
    def at(cls, row, key, label, look_up):
        """The value at the end of a look-up of loaded rows."""
        *way, name = look_up.split("__")
        for step in way:
            row = row and getattr(row, step)
        if row is None:
            return cls(key, label, None)
        cell = cls.of(row, row._meta.get_field(name))
        return cls(key, label, cell.value, cell.text)

    @property
    def words(self):
        return in_words(self.value, self.key) if self.text is None else self.text


@dataclass
class Part:
    """A section: each row a list of cells. `is_table` prints it as one wide table."""

    key: str
    title: str
    rows: list
    is_table: bool = False


@dataclass
class SubjectFile:
    """`records` are the person's own and all that were merged into it: the file names each."""

    person: object
    records: list
    facility: object
    is_held: bool
    made_at: datetime
    made_by: object
    parts: list = field(default_factory=list)


def label_of(column):
    if column.name in LABELS:
        return LABELS[column.name]
    return f"{column.verbose_name[:1].upper()}{column.verbose_name[1:]}"


def in_words(value, key=""):
    """A stored value as a reader knows it."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value)
    if key == "eligibility":
        return "; ".join(_result_in_words(result).rstrip(".") for result in value)
    if isinstance(value, models.fields.files.FieldFile):
        return gettext("ada, tersimpan di lapas") if value else ""
    if isinstance(value, DateRange):
        last = value.upper and value.upper - timedelta(days=1)
        return f"{in_words(value.lower)} – {in_words(last)}"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(each) or '—'}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(in_words(each) for each in value)
    return str(value)


def _result_in_words(data):
    result = Result.from_data(data)
    return f"{result.label}: {result.text}" if result.text else in_words(data)


def changes(model, events, names):
    """Rows of a history table as cells: each field that an update changed, each removed row.

    `events` in order of their object; `names` are the fields that the file shows.
    """
    what, found, before = str(model._meta.verbose_name), [], None
    columns = [c for c in events.model._meta.concrete_fields if c.name in names]
    for event in events:
        if event.pgh_label == "update" and before and before.pgh_obj_id == event.pgh_obj_id:
            found += [
                _changed(what, event, Cell.of(before, column), Cell.of(event, column))
                for column in columns
                if getattr(before, column.attname) != getattr(event, column.attname)
            ]
        elif event.pgh_label == "delete":
            cells = [Cell.of(event, column) for column in columns]
            said = {str(cell.label): cell.words for cell in cells if cell.words}
            removed = Cell("old", _("Semula"), said)
            found.append(_change(what, event, gettext("dihapus"), removed, Cell("new", "", "")))
        before = event
    return found


def _changed(what, event, old, new):
    return _change(what, event, new.label, old, new)


def _change(what, event, field_label, old, new):
    return [
        Cell("at", _("Waktu"), event.pgh_created_at),
        Cell("who", _("Oleh"), (event.pgh_context or {}).get("name", "")),
        Cell("what", _("Data"), f"{what}: {field_label}"),
        Cell("old", _("Semula"), old.value, old.words),
        Cell("new", _("Menjadi"), new.value, new.words),
        Cell("why", _("Alasan"), (event.pgh_context or {}).get("reason", "")),
    ]


def act_in_words(act):
    return str(ACTS.get(act, act))


def page_in_words(path):
    """Which page of the app an access record means; the path itself if nobody knows it now."""
    try:
        match = resolve(path)
    except Resolver404:
        return path
    if match.app_name == "admin":
        return str(PAGES["admin"])
    return str(PAGES.get(match.view_name.split("-")[0], path))


# --- For paper and for machines ----------------------------------------------------------------
@translation.override("id")
def on_paper(file):
    """Data of `templates/letters/subject_file_v1.typ`; empty facts are left out."""
    facility = file.facility
    return {
        **office(facility),
        "name": file.person.name,
        "person_key": file.person.person_key,
        "is_held": file.is_held,
        "made_at": in_words(file.made_at),
        "made_by": str(file.made_by),
        "parts": [_part_on_paper(part) for part in file.parts],
    }


def _part_on_paper(part):
    if part.is_table:
        return {
            "title": str(part.title),
            "columns": [str(cell.label) for cell in part.rows[0]] if part.rows else [],
            "rows": [[cell.words for cell in row] for row in part.rows],
        }
    return {
        "title": str(part.title),
        "rows": [
            [[str(cell.label), words] for cell in row if (words := cell.words)] for row in part.rows
        ],
    }


@translation.override("id")
def for_machines(file):
    """The same as JSON-able data: stored values by field name, words beside coded values."""
    return {
        "person": {"name": file.person.name, "person_key": file.person.person_key},
        "facility": {"code": file.facility.code, "name": file.facility.name},
        "in_custody_here": file.is_held,
        "made_at": file.made_at.isoformat(),
        "made_by": str(file.made_by),
        "sections": [
            {
                "key": part.key,
                "title": str(part.title),
                "rows": [_row_for_machines(row) for row in part.rows],
            }
            for part in file.parts
        ],
    }


def _row_for_machines(row):
    cells = {}
    for cell in row:
        cells[cell.key] = plain(cell.value)
        if cell.text is not None and cell.text != cells[cell.key]:
            cells[f"{cell.key}_label"] = cell.text
    return cells


def plain(value):
    """A value as JSON knows it; of a stored file only whether there is one."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.fields.files.FieldFile):
        return bool(value)
    if isinstance(value, DateRange):
        return [plain(value.lower), plain(value.upper)]
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value)
