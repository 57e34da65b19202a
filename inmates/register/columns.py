"""Which column of a sheet means what: by its header's name, never by its position.

Users of SDP choose the columns of an export, and offices spell headers in many ways, so names are
compared as bare letters and digits. Columns that the app must not keep are known and dropped;
what is not known, a prison may explain once (`ColumnMapping`).
"""

import re

from inmates.register.dropped import reason_for
from inmates.rules import tidy

# field -> accepted headers, in bare form (see `bare`)
USED = {
    "person_key": "nomorinduk noinduk nomorinduksdp noinduksdp nomorindukwbp noindukwbp",
    "name": "nama namalengkap namawbp namawargabinaan namalengkapwbp",
    "nik": "nomorindukktp noindukktp nik noktp nomorktp nomorindukkependudukan noktpnik nikktp",
    "register_number": "noreginstansi nomorreginstansi noregistrasi nomorregistrasi noreg"
    " noregisterinstansi nomorregister noregister noregistrasiinstansi nomorregistrasiinstansi",
    "register_class": "golonganregistrasi golonganregister golreg golongan",
    "admitted": "tglmskupt tglmasukupt tanggalmasukupt tglmasuk tanggalmasuk",
    "aliases": "namaalias alias nmalias nmalias1 nmalias2 nmalias3"
    " namaalias1 namaalias2 namaalias3",
    "birth_place": "tempatlahir tmplahir tptlahir",
    "birth_date": "tanggallahir tgllahir",
    "sex": "jeniskelamin jk kelamin sex",
    "education": "tingkatpendidikan pendidikan pendidikanterakhir tktpendidikan",
    "occupation": "pekerjaan",
    "address": "alamat alamatktp alamatrumah",
    "city": "kota kotakabupaten kabupatenkota kabkota kotakab kabupaten kotaasal",
    "province": "provinsi propinsi",
    "detained_since": "tanggalmulaiditahan tglmulaiditahan mulaiditahan tglditahan tanggalditahan",
    "expires": "tglekspirasi tanggalekspirasi ekspirasi tglexpirasi tanggalexpirasi"
    " ekspirasiakhir tglekspirasiakhir",
    "one_third": "1/3masapidana 1/3 tgl1/3 tanggal1/3 1/3mp tgl1/3masapidana",
    "one_half": "1/2masapidana 1/2 tgl1/2 tanggal1/2 1/2mp tgl1/2masapidana",
    "two_thirds": "2/3masapidana 2/3 tgl2/3 tanggal2/3 2/3mp tgl2/3masapidana",
    "years": "lamapidanatahun totalhukumantahun pidanatahun lamapidanathn",
    "months": "lamapidanabulan totalhukumanbulan pidanabulan lamapidanabln",
    "days": "lamapidanahari totalhukumanhari pidanahari",
    "remission_months": "totalbulanremisi remisibulan totalremisibulan",
    "remission_days": "totalhariremisi remisihari totalremisihari",
    "released_on": "tglbebas tanggalbebas",
}
# "Lama Pidana Tahun; Bulan; Hari": the last two may stand alone behind the first.
AFTER_YEARS = {"bulan": "months", "hari": "days"}
FIELDS = {name: field for field, names in USED.items() for name in names.split()}
MANY = {"aliases"}
NUMBERING = {"no", "nomor", "nourut"}
REQUIRED = ("person_key", "name")
BARE_MAX = 60  # as long as a remembered header may be


def bare(header):
    """A header without case, blanks, dots and other marks; the slash of 1/3 stays."""
    return re.sub(r"[^a-z0-9/]+", "", tidy(header).lower()).strip("/")[:BARE_MAX]


class Columns:
    """Positions of the used columns of one sheet, and what became of the others.

    `mapping` is what the prison said of headers that are not known by themselves:
    `{bare header: field, or "" to leave it unread}`. It never opens a dropped column.
    """

    def __init__(self, cells, mapping=None):
        self._mapping = mapping or {}
        self.positions, self.labels, self.explained = {}, {}, {}
        self.dropped, self.unknown, self.repeated = [], [], []
        self.width = 0
        for position, cell in enumerate(cells):
            label = tidy(cell)
            if label:
                self.width = position + 1
                self._place(position, label)
        self.starts_with_number = bool(cells) and bare(cells[0]) in NUMBERING

    def _place(self, position, label):
        name = bare(label)
        field = FIELDS.get(name) or ("years" in self.positions and AFTER_YEARS.get(name)) or None
        if field is None:
            if reason_for(name):
                self.dropped.append(label)
                return
            field = self._mapping.get(name)
            if field is None:
                self.unknown.append(label)
                return
            self.explained[label] = field
            if not field:
                return
        if field in self.positions and field not in MANY:
            self.repeated.append(label)
        else:
            self.positions.setdefault(field, []).append(position)
            self.labels.setdefault(field, label)

    def __contains__(self, field):
        return field in self.positions

    @property
    def missing(self):
        """The required fields that no column carries."""
        return [field for field in REQUIRED if field not in self.positions]

    @property
    def familiar(self):
        """How many of the headers are known, read or not."""
        return len(self.positions) + len(self.dropped)

    @property
    def can_be_explained(self):
        """Whether the missing fields may stand in columns that are not known yet."""
        return bool(self.missing) and len(self.unknown) >= len(self.missing) and self.familiar >= 2

    def cells_of(self, cells, field):
        """The row's cells of a field, as they stand; short rows read as empty."""
        return [cells[i] if i < len(cells) else "" for i in self.positions.get(field, ())]

    def cell(self, cells, field):
        found = self.cells_of(cells, field)
        return found[0] if found else ""

    def repeated_by(self, cells):
        """Whether the row is the header once more (some exports repeat it on each page)."""
        return all(
            bare(self.cell(cells, field)) == bare(self.labels[field])
            or FIELDS.get(bare(self.cell(cells, field))) == field
            for field in REQUIRED
        )


def is_known(name):
    """Whether a header in bare form means something here, be it read or dropped."""
    return name in FIELDS or reason_for(name) is not None
