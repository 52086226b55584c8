"""Lines of shops with a known cause of returns, or with none: what findings are measured on.

A clean shop differs from SKU to SKU in nothing but chance. A planted one has one cause whose own
test would find it at least 99 times in 100, had it been the only one asked after the correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftersales.calc.exact import hypergeometric_midp

DAY = 1_700_000_000 // 86_400 * 86_400
PROVINCES = ("广东省", "浙江省", "江苏省", "四川省", "北京市", "山东省", "河南省", "福建省")
COURIERS = ("顺丰", "中通", "圆通")
REASONS = ("不想要", "尺码不合适", "质量问题", "与描述不符", "其他", "发错货")
HOUR_WEIGHTS = np.array([2, 1, 1, 1, 1, 1, 2, 3, 4, 6, 7, 7, 6, 6, 6, 6, 6, 6, 7, 8, 9, 9, 7, 4.0])
CORRECTED, POWER, DRAWS = 0.05 / 1_000, 0.99, 400
Cut = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Planted:
    """The lines of a shop, and the cut its cause shows in (empty for a clean shop)."""

    lines: pd.DataFrame
    cut: Cut


def clean_shop(rng: np.random.Generator, shop: int = 0) -> Planted:
    """A shop in which nothing is the cause of anything."""
    lines = _goods(rng, shop)
    hit = rng.random(len(lines)) < rng.uniform(0.02, 0.15)
    return Planted(_with_cases(rng, lines, hit), ())


def planted_shop(rng: np.random.Generator, shop: int = 0) -> Planted:
    """A shop with one cause; shops too small for any are drawn again."""
    while True:
        lines = _goods(rng, shop)
        base, high = rng.uniform(0.03, 0.12), rng.uniform(0.2, 0.5)
        cut, inside = _cause(rng, lines)
        if cut[-1][0] in ("days_after_order", "reason"):
            found = _share(rng, lines, cut)
            if found is not None:
                return found
            continue
        if 20 <= inside.sum() <= len(lines) / 2 and _power(rng, inside, base, high) >= POWER:
            hit = rng.random(len(lines)) < np.where(inside, high, base)
            return Planted(_with_cases(rng, lines, hit), cut)


def _goods(rng: np.random.Generator, shop: int) -> pd.DataFrame:
    count = int(np.exp(rng.uniform(np.log(300), np.log(6_000))))
    products = int(rng.integers(3, 25))
    weights = 1 / np.arange(1, products + 1) ** 0.7
    product = rng.choice(products, count, p=weights / weights.sum())
    colour, size = rng.integers(0, 2, count), rng.integers(0, 3, count)
    hour = rng.choice(24, count, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
    placed = DAY - 8 * 3_600 - rng.integers(3, 90, count) * 86_400 + hour * 3_600
    price = rng.choice([3_900, 8_900, 15_900, 29_900, 69_900], products)
    replies = np.array([-1, -2, 20, 90, 300, 1_500])

    def text(names: np.ndarray) -> pd.Categorical:
        return pd.Categorical(names)

    return pd.DataFrame(
        {
            "shop": shop,
            "line": np.arange(count),
            "placed": placed + rng.integers(0, 3_600, count),
            "quantity": 1,
            "paid": price[product],
            "promotion": (rng.random(count) < 0.3).astype(int),
            "reply": rng.choice(replies, count, p=[0.6, 0.04, 0.16, 0.1, 0.06, 0.04]),
            "product": text(np.char.mod("P%d", product)),
            "sku": text(np.char.mod("P%d", product) + np.char.mod("-%d", colour * 3 + size)),
            "spec": text(np.char.mod("C%d", colour) + np.char.mod("/S%d", size)),
            "category": text(np.char.mod("K%d", product % 4)),
            "channel": text(np.where(rng.random(count) < 0.25, "live", "normal")),
            "province": text(rng.choice(PROVINCES, count)),
            "courier": text(rng.choice(COURIERS, count, p=[0.5, 0.3, 0.2])),
        }
    )


def _with_cases(
    rng: np.random.Generator, lines: pd.DataFrame, hit: np.ndarray, days: np.ndarray | None = None,
    reasons: np.ndarray | None = None,
) -> pd.DataFrame:  # fmt: skip
    count = len(lines)
    days = rng.integers(2, 12, count) if days is None else days
    reason = rng.choice(REASONS, count) if reasons is None else reasons
    # At the same hour of a later day, so that the day counted from placing is the day drawn.
    applied = lines["placed"] + days * 86_400
    is_quality = hit & np.isin(reason, ("质量问题", "与描述不符", "发错货"))
    return lines.assign(
        applied=np.where(hit, applied, -1),
        refunded=np.where(hit, lines["paid"], -1),
        reason=pd.Categorical(np.where(hit, reason, "")),
        is_quality=is_quality.astype(int),
        quality_refunded=np.where(is_quality, lines["paid"], -1),
    )


def _cause(rng: np.random.Generator, lines: pd.DataFrame) -> tuple[Cut, np.ndarray]:
    """Where the cause lies, and which lines it is in."""
    sku = str(rng.choice(lines["sku"].to_numpy()))
    hour = int(rng.integers(14, 23))
    hours = (lines["placed"] + 8 * 3_600) % 86_400 // 3_600
    is_sku = (lines["sku"] == sku).to_numpy()
    causes: list[tuple[Cut, np.ndarray]] = [
        ((("sku", sku),), is_sku),
        ((("hour_from", str(hour)),), (hours >= hour).to_numpy()),
        ((("sku", sku), ("channel", "live")), is_sku & (lines["channel"] == "live").to_numpy()),
        ((("courier", "圆通"),), (lines["courier"] == "圆通").to_numpy()),
        ((("province", "四川省"),), (lines["province"] == "四川省").to_numpy()),
        ((("reply_bucket", "never"),), (lines["reply"] == -2).to_numpy()),
        ((("sku", sku), ("days_after_order", "3")), is_sku),
        ((("reason", "尺码不合适"),), is_sku),
    ]
    return causes[int(rng.integers(len(causes)))]


def _power(rng: np.random.Generator, inside: np.ndarray, base: float, high: float) -> float:
    """How often the cause's own test passes when rows hit at these rates."""
    n, rest = int(inside.sum()), int((~inside).sum())
    k, outside = rng.binomial(n, high, DRAWS), rng.binomial(rest, base, DRAWS)
    sizes = np.full(DRAWS, n), k, np.full(DRAWS, n + rest), k + outside
    return float((hypergeometric_midp(*sizes) <= CORRECTED).mean())


def _share(rng: np.random.Generator, lines: pd.DataFrame, cut: Cut) -> Planted | None:
    """A shop whose cause shows in a share of its returns; None when too few come back."""
    hit = rng.random(len(lines)) < rng.uniform(0.06, 0.15)
    if cut[0][0] == "reason":
        share, others = rng.uniform(0.45, 0.6), [r for r in REASONS if r != cut[0][1]]
        if hit.sum() < 20 / (share - 1 / 3) ** 2 / 2:
            return None
        is_cause = rng.random(len(lines)) < share
        reasons = np.where(is_cause, cut[0][1], rng.choice(others, len(lines)))
        return Planted(_with_cases(rng, lines, hit, reasons=reasons), cut)
    inside = (lines["sku"] == cut[0][1]).to_numpy()
    if (hit & inside).sum() < 25 or (hit & ~inside).sum() < 60:
        return None
    usual = rng.integers(2, 12, len(lines))
    days = np.where(inside & (rng.random(len(lines)) < 0.6), 3, usual)
    return Planted(_with_cases(rng, lines, hit, days=days), cut)
