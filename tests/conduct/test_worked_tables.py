"""The worked tables of the document on conduct are what the code computes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from shopguard.lib.days import SHANGHAI
from stores.calc.cases import appeal_rules, deadline
from stores.calc.standing import Case, standing_on
from stores.rules import appeal_book
from stores.selectors.conduct import ladders_on
from tests.conduct.histories import every_day, judged
from tests.conftest import DAY_ZERO
from tests.imports.files import shanghai

DOCUMENT = Path(__file__).parents[2] / "docs" / "algorithms" / "conduct.md"


def rows_of(table: str) -> Iterator[list[str]]:
    """The cells of each row of the worked table of that name."""
    after = DOCUMENT.read_text("utf-8").split(f"Worked: `{table}`", 1)[1]
    lines = after.split("\n\n", 2)[1].splitlines()
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_general_points_add_up_as_written() -> None:
    rows = list(rows_of("standing"))
    cases = [
        Case(str(number), "general", int(points), shanghai(executed))
        for number, (executed, points, *_) in enumerate(rows)
    ]
    after = DAY_ZERO + timedelta(days=400)
    for entry, (_, _, general, node, last) in zip(
        standing_on(after, cases, ladders_on(after)).entries, rows, strict=True
    ):
        assert str(entry.general) == general
        begun = next((p for p in entry.penalties if p.node.kind == "general"), None)
        assert (begun.node.id if begun else "") == node
        assert (begun.last.isoformat() if begun and begun.last else "") == last


def test_days_are_judged_as_written() -> None:
    found = judged(every_day("03-01", "04-01", in_time=2, asked=5), "03-02", "04-01")
    for day, state, level, window in rows_of("assessment"):
        row = found[day[5:], "reply_3min"]
        assert (row.state, row.level) == (state, level)
        assert f"{row.window_from} to {row.window_to}" == window


def test_the_time_to_appeal_ends_as_written() -> None:
    rules = appeal_rules(appeal_book().in_force(DAY_ZERO))
    for kind, notified, refused, last in rows_of("deadlines"):
        refused_at = shanghai(refused) if refused else None
        found = deadline(kind, shanghai(notified), refused_at, rules)
        assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" == last
