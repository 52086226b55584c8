"""Every table of the document on explaining the score is what the code computes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from servicescore.calc.changes import Night, change_parts
from servicescore.calc.gaps import gaps_to
from servicescore.calc.levels import stem_level
from servicescore.calc.marginal import effects_on_total
from servicescore.calc.standpoint import Standpoint
from servicescore.calc.weekly import Weekly
from servicescore.calc.windows import Integers
from servicescore.rules import compiled_outlook_rules
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.standpoint import Results
from tests.explain.test_changes import night, turn_of
from tests.score.figures import RULES, USUAL, scores, shop
from tests.score.worked_tables import Table, tables

EXACT = 1e-9
DAY = date(2024, 3, 1)


@pytest.mark.parametrize("table", tables("score-explained"), ids=str)
def test_a_table_of_the_document_is_true(table: Table) -> None:
    CHECKS[table.header](table)


def usual(**values: tuple[float, int]) -> Standpoint:
    """The usual shop, alone in its industry."""
    stored = {0: {**scores([shop(200, **values)])[0], "industry": "clothing"}}
    return Results(DAY, RULES, stored).stand(0)


def check_effects(table: Table) -> None:
    """Records of the usual shop."""
    stand = usual()
    for row in table.rows:
        found = effects_on_total(
            stand,
            row["metric"],
            np.array([float(row["weight"])]),
            np.array([int(row["num"])]),
            np.array([int(row["den"])]),
        )
        assert float(row["effect"]) == pytest.approx(found[0], abs=EXACT)


def check_gaps(table: Table) -> None:
    """Ways of a shop that answers slowly to a total."""
    found = gaps_to(usual(reply_3min_rate=(0.6, 50)), 4.6)
    assert [row["metric"] for row in table.rows] == [gap.metric for gap in found]
    for row, gap in zip(table.rows, found, strict=True):
        assert float(row["now"]) == pytest.approx(gap.current, abs=EXACT)
        assert float(row["best total"]) == pytest.approx(gap.best_total, abs=EXACT)
        needed = float(row["needed"]) if row["needed"] else None
        assert gap.value == (needed if needed is None else pytest.approx(needed, abs=1e-6))
        assert row["records"] == ("" if gap.records is None else str(gap.records))


def check_steps(table: Table) -> None:
    """Consultations of four days, everything else standing still."""
    before, known, window = (reply_days(*cells) for cells in REPLIES)
    nights = [
        night(days, day=DAY - timedelta(days=back)) for days, back in ((before[1:], 1), (window, 0))
    ]
    found = change_parts(
        Night(nights[0].stand(0), nights[0].by_shop[0]["total"]),
        nights[0].stand(0),
        Night(nights[1].stand(0), nights[1].by_shop[0]["total"]),
        turn_of(window, 0),
    )
    assert [row["part"] for row in table.rows] == ["", *found.parts]
    windows: list[Any] = [before[1:], before[1:], known[1:], known[1:-1], window, window, window]
    for row, days, points in zip(table.rows, windows, [0, *found.parts.values()], strict=True):
        receipt = night(days).by_shop[0]["metrics"]["reply_3min_rate"]
        for name, part in (("weighted num", "wnum"), ("weighted den", "wden"), ("value", "value")):
            assert float(row[name]) == pytest.approx(receipt[part], abs=EXACT)
        assert float(row["points"]) == pytest.approx(points, abs=EXACT)


# Consultations (in time, all) on the days 181, 46 and 1 before the date: as they were known
# yesterday, as they are known today, and with the day that came.
REPLIES = (
    ((10, 10), (40, 50), (0, 0)),
    ((10, 10), (44, 50), (0, 0)),
    ((10, 10), (44, 50), (2, 10)),
)


def reply_days(*cells: tuple[int, int]) -> Integers:
    """Days, newest first, of one usual shop with these consultations."""
    window = np.zeros((RULES.window_days + 1, 1, len(STORED_COLUMNS)), dtype=np.int64)
    window[1, 0, 0] = 200
    for stem, (value, den) in USUAL.items():
        place = STORED_COLUMNS.index(f"{stem}_num")
        scale = 3600 if "hours" in stem else 1
        window[1, 0, place : place + 2] = round(value * den * scale), den
    place = STORED_COLUMNS.index("reply_3min_rate_num")
    window[1, 0, place : place + 2] = 0
    for age, pair in zip((181, 46, 1), cells, strict=True):
        window[age - 1, 0, place : place + 2] = pair
    return window


def check_levels(table: Table) -> None:
    """Shops with as many orders every week and one complaint in each of the newest weeks."""
    weeks = 25
    num, den = np.zeros((weeks, len(table.rows))), np.zeros((weeks, len(table.rows)))
    for place, row in enumerate(table.rows):
        den[:, place] = int(row["orders"]) / weeks
        num[: int(row["complaints"]), place] = 1
    line = RULES.metrics["dispute_rate"].anchors["dispute_rate"]
    weekly = Weekly(num, den, is_share=True, typical=float(line.x.std()))
    found = stem_level(weekly, compiled_outlook_rules())
    for place, row in enumerate(table.rows):
        assert float(row["rate"]) == pytest.approx(int(row["complaints"]) / int(row["orders"]))
        assert float(row["level"]) == pytest.approx(found.mean[0, place], abs=1e-6)


CHECKS: dict[tuple[str, ...], Callable[[Table], None]] = {
    ("metric", "num", "den", "weight", "effect"): check_effects,
    ("metric", "now", "needed", "records", "best total"): check_gaps,
    ("part", "weighted num", "weighted den", "value", "points"): check_steps,
    ("complaints", "orders", "rate", "level"): check_levels,
}
