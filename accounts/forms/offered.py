"""The rows that a form offers to choose from, in few statements and never more than one can read.

A box of Django's asks for its rows by itself, through a cursor that it opens and closes. What a
filter offers depends on its class and on what the reader may see: so its SQL is made once, and all
its boxes are read in one statement. A box of too many rows offers what is chosen, and what a word
finds that is typed beside it.
"""

from functools import partial, reduce
from operator import or_
from types import SimpleNamespace

from django.db.models import Q
from django.forms import Select
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.stand_ins import asked_often

MOST = 200  # options that somebody still looks through
MOST_WORDS, LONGEST = 5, 100  # of what is searched for

_asked = {}


def together(filterset):
    """Let the boxes of this filter's form read their rows together, once one of them is written.

    A filter's `queryset` may use no more of the request than its user. Of more than `MOST` rows
    those are found whose `found_by` (columns that the model names, else its `name`) have the words.
    """
    form, known = filterset.form, filterset.base_filters
    names = tuple(
        name
        for name in _boxes_of(form)
        if getattr(form.fields[name], "null_label", None) is None and name in known
    )
    _offer(form, names, _Rows((type(filterset), names), filterset.request.user, _asking(known)))


def narrowed(form, user, sources):
    """The same for a form that is no filter's: `sources` maps its boxes to functions that give the
    rows for a reader. What they give depends on the form's class and on the reader alone."""
    names = tuple(name for name in _boxes_of(form) if name in sources)
    _offer(form, names, _Rows((type(form), names), user, sources))


def _boxes_of(form):
    return [
        name
        for name, field in form.fields.items()
        if isinstance(getattr(field.widget, "choices", None), ModelChoiceIterator)
    ]


def _offer(form, names, rows):
    for place, name in enumerate(names):
        field = form.fields[name]
        if type(field.widget) is Select:
            attrs, is_required = field.widget.attrs, field.widget.is_required
            field.widget = _Box(attrs)
            field.widget.is_required = is_required
        field.widget.choices = _Choices(form, name, rows, place)


def _few(rows):
    """The rows, or so many that one sees there are too many: those are not put in order first."""
    return rows.filter(pk__in=rows.order_by().values("pk")[: MOST + 1])


def _asking(known):
    """Of filters by name: what gives the rows of each for a reader."""
    return {name: partial(_rows_of, each) for name, each in known.items()}


def _rows_of(each, reader):
    queryset = each.queryset
    return queryset(SimpleNamespace(user=reader)) if callable(queryset) else queryset.all()


class _Rows:
    """What the boxes of a class of forms offer a user; asked for once it is needed."""

    def __init__(self, key, user, sources):
        self._key, self._user, self._sources = key, user, sources

    @cached_property
    def found(self):
        """A list of rows of each box."""
        if self._key not in _asked:
            sources = [self._sources[name] for name in self._key[1]]
            _asked[self._key] = asked_often(
                lambda reader: tuple(_few(rows_for(reader)) for rows_for in sources)
            )
        return _asked[self._key](self._user)


class _Choices(BaseChoiceIterator):
    """The choices of one box, as Django's iterator gives them; of too many a few."""

    def __init__(self, form, name, rows, place):
        self._form, self._field, self._all, self._place = form, form.fields[name], rows, place
        self._name, self.words_name, self.label = name, f"find_{name}", self._field.label

    @property
    def _rows(self):
        return self._all.found[self._place]

    @property
    def are_many(self):
        return len(self._rows) > MOST

    @property
    def rows(self):
        """All that may be chosen, for who needs them beside the box; None of too many."""
        return None if self.are_many else self._rows

    @property
    def words(self):
        """What is searched for in this box."""
        given = self._form.data.get(self._form.add_prefix(self.words_name)) or ""
        return given.replace("\0", "").strip()[:LONGEST]

    @cached_property
    def found(self):
        """Of too many rows those that have the words; one more than `MOST` if there are more."""
        if not self.words:
            return []
        rows = self._field.queryset
        columns = getattr(rows.model, "found_by", ("name",))
        for word in self.words.split()[:MOST_WORDS]:
            rows = rows.filter(reduce(or_, (Q(**{f"{each}__icontains": word}) for each in columns)))
        return list(rows[: MOST + 1])

    def _offered(self):
        if not self.are_many:
            return self._rows
        self._form.is_valid()
        chosen = getattr(self._form, "cleaned_data", {}).get(self._name)
        found = self.found[:MOST]
        return found if chosen is None or chosen in found else [chosen, *found]

    def __iter__(self):
        field = self._field
        if field.empty_label is not None:
            yield "", field.empty_label
        for row in self._offered():
            value = ModelChoiceIteratorValue(field.prepare_value(row), row)
            yield value, field.label_from_instance(row)


class _Box(Select):
    """A select box; with a field for words above it where its rows are too many."""

    def render(self, name, value, attrs=None, renderer=None):
        box = super().render(name, value, attrs, renderer)
        return self._searched(box, attrs or {}) if self.choices.are_many else box

    def _searched(self, box, attrs):
        box_id, words = attrs.get("id", ""), self.choices.words
        return format_html(
            '<div class="box-search"><input type="search" class="form-control" name="{name}"'
            ' id="{id}_find" value="{words}" maxlength="{longest}" autocomplete="off"'
            ' placeholder="{placeholder}" aria-label="{label}" aria-describedby="{id}_found_hint"'
            ' hx-get="" hx-trigger="input changed delay:400ms, search" hx-include="closest form"'
            ' hx-target="#{id}_found" hx-select="#{id}_found" hx-swap="outerHTML"'
            ' hx-push-url="false" hx-sync="this:replace">'
            '<div id="{id}_found">{box}<p class="form-text" id="{id}_found_hint" role="status">'
            "{hint}</p></div></div>",
            name=self.choices.words_name,
            id=box_id,
            words=words,
            longest=LONGEST,
            placeholder=_("Ketik sebagian nama"),
            label=_("Cari %(what)s dengan sebagian nama") % {"what": self.choices.label},
            box=box,
            hint=self._hint(words),
        )

    def _hint(self, words):
        if not words:
            return _("Lebih dari %(most)s pilihan: ketik sebagian namanya.") % {"most": MOST}
        number = len(self.choices.found)
        if not number:
            return _("Tidak ada yang cocok dengan “%(words)s”.") % {"words": words}
        if number > MOST:
            return _("Lebih dari %(most)s cocok: ketik lebih lengkap.") % {"most": MOST}
        found = ngettext("%(n)s cocok: pilih dari kotak.", "%(n)s cocok: pilih dari kotak.", number)
        return found % {"n": number}
