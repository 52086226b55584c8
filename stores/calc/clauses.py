"""What a violation weighs: the clause catalogue in force on the day it happened.

Each clause has ``text_zh``, ``text_en``, ``scope`` (where it can be broken), ``kind`` and
``points``. A clause whose kind is ``reviewer`` waits for a person to enter both.
"""

from dataclasses import dataclass
from datetime import date

from shopguard.lib.rulesets import RuleBook, RuleError

REVIEWER = "reviewer"


@dataclass(frozen=True)
class Clause:
    """One clause of a catalogue. ``points`` is None where a reviewer decides."""

    code: str
    text_zh: str
    text_en: str
    scope: tuple[str, ...]
    kind: str
    points: int | None

    @property
    def is_open(self) -> bool:
        """Whether a reviewer enters kind and points."""
        return self.kind == REVIEWER


def catalogue(book: RuleBook, day: date) -> dict[str, Clause]:
    """The clauses in force on a Shanghai day by code; empty when none are."""
    try:
        parts = book.in_force(day).group("clauses")
    except RuleError:
        return {}
    codes = dict.fromkeys(path.partition(".")[0] for path in parts)
    return {
        code: Clause(
            code=code,
            text_zh=parts[f"{code}.text_zh"],
            text_en=parts[f"{code}.text_en"],
            scope=tuple(parts[f"{code}.scope"]),
            kind=parts[f"{code}.kind"],
            points=parts.get(f"{code}.points"),
        )
        for code in codes
    }


def codes_ever(book: RuleBook) -> tuple[str, ...]:
    """Every code of any version, in the order of the versions."""
    paths = (path for rules in book.sets for path in rules.group("clauses"))
    return tuple(dict.fromkeys(path.partition(".")[0] for path in paths))
