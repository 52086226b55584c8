"""Every table of the document on the score is what the code computes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from servicescore.calc.benchmarks import CUTOFFS, Benchmark
from servicescore.calc.ranking import benchmark_line, percentiles, scored
from servicescore.calc.rules import Floats
from servicescore.calc.scoring import states_of, totals_of
from servicescore.calc.stars import stars_of
from servicescore.calc.windows import dense_window, window_sums
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules, score_book
from tests.score.figures import RULES, score
from tests.score.landing import land
from tests.score.test_golden import counts
from tests.score.worked_tables import Table, tables

SHOP = {"shop_id": "plum", "industry": "clothing"}
ORDER = {"order_id": "o1", "placed_at": "2024-02-01 09:00", "paid_at": "2024-02-01 10:00"}
ORDER_COLUMNS = {
    *("placed_at", "paid_at", "is_cod", "trade_mode", "promised_ship_at"),
    *("shipped_at", "collected_at", "signed_at", "cancelled_at"),
}
# The kind of record a metric is about beside the order, and what a table does not show of it.
RECORDS: dict[str, tuple[str, dict[str, str]]] = {
    "product_rating": ("reviews", {"review_id": "r1", "order_id": "o1"}),
    "quality_refund_rate": (
        "aftersales",
        {"case_id": "c1", "order_id": "o1", "applied_at": "2024-02-09 10:00"},
    ),
    "refund_only_hours": ("aftersales", {"case_id": "c1", "order_id": "o1"}),
    "return_refund_hours": ("aftersales", {"case_id": "c1", "order_id": "o1"}),
    "reply_3min_rate": ("consultations", {"consultation_id": "q1"}),
    "dispute_rate": ("complaints", {"complaint_id": "t1", "order_id": "o1"}),
}
EXACT = 1e-9


@pytest.mark.django_db
@pytest.mark.parametrize("table", tables(), ids=str)
def test_a_table_of_the_document_is_true(table: Table) -> None:
    """Whatever a table shows, the code gives the same figures."""
    check = CHECKS.get(table.header)
    if check is None and {"day", "num", "den"} <= set(table.header):
        check = check_counted
    assert check is not None, f"no check knows the table {table}"
    check(table)


def check_counted(table: Table) -> None:
    """Records with what each adds to its day."""
    for place, row in enumerate(table.rows):
        shop = {**SHOP, "shop_id": f"{table.metric}-{place}"}
        landed = land(facts_of(table.metric, shop, row))
        found = [(str(day), *parts[:2]) for (day, _), parts in counts(table.metric).items()]
        expected = [(row["day"], int(row["num"]), int(row["den"]))] if row["day"] else []
        assert found == expected, row
        landed[shop["shop_id"]].delete()


def facts_of(metric: str, shop: dict[str, str], row: dict[str, str]) -> dict[str, Any]:
    """The order and the record a row speaks of."""
    given = {name: cell for name, cell in row.items() if name not in ("day", "num", "den")}
    order = {name: cell for name, cell in given.items() if name in ORDER_COLUMNS}
    files: dict[str, Any] = {"shops": [shop], "orders": [{**shop, **ORDER, **order}]}
    if metric in RECORDS:
        kind, hidden = RECORDS[metric]
        record = {name: cell for name, cell in given.items() if name not in ORDER_COLUMNS}
        files[kind] = [{**shop, **hidden, **record}]
    return files


def check_anchors(table: Table) -> None:
    """Values with what they are worth by the anchors of the metric."""
    name = table.metric
    rules = RULES if name in RULES.metrics else compiled_score_rules("shop-score")
    for row in table.rows:
        mode = row.get("trade mode", "")
        line = rules.metrics[name].anchors[f"{name}_{mode}" if mode else name]
        assert float(row["absolute score"]) == pytest.approx(
            one(line.at(numbers(row["value"]))), abs=EXACT
        )


def check_window(table: Table) -> None:
    """A window of three days and one too old, and its weighted sums."""
    *days, last = table.rows
    inside = [row for row in days if int(row["age"]) <= RULES.window_days]
    assert len(inside) < len(days), "the table shows a day outside the window"
    rows = np.array([[int(row["num"]), int(row["den"])] for row in inside], dtype=np.int64)
    ages = np.array([int(row["age"]) for row in inside])
    window = dense_window(
        np.zeros(len(inside), dtype=np.int64), ages, rows, shops=1, days=RULES.window_days
    )
    sums = window_sums(window, ["num", "den"], RULES.half_life)
    assert float(last["weighted num"]) == pytest.approx(sums.weighted["num"][0], abs=EXACT)
    assert float(last["weighted den"]) == pytest.approx(sums.weighted["den"][0], abs=EXACT)
    for row in days:
        weight = 0.5 ** ((int(row["age"]) - 1) / RULES.half_life) if row in inside else 0
        assert float(row["weight"]) == pytest.approx(weight, abs=EXACT)
        assert float(row["weighted num"]) == pytest.approx(weight * int(row["num"]), abs=EXACT)
        assert float(row["weighted den"]) == pytest.approx(weight * int(row["den"]), abs=EXACT)


def check_minima(table: Table) -> None:
    """Every metric's least n."""
    shown = {row["metric"]: int(row["least n"]) for row in table.rows}
    assert shown == {name: rule.minimum for name, rule in RULES.metrics.items()}


