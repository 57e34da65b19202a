"""The menu of every page: what the reader's roles make useful, and how many notices wait."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.permissions import acts_anywhere, may
from accounts.roles import ROLE_LABELS
from accounts.states import UserKind
from correspondence.models import Notice
from reports.agency import is_labour_office

# Group, then its entries: label, URL name, acts of which one must hold (none: every member of
# staff). A group of which only one entry is left is that entry.
PRISON_MENU = (
    ("", ((_("Beranda"), "reports:home", ()),)),
    (
        _("Angka"),
        (
            (_("Alur"), "reports:dashboard-pipeline", ()),
            (_("Angka pelatihan"), "reports:training-dashboard", ()),
            (_("Angka perjanjian"), "reports:agreements-dashboard", ()),
            (_("Angka kerja"), "reports:work-dashboard", ()),
            (_("Lapas dalam angka"), "reports:prisons-dashboard", ()),
            (_("Laporan kota"), "reports:city-report", ()),
            (_("Laporan bulanan"), "reports:report-list", ()),
        ),
    ),
    (
        _("Orang"),
        (
            (_("Warga Binaan"), "inmates:inmate-list", ("see_people",)),
            (_("Perubahan keadaan"), "placements:circumstance-list", ("decide_circumstance",)),
            (_("Mutasi"), "placements:transfer-list", ("import_register", "answer_transfer")),
            (_("Impor register"), "inmates:import-list", ("import_register",)),
        ),
    ),
    (
        _("Mitra"),
        (
            (_("Perjanjian"), "partners:agreement-list", ()),
            (_("Instansi"), "partners:agency-list", ()),
            (_("Kunjungan"), "partners:engagement-list", ("record_engagement",)),
        ),
    ),
    (
        _("Pelatihan"),
        (
            (_("Angkatan"), "training:batch-list", ()),
            (_("Kuota"), "training:slot-inbox", ("open_slots",)),
            (_("Sidang TPP"), "training:hearing-list", ("record_hearing", "propose_candidates")),
            (_("Pertemuan"), "training:meeting-list", ("keep_attendance", "check_tools")),
            (_("Daftar harian"), "training:day-list", ("check_tools",)),
            (_("Sertifikat"), "training:certificate-list", ("plan_batch", "certify")),
            (_("Program"), "training:course-list", ("plan_batch", "manage_courses")),
            (_("Rencana"), "training:plan-overview", ("plan_year", "issue_decree")),
        ),
    ),
    (
        _("Kerja"),
        (
            (_("Rujukan"), "placements:referral-list", ("refer", "approve_referral")),
            (_("Lowongan"), "placements:vacancy-list", ("keep_vacancies",)),
            (_("Pemberi kerja"), "placements:employer-list", ("keep_vacancies",)),
            (_("Kesiapan kerja"), "placements:readiness-list", ("record_readiness",)),
            (_("Kartu AK-1"), "placements:card-list", ("record_readiness",)),
            (_("Penempatan"), "placements:placement-list", ("place_people", "approve_referral")),
            (_("Asimilasi kerja"), "placements:gate-list", ("check_tools", "release_gate")),
            (_("Pemantauan"), "placements:follow-up-list", ("follow_up", "approve_referral")),
        ),
    ),
    (
        _("Surat"),
        (
            (
                _("Surat"),
                "correspondence:letter-list",
                ("number_letters", "issue_decree", "write_letters", "sign_letters"),
            ),
        ),
    ),
)
LIAISON_MENU = (
    (
        "",
        (
            (_("Kuota"), "training:slot-inbox", ()),
            (_("Pertemuan"), "training:meeting-list", ()),
            (_("Sertifikat"), "training:certificate-list", ()),
            (_("Perjanjian"), "partners:agreement-list", ()),
            (_("Pemberitahuan"), "correspondence:notice-list", ()),
        ),
    ),
)
# What a labour office (Disnaker) has beside the others.
WORK_MENU = (
    (_("Rujukan kerja"), "placements:referral-inbox", ()),
    (_("Lowongan"), "placements:vacancy-list", ()),
    (_("Pemberi kerja"), "placements:employer-list", ()),
    (_("Pemantauan"), "placements:follow-up-list", ()),
)
MENUS = {
    "prison": PRISON_MENU,
    "liaison": LIAISON_MENU,
    "office": tuple((label, entries + WORK_MENU) for label, entries in LIAISON_MENU),
}
# For whoever watches over several prisons.
OF_SEVERAL = {"reports:prisons-dashboard"}
# Whose entry is marked on pages that have none of their own.
UNDER = {
    "reports:participant": "reports:dashboard",
    "reports:candidacy": "reports:dashboard",
    "reports:plan": "reports:training",
    "reports:obligation": "reports:agreements",
    "reports:idle": "reports:agreements",
    "partners:action": "partners:engagement",
    "partners:attachment": "partners:engagement",
    "partners:contact": "partners:agency",
    "placements:person": "inmates:inmate",
    "placements:assessment": "inmates:inmate",
    "placements:consent": "inmates:inmate",
    "placements:document": "inmates:inmate",
    "placements:departure": "inmates:inmate",
    "placements:absence": "inmates:import",
    "placements:duplicate": "inmates:inmate",
    "placements:merge": "inmates:inmate",
    "placements:cv": "placements:readiness",
    "training:waiting": "training:course",
    "training:tool": "training:day",
    "training:attendance": "training:meeting",
    "training:schedule": "training:batch",
    "training:enrolment": "training:batch",
    "training:instructor": "training:meeting",
    "training:room": "training:meeting",
    "partners:liaison": "partners:agency",
}
SHORT = 4


@dataclass(frozen=True)
class Item:
    label: str = field(compare=False)
    name: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    """Entries that belong together; one entry, or a menu without groups, stands by itself."""

    label: str = field(compare=False)
    items: tuple

    @property
    def is_single(self):
        return not self.label or len(self.items) == 1

    @property
    def is_current(self):
        return any(item.is_current for item in self.items)


class Menu:
    """Read by the header; nothing is asked of the database before a template does."""

    def __init__(self, request):
        self.user = getattr(request, "user", None)
        match = getattr(request, "resolver_match", None)
        noun = match.view_name.split("-")[0] if match else ""
        self.noun = UNDER.get(noun, noun)

    @property
    def is_known(self):
        return bool(self.user) and self.user.is_authenticated

    @cached_property
    def groups(self):
        if not self.is_known or not (self.user.is_liaison or self.user.facility_ids):
            return ()
        if not self.user.is_liaison:
            is_several = len(self.user.facility_ids) > 1
            return _groups("prison", acts_anywhere(self.user), is_several, self.noun)
        return _groups(self._of_liaison(), frozenset(), False, self.noun)

    @property
    def nav(self):
        """The menu as HTML, empty for whoever has none."""
        return _nav(get_language(), self.groups, self.is_short) if self.groups else ""

    @property
    def account_links(self):
        """What one does with one's own account, and over the house, as HTML."""
        return _account_links(
            get_language(),
            ends_postings=self.ends_postings,
            sees_access=self._watches("see_access"),
            sees_health=self._watches("see_health"),
            is_admin=self.user.is_staff,
        )

    def _watches(self, act):
        return self.user.kind == UserKind.ADMIN or may(self.user, act)

    def _of_liaison(self):
        return "office" if is_labour_office(self.user) else "liaison"

    @property
    def items(self):
        return [item for group in self.groups for item in group.items]

    @property
    def searches(self):
        """Whether the box that searches everything is for the reader: staff with a post."""
        return self.is_known and not self.user.is_liaison and bool(self.user.facility_ids)

    @property
    def ends_postings(self):
        return self.is_known and may(self.user, "end_posting")

    @property
    def is_short(self):
        """A menu so short that it needs no button to open it on a phone."""
        return len(self.items) <= SHORT

    @cached_property
    def unread(self):
        return Notice.objects.unread_by(self.user) if self.is_known else 0

    @property
    def place(self):
        return self.user.facility or "" if self.is_known else ""

    @property
    def post(self):
        """The reader's posts in words."""
        if not self.is_known:
            return ""
        if not self.user.current_postings:
            return self.user.get_kind_display()
        return ", ".join(
            posting.title or str(ROLE_LABELS.get(posting.role_id, posting.role_id))
            for posting in self.user.current_postings
        )


# Thousands of readers share a few hundred menus.
@lru_cache(maxsize=2_000)
def _groups(menu, acts, is_several, noun):
    groups = (
        Group(
            label,
            tuple(
                Item(words, name, is_current=name.split("-")[0] == noun)
                for words, name, asked in entries
                if not asked or not acts.isdisjoint(asked)
                if is_several or name not in OF_SEVERAL
            ),
        )
        for label, entries in MENUS[menu]
    )
    return tuple(group for group in groups if group.items)


@lru_cache(maxsize=2_000)
def _nav(language, groups, is_short):
    return render_to_string("components/mainnav.html", {"groups": groups, "is_short": is_short})


@lru_cache
def _account_links(language, **known):
    return render_to_string("components/account_links.html", known)


def navigation(request):
    return {"menu": Menu(request)}
