"""A region by its name or its Kemendagri code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy

from inmates import regions


class RegionInput(forms.TextInput):
    """Shows a code as the region's name; `cities` are offered while one types."""

    cities = ()

    def format_value(self, value):
        value = super().format_value(value)
        return regions.name_of(value) if value else value

    def render(self, name, value, attrs=None, renderer=None):
        offered = f"{(attrs or {}).get('id', name)}_cities"
        field = super().render(name, value, {**(attrs or {}), "list": offered}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((c,) for c in self.cities))
        return format_html('{}<datalist id="{}">{}</datalist>', field, offered, options)


class RegionField(forms.CharField):
    """Cleans to the code; a name that means several regions is refused with all of them."""

    widget = RegionInput

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "help_text", gettext_lazy("Nama kota, kabupaten atau kecamatan, atau kode Kemendagri.")
        )
        super().__init__(max_length=120, **kwargs)

    def clean(self, value):
        try:
            return regions.code_meant(super().clean(value))
        except regions.Unclear as unclear:
            raise ValidationError(str(unclear)) from unclear
