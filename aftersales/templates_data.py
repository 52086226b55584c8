"""What stands in data files: the replies every shop begins with, and how keywords are found."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aftersales.calc.keywords import KeywordRules

GROUPS = ("quick", "reply", "note", "delay", "freight", "review", "complaint", "prevent")


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


@cache
def keyword_rules() -> KeywordRules:
    """How keywords are looked for in texts, read from ``data/keywords.toml``."""
    path = Path(__file__).parent / "data" / "keywords.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    return KeywordRules(frozenset(raw["signs"]), raw["longest"], raw["least"])
