"""The totals to come if a shop goes on as it does now, by simulating its days.

A path is one way the days may go: whole weeks of the shop's own past, all metrics together, with
each metric brought to a level drawn from what is known of its present one. Every path is scored
on every day ahead by the code of the night, against peers that move on likewise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.levels import Levels, levels_of
from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.ranking import Field
from servicescore.calc.rivals import Peers, peers_of, rivals_of
from servicescore.calc.rules import Floats, MetricRule, ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.weekly import Days, by_week, ratio, stems_of
from servicescore.calc.windows import Integers, WindowSums, age_weights

TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Prospect:
    """What the forecasts of all shops of an industry share.

    ``ahead`` are the days on which the peers' places are worked out, one per week to come.
    """

    days: Days
    rules: ScoreRules
    outlook: OutlookRules
    industry: str
    benchmarks: Mapping[str, Benchmark]
    levels: Levels
    peers: Mapping[str, Peers]
    horizon: int


@dataclass(frozen=True)
class Band:
    """The totals expected on the days ahead, tomorrow's first; NaN where there will be none."""

    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Coming:
    """Simulated days of one shop: ``rows`` [days ahead, paths, columns] are days of its past.

    ``pool`` is from how many of the newest weeks each path draws, ``change`` how many weeks ago
    its levels changed (0 for never).
    """

    rows: Integers
    pool: Integers
    change: Integers


def prospect_of(
    days: Days,
    rules: ScoreRules,
    outlook: OutlookRules,
    industry: str,
    benchmarks: Mapping[str, Benchmark],
    horizon: int,
) -> Prospect:
    """Everything about an industry that the forecast of each of its shops needs.

    ``days`` is the window of the score date. Raises ValueError for a horizon as long as the window.
    """
    if not 0 < horizon < rules.window_days:
        raise ValueError("the days ahead must be fewer than those of the window")
    levels = levels_of(days, rules, outlook)
    middles = np.arange(0, horizon, outlook.block) + (outlook.block + 1) // 2
    ahead = np.minimum(middles, horizon)
    peers = {
        stem: peers_of(days, stem, rule, rules, levels, outlook, ahead)
        for stem, rule in stems_of(rules)
    }
    return Prospect(days, rules, outlook, industry, benchmarks, levels, peers, horizon)


def band_of(prospect: Prospect, shop: int, chance: Generator) -> Band:
    """The band of one shop, by its place among the shops; the same ``chance`` gives the same."""
    outlook = prospect.outlook
    totals = simulated(prospect, shop, chance)
    known = ~np.isnan(totals).all(axis=1)
    band = np.full((2 + 1, len(totals)), np.nan)
    if known.any():
        middle = np.nanmean(totals[known], axis=1)
        ends = np.nanquantile(totals[known], [outlook.low, outlook.high], axis=1)
        worst, best = prospect.rules.curve.y[[0, -1]]
        ends = np.clip(middle + outlook.widening * (ends - middle), worst, best)
        band[:, known] = np.clip(middle, *ends), *ends
    return Band(*band)


def simulated(prospect: Prospect, shop: int, chance: Generator) -> Floats:
    """Totals of [days ahead, paths]; NaN where a path has none."""
    coming = coming_of(prospect, shop, chance)
    sums = sums_ahead(prospect, shop, coming, chance)
    paths = prospect.outlook.paths
    rows = np.arange(prospect.horizon) // prospect.outlook.block
    field = Field(
        rated={},
        dimensions={rule.id: np.array([]) for rule in prospect.rules.dimensions},
        totals=np.array([]),
        moving={
            stem: rivals_of(peers, shop, chance.normal(size=paths), rows)
            for stem, peers in prospect.peers.items()
        },
    )
    scores = industry_scores(
        sums, prospect.rules, prospect.industry, prospect.benchmarks, field=field
    )
    return scores.total.reshape(prospect.horizon, paths)


