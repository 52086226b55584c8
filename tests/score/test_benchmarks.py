"""A benchmark table takes the place of ranks among local shops."""

from collections.abc import Mapping
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.benchmarks import CUTOFFS, Benchmark, benchmarks_in_force
from servicescore.calc.ranking import benchmark_line, goodness
from servicescore.metrics import metrics
from servicescore.models import BenchmarkRow, ScoreRevision
from servicescore.selectors.receipts import receipts_recomputed
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Run, Shop
from tests.factories import START
from tests.score.comparing import differing_cells
from tests.score.figures import RULES, score, scores, shop
from tests.score.landing import land, make_run
from tests.score.markets import DAY, FEW, random_market
from tests.score.reference import reference_scores, relative

REPLY = (0.40, 0.60, 0.75, 0.85, 0.95)
DISPUTES = (0.02, 0.01, 0.005, 0.002, 0.0)
RULE_SET = "service-score-2022"


def table(metric: str, cutoffs: tuple[float, ...], mode: str = "", as_of: date = DAY) -> Benchmark:
    return Benchmark(metric, mode, as_of, cutoffs, "行业协会")


def worth(values: list[float], cutoffs: tuple[float, ...], metric: str) -> list[float]:
    better = metrics()[metric].better
    line = benchmark_line(table(metric, cutoffs), better, RULES)
    return line.at(goodness(np.array(values), better)).tolist()


def test_cut_offs_are_worth_the_scores_of_the_curve() -> None:
    assert worth(list(REPLY), REPLY, "reply_3min_rate") == [3.5, 4.2, 4.6, 4.8, 5.0]
    assert worth(list(DISPUTES), DISPUTES, "dispute_rate") == [3.5, 4.2, 4.6, 4.8, 5.0]


def test_above_the_last_it_is_flat_and_below_the_first_it_falls_over_one_step() -> None:
    found = worth([1.0, 0.30, 0.20, 0.10], REPLY, "reply_3min_rate")
    assert found == pytest.approx([5.0, 3.25, 3.0, 3.0])
    found = worth([0.025, 0.03, 0.5], DISPUTES, "dispute_rate")
    assert found == pytest.approx([3.25, 3.0, 3.0])


def test_of_equal_cut_offs_the_better_one_counts() -> None:
    assert worth([0.0, 1e-9], (0.02, 0.01, 0.0, 0.0, 0.0), "dispute_rate")[0] == 5.0
    assert worth([0.9, 0.89], (0.9,) * 5, "reply_3min_rate") == [5.0, 3.0]


def test_a_shop_alone_is_scored_by_benchmark_and_anchors_and_is_no_estimate() -> None:
    tables = {name: table(name, REPLY) for name in ["reply_3min_rate"]}
    receipt = scores([shop(reply_3min_rate=(0.80, 50))], benchmarks=tables)[0]["metrics"][
        "reply_3min_rate"
    ]
    assert receipt["score"] == pytest.approx((4.7 + 4.6) / 2)
    assert receipt["percentile"] is None
    assert receipt["estimate"] is False
    assert receipt["benchmark"] == {
        "as_of": DAY.isoformat(), "trade_mode": "", "cutoffs": list(REPLY), "source": "行业协会",
    }  # fmt: skip


def test_among_ten_peers_the_benchmark_still_decides() -> None:
    tables = {"reply_3min_rate": table("reply_3min_rate", REPLY)}
    market = [shop(reply_3min_rate=(0.80, 50)), *(shop() for _ in range(9))]
    receipt = scores(market, benchmarks=tables)[0]["metrics"]["reply_3min_rate"]
    assert receipt["percentile"] is None
    assert receipt["score"] == pytest.approx((4.7 + 4.6) / 2)
    assert receipt["peers"] == 10


def test_without_a_benchmark_for_every_metric_the_rest_stays_an_estimate() -> None:
    tables = {"reply_3min_rate": table("reply_3min_rate", REPLY)}
    assert scores([shop()], benchmarks=tables)[0]["estimate"] is True
    every = {stem: table(m.id, REPLY) for m in metrics().values() for stem in m.stems}
    assert scores([shop()], benchmarks=every)[0]["estimate"] is False


def test_below_its_minimum_a_metric_is_not_measured() -> None:
    tables = {"reply_3min_rate": table("reply_3min_rate", REPLY)}
    market = [shop(reply_3min_rate=(0.80, 19))]
    assert scores(market, benchmarks=tables)[0]["metrics"]["reply_3min_rate"]["score"] is None


def test_an_industry_that_is_never_scored_has_no_use_for_one() -> None:
    tables = {"reply_3min_rate": table("reply_3min_rate", REPLY)}
    receipt = scores([shop()], "local_life", benchmarks=tables)[0]["metrics"]["reply_3min_rate"]
    assert (receipt["score"], receipt["benchmark"]) == (None, None)


def test_a_trade_mode_may_have_a_benchmark_and_another_its_ranks() -> None:
    tables = {"pay_to_sign_hours_bonded": table("pay_to_sign_hours", (240, 200, 180, 120, 90))}
    modes = {"pay_to_sign_hours_domestic": (72, 30), "pay_to_sign_hours_bonded": (180, 10)}
    market = [shop(**modes), *(shop() for _ in range(9))]
    receipt = scores(market, benchmarks=tables)[0]["metrics"]["pay_to_sign_hours"]
    assert receipt["modes"]["domestic"]["percentile"] == 1.0
    assert receipt["modes"]["bonded"]["percentile"] is None
    assert receipt["modes"]["bonded"]["score"] == pytest.approx((4.6 + 3.5) / 2)
    assert (receipt["percentile"], receipt["estimate"]) == (None, False)


