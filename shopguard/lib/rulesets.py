"""Rules are dated data: one TOML file per rule set and version.

A file has a header (``id``, ``title_zh``, ``title_en``, ``published_on``, ``effective_on``,
optional ``ends_on``, ``visible_to``, ``source``) and tables of parameters. A parameter is a table
with ``value``, ``unit`` and either ``source`` (where the platform says so) or ``assumption`` (why
this value was chosen where nobody publishes one). Everything else in a file is a group of
parameters.

Calculation receives a :class:`RuleSet` as an argument; it never opens a file or reads a clock.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

UNITS = frozenset(
    {
        "text", "list", "flag", "fraction", "percent", "score", "stars", "points",
        "seconds", "minutes", "hours", "days", "time_of_day",
        "orders", "shops", "rows", "count", "fen", "kg", "weight",
    }
)  # fmt: skip
VISIBILITIES = frozenset({"all", "merchants", "preview"})
HEADER = frozenset(
    {
        "id",
        "title_zh",
        "title_en",
        "published_on",
        "effective_on",
        "ends_on",
        "visible_to",
        "source",
    }
)


class RuleError(ValueError):
    """A rule file that must not be used; the message names the file and the parameter."""


@dataclass(frozen=True)
class Parameter:
    """One value of a rule set, with what it is measured in and where it comes from."""

    value: Any
    unit: str
    source: str = ""
    assumption: str = ""


@dataclass(frozen=True)
class RuleSet:
    """An immutable rule set. Parameters are addressed by dotted path, e.g. ``window.days``."""

    id: str
    title_zh: str
    title_en: str
    published_on: date
    effective_on: date | None
    ends_on: date | None
    visible_to: str
    source: str
    hash: str
    parameters: Mapping[str, Parameter] = field(repr=False)

    def __getitem__(self, path: str) -> Any:
        """The value of a parameter. Raises RuleError when the set has no such parameter."""
        try:
            return self.parameters[path].value
        except KeyError:
            raise RuleError(f"rule set {self.id} has no parameter {path}") from None

    def __contains__(self, path: str) -> bool:
        """Whether the set has a parameter of that path."""
        return path in self.parameters

    def group(self, prefix: str) -> dict[str, Any]:
        """Values below ``prefix``, keyed by the rest of their path, in file order."""
        start = prefix + "."
        return {
            path.removeprefix(start): parameter.value
            for path, parameter in self.parameters.items()
            if path.startswith(start)
        }

    def assumptions(self) -> dict[str, str]:
        """The parameters nobody publishes, each with the reason for its value."""
        return {path: p.assumption for path, p in self.parameters.items() if p.assumption}

    def in_force_on(self, day: date) -> bool:
        """Whether the set applies to ``day``; a set without a start and end never does."""
        if self.visible_to == "preview":
            return False
        started = self.effective_on is None or self.effective_on <= day
        return started and (self.ends_on is None or day <= self.ends_on)


def load(path: Path) -> RuleSet:
    """Read and check one rule file. Raises RuleError with the file, the place and the mend."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path.name}: not TOML: {error}") from error
    missing = sorted({"id", "title_zh", "title_en", "published_on", "visible_to"} - raw.keys())
    if missing:
        raise RuleError(f"{path.name}: header lacks {', '.join(missing)}")
    if raw["visible_to"] not in VISIBILITIES:
        raise RuleError(f"{path.name}: visible_to is not one of {', '.join(sorted(VISIBILITIES))}")
    body = {key: value for key, value in raw.items() if key not in HEADER}
    parameters = dict(_parameters(path.name, body, ""))
    return RuleSet(
        id=raw["id"],
        title_zh=raw["title_zh"],
        title_en=raw["title_en"],
        published_on=raw["published_on"],
        effective_on=raw.get("effective_on"),
        ends_on=raw.get("ends_on"),
        visible_to=raw["visible_to"],
        source=raw.get("source", ""),
        hash=content_hash(parameters),
        parameters=MappingProxyType(parameters),
    )


def _parameters(
    file: str, table: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Parameter]]:
    for key, value in table.items():
        path = f"{prefix}{key}"
        if not isinstance(value, dict):
            raise RuleError(f"{file}: {path} is a bare value; write {{value, unit, source}}")
        if "value" not in value:
            yield from _parameters(file, value, f"{path}.")
            continue
        yield path, _parameter(file, path, value)


def _parameter(file: str, path: str, table: Mapping[str, Any]) -> Parameter:
    unknown = sorted(table.keys() - {"value", "unit", "source", "assumption"})
    if unknown:
        raise RuleError(f"{file}: {path} has unknown keys {', '.join(unknown)}")
    if table.get("unit") not in UNITS:
        raise RuleError(f"{file}: {path} has the unknown unit {table.get('unit')!r}")
    if bool(table.get("source")) == bool(table.get("assumption")):
        raise RuleError(f"{file}: {path} needs a source or an assumption, exactly one of them")
    return Parameter(
        value=_frozen(table["value"]),
        unit=table["unit"],
        source=table.get("source", ""),
        assumption=table.get("assumption", ""),
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    return value


def content_hash(parameters: Mapping[str, Parameter]) -> str:
    """16 hex digits over paths, values and units; prose may be reworded without a new hash."""
    plain = {path: [_plain(p.value), p.unit] for path, p in sorted(parameters.items())}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


@dataclass(frozen=True)
class RuleBook:
    """All versions of one rule, e.g. every score rule set. Built by :func:`load_folder`."""

    name: str
    sets: tuple[RuleSet, ...]

    def in_force(self, day: date) -> RuleSet:
        """The set that applies to ``day``. Raises RuleError when none does."""
        for rules in self.sets:
            if rules.in_force_on(day):
                return rules
        raise RuleError(
            f"no {self.name} rule set is in force on {day:%Y-%m-%d}; "
            f"name one of {', '.join(rules.id for rules in self.sets)} with --rule-set"
        )

    def by_id(self, rule_id: str) -> RuleSet:
        """The set of that id. Raises RuleError, naming the known ones."""
        for rules in self.sets:
            if rules.id == rule_id:
                return rules
        known = ", ".join(rules.id for rules in self.sets)
        raise RuleError(f"there is no {self.name} rule set {rule_id!r}; known are {known}")


def load_folder(folder: Path, name: str) -> RuleBook:
    """Load every ``*.toml`` of a folder. Raises RuleError on a double id or overlapping dates."""
    sets = tuple(load(path) for path in sorted(folder.glob("*.toml")))
    if not sets:
        raise RuleError(f"{folder} holds no rule file")
    ids = [rules.id for rules in sets]
    doubled = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
    if doubled:
        raise RuleError(f"{name}: the id {doubled[0]} stands in two files")
    dated = sorted(
        (rules for rules in sets if rules.visible_to != "preview"),
        key=lambda rules: rules.effective_on or date.min,
    )
    for earlier, later in pairwise(dated):
        if (
            earlier.ends_on is None
            or later.effective_on is None
            or later.effective_on <= earlier.ends_on
        ):
            raise RuleError(f"{name}: {earlier.id} and {later.id} are in force on the same day")
    return RuleBook(name=name, sets=sets)
