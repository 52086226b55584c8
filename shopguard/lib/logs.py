"""Logs: one JSON object a line in production, readable lines in development.

Every line carries the request's number and, in a worker, the run and shard it belongs to (bound
with ``structlog.contextvars``). Before anything is written, secrets and what identifies a person
are taken out of it, whoever logged it.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from shopguard.lib.request_ids import current_request_id
from shopguard.lib.scrub import scrub

Event = MutableMapping[str, Any]

REMOVED = "[removed]"
SECRET_NAMES = re.compile(
    r"passw(or)?d|passphrase|secret|token|authori[sz]ation|cookie|csrf|session|api_?key|otp|phone"
    r"|mobile|address|receiver|buyer_name|id_card",
    re.IGNORECASE,
)
# A secret inside a text: credentials of an address, the value of an Authorization header, tokens
# of ours, and name=value where the name tells.
_TEXT_SECRETS = (
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"), REMOVED),
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {REMOVED}"),
    (re.compile(r"\bsgt_[A-Za-z0-9_-]{8,}"), REMOVED),
    (
        re.compile(
            r"(?i)\b((?:\w*(?:password|secret(?:_?key)?|token|cookie|sessionid|api_?key))[\"']?\s*[=:]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&}\]]+)"
        ),
        rf"\1{REMOVED}",
    ),
)
# PostgreSQL repeats the values of a row that broke a rule, on lines of their own.
_ROW_VALUES = re.compile(r"(?m)^(\s*)(DETAIL|CONTEXT):.*$")
MOST_DEPTH = 6
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def scrubbed_text(text: str) -> str:
    """``text`` without secrets, personal data and control signs that could forge a line."""
    text = _ROW_VALUES.sub(rf"\1\2: {REMOVED}", text)
    for pattern, instead in _TEXT_SECRETS:
        text = pattern.sub(instead, text)
    return CONTROLS.sub(lambda sign: f"\\x{ord(sign[0]):02x}", scrub(text))


def scrubbed(value: Any, depth: int = 0) -> Any:
    """A value as it may be written: texts scrubbed, values under telling names removed."""
    if isinstance(value, str):
        return scrubbed_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= MOST_DEPTH:
        return REMOVED
    if isinstance(value, Mapping):
        return {
            str(name): REMOVED if SECRET_NAMES.search(str(name)) else scrubbed(item, depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [scrubbed(item, depth + 1) for item in value]
    return scrubbed_text(str(value))


def scrub_event(logger: Any, method: str, event: Event) -> Event:
    """The last processor before the writing: nothing passes it unscrubbed."""
    kept = {name: value for name, value in event.items() if name.startswith("_")}
    told = {name: value for name, value in event.items() if not name.startswith("_")}
    return {**scrubbed(told), **kept}


def add_request_id(logger: Any, method: str, event: Event) -> Event:
    """The number of the request being answered, or of the one a record tells of afterwards."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    number = current_request_id() or getattr(request, "request_id", "")
    if number:
        event.setdefault("request_id", number)
    return event


def processors() -> list[Any]:
    """What every line goes through, of ours and of libraries alike."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow=("view", "status", "seconds", "user", "method")),
        add_request_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def renderers(log_format: str) -> list[Any]:
    """The end of the line: scrub, then JSON or text for a terminal."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    return [scrub_event, structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]


def logging_settings(*, log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything through one handler. Also configures structlog.

    Raises ValueError for a format that is neither ``json`` nor ``console``.
    """
    if log_format not in ("json", "console"):
        raise ValueError("LOG_FORMAT is json or console")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": processors(),
        "processors": renderers(log_format),
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        # Each request is told once, with its view and duration, by our own line.
        "loggers": {"django.server": {"handlers": [], "propagate": False}},
    }
