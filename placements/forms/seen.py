"""A form that knows what stood in the row when it was opened."""

import json

from django import forms

from placements.services.meanwhile import seen_of


class SeenField(forms.CharField):
    """Carries plain data through the page; what cannot be read counts as nothing seen."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def prepare_value(self, value):
        return json.dumps(value) if isinstance(value, dict) else value

    def clean(self, value):
        try:
            seen = json.loads(value or "")
        except ValueError:
            return None
        return seen if isinstance(seen, dict) else None


class EditForm(forms.Form):
    """Base of forms that edit the facts `names` of a row that others may edit meanwhile."""

    seen = SeenField()

    def look_again(self, row, names):
        """After a refusal: what stands in the row now has been shown."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = json.dumps(seen_of(row, names))
