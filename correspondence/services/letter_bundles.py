"""Several letters in one act, all or none: numbered from the secretariat's book, or signed."""

from django.core.exceptions import ValidationError

from accounts.refusals import NotAllowed, act
from correspondence.services import letters


@act
def number(*, numbers, dated, by):
    """Give each letter of `numbers` (a dict) its number in the book, all of one day.

    Raises `NotAllowed` with the sentence of each letter at its `public_id`.
    """
    return _each(
        numbers,
        lambda letter: letters.give_number(
            letter=letter, number=numbers[letter], dated=dated, by=by
        ),
    )


@act
def sign(*, waiting, by):
    """Their signatory signs these letters. Raises `NotAllowed` as `number` does."""
    return _each(waiting, lambda letter: letters.sign(letter=letter, by=by))


def _each(rows, do):
    done, problems = [], {}
    for letter in sorted(rows, key=lambda row: row.pk):
        try:
            done.append(do(letter))
        except NotAllowed as refusal:
            problems[str(letter.public_id)] = ValidationError(refusal.messages)
    if problems:
        raise NotAllowed(problems)
    return done
