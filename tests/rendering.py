"""Templates for tests that ask many users for the same page and look at the answers' heads only."""

from django.template.backends.django import DjangoTemplates

rendered = set()


class Once(DjangoTemplates):
    """Renders a page for the first who gets it, and for the first liaison: another wall.

    For others it is empty. What a template holds is read by the tests that read pages.
    """

    def get_template(self, template_name):
        return _Once(super().get_template(template_name))


class _Once:
    def __init__(self, template):
        self.template = template

    def __getattr__(self, name):
        return getattr(self.template, name)

    def render(self, context=None, request=None):
        if request is None:
            return self.template.render(context, request)
        user = getattr(request, "user", None)
        key = self.template.template.name, user is not None and getattr(user, "kind", None)
        if key in rendered:
            return ""
        rendered.add(key)
        return self.template.render(context, request)
