"""A large market in canonical files: plain draws, quick to write; for sizes, not for looks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20220820
SHOPS_AT_FULL_SCALE = 2_000
ORDERS_AT_FULL_SCALE = 10_000_000
INDUSTRIES = 10
WINDOW_DAYS = 180
LAST_DAY = date(2026, 6, 30)
PIECE = 500_000


@dataclass(frozen=True)
class Market:
    """The folder of files; the facts of the newest day are files of their own (`new_orders`, …)."""

    folder: Path
    orders: int

    def path(self, kind: str) -> Path:
        """File of a kind."""
        return self.folder / f"{kind}.csv"


def write_market(folder: Path, scale: float, times: int = 1) -> Market:
    """Writes the files unless they are there already; `times` as many orders for the same shops."""
    orders = int(ORDERS_AT_FULL_SCALE * scale)
    market = Market(folder, orders * times)
    done = folder / "complete"
    if done.exists():
        return market
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    shops = max(20, int(SHOPS_AT_FULL_SCALE * scale))
    _write_shops(market, shops)
    for start in range(0, market.orders, PIECE):
        count = min(PIECE, market.orders - start)
        days = rng.integers(0, WINDOW_DAYS - 1, count)
        _append(market, rng, shops, np.arange(start, start + count), days, prefix="")
    fresh = np.arange(market.orders, market.orders + max(20, orders // WINDOW_DAYS))
    _append(market, rng, shops, fresh, np.full(len(fresh), WINDOW_DAYS - 1), prefix="new_")
    done.touch()
    return market


def _write_shops(market: Market, count: int) -> None:
    number = np.arange(count)
    shops = pd.DataFrame(
        {
            "shop_id": [f"S{n:05d}" for n in number],
            "name": [f"Shop {n}" for n in number],
            "platform": "xiaohongshu",
            "industry": [f"industry-{n % INDUSTRIES}" for n in number],
        }
    )
    shops.to_csv(market.path("shops"), index=False)


def _append(
    market: Market,
    rng: np.random.Generator,
    shops: int,
    number: np.ndarray,
    days: np.ndarray,
    prefix: str,
) -> None:
    """Orders signed on these days of the window (0 the oldest) with reviews and cases of theirs."""
    count = len(number)
    signed = _midnight(days) + rng.integers(0, 86_400, count)
    shipped = signed - rng.integers(86_400, 4 * 86_400, count)
    paid = shipped - rng.integers(3_600, 3 * 86_400, count)
    shop = np.char.mod("S%05d", rng.integers(0, shops, count))
    order = np.char.mod("O%011d", number)
    orders = {
        "shop_id": shop,
        "order_id": order,
        "line_no": 1,
        "sku": np.char.mod("K%d", rng.integers(0, 50, count)),
        "quantity": 1,
        "line_paid": rng.integers(20, 300, count),
        "placed_at": _text(paid - 60),
        "paid_at": _text(paid),
        "trade_mode": "domestic",
        "shipped_at": _text(shipped),
        "collected_at": _text(shipped + 3_600),
        "signed_at": _text(signed),
        "province": "浙江省",
    }
    _write(market.path(f"{prefix}orders"), pd.DataFrame(orders))
    facts = _Facts(market, rng, shop, order, signed, prefix)
    _reviews(facts)
    _cases(facts)
    _consultations(facts)
    _complaints(facts)


@dataclass(frozen=True)
class _Facts:
    """What hangs on orders: their shop, id and time of signing, one element for each order."""

    market: Market
    rng: np.random.Generator
    shop: np.ndarray
    order: np.ndarray
    signed: np.ndarray
    prefix: str

    def some(self, share: float) -> np.ndarray:
        """Which orders have one."""
        return self.rng.random(len(self.order)) < share

    def write(self, kind: str, chosen: np.ndarray, letter: str, columns: dict[str, object]) -> None:
        """One row for each chosen order."""
        name = {"aftersales": "case_id"}.get(kind, f"{kind.removesuffix('s')}_id")
        given = {
            "shop_id": self.shop[chosen],
            name: np.char.add(letter, self.order[chosen]),
            "order_id": self.order[chosen],
        }
        _write(self.market.path(f"{self.prefix}{kind}"), pd.DataFrame(given | columns))


def _reviews(facts: _Facts) -> None:
    chosen = facts.some(0.3)
    columns = {
        "rating": facts.rng.choice([5, 5, 5, 5, 4, 3, 1], int(chosen.sum())),
        "created_at": _text(facts.signed[chosen] + 86_400),
    }
    facts.write("reviews", chosen, "R", columns)


def _cases(facts: _Facts) -> None:
    chosen = facts.some(0.08)
    count = int(chosen.sum())
    columns = {
        "kind": facts.rng.choice(["return_refund", "refund_shipped"], count),
        "reason": facts.rng.choice(["质量问题", "不喜欢", "尺码不合适"], count),
        "applied_at": _text(facts.signed[chosen] + 3_600),
        "closed_at": _text(facts.signed[chosen] + facts.rng.integers(7_200, 90_000, count)),
        "outcome": "completed",
    }
    facts.write("aftersales", chosen, "C", columns)


def _consultations(facts: _Facts) -> None:
    chosen = facts.some(0.4)
    count = int(chosen.sum())
    columns = {
        "started_at": _text(facts.signed[chosen]),
        "started_by": "buyer",
        "queue_seconds": facts.rng.integers(0, 30, count),
        "first_reply_seconds": facts.rng.integers(5, 240, count),
        "longest_gap_seconds": facts.rng.integers(5, 260, count),
    }
    facts.write("consultations", chosen, "Q", columns)


def _complaints(facts: _Facts) -> None:
    chosen = facts.some(0.004)
    columns = {"opened_at": _text(facts.signed[chosen] + 7_200), "outcome": "upheld"}
    facts.write("complaints", chosen, "D", columns)


def _midnight(days: np.ndarray) -> np.ndarray:
    """Seconds since 1970 of 00:00 on days of the window, as a wall clock in Shanghai shows them."""
    first = (LAST_DAY - timedelta(days=WINDOW_DAYS - 1) - date(1970, 1, 1)).days
    midnight: np.ndarray = (first + days) * 86_400
    return midnight


def _text(seconds: np.ndarray) -> pd.Series:
    return pd.Series(seconds.astype("datetime64[s]")).dt.strftime("%Y-%m-%d %H:%M:%S")


def _write(path: Path, rows: pd.DataFrame) -> None:
    rows.to_csv(path, index=False, mode="a", header=not path.exists())
