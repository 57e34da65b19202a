"""The fields of a filter, dressed as crispy dresses them, in a fraction of its time."""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django.forms import CheckboxInput, Select, TextInput
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe


def dressed(form):
    """All fields of a form, each with its label. For forms whose fields are all optional."""
    return mark_safe("\n".join(_dressed(field) for field in form))


def _dressed(field):
    css_class = _class_of(field.field.widget)
    if not css_class or field.errors or field.help_text or field.field.required:
        return as_crispy_field(field)
    label = conditional_escape(field.label)
    return (
        f'<div id="div_{field.auto_id}" class="mb-3">'
        f'<label for="{field.id_for_label}" class="form-label">{label}</label>'
        f"{field.as_widget(attrs={'class': css_class})}</div>"
    )


def _class_of(widget):
    """The class of an ordinary input; empty for whatever crispy knows better how to set."""
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control" if isinstance(widget, TextInput) else ""
