"""The replies every shop begins with, read from ``data/templates.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUPS = ("quick", "reply", "note", "delay", "freight", "review", "complaint")


@dataclass(frozen=True)
class BuiltIn:
    """A reply as it comes with the product."""

    key: str
    group: str
    title: str
    title_en: str
    text: str
    cover: bool = False


@cache
def built_in_templates() -> tuple[BuiltIn, ...]:
    """All of them, in the order of the file."""
    path = Path(__file__).parent / "data" / "templates.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["templates"]
    return tuple(BuiltIn(**row) for row in rows)
