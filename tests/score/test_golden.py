"""Each metric counts the situations of its golden file as the file says."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from servicescore.metrics import metrics
from servicescore.selectors.daily import days_counted
from shopguard.lib.days import number_day
from stores.models import Touch
from tests.score.landing import land
from tests.score.reference_events import Files

FOLDER = Path(__file__).parent.parent / "golden"
SHOP = {"shop_id": "plum", "industry": "clothing"}
Counts = dict[tuple[date, str], tuple[int, int, int]]


def golden_cases() -> list[Any]:
    """Every case of every metric's file, named by the metric and what the case says."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if content.get("metric") in metrics():
            found += [
                pytest.param(content, case, id=f"{path.stem}: {case['says']}")
                for case in content["case"]
            ]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "case"), golden_cases())
def test_a_golden_case_counts_as_it_says(content: dict[str, Any], case: dict[str, Any]) -> None:
    """Numerator, denominator and excluded count of every day (and trade mode)."""
    metric = content["metric"]
    exclusions = [(SHOP["shop_id"], *given, metric) for given in case.get("exclusions", [])]
    land(files_of(content, case), exclusions)
    assert counts(metric) == {
        (date.fromisoformat(row["day"]), row.get("mode", "")): (
            row["num"],
            row["den"],
            row.get("excl", 0),
        )
        for row in case["expect"]
    }


def files_of(content: dict[str, Any], case: dict[str, Any]) -> Files:
    """The rows of a case, each filled up with the defaults of its kind."""
    defaults = content["defaults"]
    kinds = (kind for kind in case if kind not in ("says", "expect", "exclusions"))
    return {
        "shops": [SHOP],
        **{
            kind: [{**SHOP, **defaults.get(kind, {}), **row} for row in case[kind]]
            for kind in kinds
        },
    }


def counts(name: str) -> Counts:
    """What the metric counted on every touched day, days of nothing left out."""
    metric = metrics()[name]
    pairs = set(Touch.objects.values_list("shop_id", "day"))
    modes = metric.modes or ("",)
    return {
        (number_day(row.day), mode): parts
        for table in days_counted(pairs)
        for row in table.itertuples()
        for mode, stem in zip(modes, metric.stems, strict=True)
        if any(parts := tuple(getattr(row, f"{stem}_{part}") for part in ("num", "den", "excl")))
    }
