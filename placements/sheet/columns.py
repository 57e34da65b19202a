"""The columns of the sheet: whose job, which job, what is asked of people."""

from django.utils.translation import gettext_lazy

from partners.sheet.columns import Column, day, number, text
from placements.sheet.cells import (
    codes,
    employer_kind,
    number_text,
    region,
    rupiah,
    schooling,
    sex,
)

OF_EMPLOYER = (
    Column(
        field="employer",
        heading=gettext_lazy("Pemberi kerja"),
        read=text(150),
        width=30,
        is_required=True,
        example="PT Contoh Karya",
        aliases=("perusahaan", "nama perusahaan", "nama pemberi kerja", "instansi"),
    ),
    Column(
        field="identity_number",
        heading=gettext_lazy("NIB atau NIK"),
        read=number_text,
        width=20,
        hint=gettext_lazy("NIB 13 angka, atau NIK untuk perorangan. Format sel: teks."),
        example="9120000000001",
        aliases=("nib", "nik", "nomor induk berusaha"),
    ),
    Column(
        field="kind",
        heading=gettext_lazy("Jenis pemberi kerja"),
        read=employer_kind,
        hint=gettext_lazy("Perusahaan, Perorangan, UMKM atau Instansi. Kosong: Perusahaan."),
        example="Perusahaan",
        aliases=("jenis",),
    ),
    Column(
        field="sector",
        heading=gettext_lazy("Bidang usaha"),
        read=text(100),
        width=24,
        example="Logam",
        aliases=("sektor", "lapangan usaha"),
    ),
    Column(
        field="employer_region",
        heading=gettext_lazy("Wilayah pemberi kerja"),
        read=region,
        width=24,
        example="Kota Cilegon",
        aliases=("kota perusahaan", "domisili perusahaan"),
    ),
)
OF_VACANCY = (
    Column(
        field="title",
        heading=gettext_lazy("Jabatan"),
        read=text(150),
        width=26,
        is_required=True,
        example="Juru las",
        aliases=("nama jabatan", "lowongan", "posisi", "pekerjaan"),
    ),
    Column(
        field="places",
        heading=gettext_lazy("Jumlah"),
        read=number("orang", "org"),
        is_required=True,
        example=2,
        aliases=("jumlah orang", "kebutuhan", "jumlah lowongan", "kuota", "formasi"),
    ),
    Column(
        field="closes_on",
        heading=gettext_lazy("Ditutup pada"),
        read=day,
        is_required=True,
        hint=gettext_lazy("Hari terakhir lamaran diterima."),
        aliases=("tanggal tutup", "berlaku sampai", "batas lamaran", "tanggal berakhir"),
    ),
    Column(
        field="starts_on",
        heading=gettext_lazy("Mulai bekerja"),
        read=day,
        aliases=("tanggal mulai", "tmt"),
    ),
    Column(
        field="trade",
        heading=gettext_lazy("Kejuruan"),
        read=text(80),
        hint=gettext_lazy("Seperti di katalog program."),
        example="Las",
    ),
    Column(
        field="units",
        heading=gettext_lazy("Unit kompetensi"),
        read=codes,
        width=26,
        hint=gettext_lazy("Kode SKKNI, dipisah titik koma."),
        aliases=("kode unit", "unit"),
    ),
    Column(
        field="region_code",
        heading=gettext_lazy("Wilayah tempat kerja"),
        read=region,
        width=24,
        hint=gettext_lazy("Kosong: wilayah pemberi kerjanya."),
        aliases=("wilayah", "lokasi", "kota", "penempatan"),
    ),
    Column(
        field="place",
        heading=gettext_lazy("Tempat kerja"),
        read=text(150),
        width=24,
        aliases=("alamat kerja", "alamat"),
    ),
    Column(
        field="pay_from",
        heading=gettext_lazy("Upah dari"),
        read=rupiah,
        hint=gettext_lazy("Rupiah sebulan."),
        example="4.500.000",
        aliases=("upah", "gaji", "upah minimum", "gaji dari", "upah dari (rupiah)"),
    ),
    Column(
        field="pay_to",
        heading=gettext_lazy("Upah sampai"),
        read=rupiah,
        example="5.000.000",
        aliases=("upah maksimum", "gaji sampai", "upah sampai (rupiah)"),
    ),
    Column(
        field="education",
        heading=gettext_lazy("Pendidikan"),
        read=schooling,
        example="SMP",
        aliases=("pendidikan minimal", "pendidikan paling rendah", "pendidikan minimum"),
    ),
    Column(
        field="sex",
        heading=gettext_lazy("Jenis kelamin"),
        read=sex,
        hint=gettext_lazy("L, P, atau kosong bila boleh keduanya."),
        aliases=("l/p", "jk"),
    ),
    Column(
        field="age_from",
        heading=gettext_lazy("Umur dari"),
        read=number("tahun", "thn"),
        aliases=("umur minimal", "usia dari", "usia minimal", "umur dari (tahun)"),
    ),
    Column(
        field="age_to",
        heading=gettext_lazy("Umur sampai"),
        read=number("tahun", "thn"),
        aliases=("umur maksimal", "usia sampai", "usia maksimal", "umur sampai (tahun)"),
    ),
    Column(
        field="experience",
        heading=gettext_lazy("Pengalaman"),
        read=text(150),
        width=24,
        aliases=("pengalaman kerja",),
    ),
    Column(
        field="report_number",
        heading=gettext_lazy("Nomor laporan"),
        read=text(60),
        width=22,
        hint=gettext_lazy("Nomor lowongan di sistem Kemnaker. Format sel: teks."),
        aliases=("nomor laporan lowongan", "no laporan", "nomor lowongan", "id lowongan"),
    ),
    Column(
        field="conditions",
        heading=gettext_lazy("Syarat lain"),
        read=text(250),
        width=26,
        aliases=("syarat", "keterangan", "persyaratan"),
    ),
)
COLUMNS = OF_EMPLOYER + OF_VACANCY
EXAMPLE_MARK = "CONTOH"  # begins the title of the template's worked row, which is never read
ROWS_MOST = 500
