"""Window sums of made-up shops, for tests of what is computed from them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.receipts import score_content
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import WindowSums
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules

RULES = compiled_score_rules("service-score-2022")
SCALES = {stem: metric.scale for metric in metrics().values() for stem in metric.stems}

# A shop like any other: everything present, and no metric at an end of its anchors.
USUAL: Mapping[str, tuple[float, int]] = {
    "product_rating": (4.7, 40),
    "quality_refund_rate": (0.015, 200),
    "ship_on_time_rate": (0.98, 200),
    "pay_to_sign_hours_domestic": (72, 200),
    "refund_only_hours": (12, 20),
    "return_refund_hours": (48, 20),
    "reply_3min_rate": (0.80, 50),
    "dispute_rate": (0.005, 200),
}


def shop(signed: int = 200, **values: tuple[float, int] | None) -> dict[str, Any]:
    """A usual shop with some metrics (or trade modes) given as (value, n), None for nothing."""
    given = {**USUAL, **values}
    return {"signed": signed, **{stem: pair for stem, pair in given.items() if pair}}


def sums_of(shops: Sequence[Mapping[str, Any]]) -> WindowSums:
    """The sums of shops whose events all have weight 1."""
    dens = {stem: np.array([row.get(stem, (0, 0))[1] for row in shops]) for stem in SCALES}
    nums = {
        stem: np.array([row.get(stem, (0, 0))[0] for row in shops]) * dens[stem] * scale
        for stem, scale in SCALES.items()
    }
    none = np.zeros(len(shops), dtype=np.int64)
    plain = {"signed_orders": np.array([row["signed"] for row in shops], dtype=np.int64)}
    for stem in SCALES:
        plain[f"{stem}_num"] = np.round(nums[stem]).astype(np.int64)
        plain[f"{stem}_den"] = dens[stem].astype(np.int64)
        plain[f"{stem}_excl"] = none
    weighted = {f"{stem}_num": nums[stem].astype(np.float64) for stem in SCALES}
    weighted |= {f"{stem}_den": dens[stem].astype(np.float64) for stem in SCALES}
    return WindowSums(plain=plain, weighted=weighted)


def scores(
    shops: Sequence[Mapping[str, Any]],
    industry: str = "clothing",
    rules: ScoreRules = RULES,
    benchmarks: Mapping[str, Benchmark] | None = None,
) -> list[dict[str, Any]]:
    """What would be stored for each of the shops, which are each other's peers."""
    found = industry_scores(sums_of(shops), rules, industry, benchmarks or {})
    return [score_content(found, rules, place) for place in range(len(shops))]


def score(industry: str = "clothing", signed: int = 200, **values: Any) -> dict[str, Any]:
    """The score of a shop that is alone in its industry."""
    return scores([shop(signed, **values)], industry)[0]