def check_ranks(table: Table) -> None:
    """Ten shops, their percentiles and what those are worth."""
    values = numbers(*(row["rating"] for row in table.rows))
    ranks = percentiles(values, better="high", peers=RULES.peers, decimals=RULES.decimals)
    assert [float(row["percentile"]) for row in table.rows] == pytest.approx(
        ranks.tolist(), abs=EXACT
    )
    worth = RULES.curve.at(ranks).tolist()
    assert [float(row["worth"]) for row in table.rows] == pytest.approx(worth, abs=EXACT)


def check_curve(table: Table) -> None:
    """The points of the curve."""
    assert [float(cell) for cell in table.header[1:]] == RULES.curve.x.tolist()
    assert [float(cell) for cell in list(table.rows[0].values())[1:]] == RULES.curve.y.tolist()


def check_blend(table: Table) -> None:
    """Half rank, half value; the value alone where there is no rank."""
    anchors = RULES.metrics["reply_3min_rate"].anchors["reply_3min_rate"]
    for row in table.rows:
        absolute = one(anchors.at(numbers(row["value of reply_3min_rate"])))
        assert float(row["absolute score"]) == pytest.approx(absolute, abs=EXACT)
        expected = absolute
        if row["percentile"]:
            worth = one(RULES.curve.at(numbers(row["percentile"])))
            assert float(row["worth"]) == pytest.approx(worth, abs=EXACT)
            expected = RULES.rank_share * worth + (1 - RULES.rank_share) * absolute
        assert float(row["metric score"]) == pytest.approx(expected, abs=EXACT)


def check_benchmark(table: Table) -> None:
    """Half the place between cut-offs, half the value."""
    name = "reply_3min_rate"
    for row in table.rows:
        cutoffs = tuple(float(row[cut]) for cut in CUTOFFS)
        benchmark = Benchmark(name, "", date(2024, 3, 1), cutoffs, "")
        value = numbers(row["value of reply_3min_rate"])
        worth = benchmark_line(benchmark, "high", RULES).at(value)
        assert float(row["worth"]) == pytest.approx(one(worth), abs=EXACT)
        found = scored(value, RULES.metrics[name].anchors[name], "high", RULES, benchmark)
        absolute = one(RULES.metrics[name].anchors[name].at(value))
        assert float(row["absolute score"]) == pytest.approx(absolute, abs=EXACT)
        assert float(row["metric score"]) == pytest.approx(one(found.score), abs=EXACT)


