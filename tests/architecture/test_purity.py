"""Calculation knows no clock, no chance and no number of a rule."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import PACKAGES, ROOT, parsed, product_code

PURE_FOLDERS = {"calc", "metrics", "findings"}
PURE_LIBRARY = {"days", "money", "registry", "rulesets", "scrub"}
# Structure rather than rule: nothing, one, a pair, the minutes of an hour.
STRUCTURAL = {0, 1, 2, 60}
# Positions and limits of written dates and numbers; what is read there is no rule.
READS_TEXT = {"cells"}
IMPURE_MODULES = {
    "random", "secrets", "uuid", "time", "os", "socket", "subprocess", "django", "celery", "redis",
    "psycopg", "requests", "environ",
}  # fmt: skip
CLOCK_CALLS = {
    "now",
    "today",
    "utcnow",
    "localtime",
    "localdate",
    "monotonic",
    "default_rng",
    "getenv",
}
CHANCE = {"np.random", "numpy.random"}
NUMBER_MAKERS = {"Decimal", "Fraction", "float", "int"}
# Values of rules so ordinary that code may hold the same number for another reason.
ORDINARY = 60
WHOLE = 100  # the whole of a percentage
RULES = (
    "aftersales/rules/*/*.toml",
    "servicescore/rules/score/*.toml",
    "servicescore/rules/events/*.toml",
    "stores/rules/*/*.toml",
    "freightins/rules/*/*.toml",
)


def pure_modules() -> list[Path]:
    return [
        file
        for file in product_code()
        if PURE_FOLDERS & set(file.parts[1:2])
        or (file.parts[:2] == ("shopguard", "lib") and file.stem in PURE_LIBRARY)
    ]


def calculations() -> list[Path]:
    """The pure modules that compute from facts and rules."""
    return [f for f in pure_modules() if f.parts[0] != "shopguard" and f.stem not in READS_TEXT]


def numbers_in(file: Path) -> Iterator[tuple[int, Any]]:
    """Every number written in a module, also as text for a number type."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            yield node.lineno, node.value
        if isinstance(node, ast.Call) and _last_name(node.func) in NUMBER_MAKERS:
            constants = (part for part in node.args if isinstance(part, ast.Constant))
            yield from ((node.lineno, c.value) for c in constants if isinstance(c.value, str))


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _imported(node: ast.AST) -> list[str]:
    """The packages an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("module", pure_modules(), ids=str)
def test_calculation_asks_neither_clock_nor_chance_nor_the_outside(module: Path) -> None:
    found = []
    for node in ast.walk(parsed(module)):
        found += IMPURE_MODULES.intersection(_imported(node))
        if isinstance(node, ast.Attribute | ast.Name):
            found += {_last_name(node), ast.unparse(node)} & (CLOCK_CALLS | CHANCE)
    assert found == []


@pytest.mark.parametrize("module", calculations(), ids=str)
def test_calculation_holds_no_number_of_a_rule(module: Path) -> None:
    found = [
        f"line {line}: {value}" for line, value in numbers_in(module) if value not in STRUCTURAL
    ]
    assert found == [], "numbers of rules live in the dated TOML files of the app's rules folder"


def rule_numbers(app: str) -> set[int]:
    """The whole numbers of an app's rule files that nobody writes by chance."""
    values = (
        value
        for file in ROOT.glob(f"{app}/rules/*/*.toml")
        for value in _values(tomllib.loads(file.read_text("utf-8")))
    )
    return {value for value in values if type(value) is int and value > ORDINARY and value != WHOLE}


def _values(table: Any) -> Iterator[Any]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from _flat(value) if key == "value" else _values(value)


def _flat(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]


@pytest.mark.parametrize("app", ["stores", "servicescore", "freightins"])
def test_no_service_repeats_a_number_of_its_apps_rules(app: str) -> None:
    known = rule_numbers(app)
    assert known, "the rules were not found"
    repeated = [
        f"{file}:{line} {value}"
        for file in product_code()
        if file.parts[:2] == (app, "services")
        for line, value in numbers_in(file)
        if value in known
    ]
    assert repeated == []


def test_pure_modules_use_only_known_packages() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "pandas", "chinese_calendar", *PACKAGES}
    used = {n for f in pure_modules() for node in ast.walk(parsed(f)) for n in _imported(node)}
    assert used - allowed == set()
