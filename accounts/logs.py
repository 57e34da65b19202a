"""One JSON object per log line, with the request's id; no personal data is ever logged.

What was typed, and what stands in the database, comes into lines by errors: by their words
(`Key (person_key)=(...) already exists`), by addresses that somebody made up, by arguments of
tasks. So of an error its kind and its way through the program are told, never its words; of a
request its route; of libraries only what looks like a name of theirs.
"""

import contextvars
import json
import logging
import re
import traceback
from collections.abc import Mapping

from django.conf import settings

request_id = contextvars.ContextVar("request_id", default="")

LEFT_OUT = "…"
# What these libraries tell of messages may hold their content: kept are names, numbers, hosts.
CARRIERS = ("celery", "kombu", "amqp", "redis", "gunicorn")
NAME_LIKE = re.compile(r"[\w.@:\-\[\]]{0,100}")
OF_A_TASK = ("exc", "traceback", "args", "kwargs", "return_value", "result")


def without_secrets(text):
    """The text without what single-use links and calendar addresses carry as their key."""
    prefixes = "|".join(map(re.escape, settings.SECRET_PATHS))
    return re.sub(rf"({prefixes}|[?&]token=)[^/\s\"'&]+", r"\1…", text)


class RequestId(logging.Filter):
    def filter(self, record):
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "request": getattr(record, "request_id", ""),
            "message": without_secrets(_message(record)),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = without_secrets(trace_of(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def kind_of(error):
    """What an error is, without its words; of the database also the constraint that refused."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    diagnosis = getattr(error, "diag", None)
    facts = [getattr(error, "pgcode", None), getattr(diagnosis, "constraint_name", None)]
    said = " ".join(fact for fact in facts if fact)
    return f"{kind} ({said})" if said else kind


def trace_of(error):
    """The error's way through the program, and that of those it came from, the first one first."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        way = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{way}{kind_of(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _message(record):
    error = record.exc_info[1] if record.exc_info else None
    if record.name.startswith("django.security") and error is not None:
        return kind_of(error)  # its words repeat what somebody sent
    args, is_carrier = record.args, record.name.startswith(CARRIERS)
    if isinstance(args, Mapping):
        told = {name: _told(value, record, is_carrier) for name, value in args.items()}
        hidden = dict.fromkeys(set(OF_A_TASK) & set(args), LEFT_OUT)
        if error is not None and "exc" in hidden:
            hidden["exc"] = kind_of(error)
        args = told | hidden
    elif args:
        args = tuple(_told(value, record, is_carrier) for value in args)
    if isinstance(record.msg, BaseException):
        return kind_of(record.msg)
    message = str(record.msg)
    if record.name.startswith("gunicorn") and " from ip=" in message:
        return message.partition(": ")[0]  # what follows is a part of the request
    return message % args if args else message


def _told(value, record, is_carrier):
    """An argument of a line as it may be written down."""
    if isinstance(value, BaseException):
        return kind_of(value)
    request = getattr(record, "request", None)
    if isinstance(value, str) and value and value == getattr(request, "path", None):
        match = getattr(request, "resolver_match", None)
        return f"/{match.route}" if match else LEFT_OUT
    if is_carrier and not isinstance(value, int | float) and not NAME_LIKE.fullmatch(str(value)):
        return LEFT_OUT
    return value
