"""The numbers of the home. Each counts exactly the rows of the list that it links to.

A figure is one function: its words, its list, and the queryset of the rows. Whose home shows which
stands in `SHOWN`; all figures of a reader are counted in one statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Func, IntegerField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles, stand_ins
from accounts.addresses import page_of
from accounts.permissions import may
from accounts.prepared import ForStandIns
from correspondence.models import Letter, Notice
from correspondence.states import LetterState
from inmates.models import Inmate
from partners.models import Agreement
from partners.states import AgreementStatus
from placements.employment import PlacementKind, PlacementState, VacancyStanding
from placements.models import FollowUp, Placement, Referral, Vacancy
from reports import paths
from reports.kept import kept
from reports.lines import united
from training.models import Batch, Candidate, Certificate, Meeting
from training.states import BatchState

MOST = 6


@dataclass(frozen=True)
class Figure:
    number: int
    label: str
    url: str


@dataclass(frozen=True)
class Counted:
    """What a figure counts: `rows(user)`, exactly those that `to` lists.

    `step`: how far the participations of this year came that it counts; of many prisons that is
    kept (`reports.kept`).
    """

    label: str
    to: str
    rows: Callable
    step: str = ""

    def url(self):
        name, _mark, query = self.to.partition("?")
        query = query.replace("THIS_YEAR", str(timezone.localdate().year))
        return page_of(name, query)


def _people(user):
    return Inmate.objects.held_for(user)


def _batches(state):
    return lambda user: Batch.objects.visible_to(user).filter(state=state)


def _agreements(status):
    return lambda user: Agreement.objects.visible_to(user).having_status(status)


def _letters(**fields):
    return lambda user: Letter.objects.visible_to(user).filter(**fields)


def _this_year(rows, field):
    return rows.filter(**{f"{field}__year": timezone.localdate().year})


def _participations(user):
    return _this_year(paths.begun(user), "batch__starts_on")


def _certified(user):
    return paths.at(_participations(user), paths.Step.CERTIFIED)


def _candidacies(user):
    prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
    return Candidate.objects.visible_to(user).on_the_way(prisons)


def _meetings_today(user):
    prisons = [pk for pk in user.facility_ids if may(user, "check_tools", pk)]
    rows = Meeting.objects.visible_to(user).on(timezone.localdate()).standing()
    return rows.filter(facility__in=prisons)


def _referrals(user):
    prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
    rows = Referral.objects.visible_to(user).with_agency()
    return rows if user.is_liaison else rows.filter(facility__in=prisons)


PEOPLE = Counted(_("Warga Binaan di lapas"), "inmates:inmate-list", _people)
LEAVING = Counted(
    _("bebas dalam 6 bulan"),
    "inmates:inmate-list?release=6",
    lambda user: _people(user).leaving_within(6),
)
OVERSTAYED = Counted(
    _("perkiraan bebasnya sudah lewat"),
    "inmates:inmate-list?release=overdue",
    lambda user: _people(user).overdue(),
)
NO_NIK = Counted(
    _("Warga Binaan tanpa NIK"),
    "inmates:inmate-list?found=no_nik",
    lambda user: _people(user).without_nik(),
)
NO_DATES = Counted(
    _("tanpa tanggal masa pidana"),
    "inmates:inmate-list?found=no_dates",
    lambda user: _people(user).without_sentence_dates(),
)
DATES_DIFFER = Counted(
    _("tanggal berbeda dari hitungan"),
    "inmates:inmate-list?found=dates_differ",
    lambda user: _people(user).with_differing_dates(),
)
RESTRICTED = Counted(
    _("sedang dibatasi"),
    "inmates:inmate-list?found=restricted",
    lambda user: _people(user).restricted(),
)
CONFIRMED = Counted(
    _("angkatan dikonfirmasi"),
    f"training:batch-list?state={BatchState.CONFIRMED}",
    _batches(BatchState.CONFIRMED),
)
RUNNING = Counted(
    _("angkatan berjalan"),
    f"training:batch-list?state={BatchState.RUNNING}",
    _batches(BatchState.RUNNING),
)
CANDIDATES = Counted(_("calon peserta"), "reports:candidacy-list", _candidacies)
UNMARKED = Counted(
    _("pertemuan belum lengkap kehadirannya"),
    "training:meeting-list?attendance=missing",
    lambda user: Meeting.objects.visible_to(user).to_mark(stand_ins.NOW),
)
MEETINGS_TODAY = Counted(_("pertemuan hari ini"), "training:day-list", _meetings_today)
TOOLS_OUT = Counted(
    _("pertemuan dengan alat belum dihitung"),
    "training:meeting-list?tools=out",
    lambda user: Meeting.objects.visible_to(user).with_tools_out(stand_ins.NOW),
)
PARTICIPANTS = Counted(
    _("keikutsertaan tahun ini"),
    "reports:participant-list?year=THIS_YEAR",
    _participations,
    step=paths.Step.ENROLLED,
)
CERTIFIED = Counted(
    _("di antaranya bersertifikat"),
    f"reports:participant-list?step={paths.Step.CERTIFIED}&year=THIS_YEAR",
    _certified,
    step=paths.Step.CERTIFIED,
)
CERTIFICATES = Counted(
    _("sertifikat tahun ini"),
    "training:certificate-list?year=THIS_YEAR",
    lambda user: _this_year(Certificate.objects.visible_to(user), "issued_on"),
)
IN_FORCE = Counted(
    _("perjanjian berlaku"),
    f"partners:agreement-list?status={AgreementStatus.IN_FORCE}",
    _agreements(AgreementStatus.IN_FORCE),
)
EXPIRING = Counted(
    _("perjanjian berakhir dalam 90 hari"),
    f"partners:agreement-list?status={AgreementStatus.EXPIRING}",
    _agreements(AgreementStatus.EXPIRING),
)
WITH_DISNAKER = Counted(
    _("rujukan di Disnaker"), "placements:referral-list?state=with_agency", _referrals
)
WORKING = Counted(
    _("penempatan berjalan"),
    f"placements:placement-list?state={PlacementState.RUNNING}",
    lambda user: Placement.objects.visible_to(user).running(),
)
GOING_OUT = Counted(
    _("asimilasi kerja berjalan"),
    f"placements:placement-list?kind={PlacementKind.WORK_RELEASE}&state={PlacementState.RUNNING}",
    lambda user: Placement.objects.visible_to(user).work_release().running(),
)
TO_NUMBER = Counted(
    _("surat menunggu nomor"),
    f"correspondence:letter-list?state={LetterState.AWAITING}",
    _letters(state=LetterState.AWAITING),
)
TO_SIGN = Counted(
    _("surat menunggu tanda tangan"),
    f"correspondence:letter-list?state={LetterState.NUMBERED}",
    _letters(state=LetterState.NUMBERED),
)
TO_SEND = Counted(
    _("surat belum dikirim"),
    "correspondence:letter-list?needs=send",
    lambda user: Letter.objects.visible_to(user).to_send(),
)
LETTERS = Counted(
    _("surat bernomor tahun ini"),
    "correspondence:letter-list?year=THIS_YEAR",
    lambda user: Letter.objects.visible_to(user).filter(year=timezone.localdate().year),
)
NOTICES = Counted(
    _("pemberitahuan menunggu"),
    "correspondence:notice-list",
    lambda user: Notice.objects.visible_to(user).waiting(),
)
ASKED = Counted(_("rujukan menunggu jawaban"), "placements:referral-inbox", _referrals)
OFFERED = Counted(
    _("lowongan dibuka"),
    f"placements:vacancy-list?standing={VacancyStanding.OPEN}&whose=ours",
    lambda user: Vacancy.objects.kept_by(user).open(),
)
TO_ASK = Counted(
    _("orang perlu ditanyai kabarnya"),
    "placements:follow-up-list?when=now",
    lambda user: FollowUp.objects.visible_to(user).due(),
)

SHOWN = {
    roles.HEAD: (NO_NIK, RUNNING, IN_FORCE, EXPIRING, CERTIFICATES, WORKING),
    roles.OFFICER: (PEOPLE, CONFIRMED, RUNNING, IN_FORCE, WITH_DISNAKER, WORKING),
    roles.WARDEN: (PEOPLE, LEAVING, RUNNING, IN_FORCE, CERTIFICATES, WORKING),
    roles.REGISTRAR: (PEOPLE, NO_NIK, NO_DATES, DATES_DIFFER, LEAVING, OVERSTAYED),
    roles.SECRETARIAT: (TO_NUMBER, TO_SIGN, TO_SEND, LETTERS),
    roles.SECURITY: (PEOPLE, RESTRICTED, MEETINGS_TODAY, TOOLS_OUT, RUNNING, GOING_OUT),
    roles.CLINIC: (PEOPLE, CANDIDATES, CONFIRMED, RUNNING),
    roles.OBSERVER: (IN_FORCE, EXPIRING, CONFIRMED, RUNNING, PARTICIPANTS, CERTIFIED),
}
OF_ANY_POST = (RUNNING, CONFIRMED, IN_FORCE, NOTICES)
OF_OFFICE = (ASKED, TO_ASK, OFFERED, IN_FORCE)  # a labour office
OF_AGENCY = (RUNNING, UNMARKED, CERTIFICATES, IN_FORCE)


@dataclass(frozen=True)
class Figures:
    """`as_of` is the moment at which those of them were counted that are kept, or None."""

    all: list
    as_of: datetime | None

    def __iter__(self):
        return iter(self.all)

    def __len__(self):
        return len(self.all)


def figures_for(user, *, is_office=False):
    """Four to six figures of the reader's posts, or of the agency that a liaison speaks for."""
    found = None
    if any(figure.step for figure in _chosen(user, is_office)):
        found = kept(user.facility_ids, year=timezone.localdate().year)
    (chosen, statement), real = _prepared(user, is_office, found is not None)
    numbers = dict(statement.rows(real))
    steps = found.steps() if found else {}
    figures = [
        Figure(steps.get(figure.step, numbers.get(place, 0)), str(figure.label), figure.url())
        for place, figure in enumerate(chosen)
    ]
    return Figures(figures, found.as_of if found else None)


@stand_ins.made_once
def _prepared(reader, is_office, are_kept=False):
    """The figures, and one statement that counts those that are not kept."""
    chosen = _chosen(reader, is_office)
    branches = [
        _branch(place, figure.rows(reader))
        for place, figure in enumerate(chosen)
        if not (are_kept and figure.step)
    ]
    return chosen, ForStandIns(united(branches), stand_ins.is_one)


def _chosen(user, is_office):
    if user.is_liaison:
        return OF_OFFICE if is_office else OF_AGENCY
    posts = [role for role in SHOWN if role in user.roles]
    chosen = dict.fromkeys(figure for role in posts for figure in SHOWN[role])
    return list(chosen or OF_ANY_POST)[:MOST]


def _branch(place, rows):
    """`SELECT place, COUNT(id) FROM …`, which has always one row."""
    return (
        rows.order_by()
        .annotate(
            figure_place=Value(place, output_field=IntegerField()),
            figure_number=Func(F("pk"), function="COUNT", output_field=IntegerField()),
        )
        .values_list("figure_place", "figure_number")
    )
