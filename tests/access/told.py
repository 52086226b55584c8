"""What a selector answers as text, to be compared with what it answers at another time."""

import json
from dataclasses import fields, is_dataclass
from typing import Any

from django.db.models import Model, QuerySet


def told(answer: Any) -> str:
    """Every field of every record in an answer, those computed beside it by the query too."""
    return json.dumps(_plain(answer), default=str, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return {name: _plain(own) for name, own in vars(value).items() if name[0] != "_"}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): _plain(own) for name, own in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(told, value))
    if isinstance(value, list | tuple | QuerySet):
        return [_plain(own) for own in value]
    return value
