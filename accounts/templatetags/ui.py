"""What every template may use without loading it: badges, history, icons, permissions."""

from datetime import date
from functools import lru_cache

from django import template
from django.template import defaultfilters
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import StaticNode
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from accounts import badges, cells, permissions
from accounts.days import day_in_words
from accounts.forms import fields
from accounts.markup import counted, escaped, link

register = template.Library()

register.simple_tag(badges.state_badge)
register.simple_tag(badges.badge)
register.simple_tag(badges.days_left)
register.simple_tag(cells.body_of, name="table_rows")
register.simple_tag(fields.dressed, name="fields")
register.simple_tag(fields.dressed_field, name="field")
register.filter(counted)


@register.simple_tag(takes_context=True)
def may(context, act, facility_id=None):
    """Whether the reader may do `act` there: `{% may "plan_batch" row.facility_id as x %}`."""
    return permissions.may(context["user"], act, facility_id)


@register.simple_tag
@lru_cache(maxsize=200)
def static(path):
    """The address of a file of ours, found once."""
    return StaticNode.handle_simple(path)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name, size=20):
    """A lucide icon; the words beside it carry the meaning, so it is hidden from readers."""
    return lucide(name, size=size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})


@register.simple_tag(takes_context=True)
def table_head(context, table):
    """The `<th>` of all columns; that of a column by which one may order is a link."""
    asked, order = dict(context["request"].GET), table.prefixed_order_by_field
    return mark_safe("\n".join(_heading(column, asked, order) for column in table.columns))


def _heading(column, asked, order):
    header, sorting, arrow = escaped(column.header), "", ""
    if column.is_ordered:
        is_down = column.order_by_alias.is_descending
        sorting = f' aria-sort="{"descending" if is_down else "ascending"}"'
        arrow = f" {icon('arrow-down' if is_down else 'arrow-up', 14)}"
    if column.orderable:
        query = urlencode(asked | {order: column.order_by_alias.next}, doseq=True)
        header = link(f"?{query}", mark_safe(f"{header}{arrow}"))
    elif not header:
        act = _("Tindakan")
        header = f'<span class="visually-hidden">{escaped(act)}</span>'
    return f'<th {column.attrs["th"].as_html()} scope="col"{sorting}>{header}</th>'


@register.filter("date", expects_localtime=True, is_safe=False)
def in_words(value, pattern=None):
    """Django's `date`; pages are full of the same days, which are written once."""
    if type(value) is date:
        return day_in_words(value, pattern)
    return defaultfilters.date(value, pattern)


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
            ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


@register.filter
def browser(user_agent):
    """A browser's own description in two words: `Chrome, Windows`."""
    names = [next((name for mark, name in marks if mark in user_agent), "")
             for marks in (BROWSERS, SYSTEMS)]  # fmt: skip
    return ", ".join(filter(None, names)) or _("peramban tidak dikenal")


@register.filter
def masked(value, shown=4):
    """All but the last characters as dots: a number that need not be read in full."""
    text = str(value or "")
    return "•" * max(len(text) - shown, 0) + text[-shown:] if len(text) > shown else text


@register.simple_tag(takes_context=True)
def block_text(context, name):
    """The text of a block of the page, so that the base can use it twice or ask if it is there."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks and blocks.get_block(name)
    # A block renders like any template: what needed escaping is escaped already.
    return mark_safe(block.render(context).strip()) if block else ""


@register.simple_tag
def form_problems(form, with_general=False):
    """Errors of a form in order of its fields, each with the id of its input."""
    problems = [
        {"id": field.id_for_label or field.auto_id, "label": field.label, "text": text}
        for field in form
        for text in field.errors
    ]
    if with_general:
        problems = [{"id": "", "text": text} for text in form.non_field_errors()] + problems
    return problems


@register.simple_tag
def chosen_in(form):
    """What a page is narrowed by, as pairs of label and words: for paper, which has no form."""
    if not form.is_bound:
        return []
    form.is_valid()
    given = [(form[name], value) for name, value in form.cleaned_data.items() if value]
    return [
        (field.label, value if hasattr(value, "pk") else _chosen(field.field, value))
        for field, value in given
        if not field.is_hidden
    ]


def _chosen(field, value):
    """A choice in its words, several of them with commas; what is no choice as it is."""
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    return choices.get(value, value)


@register.simple_tag
def page_range(page):
    """Page numbers to link, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def page_link(context, number, parameter="page"):
    """The present address with another page number; filters and order stay."""
    query = context["request"].GET.copy()
    query[parameter or "page"] = number
    return f"?{query.urlencode()}"


@register.filter
def kind(thing):
    """What the address of its history calls a thing."""
    return thing._meta.model_name


@register.simple_tag(takes_context=True)
def csv_link(context):
    """The present list, as filtered and ordered, as a CSV file."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["format"] = "csv"
    return f"?{query.urlencode()}"
