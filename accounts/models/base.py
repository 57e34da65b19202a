"""What every table has: when and by whom it was made, and an id that may stand in a URL."""

from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Now, Upper
from django.utils.encoding import force_str
from django.utils.hashable import make_hashable
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words


class RandomUUID(models.Func):
    """PostgreSQL's `gen_random_uuid()` (version 4), as a database default."""

    function = "gen_random_uuid"
    template = "%(function)s()"
    output_field = models.UUIDField()


def searched_by(*columns, name):
    """An index for what `icontains` compares: any part of any of these columns, from 3 letters."""
    return GinIndex(*(OpClass(Upper(each), "gin_trgm_ops") for each in columns), name=name)


@lru_cache(maxsize=1_000)
def words_of(field):
    """`{value: words}` of a field's choices."""
    return dict(make_hashable(field.flatchoices))


class ReadAtOnce:
    """A model whose rows are read without setting field by field: nobody listens to that here."""

    @classmethod
    def from_db(cls, db, field_names, values):
        record = cls.__new__(cls)
        record.__dict__.update(zip(field_names, values, strict=True), _state=ModelState())
        record._state.adding, record._state.db = False, db
        return record


class Record(ReadAtOnce, models.Model):
    """Base of all tables. Times are UTC in the database, Asia/Jakarta on pages."""

    created_at = models.DateTimeField(_("dibuat pada"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )

    privacy = words(keep="id created_at created_by")

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field):
        """Django's `get_..._display`, which gathers the words of all choices for each value."""
        value = getattr(self, field.attname)
        return force_str(words_of(field).get(make_hashable(value), value), strings_only=True)


class PublicRecord(Record):
    """A record with a page of its own: `public_id` is the only id that a URL ever holds."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)

    privacy = words(keep="public_id")

    class Meta:
        abstract = True


class StatefulRecord(PublicRecord):
    """A record with a state table; see `accounts.states.state_triggers`."""

    entered_afterwards = models.BooleanField(
        _("dicatat belakangan"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Fakta lama yang dimasukkan langsung dalam keadaannya."),
    )

    privacy = words(keep="entered_afterwards")

    class Meta:
        abstract = True
