"""Points weigh on a fee by the day they were executed and the clause of the day it happened."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from freightins.calc.quotes import Conduct
from freightins.selectors.conduct import conduct_of
from stores.models import Shop, Violation
from tests.factories import START
from tests.freight.laying import instant

GOLDEN = tomllib.loads(
    (Path(__file__).parents[1] / "golden" / "conduct_points.toml").read_text("utf-8")
)
DAY = date(2024, 3, 1)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["says"]) for c in GOLDEN["case"]])
def test_points_count_as_the_case_says(shop: Shop, case: dict[str, Any]) -> None:
    for row in case["violations"]:
        given = {**GOLDEN["defaults"], **row}
        Violation.objects.create(
            shop=shop,
            external_id=given["violation_id"],
            clause=given["clause"],
            occurred_at=instant(given["occurred_at"]),
            executed_at=instant(given["executed_at"]),
            state=given["state"],
            kind=given["kind"],
            points=int(given["points"]) if given["points"] else None,
            as_of=START,
        )
    found = conduct_of([shop.pk], DAY - timedelta(days=90), DAY - timedelta(days=1))
    expected = Conduct(severe=case.get("severe", 0), general=case.get("general", 0))
    assert found.get(shop.pk, Conduct()) == expected
