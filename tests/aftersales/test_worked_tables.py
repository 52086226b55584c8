"""The worked tables of the document on cases are what the code computes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from aftersales.calc.case_clocks import Mark, shop_seconds, waiting_seconds
from aftersales.calc.guarantee import period_of
from shopguard.lib.days import SHANGHAI

DOCUMENT = Path(__file__).parents[2] / "docs" / "algorithms" / "after-sales.md"


def rows_of(table: str) -> Iterator[list[str]]:
    """The cells of each row of the worked table of that name."""
    after = DOCUMENT.read_text("utf-8").split(f"Worked: `{table}`", 1)[1]
    lines = after.split("\n\n", 2)[1].splitlines()
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("row", list(rows_of("period")), ids=" ".join)
def test_a_period_is_as_written(row: list[str]) -> None:
    signed, days, working, last, estimated = row
    at = datetime.strptime(signed, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    period = period_of(at, int(days), working_days=working == "yes")
    assert period.last.isoformat() == last
    assert period.is_estimated == (estimated == "yes")


@pytest.mark.parametrize("row", list(rows_of("waiting")), ids=" ".join)
def test_whose_time_it_is_is_as_written(row: list[str]) -> None:
    carried, events, until, buyer, shop = row
    marks = [Mark(int(at), state) for at, state in (one.split() for one in events.split(", "))]
    waiting = waiting_seconds(marks, int(until), carried=int(carried))
    assert (waiting, shop_seconds(0, int(until), waiting)) == (int(buyer), int(shop))
