"""What the app may hold of a register, by field, in the words of the register."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "person_key": _("Nomor Induk"),
    "name": _("Nama"),
    "nik": _("NIK"),
    "register_number": _("Nomor registrasi"),
    "register_class": _("Golongan registrasi"),
    "admitted": _("Tanggal masuk UPT"),
    "aliases": _("Nama alias"),
    "birth_place": _("Tempat lahir"),
    "birth_date": _("Tanggal lahir"),
    "sex": _("Jenis kelamin"),
    "education": _("Pendidikan"),
    "occupation": _("Pekerjaan"),
    "address": _("Alamat"),
    "city": _("Kota asal"),
    "province": _("Provinsi"),
    "detained_since": _("Tanggal mulai ditahan"),
    "expires": _("Ekspirasi"),
    "one_third": _("1/3 masa pidana"),
    "one_half": _("1/2 masa pidana"),
    "two_thirds": _("2/3 masa pidana"),
    "years": _("Lama pidana, tahun"),
    "months": _("Lama pidana, bulan"),
    "days": _("Lama pidana, hari"),
    "remission_months": _("Remisi, bulan"),
    "remission_days": _("Remisi, hari"),
    "released_on": _("Tanggal bebas"),
}
