"""Referrals to employers that wait for a hand: the officer's and the warden's."""

from django.utils.translation import gettext_lazy

from accounts import roles
from placements.employment import ReferralState
from placements.models import Referral
from reports.lines import Lines
from reports.waiting.kinds import waits

LIST = "placements:referral-list?state="


@waits(
    gettext_lazy("Setujui rujukan kerja"),
    post=roles.WARDEN,
    act="approve_referral",
    to="placements:referral-approval",
    together=True,
)
def referrals_to_approve():
    return _together(Referral.objects.filter(state=ReferralState.SUBMITTED))


@waits(
    gettext_lazy("Ajukan rujukan kerja"),
    post=roles.OFFICER,
    act="refer",
    to=f"{LIST}draft",
    together=True,
)
def referrals_to_submit():
    return _together(Referral.objects.filter(state=ReferralState.DRAFT))


@waits(
    gettext_lazy("Kirim rujukan kerja ke Disnaker"),
    post=roles.OFFICER,
    act="refer",
    to=f"{LIST}to_send",
    together=True,
)
def referrals_to_send():
    """Approved ones whose letter is signed; the others wait for their number."""
    return _together(Referral.objects.to_send())


@waits(
    gettext_lazy("Tanyakan jawaban rujukan kerja"),
    post=roles.OFFICER,
    act="refer",
    to=f"{LIST}late",
)
def referrals_unanswered():
    return Lines(
        Referral.objects.unanswered(),
        due="answer_by",
        since="sent_at",
        data={"code": "person_code", "agency": "agency__name", "state": "state"},
        words=lambda row: (row["code"], row["agency"], ReferralState(row["state"]).label),
        page="placements:referral-detail",
    )


@waits(
    gettext_lazy("Catat hari mulai bekerja"),
    post=roles.OFFICER,
    act="place_people",
    to=f"{LIST}to_place",
)
def referrals_to_place():
    return Lines(
        Referral.objects.to_place(),
        since="state_at",
        data={"code": "person_code", "employer": "employer__name", "vacancy": "vacancy__title"},
        page="placements:referral-detail",
    )


def _together(rows):
    return Lines(rows, since="state_at", page="placements:referral-detail")
