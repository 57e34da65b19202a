"""How a typed text becomes the blocks of a paper."""

from hypothesis import given
from hypothesis import strategies as st

from correspondence.paragraphs import blocks, lines


def test_a_blank_line_begins_a_paragraph():
    assert blocks("Satu\nlanjut\n\nDua") == [
        {"kind": "text", "text": "Satu lanjut"},
        {"kind": "text", "text": "Dua"},
    ]


def test_marks_begin_items_and_two_blanks_a_deeper_level():
    (found,) = blocks("(1) Satu\n  a. dalam\n     lanjut\n\n(2) Dua\n- tiga")
    assert [(i["mark"], i["level"], i["text"]) for i in found["items"]] == [
        ("(1)", 0, "Satu"),
        ("a.", 1, "dalam lanjut"),
        ("(2)", 0, "Dua"),
        ("–", 0, "tiga"),
    ]


def test_label_and_value_with_a_blank_before_the_colon_are_a_fact():
    assert blocks("Hari : Senin\nTempat : Aula") == [
        {"kind": "facts", "rows": [["Hari", "Senin"], ["Tempat", "Aula"]]}
    ]
    assert blocks("Catatan: bukan rincian")[0]["kind"] == "text"


def test_a_heading():
    assert blocks("# Hasil") == [{"kind": "heading", "text": "Hasil"}]


def test_lines_that_say_something():
    assert lines(" a \n\n b") == ["a", "b"]


@given(st.text())
def test_any_text_has_blocks(text):
    assert all(block["kind"] in ("text", "items", "facts", "heading") for block in blocks(text))


@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{2,8}){0,6}", fullmatch=True), min_size=1))
def test_no_word_is_lost(paragraphs):
    found = blocks("\n\n".join(paragraphs))
    assert [block["text"] for block in found] == paragraphs
