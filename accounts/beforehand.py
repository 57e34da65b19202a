"""Questions whose answers decide what is asked next, for SQL that is made once.

A filter asks with `keys_of` and `is_any`. Where its SQL is made for a reader who stands in, nothing
can be asked: there it is built once for each course of answers (`Courses`), and what a question
asks is made once, too.
"""

from contextvars import ContextVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS

from accounts.prepared import fetched

FIRST = -7_200_000_000  # what stands in for keys: no row has such an id

_course = ContextVar("course", default=None)


def keys_of(queryset):
    """The list of keys that a queryset of one column gives. Who narrows by them uses
    `accounts.prepared.among`, and nothing if there are none."""
    course = _course.get()
    if course is None:
        return list(queryset)
    return course.answer(queryset.query, [FIRST - course.asked])


def is_any(queryset):
    """Whether the queryset has a row."""
    course = _course.get()
    if course is None:
        return queryset.exists()
    return bool(course.answer(queryset.query.exists(), [1]))


class Courses:
    """What `build()` makes, for each course of answers to the questions that it asks."""

    def __init__(self, build):
        self._build, self._made = build, {}

    def made(self, real):
        """What was made, and what is put in: `real` with the keys that were found."""
        answers = ()
        while isinstance(made := self._of(answers), _Question):
            keys = made.keys(real)
            real = real | {FIRST - len(answers): keys}
            answers += (bool(keys),)
        return made, real

    def _of(self, answers):
        if answers not in self._made:
            self._made[answers] = self._built(answers)
        return self._made[answers]

    def _built(self, answers):
        here = _course.set(_Course(answers))
        try:
            return self._build()
        except _Asked as asked:
            return _Question(asked.query)
        finally:
            _course.reset(here)


class _Course:
    def __init__(self, answers):
        self.answers, self.asked = answers, 0

    def answer(self, query, found):
        """`found` if something was; the first question that is not answered yet ends the course."""
        if self.asked == len(self.answers):
            raise _Asked(query)
        self.asked += 1
        return found if self.answers[self.asked - 1] else []


class _Asked(Exception):
    def __init__(self, query):
        super().__init__()
        self.query = query


class _Question:
    def __init__(self, query):
        try:
            self._made = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            self._made = None

    def keys(self, real):
        return [row[0] for row in fetched(self._made, real)]
