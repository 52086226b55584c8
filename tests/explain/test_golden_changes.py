"""The parts of a change are what the golden file says they are."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servicescore.calc.changes import PARTS, Night, change_parts
from servicescore.calc.windows import Integers
from servicescore.selectors.daily import STORED_COLUMNS
from tests.explain.test_changes import DAY, night, turn_of
from tests.explain.test_worked_tables import reply_days

FILE = Path(__file__).parent.parent / "golden" / "changes.toml"
CASES = tomllib.loads(FILE.read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["says"]))
def test_a_golden_change_is_split_as_it_says(case: dict[str, Any]) -> None:
    known_yesterday, known_today = (days_of(case["days"], column) for column in (1, 2))
    before = night(known_yesterday[1:], day=DAY - timedelta(days=1))
    after = night(known_today)
    found = change_parts(
        Night(before.stand(0), before.by_shop[0]["total"]),
        before.stand(0),
        Night(after.stand(0), after.by_shop[0]["total"]),
        turn_of(known_today, 0),
    )
    expected = {part: case["expect"].get(part, 0.0) for part in PARTS}
    assert found.parts == pytest.approx(expected, abs=1e-8)
    assert list(found.joined) == case.get("joined", [])
    assert list(found.left) == case.get("left", [])


def days_of(rows: list[list[int]], column: int) -> Integers:
    """The window of the usual shop with these consultations, newest day first."""
    window = reply_days((0, 0), (0, 0), (0, 0))
    place = STORED_COLUMNS.index("reply_3min_rate_num")
    for row in rows:
        window[row[0] - 1, 0, place : place + 2] = np.array([row[column], row[3]])
    return window
