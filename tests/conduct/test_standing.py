"""Points, penalties and nodes stand as the golden file says, in whatever order facts came."""

import csv
import tomllib
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from shopguard.lib.days import shanghai_day
from stores.calc.standing import Case, standing_on
from stores.models import Shop
from stores.selectors.conduct import ladders_on
from stores.selectors.standing_export import HEADER
from tests.conduct.violations import stands, violation
from tests.conftest import DAY_ZERO
from tests.factories import make_shop

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "standing.toml").read_text("utf-8"))
NODES = ladders_on(DAY_ZERO)

histories = st.lists(
    st.builds(
        Case,
        id=st.sampled_from([f"v{number}" for number in range(9)]),
        kind=st.sampled_from(["general", "severe", ""]),
        points=st.sampled_from([0, 2, 5, 10, 25, 40, 100]),
        executed_at=st.integers(0, 800).map(
            lambda hours: datetime(2023, 12, 20, tzinfo=UTC) + timedelta(hours=hours)
        ),
        is_counterfeit=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda case: case.id,
)


@pytest.mark.django_db
@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: case["says"])
def test_a_shop_stands_as_the_golden_case_says(case: dict[str, Any], shop: Shop) -> None:
    for told in case["violations"]:
        violation(shop, **(GOLDEN["defaults"] | told))
    for day, *expected in case["expect"]:
        assert stands(shop, day) == [str(cell) for cell in expected], day


@given(histories, st.data())
def test_cases_in_any_order_or_twice_give_the_same(cases: list[Case], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(cases + cases[: len(cases) // 2]))
    assert standing_on(DAY_ZERO, shuffled, NODES) == standing_on(DAY_ZERO, cases, NODES)


@given(histories)
def test_points_are_those_of_the_year_and_the_carried_ones(cases: list[Case]) -> None:
    standing = standing_on(DAY_ZERO, cases, NODES)
    this_year = [case for case in cases if shanghai_day(case.executed_at).year == DAY_ZERO.year]
    counted = [
        *this_year,
        *(case for case in cases if case.is_counterfeit and case not in this_year),
    ]
    linked = sum(entry.linked for entry in standing.entries if entry.case in this_year)
    for kind, beside in (("general", 0), ("severe", linked)):
        own = sum(case.points for case in counted if case.kind == kind)
        assert standing.points[kind] == own + beside


@given(histories)
def test_each_case_starts_at_most_one_penalty_of_a_ladder(cases: list[Case]) -> None:
    for entry in standing_on(DAY_ZERO, cases, NODES).entries:
        kinds = [penalty.node.kind for penalty in entry.penalties]
        assert len(kinds) == len(set(kinds))
        assert {penalty.node for penalty in entry.penalties} <= set(entry.reached)


@pytest.mark.django_db
def test_every_shop_has_a_row_and_only_its_own_cases(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    make_shop("birch")
    violation(shop, executed="2024-03-05 10:00")
    call_command("export_standing", "--date", "2024-03-06")
    rows = list(csv.reader(StringIO(capsys.readouterr().out)))
    assert rows == [
        HEADER,
        ["birch", "2024-03-06", "0", "0", "", "25", "25"],
        ["plum", "2024-03-06", "25", "0", "general_25", "50", "25"],
    ]
