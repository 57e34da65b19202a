"""One JSON object per log line, with the request's id; no personal data is ever logged."""

import contextvars
import json
import logging
import re

from django.conf import settings

request_id = contextvars.ContextVar("request_id", default="")


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
            "message": without_secrets(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
