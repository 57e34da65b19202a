"""Several like lines in one form, such as a list of tools."""

from django import forms


class Lines(forms.BaseFormSet):
    """A refusal of the service stands above the lines, as `non_form_errors`."""

    named = ()

    @property
    def errors(self):
        return super().errors or self.non_form_errors()

    def add_error(self, field, error):
        self._non_form_errors.extend(self.error_class(error.messages))

    def items(self):
        """Pairs of a name and how many, of the lines that say how many."""
        typed = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return [(line["name"], line["quantity"]) for line in typed if line.get("quantity")]
