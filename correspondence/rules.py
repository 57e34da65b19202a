"""Who may do what with a letter now."""

from accounts.permissions import may
from correspondence import letter_kinds
from correspondence.states import LETTER_TRANSITIONS, LETTER_UNNUMBERED, LetterState

READERS = ("see_people", "write_letters", "number_letters", "sign_letters")
TABLED = {"request_number", "give_number", "send", "void"}


def may_read(user, letter):
    """Whether the user reads the words of a letter of their prison, not only its line in a list."""
    return may_read_any(user, letter.facility_id)


def may_read_any(user, facility_id):
    """Whether the user reads the words of the letters of a prison."""
    return any(may(user, act, facility_id) for act in READERS)


def next_acts(user, letter):
    """Names of the acts of `correspondence.services.letters` that the user may do now."""
    kind = letter_kinds.get(letter.kind)
    if kind is None:
        return set()
    writes, initials, numbers, signs = (
        may(user, act, letter.facility_id)
        for act in ("write_letters", "initial_letters", "number_letters", "sign_letters")
    )
    me = str(user.public_id)
    acts = {
        move.act
        for move in LETTER_TRANSITIONS
        if move.start == letter.state
        and move.act in TABLED
        and may(user, move.who, letter.facility_id)
    }
    if letter.state in LETTER_UNNUMBERED and writes and kind.is_written:
        acts |= {"rewrite", "discard"}
    has_initialled = me in [entry["user"] for entry in letter.initials]
    if letter.state == LetterState.DRAFT and (writes or initials) and not has_initialled:
        acts.add("initial")
    if letter.state == LetterState.NUMBERED:
        if signs and letter.signatory["user"] == me:
            acts.add("sign")
        if signs or numbers:
            acts.add("sign_by_scan")
    if letter.state in (LetterState.SIGNED, LetterState.SENT) and numbers:
        acts.add("add_scan")
    return acts
