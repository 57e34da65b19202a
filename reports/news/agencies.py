"""What agencies answered and offered, and what a liaison reads of the prison's answers."""

from django.utils.translation import ngettext_lazy

from accounts import roles
from partners.models import Agreement
from partners.states import AgreementState
from placements.employment import WITH_AGENCY, ReferralState
from placements.models import Referral
from reports.lines import Lines
from reports.news.kinds import LIAISONS, MOVED_HERE, SECTION, news
from training.models import SlotProposal
from training.reminders import BATCH
from training.states import ProposalState, Side

ANSWERS = (ProposalState.ACCEPTED, ProposalState.COUNTERED, ProposalState.DECLINED)
HANDLERS = (roles.OFFICER, roles.HEAD, roles.WARDEN)


@news(
    ngettext_lazy("%(n)d usulan kuota dijawab instansi", "%(n)d usulan kuota dijawab instansi", "n")
)
def rounds_answered(since):
    return _answered(Side.PRISON, since, "agency__name")


@news(
    ngettext_lazy("%(n)d usulan Anda dijawab lapas", "%(n)d usulan Anda dijawab lapas", "n"),
    readers=LIAISONS,
)
def offers_answered(since):
    return _answered(Side.AGENCY, since, "facility__name")


@news(
    ngettext_lazy("%(n)d pelatihan ditawarkan instansi", "%(n)d pelatihan ditawarkan instansi", "n")
)
def offers_made(since):
    return _asked(Side.AGENCY, since, "agency__name")


@news(
    ngettext_lazy("%(n)d usulan kuota baru dari lapas", "%(n)d usulan kuota baru dari lapas", "n"),
    readers=LIAISONS,
    to="training:slot-inbox",
)
def rounds_opened(since):
    return _asked(Side.PRISON, since, "facility__name")


@news(
    ngettext_lazy(
        "%(n)d keberatan atas jawaban yang dicatat lapas",
        "%(n)d keberatan atas jawaban yang dicatat lapas",
        "n",
    )
)
def objections(since):
    rows = SlotProposal.objects.filter(objected_at__gte=since)
    return _of_rounds(rows, "objected_at", "agency__name")


@news(
    ngettext_lazy("%(n)d perjanjian ditandatangani", "%(n)d perjanjian ditandatangani", "n"),
    readers=(*SECTION, roles.SECRETARIAT, *LIAISONS),
)
def agreements_signed(since):
    return Lines(
        Agreement.objects.filter(MOVED_HERE, state=AgreementState.SIGNED, state_at__gte=since),
        since="state_at",
        data={"title": "title", "agency": "agency__name"},
        page="partners:agreement-detail",
    )


@news(
    ngettext_lazy(
        "%(n)d rujukan kerja dijawab Disnaker", "%(n)d rujukan kerja dijawab Disnaker", "n"
    ),
    readers=HANDLERS,
)
def referrals_answered(since):
    answered = {*WITH_AGENCY, ReferralState.ACCEPTED, ReferralState.DECLINED} - {ReferralState.SENT}
    return Lines(
        Referral.objects.filter(state__in=sorted(answered), state_at__gte=since),
        since="state_at",
        data={"code": "person_code", "agency": "agency__name", "state": "state"},
        words=lambda row: (row["code"], row["agency"], ReferralState(row["state"]).label),
        page="placements:referral-detail",
    )


@news(
    ngettext_lazy("%(n)d rujukan kerja baru", "%(n)d rujukan kerja baru", "n"),
    readers=LIAISONS,
    to="placements:referral-inbox",
)
def referrals_sent(since):
    return Lines(
        Referral.objects.filter(sent_at__gte=since),
        since="sent_at",
        data={"code": "person_code", "prison": "facility__name"},
        page="placements:referral-detail",
    )


def _answered(side, since, other):
    rows = SlotProposal.objects.filter(side=side, state__in=ANSWERS, answered_at__gte=since)
    return _of_rounds(rows, "answered_at", other)


def _asked(side, since, other):
    """The first round of a talk: what follows it is an answer."""
    rows = SlotProposal.objects.filter(side=side, round=1, created_at__gte=since)
    return _of_rounds(rows, "created_at", other)


def _of_rounds(rows, moment, other):
    return Lines(
        rows,
        since=moment,
        data={"batch": BATCH, "other": other, "state": "state"},
        words=lambda row: (row["batch"], row["other"], ProposalState(row["state"]).label),
        page="training:batch-detail",
        of="batch__public_id",
    )
