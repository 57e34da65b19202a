"""How forms look: what every form class of the product starts from."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

# Beside every text of the prison's that an agency reads as well.
READ_OUTSIDE = _("Dibaca juga oleh instansi: tanpa nama orang, perkara atau sebab kesehatan.")


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


def day(**kwargs):
    """A date field with the browser's own calendar."""
    return forms.DateField(widget=DayInput, **kwargs)


def text(rows=3, **kwargs):
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def helper(*layout):
    """Crispy without its own <form>: pages write the form and its buttons."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*layout)
    return made
