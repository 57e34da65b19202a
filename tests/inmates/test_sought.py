"""A text by which people are found, and what stands for it, are read alike."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.words import put_in
from inmates import nik
from inmates.rules import read_typed
from inmates.sought import read, stands_for

SOME = st.one_of(st.text(), st.from_regex(r"[a-z0-9./ ]{0,30}", fullmatch=True))


@given(SOME)
def test_what_stands_for_a_text_is_read_as_it_is(text):
    typed, stands = read_typed(text), stands_for(text)
    alike = read(stands.value)

    def told(value):
        return put_in(value, stands.real)

    assert tuple(map(told, alike.words)) == typed.words
    assert tuple(map(told, alike.patterns)) == typed.patterns
    assert tuple(map(told, alike.pieces)) == typed.pieces
    assert told(alike.phrase) == typed.phrase
    assert told(alike.number) == typed.number
    assert told(alike.key) == typed.key
    assert alike.is_too_short == typed.is_too_short
    assert alike.is_a_name == typed.is_a_name
    assert told(str(stands.value)) == text


@given(SOME, SOME)
def test_texts_of_one_shape_are_stood_for_by_the_same(one, other):
    one, other = stands_for(one), stands_for(other)
    assert (one.shape == other.shape) == (read(one.value) == read(other.value))


def test_a_nik_is_put_in_by_its_digest():
    stands = stands_for("3672011508900001")
    digest = nik.digest(read(stands.value).nik)
    assert put_in(digest, stands.real) == nik.digest("3672011508900001")
