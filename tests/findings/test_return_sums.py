"""Sums by day, cut and reason are those of counting line by line; the night keeps them."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.calc.lines import lines_by_shop
from aftersales.calc.return_sums import (
    FEN,
    LATEST,
    LINES,
    QUALITY,
    RETURNS,
    ReturnSums,
    return_sums,
)
from aftersales.findings import cuts
from aftersales.models import ReturnSumsRow
from aftersales.services.return_sums import LIMITS
from tests.findings.files import DAY, import_files, market_files
from tests.findings.recipes import QUALITY as QUALITY_REASON
from tests.findings.recipes import RULES, lines_of

GROUPS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.integers(1, 30),
            "k": st.integers(0, 30),
            "product": st.sampled_from(["", "p1", "p2", "p3"]),
            "reason": st.sampled_from(["", "不想要", QUALITY_REASON]),
            "refunded": st.sampled_from([-1, 0, 990]),
            "day": st.integers(0, 6),
            "latest_quality": st.integers(0, 1),
        }
    ),
    min_size=1,
    max_size=8,
)
Group = dict[str, Any]
CHEAP = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sums_of(groups: list[Group]) -> tuple[ReturnSums, list[Group]]:
    """The sums, and the lines they are of."""
    fitting = [group | {"k": min(group["k"], group["n"])} for group in groups]
    frame = lines_of(fitting)
    told = [group for group in groups for _ in range(group["n"])]
    frame[["carrier", "lost"]] = 0
    for name in ("day", "latest_quality"):
        frame[name] = [line[name] for line in told]
    frame.loc[frame["applied"] < 0, "latest_quality"] = 0
    [(_, lines)] = lines_by_shop(frame)
    found = return_sums(lines, 7, RULES, cuts(), LIMITS, is_tested=True)
    rows = frame.to_dict("records")
    return found, [{str(key): value for key, value in row.items()} for row in rows]


@CHEAP
@given(GROUPS)
def test_days_and_products_sum_up_to_the_lines(groups: list[Group]) -> None:
    found, lines = sums_of(groups)
    back = [line for line in lines if line["applied"] >= 0]
    for at, day in enumerate(found.days):
        here = [line for line in lines if line["day"] == at]
        returned = [line for line in back if line["day"] == at]
        assert day[LINES] == len(here)
        assert day[RETURNS] == len(returned)
        assert day[QUALITY] == sum(line["is_quality"] for line in here)
        assert day[LATEST] == sum(line["latest_quality"] for line in here)
        assert day[FEN] == sum(max(line["refunded"], 0) for line in returned)
    told = {row[0]: (row[1 + LINES], row[1 + RETURNS]) for row in found.cuts["product"]}
    sold = Counter(line["product"] for line in lines if line["product"])
    came = Counter(line["product"] for line in back if line["product"])
    assert told == {ref: (n, came[ref]) for ref, n in sold.items()}
    assert dict(map(tuple, found.reasons)) == Counter(line["reason"] for line in back)


@CHEAP
@given(GROUPS)
def test_the_heat_map_counts_every_return_of_a_product_once(groups: list[Group]) -> None:
    found, lines = sums_of(groups)
    back = Counter(
        (line["product"], line["reason"])
        for line in lines
        if line["applied"] >= 0 and line["product"]
    )
    heat = found.heat
    told = {
        (heat["products"][i], heat["reasons"][j]): k  # type: ignore[index]
        for i, j, k, _q in heat["cells"]  # type: ignore[misc]
    }
    assert told == back


def test_a_value_that_returns_more_than_the_rest_is_marked() -> None:
    same = {"reason": "", "refunded": 0, "day": 0, "latest_quality": 0}
    groups = [same | {"n": 60, "k": 30, "product": "bad"}]
    found, _ = sums_of([*groups, same | {"n": 300, "k": 15, "product": "good"}])
    marks = {row[0]: row[-1] for row in found.cuts["product"]}
    assert float(str(marks["bad"])) < 0.001
    assert float(str(marks["good"])) > 0.9


@pytest.mark.django_db
@pytest.mark.usefixtures("buyer_keys")
def test_the_night_keeps_sums_by_every_date_basis(tmp_path: Path) -> None:
    import_files(market_files(), tmp_path)
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    rows = {row.basis: row for row in ReturnSumsRow.objects.all()}

    def counts(basis: str, day: date) -> list[int]:
        return rows[basis].days[89 - (DAY - day).days][:2]

    assert counts("signed", date(2024, 2, 9)) == [200, 22]
    assert counts("paid", date(2024, 2, 5)) == [200, 22]
    assert sum(day[LINES] for day in rows["signed"].days) == 200
    days = [counts("applied", date(2024, 2, 10) + timedelta(days=n))[1] for n in range(7)]
    back = [*range(14), *range(40, 48)]
    assert days == [sum(n % 7 == day for n in back) for day in range(7)]
