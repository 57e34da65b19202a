"""How a service says no: always with a sentence that a user can act on."""

import functools
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext as _

from accounts import wall


class NotAllowed(ValidationError):
    """The act is not possible now (wrong state, no seat, a clash). Pages show it as a message.

    `people` are those whom the sentence names: whoever shows it records that.
    """

    def __init__(self, message, code=None, params=None, *, people=()):
        super().__init__(message, code, params)
        self.people = list(people)


class AlreadyDone(NotAllowed):
    """Somebody was faster; the sentence names who and when."""


class Vanished(NotAllowed):
    """Somebody threw away meanwhile what the act is about."""


class Forbidden(PermissionDenied):
    """The row is visible to the user, the act is not theirs (403)."""


def _sentences():
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }


@contextmanager
def refusals():
    """Turn a constraint that was violated into `NotAllowed` with the constraint's sentence."""
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        sentence = _sentences().get(name)
        if sentence is None:
            raise
        raise NotAllowed(sentence, code=name) from error


RETRIED = {"40P01", "40001"}  # deadlock, serialization failure
RETRIES = 2


def act(service):
    """Decorator of every service: one transaction, refusals in words, two retries on deadlock.

    Inside another transaction there is nothing to retry alone, so the error passes up. Called from
    behind a liaison's wall the act leaves it: it writes, and judges by what is, not by what its
    user may see.
    """

    @functools.wraps(service)
    def wrapped(*args, **kwargs):
        if wall.stands():
            with wall.outside():
                wall.reread(*args, *kwargs.values())
                return wrapped(*args, **kwargs)
        outermost = not transaction.get_connection().in_atomic_block
        for attempt in range(RETRIES + 1):
            try:
                with refusals(), transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                code = getattr(error.__cause__, "pgcode", None)
                if not outermost or code not in RETRIED or attempt == RETRIES:
                    raise
            except ObjectDoesNotExist as error:
                if any(_is_gone(each) for each in (*args, *kwargs.values())):
                    raise Vanished(_("Sementara ini sudah dihapus orang lain.")) from error
                raise
        return None

    return wrapped


def follows(service):
    """Decorator of what services do beside their own writes, and which refuses nothing: called
    within an act it is a part of it, called alone it is one.

    An act in an act has a way back of its own, which costs the database two answers.
    """
    alone = act(service)

    @functools.wraps(service)
    def wrapped(*args, **kwargs):
        is_part = transaction.get_connection().in_atomic_block and not wall.stands()
        return (service if is_part else alone)(*args, **kwargs)

    return wrapped


def _is_gone(given):
    is_row = isinstance(given, models.Model) and given.pk is not None
    return is_row and not type(given)._base_manager.filter(pk=given.pk).exists()
