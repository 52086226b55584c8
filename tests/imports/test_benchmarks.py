"""Files of benchmarks name no shop; what cannot be a table of cut-offs comes back."""

from datetime import date

import pytest

from servicescore.models import BenchmarkRow
from servicescore.selectors.benchmarks import benchmarks_changed, benchmarks_of
from tests.imports.files import Desk, counts

pytestmark = pytest.mark.django_db

ROW = {
    "industry": "beauty", "metric": "reply_3min_rate", "trade_mode": "", "p10": "0.4",
    "p30": "0.6", "p60": "0.75", "p80": "0.85", "p95": "0.953846153846", "source": "行业协会",
    "as_of": "2024-02-01",
}  # fmt: skip


def test_a_row_is_kept_as_it_was_written(desk: Desk) -> None:
    report = desk.rows("benchmarks", ROW)
    assert counts(report) == (1, 0, 0, 0)
    (row,) = benchmarks_of("beauty")
    assert row.cutoffs == (0.4, 0.6, 0.75, 0.85, 0.953846153846)
    assert (row.as_of, row.trade_mode, row.source) == (date(2024, 2, 1), "", "行业协会")


def test_the_same_file_twice_changes_nothing_and_a_newer_one_updates(desk: Desk) -> None:
    desk.rows("benchmarks", ROW)
    came = benchmarks_changed("beauty", day=date(2024, 3, 1))
    report = desk.rows("benchmarks", ROW)
    assert counts(report) == (0, 0, 1, 0)
    report = desk.rows("benchmarks", {**ROW, "p95": "0.96"})
    assert counts(report) == (0, 1, 0, 0)
    assert benchmarks_of("beauty")[0].cutoffs[-1] == 0.96
    assert came is not None
    assert benchmarks_changed("beauty", day=date(2024, 3, 1)) >= came


def test_a_file_without_trade_modes_is_for_all_of_them(desk: Desk) -> None:
    row = {name: value for name, value in ROW.items() if name != "trade_mode"}
    assert desk.rows("benchmarks", row)["new"] == 1
    assert BenchmarkRow.objects.get().trade_mode == ""


def test_rows_of_modes_and_dates_stand_beside_each_other(desk: Desk) -> None:
    hours = {"metric": "pay_to_sign_hours", "p10": "168", "p30": "120", "p60": "96", "p80": "72"}
    base = {**ROW, **hours, "p95": "48"}
    rows = [{**base, "trade_mode": mode} for mode in ("", "bonded", "direct")]
    assert desk.rows("benchmarks", *rows, {**base, "as_of": "2024-02-02"})["new"] == 4


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"p30": "0.3"}, "p10", "从差到好"),
        ({"metric": "dispute_rate"}, "p10", "从差到好"),
        ({"metric": "weather"}, "metric", "可用值"),
        ({"trade_mode": "bonded"}, "trade_mode", "不分贸易方式"),
        ({"trade_mode": "sea"}, "trade_mode", "可用值"),
        ({"p10": "40%"}, "p10", "小数"),
        ({"p10": "-0.1"}, "p10", "小数"),
        ({"p10": ""}, "p10", "必须填写"),
        ({"industry": ""}, "industry", "编号为空"),
        ({"as_of": "soon"}, "as_of", "YYYY-MM-DD"),
        ({"as_of": "2124-01-01"}, "as_of", "晚于"),
    ],
)
def test_a_row_that_cannot_be_read_comes_back_with_its_reason(
    desk: Desk, change: dict[str, str], column: str, reason: str
) -> None:
    report = desk.rows("benchmarks", {**ROW, **change})
    assert counts(report) == (0, 0, 0, 1)
    problems = report["problems"]
    assert any(p["column"] == column and reason in p["reason"] for p in problems), problems


def test_equal_cut_offs_and_more_decimals_than_we_keep_are_taken(desk: Desk) -> None:
    row = {**ROW, "p10": "0.01234567890123456", "p30": "5e-1", "p60": "0.85"}
    assert desk.rows("benchmarks", row)["new"] == 1
    assert benchmarks_of("beauty")[0].cutoffs[:2] == (0.012345678901, 0.5)


def test_a_file_without_the_cut_offs_has_its_rows_refused(desk: Desk) -> None:
    row = {name: ROW[name] for name in ("industry", "metric", "as_of")}
    assert desk.rows("benchmarks", row)["rejected"] == 1
