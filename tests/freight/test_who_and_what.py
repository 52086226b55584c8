"""Who may have cover and which products have it, case by case."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from freightins.calc.choices import decided
from freightins.calc.eligibility import Standing, conditions, failures
from freightins.rules import cover_rules_on

FOLDER = Path(__file__).parents[1] / "golden"
GOOD = {
    "is_open": True,
    "has_base_settings": True,
    "total": 4.7,
    "severe_points": 0,
    "dispute_rate": 0.0,
    "return_rate": 0.0,
}


def cases(name: str) -> list[Any]:
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return [pytest.param(case, id=case["says"]) for case in content["case"]]


@pytest.mark.parametrize("case", cases("eligibility"))
def test_conditions_fail_as_the_case_says(case: dict[str, Any]) -> None:
    given = {name: case.get(name, value) for name, value in GOOD.items()}
    standing = Standing(**{name: None if value == "" else value for name, value in given.items()})
    rules = cover_rules_on(date(2024, 3, 1))
    for product in ("service", "insurance"):
        found = conditions(rules, standing, is_insurance=product == "insurance")
        assert failures(found) == case[product]


def test_unknown_rates_hold_nobody_up() -> None:
    standing = Standing(**GOOD | {"dispute_rate": None, "return_rate": None})
    found = conditions(cover_rules_on(date(2024, 3, 1)), standing, is_insurance=True)
    assert failures(found) == []


@pytest.mark.parametrize("case", cases("choice_ladder"))
def test_the_most_specific_choice_decides(case: dict[str, Any]) -> None:
    choices = {(level, key): on for level, key, on in case["choices"]}
    found = decided(choices, "p1", case.get("category", "c1"))
    assert (found.is_covered, found.level) == (case["covered"], case["level"])
