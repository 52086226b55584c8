"""A second, small reading of the score's definition, straight from the files and with pandas alone.

It shares no code with the calculation of the product and knows what the demo files hold, no more:
exclusions of delay reports and complaints, trade modes, ranks and anchors; benchmarks it has none.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

WINDOW, HALF_LIFE = 180, 45
POINTS = np.array([3.0, 3.5, 4.2, 4.6, 4.8, 5.0])
CUTS = np.array([0, 0.10, 0.30, 0.60, 0.80, 1])
MODES = {"domestic": (48, 1.0), "bonded": (72, 1.5), "direct": (120, 2.5)}
QUALITY = [
    "重量/数量/尺寸/规格与描述不符",
    "材质/颜色/款式与描述不符",
    "质量问题",
    "做工粗糙/有瑕疵",
    "商品破损/污渍",
    "资质/证书异常",
    "收到商品少件",
    "收到商品少件（含少配件）",
    "商家发错货",
    "空包裹",
]
RATE, HOURS = 100.0, 1 / 3600


@dataclass(frozen=True)
class Rule:
    """Dimension, least count, factor from sums to the unit of the anchors, and the anchors."""

    dimension: str
    least: int
    unit: float
    anchors: tuple[float, ...]

    @property
    def rising(self) -> bool:
        return self.anchors[-1] > self.anchors[0]


RULES = {
    "product_rating": Rule("product", 10, 1.0, (3.8, 4.2, 4.5, 4.7, 4.8, 4.9)),
    "quality_refund_rate": Rule("product", 30, RATE, (8, 5, 3, 1.5, 0.8, 0.3)),
    "ship_on_time_rate": Rule("logistics", 30, RATE, (80, 90, 95, 98, 99, 99.8)),
    "pay_to_sign_hours": Rule("logistics", 30, HOURS, (168, 120, 96, 72, 60, 48)),
    "refund_only_hours": Rule("aftersales", 5, HOURS, (72, 48, 24, 12, 6, 2)),
    "return_refund_hours": Rule("aftersales", 5, HOURS, (168, 120, 72, 48, 24, 12)),
    "reply_3min_rate": Rule("consult", 20, RATE, (30, 50, 70, 80, 90, 97)),
    "dispute_rate": Rule("dispute", 30, RATE, (4, 2, 1, 0.5, 0.2, 0.05)),
}
DIMENSIONS = ("product", "logistics", "aftersales", "consult", "dispute")
UNSCORED = {"local_life", "outdoor_services"}


def _read(folder: Path, name: str, times: tuple[str, ...] = ()) -> pd.DataFrame:
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    for column in times:
        frame[column] = pd.to_datetime(frame[column].where(frame[column].ne("")))
    return frame


class Market:
    """Daily sums by shop and metric, from the files of one folder."""

    def __init__(self, folder: Path, today: date, days: int = 380) -> None:
        self.today, self.days = pd.Timestamp(today), days
        shops = _read(folder, "shops")
        self.ids: list[str] = shops["shop_id"].tolist()
        self.industry = shops["industry"].to_numpy(dtype=object)
        self._place = {shop: place for place, shop in enumerate(self.ids)}
        self.den: dict[str, Floats] = {}
        self.num: dict[str, Floats] = {}
        orders = self._orders(folder)
        self.signed = self._sum(orders["shop_id"], orders["signed_at"], None)
        self._add_orders(folder, orders)
        self._add_cases(folder, orders)
        self._add_talk(folder)
        self._add_complaints(folder, orders)

    def _orders(self, folder: Path) -> pd.DataFrame:
        times = ("placed_at", "paid_at", "promised_ship_at", "shipped_at", "signed_at",
                 "cancelled_at", "presale_ship_by")  # fmt: skip
        orders = _read(folder, "orders", times)
        orders = orders[orders["line_no"].eq("1")].reset_index(drop=True)
        start = orders["paid_at"].where(orders["is_cod"].eq("no"), orders["placed_at"])
        allowed = orders["trade_mode"].map({mode: hours for mode, (hours, _) in MODES.items()})
        due = start + pd.to_timedelta(allowed, unit="h")
        fixed = orders["presale_ship_by"] + pd.Timedelta(seconds=86_399)
        due = due.where(orders["presale_mode"].ne("fixed"), fixed)
        after = start + pd.to_timedelta(pd.to_numeric(orders["presale_days"]) * 24, unit="h")
        due = due.where(orders["presale_mode"].ne("relative"), after)
        orders["due"] = orders["promised_ship_at"].fillna(due)
        orders["start"] = start
        return orders

    def _sum(self, shop: pd.Series, when: pd.Series, value: "pd.Series | None") -> Floats:
        day = (when.dt.normalize() - self.today).dt.days + self.days
        place = shop.map(self._place)
        inside = day.ge(0) & day.lt(self.days)
        at = (place * self.days + day.fillna(0)).astype("int64")
        weight = np.ones(len(at)) if value is None else value.to_numpy(dtype="float64")
        cells = np.bincount(
            at[inside], weight[inside.to_numpy()], minlength=len(self.ids) * self.days
        )
        return cells.reshape(len(self.ids), self.days)

    def _add(self, name: str, shop: pd.Series, when: pd.Series, value: pd.Series) -> None:
        self.num[name] = self._sum(shop, when, value)
        self.den[name] = self._sum(shop, when, None)

    def _add_orders(self, folder: Path, orders: pd.DataFrame) -> None:
        reports = _read(folder, "delay_reports")
        excluded = reports.loc[reports["decision"].eq("accepted"), "order_id"]
        kept = orders[~orders["order_id"].isin(excluded)]
        due = kept[kept["start"].notna() & kept["logistics_mode"].eq("express")]
        due = due[~(due["shipped_at"].isna() & due["cancelled_at"].le(due["due"]))]
        good = due["shipped_at"].le(due["due"]).astype(float)
        self._add("ship_on_time_rate", due["shop_id"], due["due"], good)
        came = kept[kept["signed_at"].notna() & kept["start"].notna()]
        took = (came["signed_at"] - came["start"]).dt.total_seconds()
        for mode in MODES:
            rows = came["trade_mode"].eq(mode)
            self._add(f"pay_to_sign_hours/{mode}", came.loc[rows, "shop_id"],
                      came.loc[rows, "signed_at"], took[rows])  # fmt: skip
        reviews = _read(folder, "reviews")
        reviews = reviews.merge(orders[["order_id", "signed_at"]], on="order_id")
        self._add("product_rating", reviews["shop_id"], reviews["signed_at"],
                  pd.to_numeric(reviews["rating"]))  # fmt: skip

    def _add_cases(self, folder: Path, orders: pd.DataFrame) -> None:
        cases = _read(folder, "aftersales", ("applied_at", "closed_at"))
        faulty = cases[cases["reason"].isin(QUALITY) & cases["kind"].ne("freight_only")]
        faulty = faulty.loc[faulty["outcome"].ne("cancelled"), "order_id"]
        signed = orders[orders["signed_at"].notna()]
        self._add("quality_refund_rate", signed["shop_id"], signed["signed_at"],
                  signed["order_id"].isin(faulty).astype(float))  # fmt: skip
        closed = cases[cases["closed_at"].notna() & cases["outcome"].ne("open")]
        took = (closed["closed_at"] - closed["applied_at"]).dt.total_seconds()
        only = closed["kind"].str.startswith("refund_")
        self._add("refund_only_hours", closed.loc[only, "shop_id"],
                  closed.loc[only, "closed_at"], took[only])  # fmt: skip
        sent = closed["kind"].eq("return_refund")
        own = (took - pd.to_numeric(closed["waiting_buyer_seconds"])).clip(lower=0)
        self._add("return_refund_hours", closed.loc[sent, "shop_id"],
                  closed.loc[sent, "closed_at"], own[sent])  # fmt: skip

    def _add_talk(self, folder: Path) -> None:
        asked = _read(folder, "consultations", ("started_at",))
        hour = asked["started_at"].dt.hour
        asked = asked[asked["started_by"].eq("buyer") & hour.ge(9) & hour.lt(23)]
        seconds = [
            pd.to_numeric(asked[name])
            for name in ("queue_seconds", "first_reply_seconds", "longest_gap_seconds")
        ]
        prompt = seconds[0].fillna(0).lt(180) & seconds[1].lt(180) & seconds[2].fillna(0).lt(180)
        self._add("reply_3min_rate", asked["shop_id"], asked["started_at"], prompt.astype(float))

    def _add_complaints(self, folder: Path, orders: pd.DataFrame) -> None:
        tickets = _read(folder, "complaints")
        tickets = tickets[tickets["outcome"].ne("withdrawn") & tickets["excluded_reason"].eq("")]
        signed = orders[orders["signed_at"].notna() & orders["start"].notna()]
        counts = signed["order_id"].map(tickets["order_id"].value_counts()).fillna(0)
        self._add("dispute_rate", signed["shop_id"], signed["signed_at"], counts)

    def scores(self, back: int = 0) -> "Scores":
        """The scores of the day ``back`` days before today."""
        return Scores(self, self.days - back)


class Scores:
    """Totals, dimensions and metric values of one date; NaN where there is none."""

    def __init__(self, market: Market, day: int) -> None:
        age = np.arange(1, WINDOW + 1)
        self._market, self._days = market, day - age
        self._weight = 0.5 ** ((age - 1) / HALF_LIFE)
        self.signed = market.signed[:, self._days].sum(axis=1)
        self.count: dict[str, Floats] = {}
        self.value: dict[str, Floats] = {}
        points = {name: self._points(name) for name in RULES}
        self.dimension = {
            dimension: _mean(
                [points[n] for n, rule in RULES.items() if rule.dimension == dimension]
            )
            for dimension in DIMENSIONS
        }
        table = np.stack([self.dimension[dimension] for dimension in DIMENSIONS])
        enough = (self.signed >= 30) & (np.isfinite(table).sum(axis=0) >= 3)
        scored = enough & ~np.isin(market.industry.astype(str), list(UNSCORED))
        self.total = np.where(scored, _mean(list(table)), np.nan)
        self.points = points

    def of(self, shop: str) -> float:
        """Total of one shop."""
        return float(self.total[self._market.ids.index(shop)])

    def _window(self, name: str) -> tuple[Floats, Floats, Floats]:
        market, weight = self._market, self._weight
        num, den = market.num[name][:, self._days], market.den[name][:, self._days]
        return num @ weight, den @ weight, den.sum(axis=1)

    def _points(self, name: str) -> Floats:
        rule = RULES[name]
        if name == "pay_to_sign_hours":
            return self._points_by_mode(rule)
        num, den, count = self._window(name)
        self.count[name] = count
        with np.errstate(invalid="ignore", divide="ignore"):
            self.value[name] = num / den * rule.unit
        present = np.where(count >= rule.least, self.value[name], np.nan)
        return self._score(present, rule, 1.0)

    def _points_by_mode(self, rule: Rule) -> Floats:
        sums = {mode: self._window(f"pay_to_sign_hours/{mode}") for mode in MODES}
        self.count["pay_to_sign_hours"] = sum(count for _, _, count in sums.values())
        with np.errstate(invalid="ignore", divide="ignore"):
            self.value["pay_to_sign_hours"] = (
                sum(n for n, _, _ in sums.values())
                / sum(d for _, d, _ in sums.values())
                * rule.unit
            )
        top, bottom = np.zeros(len(self._market.ids)), np.zeros(len(self._market.ids))
        for mode, (_, stretch) in MODES.items():
            num, den, count = sums[mode]
            there = (self.count["pay_to_sign_hours"] >= rule.least) & (count >= 10)
            with np.errstate(invalid="ignore", divide="ignore"):
                value = np.where(there, num / den * rule.unit, np.nan)
            points = self._score(value, rule, stretch)
            top += np.where(there, np.nan_to_num(points) * den, 0)
            bottom += np.where(there, den, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(bottom > 0, top / bottom, np.nan)

    def _score(self, value: Floats, rule: Rule, stretch: float) -> Floats:
        sign = 1.0 if rule.rising else -1.0
        absolute = np.interp(sign * value, sign * np.array(rule.anchors) * stretch, POINTS)
        result = np.full(value.size, np.nan)
        for industry in set(self._market.industry) - UNSCORED:
            peers = np.flatnonzero((self._market.industry == industry) & np.isfinite(value))
            own = np.round(sign * value[peers], 9)
            if peers.size < 10:
                result[peers] = absolute[peers]
                continue
            better = (own[:, None] >= own[None, :]).sum(axis=1) - 1
            rank = np.interp(better / (peers.size - 1), CUTS, POINTS)
            result[peers] = 0.5 * rank + 0.5 * absolute[peers]
        return result


def _mean(parts: list[Floats]) -> Floats:
    table = np.stack(parts)
    there = np.isfinite(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nansum(table, axis=0) / there.sum(axis=0)
