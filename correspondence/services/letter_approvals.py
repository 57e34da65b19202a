"""Letters that their signatory has approved already: nobody drafts or initials them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from correspondence import letter_kinds, paragraphs
from correspondence.documents import office
from correspondence.models import Letter
from correspondence.services import letter_numbers, letters
from correspondence.states import LETTER_UNNUMBERED, LetterState


@act
def sign_off(*, facility, kind, subject, addressed_to, data, by, people=()):
    """The letter that `by` approves, numbered and signed at once; called last in that act.

    Where the secretariat's book gives the numbers it waits there, and is then signed like any
    other. `data` is that of `letters.draft`, with the text or what else its template prints. The
    permission is the caller's business.
    """
    known = letter_kinds.get(kind)
    data = {"text": "", **data, "signed_by": known.signed_by}
    content = {
        "facility": facility,
        "kind": kind,
        "subject": subject[:200],
        "addressed_to": addressed_to[:200],
    }
    if letter_numbers.is_in_book(facility, kind):
        return _waiting(content, {**data, "template": known.template}, people, by)
    today = timezone.localdate()
    blocks = paragraphs.blocks(data["text"])
    return letters.issue(
        **content,
        template=known.template,
        data={**data, **office(facility, today), "blocks": blocks},
        signatory=letter_numbers.signatory_of(by, facility.pk, known.signed_by),
        people=people,
        by=by,
    )


@act
def went_out(*, letters, how, by):
    """Signed letters leave today with what they were approved for; the permission is the caller's.

    One that was sent already stays as it is.
    """
    keys = [letter.pk for letter in letters]
    rows = Letter.objects.filter(pk__in=keys, state=LetterState.SIGNED).order_by("pk")
    for letter in rows.select_for_update(no_key=True, of=["self"]):
        letter.state, letter.state_at, letter.state_by = LetterState.SENT, timezone.now(), by
        letter.sent_on, letter.sent_how = timezone.localdate(), how
        letter.save(update_fields=["state", "state_at", "state_by", "sent_on", "sent_how"])


@act
def drop(*, letter):
    """Throw away a letter that never had a number, with what it was approved for."""
    letter = Letter.objects.select_for_update(no_key=True, of=["self"]).get(pk=letter.pk)
    if letter.state not in LETTER_UNNUMBERED:
        raise NotAllowed(_("Surat ini sudah bernomor."))
    letter.delete()


def _waiting(content, data, people, by):
    letter = Letter(
        **content,
        data={**data, "subjects": [str(person.public_id) for person in people]},
        signatory={"role": data["signed_by"]},
        state_by=by,
        created_by=by,
    )
    letter.save()
    for state in (LetterState.INITIALLED, LetterState.AWAITING):
        letter.state, letter.state_at = state, timezone.now()
        letter.save(update_fields=["state", "state_at"])
    return letter
