"""Letters that wait for a hand: to finish, to initial, to number, to sign, to send."""

from django.utils.translation import gettext as _

from accounts import roles
from correspondence.models import Letter
from correspondence.states import LetterState
from reports.waiting.kinds import first, task, waits

LIST = "correspondence:letter-list"


@waits(post=roles.OFFICER, act="write_letters", more=LIST)
def letters_to_finish(user, prisons):
    rows = Letter.objects.visible_to(user).to_finish()
    for row in first(rows, prisons, "state_at"):
        is_draft = row.state == LetterState.DRAFT
        what = _("Selesaikan dan paraf konsep surat") if is_draft else _("Minta nomor surat")
        yield _task(row, what)


@waits(post=roles.HEAD, act="initial_letters", more=LIST)
def letters_to_initial(user, prisons):
    rows = Letter.objects.visible_to(user).to_initial()
    for row in first(rows, prisons, "state_at"):
        yield _task(row, _("Paraf surat"))


@waits(post=roles.HEAD, act="sign_letters", more=LIST)
def letters_for_the_head_to_sign(user, prisons):
    yield from _to_sign(user, prisons, roles.HEAD)


@waits(post=roles.WARDEN, act="sign_letters", more=LIST)
def letters_to_sign(user, prisons):
    yield from _to_sign(user, prisons, roles.WARDEN)


@waits(post=roles.SECRETARIAT, act="number_letters", more=LIST)
def letters_to_number_or_send(user, prisons):
    rows = Letter.objects.visible_to(user).to_number_or_send()
    for row in first(rows, prisons, "state_at"):
        is_signed = row.state == LetterState.SIGNED
        yield _task(row, _("Kirim surat") if is_signed else _("Beri nomor surat"))


def _to_sign(user, prisons, role):
    rows = Letter.objects.visible_to(user).to_sign(role)
    for row in first(rows, prisons, "state_at"):
        yield _task(row, _("Tandatangani surat"))


def _task(row, what):
    return task(row, what, row.number, row.subject, row.addressed_to, since=row.state_at)
