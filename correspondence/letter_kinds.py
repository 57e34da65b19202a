"""Kinds of ordinary letters: each app registers its own, with the paper it is printed on."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.roles import WARDEN

GENERAL = "general"


@dataclass(frozen=True)
class LetterKind:
    """`code` stands in the letter's row; `template` names the Typst file with its version.

    `signed_by` is the role whose holder usually signs, `classification` the usual code of the
    archive. `for_agency`: once it is sent, the liaisons of the agency read it on their pages.
    `known_by`: the role whose holder signs below as well, "Mengetahui"; "" for none.
    `is_written`: somebody writes its words; those of other kinds come from what they are about,
    and nobody changes them or throws them away.
    """

    code: str
    label: str
    template: str = "letter_v1"
    signed_by: str = WARDEN
    known_by: str = ""
    classification: str = ""
    for_agency: bool = True
    is_written: bool = True


_kinds = {}
_papers = {}  # labels of papers with a life of their own


def register(*kinds):
    for kind in kinds:
        assert kind.code not in _kinds, kind.code
        _kinds[kind.code] = kind


def get(code):
    """The kind of that code; None for a paper with a life of its own, such as a decree."""
    return _kinds.get(code)


def name_paper(code, label):
    """Say what a paper that is no ordinary letter is called in lists."""
    _papers[code] = label


def label_of(code):
    kind = _kinds.get(code)
    return kind.label if kind else _papers.get(code, code)


def codes():
    return list(_kinds)


def choices():
    return [*((kind.code, kind.label) for kind in _kinds.values()), *_papers.items()]


def sent_to_agencies():
    return [kind.code for kind in _kinds.values() if kind.for_agency]


register(LetterKind(GENERAL, _("Surat biasa"), classification="UM.01.01"))
