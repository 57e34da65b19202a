"""The fields of a form, dressed as crispy dresses them, in a fraction of its time.

For forms that stand on pages with many rows. Whatever is out of the ordinary, an error above all,
goes crispy's own way.
"""

from functools import lru_cache

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django.forms import CheckboxInput, Select, Textarea, TextInput
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from accounts.markup import escaped


def dressed(form):
    """All fields of a form, each with its label; those that look as they did before from memory."""
    return mark_safe("\n".join([_remembered(field) for field in form]))


def _remembered(field):
    """A field's HTML; it is kept with all that it depends on, but for what somebody typed."""
    widget, value = field.field.widget, field.value()
    choices = getattr(widget, "choices", None)
    is_typed = choices is None and not (isinstance(value, bool) or value in (None, ""))
    asks_anew = isinstance(choices, ModelChoiceIterator) or getattr(choices, "are_many", False)
    if field.errors or is_typed or asks_anew:
        return dressed_field(field)
    place = _place(
        get_language(),
        type(widget),
        tuple(widget.attrs.items()),
        field.html_name,
        field.auto_id,
        escaped(field.label),
        str(field.help_text),
        (field.field.required, field.form.use_required_attribute, field.field.disabled),
        tuple(map(str, value)) if isinstance(value, list | tuple) else str(value),
        () if choices is None else _as_written(choices),
    )
    if not place:
        place.append(dressed_field(field))
    return place[0]


@lru_cache(maxsize=1_000)
def _place(*looks):
    """Where the HTML of a field that looks like this is kept: a list, at first empty."""
    return []


def _as_written(choices):
    return tuple(
        (_as_written(words) if isinstance(words, list | tuple) else escaped(words), str(value))
        for value, words in choices
    )


def dressed_field(field):
    """One bound field with its label and what helps to fill it in."""
    widget, label = field.field.widget, escaped(field.label)
    if field.errors:
        return as_crispy_field(field)
    is_plain = not (field.help_text or field.field.required)
    if type(widget) is CheckboxSelectMultiple and is_plain and not _has_groups(field):
        return _boxes(field, label)
    if type(widget) is CheckboxInput and is_plain:
        box = field.as_widget(attrs={"class": "checkboxinput form-check-input"})
        return mark_safe(
            f'<div class="mb-3"><div id="div_{field.auto_id}" class="form-check">{box} '
            f'<label for="{field.id_for_label}" class="form-check-label">{label}</label>'
            "</div></div>"
        )
    css_class = _class_of(widget)
    return _ordinary(field, label, css_class) if css_class else as_crispy_field(field)


def _ordinary(field, label, css_class):
    star, label_class = "", "form-label"
    if field.field.required:
        star, label_class = '<span class="asteriskField">*</span>', "form-label requiredField"
    told = ""
    if field.help_text:
        told = f'<div id="{field.id_for_label}_helptext" class="form-text">{field.help_text}</div>'
    return mark_safe(
        f'<div id="div_{field.auto_id}" class="mb-3">'
        f'<label for="{field.id_for_label}" class="{label_class}">{label}{star}</label>'
        f"{field.as_widget(attrs={'class': css_class})}{told}</div>"
    )


def _has_groups(field):
    return any(isinstance(words, list | tuple) for _value, words in field.field.choices)


def _boxes(field, label):
    chosen = {str(value) for value in field.value() or ()}
    boxes = format_html_join(
        "",
        '<div class="form-check"><input type="checkbox" class="form-check-input" name="{0}"'
        ' value="{1}" id="{2}_{3}"{4}> <label for="{2}_{3}" class="form-check-label">{5}</label>'
        "</div>",
        (
            (
                *(field.html_name, value, field.auto_id, place),
                mark_safe(" checked") if str(value) in chosen else "",
                words,
            )
            for place, (value, words) in enumerate(field.field.choices)
        ),
    )
    return format_html(
        '<div id="div_{}" class="mb-3"><fieldset><legend class="form-label fs-6">{}</legend>'
        "<div>{}</div></fieldset></div>",
        field.auto_id,
        label,
        boxes,
    )


def _class_of(widget):
    """The class of an ordinary input; empty for whatever crispy knows better how to set."""
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control" if isinstance(widget, TextInput | Textarea) else ""
