"""The report of an import as a table: one line for each row of the file, in words."""

from django.utils.translation import gettext as _

from inmates.register.changes import sentence_of


def headings():
    return [
        _("Baris"),
        _("Nama"),
        _("Nomor Induk"),
        _("Hasil"),
        _("Peringatan"),
        _("Keterangan"),
        _("Perubahan"),
    ]


def line_of(row):
    """The cells of one `ImportRow`."""
    return [
        row.number,
        row.name,
        row.person_key,
        row.get_outcome_display(),
        _("ya") if row.is_warning else "",
        " ".join(sentence for _level, sentence in row.sentences),
        "; ".join(sentence_of(change) for change in row.changes),
    ]


def line_of_absent(inmate):
    """The cells of somebody in custody here whom the file does not list."""
    return ["", inmate.name, inmate.person_key, _("Tidak tercantum"), "", "", ""]