def check_modes(table: Table) -> None:
    """A shop alone in its industry with orders of three trade modes."""
    *modes, last = table.rows
    given = {
        f"pay_to_sign_hours_{row['trade mode']}": (float(row["hours"]), int(row["orders"]))
        for row in modes
    }
    receipt = score(**given)["metrics"]["pay_to_sign_hours"]
    for row in modes:
        found = receipt["modes"][row["trade mode"]]["score"]
        assert row["score"] == "" if found is None else float(row["score"]) == pytest.approx(found)
    assert int(last["orders"]) == receipt["n"]
    assert float(last["hours"]) == pytest.approx(receipt["value"], abs=EXACT)
    assert float(last["score"]) == pytest.approx(receipt["score"], abs=EXACT)


def check_totals(table: Table) -> None:
    """Dimensions to totals, stars and states, under the rule set the header names."""
    rule_set = "shop-score" if "total (shop-score)" in table.header else RULES.id
    rules = compiled_score_rules(rule_set)
    dimensions = {
        rule.id: numbers(*(row[rule.id] for row in table.rows)) for rule in rules.dimensions
    }
    totals = totals_of(dimensions, rules)
    signed = np.array([int(row["signed orders"]) for row in table.rows])
    states = states_of(dimensions, signed, rules, True)
    stars = stars_of(totals, rules.stars_from, rules.stars)
    for row, total, star, state in zip(table.rows, totals, stars, states, strict=True):
        shown = row["total"] if rule_set == RULES.id else row["total (shop-score)"]
        assert row.get("state", "scored") == state
        assert shown == "" if state != "scored" else float(shown) == pytest.approx(total, abs=EXACT)
        if state == "scored":
            assert float(row.get("stars", star)) == star


def check_stars(table: Table) -> None:
    """Totals at the edges of the stars."""
    totals = numbers(*(row["total"] for row in table.rows))
    shown = [float(row["stars"]) for row in table.rows]
    assert shown == stars_of(totals, RULES.stars_from, RULES.stars).tolist()


def numbers(*cells: str) -> Floats:
    """Cells as numbers, empty ones as unknown."""
    return np.array([float(cell) if cell else np.nan for cell in cells])


def one(values: Floats) -> float:
    """The only value."""
    return float(values[0])


DIMENSION_CELLS = ("product", "logistics", "aftersales", "consult", "dispute", "signed orders")
CHECKS: dict[tuple[str, ...], Callable[[Table], None]] = {
    ("value", "absolute score"): check_anchors,
    ("value", "trade mode", "absolute score"): check_anchors,
    ("age", "weight", "num", "den", "weighted num", "weighted den"): check_window,
    ("metric", "least n"): check_minima,
    ("rating", "percentile", "worth"): check_ranks,
    ("percentile", "0", "0.1", "0.3", "0.6", "0.8", "1"): check_curve,
    (
        "percentile",
        "worth",
        "value of reply_3min_rate",
        "absolute score",
        "metric score",
    ): check_blend,
    ("value of reply_3min_rate", *CUTOFFS, "worth", "absolute score", "metric score"): (
        check_benchmark
    ),
    ("trade mode", "orders", "hours", "score"): check_modes,
    (*DIMENSION_CELLS, "total", "stars", "state"): check_totals,
    (*DIMENSION_CELLS, "total (shop-score)"): check_totals,
    ("total", "stars"): check_stars,
}


def test_every_metric_has_a_table_of_records_and_one_of_anchors() -> None:
    """So that a new metric is explained the same way."""
    headers = [(table.metric, table.header) for table in tables() if table.metric]
    for name in metrics():
        assert any(metric == name and "num" in header for metric, header in headers)
        assert any(metric == name and "absolute score" in header for metric, header in headers)
    assert {rules.id for rules in score_book().sets} == {
        "service-score-2022",
        "shop-score",
        "experience-3d",
    }
