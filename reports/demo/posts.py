"""A post that changed hands, and liaisons who are invited or kept out."""

from accounts.models import Posting
from partners.services import liaisons
from reports.demo.accounts import KASUBSI_BIMKER, create_user
from reports.demo.acting import day, did
from reports.services import handover

FORMER = "kasubsi.lama@cilegon.test"


def create(prison, agencies):
    head = prison.staff["head"]
    did(
        liaisons.invite,
        by=head,
        agency=agencies["lsp"],
        name="Retno Palupi",
        email="lsp@kota.test",
        title="Manajer Sertifikasi",
        phone="0813-0000-0042",
    )
    kept_out = create_user("lpk@kota.test", "Dimas Ardiansyah", kind="liaison")
    row = agencies["lpk"].liaisons.create(
        user=kept_out, title="Kepala Pelatihan", starts=day(-300), created_by=head
    )
    did(liaisons.suspend, by=head, liaison=row, reason="Telepon dan surelnya dibobol")
    _hand_over(prison, head)


def _hand_over(prison, head):
    """The officer's predecessor left three weeks ago; what is open now was open then."""
    former = create_user(FORMER, "Yusuf Maulana", nip="198601232009121004")
    posting = Posting.objects.create(
        user=former,
        facility=prison.facility,
        role_id="officer",
        title=KASUBSI_BIMKER,
        starts=day(-900),
    )
    did(
        handover.end,
        by=head,
        posting=posting,
        last_day=day(-20),
        successor=prison.staff["officer"],
        note="Kepala UPT BLK lebih mudah dihubungi lewat telepon sebelum pukul 09.00.\n"
        "Naskah asli PKS ada di lemari arsip Tata Usaha.",
    )
