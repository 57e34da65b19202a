"""What the import has to say about a row: stored as codes, shown as sentences.

A stored finding is `{"code": ..., "column": ..., "value": ...}`; the last two are optional and
never hold a NIK, because findings outlive the row's values.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

ERROR, WARNING, REMARK = "error", "warning", "remark"


@dataclass(frozen=True)
class Kind:
    level: str
    sentence: str


KINDS = {
    "no_name": Kind(ERROR, _("Nama kosong.")),
    "no_key": Kind(ERROR, _("Nomor Induk kosong.")),
    "key_too_long": Kind(ERROR, _("Nomor Induk lebih dari 30 huruf.")),
    "key_eaten": Kind(
        ERROR,
        _("Nomor Induk berbentuk angka Excel (%(value)s): digitnya hilang. Simpan sebagai teks."),
    ),
    "date_unreadable": Kind(ERROR, _("%(column)s “%(value)s” bukan tanggal yang bisa dibaca.")),
    "header_again": Kind(ERROR, _("Baris ini mengulang judul kolom.")),
    "duplicate": Kind(ERROR, _("Nomor Induk ini sudah ada di baris %(value)s.")),
    "nik_number": Kind(
        WARNING, _("NIK berbentuk angka Excel, digitnya bisa hilang. NIK tidak disimpan.")
    ),
    "nik_shape": Kind(WARNING, _("Bentuk NIK tidak sah. NIK tidak disimpan.")),
    "expiry_before_detention": Kind(WARNING, _("Ekspirasi sebelum tanggal mulai ditahan.")),
    "nik_sex": Kind(REMARK, _("NIK tidak cocok dengan jenis kelamin.")),
    "nik_birth": Kind(REMARK, _("NIK tidak cocok dengan tanggal lahir.")),
    "key_number": Kind(
        REMARK, _("Nomor Induk tersimpan sebagai angka; nol di depannya mungkin hilang.")
    ),
    "class_unknown": Kind(REMARK, _("Golongan registrasi “%(value)s” tidak dikenali.")),
    "unreadable": Kind(REMARK, _("%(column)s “%(value)s” tidak terbaca dan dikosongkan.")),
    "cut": Kind(REMARK, _("%(column)s terlalu panjang dan dipotong.")),
    "fractions_order": Kind(REMARK, _("Urutan tanggal 1/3, 1/2, 2/3 dan ekspirasi tidak wajar.")),
    "expiry_computed": Kind(
        REMARK, _("Ekspirasi berbeda lebih dari sebulan dari hitungan (%(value)s).")
    ),
    "released": Kind(REMARK, _("Tgl Bebas sudah lewat, tetapi masih tercantum di register.")),
    "similar": Kind(REMARK, _("Nama dan tanggal lahirnya sama dengan orang lain di lapas ini.")),
    "elsewhere": Kind(
        REMARK, _("Tercatat di lapas lain: diusulkan sebagai mutasi masuk, datanya belum diimpor.")
    ),
    "moved_since": Kind(
        REMARK, _("Sejak tanggal berkas ini tercatat di lapas lain, tidak diimpor.")
    ),
    "letters": Kind(REMARK, _("Nama memuat huruf yang rusak (\ufffd) di berkasnya.")),
    "merged": Kind(REMARK, _("Datanya sudah digabungkan dengan data lain, tidak diubah.")),
    "older": Kind(REMARK, _("Data yang tersimpan lebih baru daripada berkas ini, tidak diubah.")),
    "back": Kind(REMARK, _("Pernah tercatat dan kini masuk kembali.")),
}


def finding(code, *, column=None, value=None):
    found = {"code": code}
    if column is not None:
        found["column"] = str(column)[:60]
    if value is not None:
        found["value"] = str(value)[:40]
    return found


def level_of(found):
    kind = KINDS.get(found.get("code"))
    return kind.level if kind else REMARK


def sentence_of(found):
    """The finding in the active language."""
    kind = KINDS.get(found.get("code"))
    places = {"column": found.get("column", ""), "value": found.get("value", "")}
    return str(kind.sentence) % places if kind else found.get("code", "")