def coming_of(prospect: Prospect, shop: int, chance: Generator) -> Coming:
    """Draw whole weeks of the shop's past for each path, as many as are needed."""
    outlook, levels, horizon = prospect.outlook, prospect.levels, prospect.horizon
    weeks, paths, block = levels.weeks[shop], outlook.paths, outlook.block
    since = chance.choice(len(levels.volume), size=paths, p=levels.volume[:, shop])
    pool = np.where(since > 0, np.minimum(since, weeks), weeks)
    drawn = np.floor(chance.random((paths, -(-horizon // block))) * pool[:, None]).astype(np.int64)
    day = np.arange(horizon)
    # The newest week is row 0 to block - 1 and its first day, that of the score date, the last.
    rows = block * drawn[:, day // block] + block - 1 - day % block
    return Coming(
        rows=prospect.days.rows[rows.T, shop],
        pool=pool,
        change=chance.choice(len(levels.chance), size=paths, p=levels.chance[:, shop]),
    )


def sums_ahead(prospect: Prospect, shop: int, coming: Coming, chance: Generator) -> WindowSums:
    """The window sums of each day ahead and path: the days that stay and those that come."""
    columns = prospect.days.columns
    signed = coming.rows[:, :, columns["signed_orders"]]
    plain, weighted = {}, {}
    plain["signed_orders"], _ = _summed(prospect, shop, "signed_orders", signed)
    for stem, rule in stems_of(prospect.rules):
        num, den, excl = (f"{stem}_{part}" for part in ("num", "den", "excl"))
        dens = coming.rows[:, :, columns[den]]
        nums = nums_coming(prospect, shop, stem, rule, coming, chance)
        plain[num], weighted[num] = _summed(prospect, shop, num, nums)
        plain[den], weighted[den] = _summed(prospect, shop, den, dens)
        plain[excl] = np.zeros_like(plain[den])
    return WindowSums(plain=plain, weighted=weighted)


def nums_coming(
    prospect: Prospect, shop: int, stem: str, rule: MetricRule, coming: Coming, chance: Generator
) -> Floats:
    """Numerators of the simulated days, brought from the past's level to the present one."""
    columns = prospect.days.columns
    nums = coming.rows[:, :, columns[f"{stem}_num"]].astype(np.float64)
    dens = coming.rows[:, :, columns[f"{stem}_den"]].astype(np.float64)
    mean, var = _level_drawn_from(prospect, shop, stem, coming, chance)
    was = _pooled(prospect, shop, stem, coming.pool) / rule.metric.scale
    if rule.metric.unit == "fraction":
        return _shares(nums, dens, was, (mean, var), rule.metric.better == "high", chance)
    if rule.metric.unit == "hours":
        # A time cannot be less than nothing, so its level is drawn from a gamma distribution.
        least = np.maximum(mean, TINY)
        level = chance.gamma(least**2 / var, var / least)
        return nums * ratio(level, was, 1)
    level = chance.normal(mean, np.sqrt(var))
    return nums + (level - np.where(was > 0, was, level)) * dens * rule.metric.scale


def _shares(
    nums: Floats,
    dens: Floats,
    was: Floats,
    level: tuple[Floats, Floats],
    is_high: bool,
    chance: Generator,
) -> Floats:
    """Of the records that counted against the shop some are left out, or further ones come.

    The level is drawn from a beta distribution, so that it can be small but not below nothing.
    """
    mean = np.clip(level[0], TINY, 1 - TINY)
    var = np.minimum(level[1], mean * (1 - mean) / 2)
    strength = mean * (1 - mean) / var - 1
    share = chance.beta(mean * strength, (1 - mean) * strength)
    rate, before = (1 - share, 1 - was) if is_high else (share, was)
    bad = np.clip(dens - nums if is_high else nums, 0, None).astype(np.int64)
    kept = chance.binomial(bad, np.minimum(ratio(rate, before, 0), 1))
    more = chance.poisson(np.maximum(rate - before, 0) * dens)
    bad = np.minimum(kept + more, dens)
    shares: Floats = dens - bad if is_high else bad
    return shares


def _level_drawn_from(
    prospect: Prospect, shop: int, stem: str, coming: Coming, chance: Generator
) -> tuple[Floats, Floats]:
    """Mean and variance of the level on each path, the metric having changed on it or not."""
    level = prospect.levels.stems[stem]
    changed = chance.random(len(coming.change)) < level.changed[coming.change, shop]
    since = np.where(changed, coming.change, 0)
    return level.mean[since, shop], np.maximum(level.var[since, shop], TINY)


def _pooled(prospect: Prospect, shop: int, stem: str, pool: Integers) -> Floats:
    """The level of the weeks each path draws from, in stored integers; 0 without any record."""
    num, den = (
        by_week(prospect.days.of(f"{stem}_{part}")[:, [shop]], prospect.outlook)[:, 0].cumsum()
        for part in ("num", "den")
    )
    return ratio(num[pool - 1], den[pool - 1], 0)


def _summed(
    prospect: Prospect, shop: int, column: str, coming: Integers | Floats
) -> tuple[Integers, Floats]:
    """Plain and weighted sums of a column on each day ahead, the paths of a day together."""
    rules, horizon = prospect.rules, prospect.horizon
    weights = age_weights(rules.window_days, rules.half_life)
    ahead = np.arange(1, horizon + 1)
    left = rules.window_days - ahead - 1
    past = prospect.days.of(column)[:, shop]
    weighted = np.empty(coming.shape)
    latest = np.zeros(coming.shape[1])
    for day, row in enumerate(coming):
        latest = latest * weights[1] + row
        weighted[day] = latest
    weighted += (weights[ahead] * (weights * past).cumsum()[left])[:, None]
    plain = np.rint(coming.cumsum(axis=0)).astype(np.int64) + past.cumsum()[left][:, None]
    return plain.ravel(), weighted.ravel()
