"""What a few records more are worth to a total: the same as scoring the shop with and without."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from servicescore.calc.receipts import score_content, sums_of_receipts
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import WindowSums
from servicescore.calc.worth import worth_between
from servicescore.rules import compiled_score_rules

RULES = "service-score-2022"


@pytest.fixture
def rules() -> ScoreRules:
    return compiled_score_rules(RULES)


def content_of(sums: WindowSums, rules: ScoreRules) -> dict[str, Any]:
    return score_content(industry_scores(sums, rules, "home", {}), rules, 0)


def lone_shop(rules: ScoreRules) -> WindowSums:
    """A shop without peers, so that anchors alone make its scores."""
    plain: dict[str, Any] = {"signed_orders": np.array([400])}
    weighted: dict[str, Any] = {}
    for rule in rules.metrics.values():
        for stem in rule.metric.stems:
            level = {"stars": 4.55, "fraction": 0.93, "hours": 40 * rule.metric.scale}
            num = round(level[rule.metric.unit] * 200)
            plain |= {
                f"{stem}_num": np.array([num]), f"{stem}_den": np.array([200]),
                f"{stem}_excl": np.array([0]),
            }  # fmt: skip
            weighted |= {f"{stem}_num": np.array([num * 0.4]), f"{stem}_den": np.array([80.0])}
    return WindowSums(plain=plain, weighted=weighted)


def with_more(
    content: Mapping[str, Any], rules: ScoreRules, metric: str, den: int, num: int
) -> Any:
    """The total with more records on the newest day, worked out by the nightly code."""
    sums = sums_of_receipts([content], rules)
    stem = rules.metrics[metric].metric.stems[0]
    sums.plain[f"{stem}_den"] += den
    sums.plain[f"{stem}_num"] += num
    sums.weighted[f"{stem}_den"] += den
    sums.weighted[f"{stem}_num"] += num
    return content_of(sums, rules)["total"]


@pytest.mark.parametrize("den", [1, 3, 40])
def test_worth_of_orders_in_time_is_the_difference_of_two_totals(
    rules: ScoreRules, den: int
) -> None:
    content = content_of(lone_shop(rules), rules)
    share = (
        1
        / len(rules.dimensions)
        / len(next(d.metrics for d in rules.dimensions if "ship_on_time_rate" in d.metrics))
    )
    told = worth_between(
        content["metrics"]["ship_on_time_rate"], rules.metrics["ship_on_time_rate"], rules,
        share=share, den=den, done=den, undone=0,
    )  # fmt: skip
    done = with_more(content, rules, "ship_on_time_rate", den, den)
    undone = with_more(content, rules, "ship_on_time_rate", den, 0)
    assert told == pytest.approx(done - undone, abs=2e-9)
    assert told > 0


def test_doing_it_is_never_worth_less_than_nothing(rules: ScoreRules) -> None:
    content = content_of(lone_shop(rules), rules)
    told = worth_between(
        content["metrics"]["product_rating"], rules.metrics["product_rating"], rules,
        share=0.1, den=1, done=1, undone=5,
    )  # fmt: skip
    assert told == 0.0


def test_ranked_shops_are_told_the_part_of_the_anchors_only(rules: ScoreRules) -> None:
    receipt = content_of(lone_shop(rules), rules)["metrics"]["ship_on_time_rate"]
    rule = rules.metrics["ship_on_time_rate"]
    told = [
        worth_between(one, rule, rules, share=0.1, den=3, done=3, undone=0)
        for one in (receipt, receipt | {"percentile": 0.5})
    ]
    assert told[1] == pytest.approx(told[0] * (1 - rules.rank_share))
