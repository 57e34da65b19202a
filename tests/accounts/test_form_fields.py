import re
from html.parser import HTMLParser

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.http import QueryDict
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.forms.fields import _place, dressed, dressed_field

CHOICES = [("1", "satu & <b>"), ("2", "dua")]


class Typed(forms.Form):
    word = forms.CharField(label="Kata <i>", required=False, max_length=9)
    needed = forms.CharField(label="Perlu", help_text="Isi <b>ini</b>.")
    text = forms.CharField(label="Teks", required=False, widget=forms.Textarea)
    one = forms.ChoiceField(label="Satu", choices=CHOICES)
    several = forms.MultipleChoiceField(
        label="Banyak", required=False, choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )
    grouped = forms.MultipleChoiceField(
        label="Kelompok",
        required=False,
        choices=[("A", CHOICES)],
        widget=forms.CheckboxSelectMultiple,
    )
    yes = forms.BooleanField(label="Ya", required=False)
    must = forms.BooleanField(label="Setuju")
    radio = forms.ChoiceField(label="Pilih", choices=CHOICES, widget=forms.RadioSelect)


class Read(HTMLParser):
    """What a browser and a screen reader make of it: tags, their attributes, words; no style."""

    def __init__(self, html):
        super().__init__()
        self.told, self.words = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in ("div", "p", "strong"):
            kept = {name: value for name, value in attrs if name != "class"}
            self.told.append((tag, tuple(sorted(kept.items(), key=str))))

    def handle_data(self, data):
        self.words += data


def read(html):
    found = Read(html)
    return found.told, re.sub(r"\s+", " ", found.words).strip().replace(" *", "*")


@pytest.mark.parametrize("name", Typed.base_fields)
@pytest.mark.parametrize("sent", [None, "", "word=a%22b&needed=x&one=2&several=2&yes=on&text=%3C"])
def test_a_field_says_what_crispy_says(name, sent):
    field = Typed(None if sent is None else QueryDict(sent))[name]
    ours, crispys = read(dressed_field(field)), read(as_crispy_field(field))
    assert ours[0] == crispys[0]
    assert ours[1].replace(" ", "") == crispys[1].replace(" ", "")


def form_with(choices, sent="", *, label="Satu", help_text="", is_needed=False):
    class Chosen(forms.Form):
        one = forms.ChoiceField(
            label=label, choices=choices, required=is_needed, help_text=help_text
        )
        word = forms.CharField(label="Kata", required=False)

    return Chosen(QueryDict(sent) if sent else None)


@pytest.mark.parametrize("sent", ["", "one=2", "one=2&word=cari", "word=lain", "one=9"])
@pytest.mark.parametrize(
    "looks",
    [
        {"choices": CHOICES},
        {"choices": CHOICES[:1]},
        {"choices": [("1", "satu & <b>"), ("2", "DUA")]},
        {"choices": [("A", CHOICES)]},
        {"choices": CHOICES, "label": "Lain"},
        {"choices": CHOICES, "label": mark_safe("<i>Lain</i>")},
        {"choices": CHOICES, "label": "<i>Lain</i>"},
        {"choices": CHOICES, "help_text": "Pilih."},
        {"choices": CHOICES, "is_needed": True},
    ],
)
def test_a_form_from_memory_is_the_form_anew(looks, sent):
    for _time in range(2):
        anew = "\n".join(dressed_field(field) for field in form_with(sent=sent, **looks))
        assert dressed(form_with(sent=sent, **looks)) == anew


def test_what_somebody_typed_is_not_kept():
    kept = _place.cache_info().currsize
    dressed(form_with(CHOICES, "word=Budi", label="Belum pernah ada"))
    dressed(form_with(CHOICES, "word=Siti", label="Belum pernah ada"))
    assert _place.cache_info().currsize == kept + 1


def test_words_are_kept_for_each_language():
    one = {"choices": [("", gettext_lazy("Semua"))], "label": gettext_lazy("Lapas")}
    with translation.override("id"):
        ours = dressed(form_with(**one))
    with translation.override("en"):
        assert dressed(form_with(**one)) != ours


def test_what_is_wrong_stands_beside_its_field():
    html = dressed(Typed(QueryDict("")))
    assert 'aria-invalid="true"' in html
    assert html.count("Bidang ini tidak boleh kosong.") == 4
