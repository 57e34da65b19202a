"""What placement tells people: changes that wait for a decision first."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register
from inmates.states import CircumstanceKind

register(
    Kind(
        "circumstance_waiting",
        _("Perubahan keadaan"),
        _("Perubahan keadaan seorang peserta atau calon menunggu keputusan: %(what)s."),
        codes={"what": CircumstanceKind},
    ),
    Kind(
        "circumstance_settled",
        _("Perubahan keadaan ditangani"),
        _("%(what)s: %(count)s keikutsertaan dihentikan atau ditangguhkan menurut aturan."),
        codes={"what": CircumstanceKind},
    ),
    Kind(
        "participant_left",
        _("Peserta berhenti"),
        _("Peserta %(code)s angkatan %(batch)s tidak melanjutkan pelatihan."),
        urgent=True,
    ),
    Kind(
        "participant_paused",
        _("Peserta ditangguhkan"),
        _("Peserta %(code)s angkatan %(batch)s sementara tidak mengikuti pelatihan."),
        urgent=True,
    ),
    Kind(
        "participant_back",
        _("Peserta kembali"),
        _("Peserta %(code)s angkatan %(batch)s mengikuti pelatihan lagi."),
        urgent=True,
    ),
)
