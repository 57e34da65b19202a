"""What placement tells people: changes that wait for a decision first."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register
from inmates.states import CircumstanceKind
from placements.employment import VacancyState

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
        "vacancy_over",
        _("Lowongan ditutup"),
        _("Lowongan %(title)s di %(employer)s: %(what)s; %(count)s rujukan ke sana masih terbuka."),
        codes={"what": VacancyState},
    ),
)