def test_the_newest_row_up_to_the_day_counts_a_row_of_the_mode_first() -> None:
    old, new, later = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 4, 1))
    rows = [
        table("pay_to_sign_hours", (9, 8, 7, 6, 5), "", new),
        table("pay_to_sign_hours", (8, 7, 6, 5, 4), "bonded", old),
        table("pay_to_sign_hours", (7, 6, 5, 4, 3), "", old),
        table("pay_to_sign_hours", (6, 5, 4, 3, 2), "bonded", later),
    ]
    found = benchmarks_in_force(rows, metrics().values(), date(2024, 3, 1))
    chosen = {stem: row.cutoffs[0] for stem, row in found.items()}
    assert chosen == {
        "pay_to_sign_hours_domestic": 9,
        "pay_to_sign_hours_bonded": 8,
        "pay_to_sign_hours_direct": 9,
    }
    assert benchmarks_in_force(rows, metrics().values(), date(2023, 12, 31)) == {}


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 1, width=16), min_size=5, max_size=5).map(sorted),
    st.floats(-0.5, 1.5, width=16),
    st.sampled_from(["reply_3min_rate", "dispute_rate"]),
)
def test_a_value_is_worth_what_the_second_reading_says(
    cutoffs: list[float], value: float, metric: str
) -> None:
    given_table = cutoffs if metric == "reply_3min_rate" else cutoffs[::-1]
    if len(set(cutoffs)) < len(cutoffs):
        return
    expected = relative(metric, value, None, given_table)
    assert worth([value], tuple(given_table), metric)[0] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 1, width=16), min_size=5, max_size=5).map(sorted),
    st.lists(st.floats(0, 1, width=16), min_size=2, max_size=9).map(sorted),
)
def test_a_better_value_is_never_worth_less(cutoffs: list[float], values: list[float]) -> None:
    high = worth(values, tuple(cutoffs), "reply_3min_rate")
    assert high == sorted(high)
    low = worth(values, tuple(reversed(cutoffs)), "dispute_rate")
    assert low == sorted(low, reverse=True)
    assert all(3.0 <= each <= 5.0 for each in high + low)


def market_with_benchmarks(seed: int) -> dict[str, list[dict[str, str]]]:
    """A small market and tables for about half of its metrics, old and new and of modes."""
    random = Random(seed)
    market = random_market(seed, FEW)
    market["benchmarks"] = []
    for name, metric in metrics().items():
        for mode in ("", *metric.modes):
            for as_of in ("2024-01-01", "2024-02-29", "2024-03-02"):
                if name in RULES.metrics and random.random() < 0.5:
                    market["benchmarks"].append(random_row(name, mode, as_of, random))
    return market


def random_row(name: str, mode: str, as_of: str, random: Random) -> dict[str, str]:
    anchors = next(iter(RULES.metrics[name].anchors.values())).x
    values = sorted(random.uniform(anchors[0], anchors[-1]) for _ in CUTOFFS)
    if metrics()[name].better == "low":
        values.reverse()
    cutoffs = {cut: f"{value:.12f}" for cut, value in zip(CUTOFFS, values, strict=True)}
    return {
        "industry": "clothing",
        "metric": name,
        "trade_mode": mode,
        "as_of": as_of,
        "source": "x",
        **cutoffs,
    }


def land_benchmarks(rows: list[dict[str, str]]) -> None:
    for row in rows:
        cutoffs = {name: round(float(row[name]) * BenchmarkRow.SCALE) for name in CUTOFFS}
        keys = {name: row[name] for name in ("industry", "metric", "trade_mode", "source")}
        BenchmarkRow.objects.create(
            **keys, **cutoffs, day=date.fromisoformat(row["as_of"]), as_of=START
        )


def compute(shops: Mapping[str, Shop]) -> Run:
    run = make_run(DAY)
    days_rebuild(run_id=run.pk, shop_ids=[each.pk for each in shops.values()])
    for industry in sorted({each.industry for each in shops.values()}):
        scores_compute(run_id=run.pk, industry=industry)
    return run


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 4, 7])
def test_every_column_of_the_export_agrees_with_the_second_calculation(seed: int) -> None:
    market = market_with_benchmarks(seed)
    shops = land(market)
    land_benchmarks(market["benchmarks"])
    compute(shops)
    assert differing_cells(DAY, reference_scores(market, DAY)) == []


@pytest.mark.django_db
def test_scores_follow_from_their_receipts_after_the_table_is_gone() -> None:
    market = market_with_benchmarks(3)
    shops = land(market)
    land_benchmarks(market["benchmarks"])
    run = compute(shops)
    BenchmarkRow.objects.all().delete()
    found = receipts_recomputed(day=DAY, rule_set=RULE_SET, run_id=run.pk, industry="clothing")
    assert found
    assert [each.differences(0) for each in found] == [[]] * len(found)
    used = [m for each in found for m in each.revision.metrics.values() if m["benchmark"]]
    assert used


@pytest.mark.django_db
def test_a_table_that_came_later_makes_a_revision_that_names_it() -> None:
    market = market_with_benchmarks(3)
    shops = land(market)
    compute(shops)
    land_benchmarks(market["benchmarks"])
    compute(shops)
    newest = ScoreRevision.objects.filter(shop=shops["clothing-0"]).order_by("-revision")[0]
    assert (newest.revision, newest.cause) == (2, ScoreRevision.Cause.BENCHMARK)
    compute(shops)
    assert ScoreRevision.objects.filter(shop=shops["clothing-0"]).count() == 2


def test_a_receipt_without_a_benchmark_says_so() -> None:
    assert score()["metrics"]["dispute_rate"]["benchmark"] is None
