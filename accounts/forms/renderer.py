"""How Django's widgets become HTML: the common ones without a template for each input and option.

A select box of the template engine's costs one template per choice. What comes out is what
Django's own templates write; whatever is not here goes to them.
"""

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from accounts.markup import escaped

INPUTS = ("text", "number", "email", "search", "tel", "url", "date", "time", "hidden", "password")


class Renderer(TemplatesSetting):
    def render(self, template_name, context, request=None):
        write = WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))


def _attrs(attrs):
    written = []
    for name, value in attrs.items():
        if value is True:
            written.append(f" {escaped(name)}")
        elif value is not False:
            written.append(f' {escaped(name)}="{escaped(value)}"')
    return "".join(written)


def _input(widget):
    value = widget["value"]
    given = "" if value is None else f' value="{escaped(value)}"'
    name = escaped(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{given}{_attrs(widget["attrs"])}>'


def _select(widget):
    parts = [f'<select name="{escaped(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escaped(group)}">')
        parts += [_option(option) for option in options]
        if group:
            parts.append("</optgroup>")
    return "\n".join([*parts, "</select>"])


def _option(option):
    value, label = escaped(option["value"]), escaped(option["label"])
    return f'<option value="{value}"{_attrs(option["attrs"])}>{label}</option>'


WRITERS = {f"django/forms/widgets/{kind}.html": _input for kind in INPUTS}
WRITERS["django/forms/widgets/select.html"] = _select
