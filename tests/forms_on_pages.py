"""What a browser finds on a page to send: each form with its address and its fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    """`kind` is the input's type, `select` or `textarea`; `options` are the values to choose of."""

    name: str
    kind: str
    value: str = ""
    options: list = field(default_factory=list)


@dataclass
class FormOnPage:
    action: str
    method: str
    fields: list = field(default_factory=list)

    def as_it_stands(self):
        """What the form sends when nobody touches it: `{name: [values]}`."""
        sent = {}
        for each in self.fields:
            if each.value is not None and each.kind != "file":
                sent.setdefault(each.name, []).append(each.value)
        return sent

    def filled_in(self, plausible):
        """As it stands, with each empty field filled in by its kind from `plausible`."""
        sent = self.as_it_stands()
        for each in self.fields:
            if not any(sent.get(each.name, ())):
                usual = next(filter(None, each.options), plausible.get(each.kind, ""))
                sent[each.name] = [usual() if callable(usual) else usual]
        return sent


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.text = [], None, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.form = FormOnPage(given.get("action") or "", given.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag in ("input", "button") and given.get("name"):
            self._input(given, given.get("type", "submit" if tag == "button" else "text"))
        elif tag in ("select", "textarea") and given.get("name"):
            self.select = Field(given["name"], tag, None if tag == "select" else "")
            self.form.fields.append(self.select)
            self.text = "" if tag == "textarea" else None
        elif tag == "option" and self.select:
            value = given.get("value", "")
            self.select.options.append(value)
            if "selected" in given or self.select.value is None:
                self.select.value = value

    def _input(self, given, kind):
        value = given.get("value", "on" if kind == "checkbox" else "")
        standing = value if kind not in ("checkbox", "radio") or "checked" in given else None
        if kind in BUTTONS:
            standing = value
        self.form.fields.append(Field(given["name"], kind, standing, [value]))

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.text is not None:
            self.select.value, self.text, self.select = self.text.strip("\r\n"), None, None
        elif tag == "select":
            self.select = None


def forms_of(html):
    """All forms of the page that post."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.forms if form.method == "post"]
