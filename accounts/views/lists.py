"""The base of every list: scoped, filtered by the query string, in pages of 25, and as CSV."""

from copy import copy

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from accounts import listed, spreadsheets
from accounts.exported import chunks_of
from accounts.forms import offered
from accounts.permissions import may


class ScopedListView(SingleTableMixin, FilterView):
    """A list of `model` rows that the reader may see.

    Set `model` (its manager needs `visible_to`), `table_class`, `filterset_class`, `title`, and
    the words of an empty list: `empty_text`, with `empty_url` and `empty_label` for what to do
    next (shown to whoever may do `empty_act`, if one is named). The context's `nothing_text` says
    what it means that a filter leaves nothing. `lead` is a sentence below the
    title, `actions_template` the buttons beside it. A column with `exclude_from_export=True` stays
    out of the CSV. Extend `get_queryset` for `select_related`: queries must not grow with rows. If
    it asks no more of the request than `user` and its rights, and of the query string no more than
    what `asks` names, its SQL is made once (`accounts.listed`); set `of_many_tables` if that joins
    so many that finding the rows, and reading what they show, are better done one after the other,
    and `in_index_order` if an index has a prison's rows as the list orders them.
    """

    template_name = "components/list.html"
    table_pagination = {"per_page": listed.PAGE}
    title = ""
    lead = ""
    empty_text = _("Belum ada data.")
    empty_url = ""
    empty_label = ""
    empty_act = ""
    actions_template = ""
    asks = ()
    of_many_tables = False
    in_index_order = False

    def get_queryset(self):
        return self.model._default_manager.visible_to(self.request.user)

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.get_filterset_class())
        is_asked = not self.filterset.is_bound or self.filterset.is_valid()
        self.object_list = self._asked() if is_asked else self.get_queryset().none()
        context = self.get_context_data(filter=self.filterset, object_list=self.object_list)
        return self.render_to_response(context)

    def get_filterset(self, filterset_class):
        """Of rows that are not asked for yet: its form needs none."""
        rows = listed.Later(self.get_queryset, self.model)
        filterset = filterset_class(self.filter_data, request=self.request, queryset=rows)
        offered.together(filterset)
        return filterset

    @property
    def filter_data(self):
        """What is asked of the filter; None: it is not asked at all."""
        return self.request.GET or None

    def _asked(self):
        """The rows of the filter; a page of them by SQL made once for all of the same rights."""
        bound = self.filterset.is_bound
        shape, typed = listed.chosen_in(self.filterset) if bound else ((), {})
        if self.wants_csv or self.kwargs or shape is None:
            return self.filterset.qs
        asked = {name: self.request.GET.get(name) for name in self.asks}
        told = {"asked": asked, "typed": typed}
        told |= {name: getattr(self, name) for name in ("of_many_tables", "in_index_order")}
        return listed.Rows(self.model, self.request, (type(self), shape), self._asked_by, **told)

    def _asked_by(self, request):
        view = type(self)()
        view.request = request
        rows = view.get_queryset()
        if not self.filterset.is_bound:
            return rows
        filterset = type(self.filterset)(queryset=rows, request=request)
        filterset._form = form = copy(self.filterset.form)
        form.cleaned_data = form.cleaned_data | getattr(request, "typed", {})
        return filterset.filter_queryset(rows)

    @property
    def wants_csv(self):
        return self.request.GET.get("format") == "csv"

    def get_table_pagination(self, table):
        return False if self.wants_csv else super().get_table_pagination(table)

    def render_to_response(self, context, **kwargs):
        if self.wants_csv:
            return csv_of(context["table"], self.title)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        acts = not self.empty_act or may(self.request.user, self.empty_act)
        return context | {
            "title": self.title,
            "lead": self.lead,
            "empty_text": self.empty_text,
            "empty_url": self.empty_url if acts else "",
            "empty_label": self.empty_label,
            "actions_template": self.actions_template,
            "is_filtered": self.filterset.form.has_changed(),
        }


def csv_of(table, title):
    """A table as a CSV file, streamed."""
    name = f"{slugify(str(title)) or 'data'}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        spreadsheets.csv_of(_in_this_language(chunks_of(table))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _in_this_language(parts):
    """The parts, each made in the language of now: a stream is read when the page is over."""
    return _in_language(translation.get_language(), parts)


def _in_language(language, parts):
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part
