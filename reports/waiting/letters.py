"""Letters that wait for a hand: to finish, to initial, to number, to sign, to send."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from correspondence.models import Letter
from correspondence.states import LetterState
from reports.lines import Lines
from reports.waiting.kinds import waits

LIST = "correspondence:letter-list?needs="
NEXT = {
    LetterState.DRAFT: gettext_lazy("selesaikan dan paraf"),
    LetterState.INITIALLED: gettext_lazy("minta nomor"),
    LetterState.AWAITING: gettext_lazy("beri nomor"),
    LetterState.SIGNED: gettext_lazy("kirim"),
}


@waits(
    gettext_lazy("Selesaikan surat"), post=roles.OFFICER, act="write_letters", to=f"{LIST}finish"
)
def letters_to_finish():
    return _of(Letter.objects.to_finish(), with_next=True)


@waits(gettext_lazy("Paraf surat"), post=roles.HEAD, act="initial_letters", to=f"{LIST}initial")
def letters_to_initial():
    return _of(Letter.objects.to_initial())


@waits(
    gettext_lazy("Tandatangani surat"), post=roles.HEAD, act="sign_letters", to=f"{LIST}sign_head"
)
def letters_for_the_head_to_sign():
    return _of(Letter.objects.to_sign(roles.HEAD))


@waits(
    gettext_lazy("Tandatangani surat"),
    post=roles.WARDEN,
    act="sign_letters",
    to=f"{LIST}sign_warden",
)
def letters_to_sign():
    return _of(Letter.objects.to_sign(roles.WARDEN))


@waits(
    gettext_lazy("Beri nomor atau kirim surat"),
    post=roles.SECRETARIAT,
    act="number_letters",
    to=f"{LIST}number",
)
def letters_to_number_or_send():
    return _of(Letter.objects.to_number_or_send(), with_next=True)


def _of(rows, with_next=False):
    def words(row):
        step = NEXT.get(row["state"], "") if with_next else ""
        to = row["to"] and _("kepada %(whom)s") % {"whom": row["to"]}
        return row["number"], row["subject"], to, step

    return Lines(
        rows,
        since="state_at",
        data={"number": "number", "subject": "subject", "to": "addressed_to", "state": "state"},
        words=words,
        page="correspondence:letter-detail",
    )
