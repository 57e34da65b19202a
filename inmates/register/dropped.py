"""Columns that are known and deliberately never read, and why (field notes 2.2 and 2.7)."""

import re

from django.utils.translation import gettext_lazy as _

_PERSONAL = _("Perkara, putusan dan pasal tidak dibutuhkan untuk pelatihan; ini data yang peka.")
_FAMILY = _("Agama, status perkawinan dan orang tua tidak menentukan siapa yang dilatih.")
_PICTURE = _("Foto dan sidik jari adalah data biometrik; kesehatan dicatat tanpa diagnosis.")
_PLACE = _("Blok dan kamar menyangkut keamanan; petugas blok punya daftarnya sendiri.")
_COUNTED = _("Nomor urut, usia dan kategori dihitung sendiri oleh aplikasi.")

# reason -> headers in bare form (see `inmates.register.columns.bare`)
NAMES = {
    _PERSONAL: "undangundang nomorputusanakhir tglputusanakhir tanggalputusanakhir jeniskejahatan"
    " residivis pasalutama jeniskejahatannarkotika besarandenda denda subsiderbulan subsider",
    _FAMILY: "agama statusperkawinan statuskawin namaayah namaibu nmkecil1 nmkecil2 nmkecil3"
    " namakecil",
    _PICTURE: "foto photo",
    _PLACE: "blok lokasiblok lokasisel kamar",
    _COUNTED: "no nomor nomorurut nourut usia umur kategoriusia kategoriremisi",
}
# Whatever else a header is called, these words in it say that it must not be kept.
_WORDS = {
    _PERSONAL: re.compile(r"kejahatan|perkara|pasal|tindakpidana|kasus|delik|denda|subsider"),
    _FAMILY: re.compile(r"agama|kepercayaan|orangtua|nama(ayah|ibu)|(ayah|ibu)kandung"),
    _PICTURE: re.compile(r"foto|photo|sidikjari|biometr|penyakit|diagnos|kesehatan|golongandarah"),
}
_WHY = {name: reason for reason, names in NAMES.items() for name in names.split()}
REASONS = tuple(NAMES)


def reason_for(name):
    """Why a column with this bare name is never read, None if it may be."""
    if name in _WHY:
        return _WHY[name]
    return next((reason for reason, words in _WORDS.items() if words.search(name)), None)
