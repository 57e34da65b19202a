"""What happens to agreements after the signing: duties, monev, addenda, a successor."""

from dateutil.relativedelta import relativedelta

from partners.rules import next_review
from partners.services import agreement_documents, extensions, obligations, renewals, reviews
from partners.states import DocumentKind, Party
from reports.demo.acting import day, did
from reports.demo.scans import scan

DUTIES = (
    (Party.PRISON, "Menyediakan ruang praktik dan listrik", -120),
    (Party.AGENCY, "Menetapkan instruktur dan jadwal triwulan", -60),
    (Party.PRISON, "Menyampaikan laporan pelaksanaan semester", -5),
    (Party.AGENCY, "Menerbitkan sertifikat peserta yang lulus", 12),
    (Party.PRISON, "Menyampaikan daftar calon peserta tahun depan", 40),
)


def live(prison, agreements, liaisons):
    """The agreements in force, by key, in every way that one can go on."""
    head, officer = prison.staff["head"], prison.staff["officer"]
    _duties(officer, agreements["blk"], liaisons["blk"])
    did(
        reviews.record,
        by=officer,
        agreement=agreements["blk"],
        due=next_review(agreements["blk"]),
        held_on=day(-10),
        result="Dua angkatan selesai; alat las perlu ditambah. Dilanjutkan tahun depan.",
    )
    lpk = agreements["lpk"]
    _extended(head, lpk, lpk.ends_on + relativedelta(months=6), "AD-1", "Angkatan barista tambahan")
    lsp = agreements["lsp"]
    mistaken = _extended(head, lsp, lsp.ends_on + relativedelta(months=3), "", "Salah berkas")
    did(extensions.void, by=head, extension=mistaken, reason="Adendum belum ditandatangani LSP")
    did(renewals.renew, by=officer, agreement=agreements["disnaker"])


def write_texts(prison, draft):
    """Two versions of a text, before it is sent."""
    for number, note in enumerate(("Konsep awal", "Masukan Bagian Hukum"), start=1):
        did(
            agreement_documents.add,
            by=prison.staff["officer"],
            agreement=draft,
            kind=DocumentKind.DRAFT,
            file=scan(draft.title, f"konsep {number}"),
            note=note,
        )


def _duties(officer, agreement, liaison):
    rows = did(
        obligations.add,
        by=officer,
        agreement=agreement,
        duties=[{"party": party, "what": what, "due": day(due)} for party, what, due in DUTIES],
    )
    ours, theirs = rows[0], rows[1]
    did(obligations.finish, by=officer, obligation=ours, done_on=day(-118), note="Bengkel B")
    did(
        obligations.finish,
        by=liaison,
        obligation=theirs,
        done_on=day(-55),
        evidence=scan("Surat penetapan instruktur"),
    )
    (dropped,) = did(
        obligations.add,
        by=officer,
        agreement=agreement,
        duties=[{"party": Party.AGENCY, "what": "Meminjamkan mesin bubut", "due": day(20)}],
    )
    did(obligations.drop, by=officer, obligation=dropped, reason="Tidak jadi: mesin tersedia")


def _extended(head, agreement, new_end, number, reason):
    return did(
        extensions.extend,
        by=head,
        agreement=agreement,
        old_end=agreement.ends_on,
        new_end=new_end,
        signed_on=day(-30),
        number=number,
        reason=reason,
        scan=scan(f"Adendum {agreement.title}", number),
    )
