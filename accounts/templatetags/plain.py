"""Django's own tags, sooner, for what a page says a hundred times: a text of ours, the address of a
page, the value of a variable. Whatever is out of the ordinary goes Django's own way."""

from functools import lru_cache
from uuid import UUID

from django import template
from django.template import Variable, base, defaulttags
from django.templatetags import i18n
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.addresses import address_of
from accounts.markup import escaped

register = template.Library()
in_context = base.render_value_in_context


def value_in_context(value, context):
    """A variable's value as its template shows it; plain text, which most is, sooner."""
    if context.autoescape:
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str:
            return SafeString(escaped(value))
    return in_context(value, context)


class Text(template.Node):
    """A text that stands in the template, looked up once a language."""

    def __init__(self, node):
        self.node, self.known = node, {}

    def render(self, context):
        language = get_language()
        if language not in self.known:
            self.known[language] = self.node.render(context)
        return self.known[language]


@register.tag
def translate(parser, token):
    """`{% translate %}`."""
    node = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_text = isinstance(said.var, Variable) and said.var.literal is not None
    is_more = node.noop or node.asvar or node.message_context or said.filters
    return Text(node) if is_text and not is_more else node


class Address(defaulttags.URLNode):
    """The address of a page, or of the page of a record with a public id."""

    def render(self, context):
        try:
            address = self._found(context)
        except NoReverseMatch:
            address = None
        if address is None:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = address
            return ""
        return escaped(address)

    def _found(self, context):
        name = self.view_name.var
        if not self.args:
            return _reversed(name, get_urlconf(), get_script_prefix())
        *kinds, key = [arg.resolve(context) for arg in self.args]
        is_plain = type(key) is UUID and all(type(each) is str for each in kinds)
        return address_of(name, key, *kinds) if is_plain else None


@register.tag
def url(parser, token):
    """`{% url %}`."""
    node = defaulttags.url(parser, token)
    name = node.view_name
    if isinstance(name.var, str) and not (name.filters or node.kwargs or node.args[2:]):
        return Address(name, node.args, node.kwargs, node.asvar)
    return node


@lru_cache(maxsize=1_000)
def _reversed(name, urlconf, prefix):
    return reverse(name, urlconf)
