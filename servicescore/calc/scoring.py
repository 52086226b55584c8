"""From window sums to metric scores, dimensions, totals and stars of one industry."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.ranking import Field, Flags, Moving, Scored, peer_marks, percentiles, scored
from servicescore.calc.rules import Floats, MetricRule, ScoreRules
from servicescore.calc.stars import stars_of
from servicescore.calc.windows import Integers, WindowSums

SCORED = "scored"
INDUSTRY_NOT_SCORED = "industry_not_scored"
TOO_FEW_ORDERS = "too_few_orders"
TOO_FEW_DIMENSIONS = "too_few_dimensions"


@dataclass(frozen=True)
class MetricColumns:
    """One metric, or one trade mode of it, over the shops of an industry.

    ``value``, ``peer_mid`` and ``peer_top`` are in the shown unit, ``num``, ``den`` and ``excl``
    unweighted integers, ``wnum`` and ``wden`` weighted. NaN where there is nothing. ``benchmark``
    is what took the place of the ranks.
    """

    value: Floats
    num: Integers
    den: Integers
    excl: Integers
    wnum: Floats
    wden: Floats
    present: Flags
    result: Scored
    peers: int
    peer_mid: float
    peer_top: float
    benchmark: Benchmark | None
    modes: Mapping[str, "MetricColumns"] = field(default_factory=dict)


@dataclass(frozen=True)
class IndustryScores:
    """Everything one score date says about the shops of an industry, one entry per shop."""

    metrics: Mapping[str, MetricColumns]
    dimensions: Mapping[str, Floats]
    dimension_percentiles: Mapping[str, Floats]
    state: NDArray[np.object_]
    total: Floats
    stars: Floats
    estimate: Flags
    percentile: Floats
    peers: int
    signed_orders: Integers


@dataclass(frozen=True)
class Frame:
    """What a score is measured against: rules, tables in force, and what is held.

    ``counts`` is whether the industry is scored at all. ``field`` are others that every entry is
    ranked among by itself, instead of the entries among each other. ``held`` says by metric id
    and stem whether it is present, instead of its n.
    """

    rules: ScoreRules
    tables: Mapping[str, Benchmark]
    counts: bool
    field: Field | None = None
    held: Mapping[str, bool] | None = None

    def others(self, stem: str) -> Floats | Moving | None:
        """The values to be ranked among, None for those of the entries."""
        return None if self.field is None else self.field.others(stem)

    def present(self, name: str, den: Integers, least: int) -> Flags:
        """Which entries have enough of a metric or of one of its stems."""
        if self.held is not None:
            return np.full(den.shape, self.held[name])
        return (den >= max(least, 1)) & self.counts


def industry_scores(
    sums: WindowSums,
    rules: ScoreRules,
    industry: str,
    benchmarks: Mapping[str, Benchmark],
    *,
    field: Field | None = None,
    held: Mapping[str, bool] | None = None,
) -> IndustryScores:
    """Score every shop of ``industry``; the shops are each other's peers.

    ``sums`` has a column ``signed_orders`` and those of every metric of the rule set.
    ``benchmarks`` holds the tables of the industry in force, by stem. With ``field`` the entries
    are not shops but possible sums of one shop, each ranked among the others of the field;
    ``held`` fixes what is present in them.
    """
    counts = industry not in rules.never_scored
    frame = Frame(rules, benchmarks if counts else {}, counts, field, held)
    columns = {name: _metric_columns(sums, rule, frame) for name, rule in rules.metrics.items()}
    dimensions = {
        dimension.id: _mean_of_present([columns[name].result.score for name in dimension.metrics])
        for dimension in rules.dimensions
    }
    signed_orders = sums.plain["signed_orders"]
    state = states_of(dimensions, signed_orders, rules, counts)
    total = np.where(state == SCORED, totals_of(dimensions, rules), np.nan)
    return IndustryScores(
        metrics=columns,
        dimensions=dimensions,
        dimension_percentiles={
            name: _rank(score, rules, field.dimensions.get(name) if field else None)
            for name, score in dimensions.items()
        },
        state=state,
        total=total,
        stars=stars_of(total, rules.stars_from, rules.stars),
        estimate=np.any([column.result.estimate for column in columns.values()], axis=0),
        percentile=_rank(total, rules, field.totals if field else None),
        peers=len(field.totals) + 1 if field else int((~np.isnan(total)).sum()),
        signed_orders=signed_orders,
    )


def _rank(scores: Floats, rules: ScoreRules, others: Floats | None) -> Floats:
    return percentiles(
        scores, better="high", peers=rules.peers, decimals=rules.decimals, others=others
    )


def _metric_columns(sums: WindowSums, rule: MetricRule, frame: Frame) -> MetricColumns:
    metric = rule.metric
    parts = {stem: _Parts.read(sums, stem) for stem in metric.stems}
    whole = _Parts.added(list(parts.values()))
    present = frame.present(metric.id, whole.den, rule.minimum)
    if not metric.modes:
        return _stem_columns(whole, rule, metric.id, present, frame)
    # A mode is ranked among the shops whose metric is present and that have enough of the mode.
    modes = {
        mode: _stem_columns(
            part,
            rule,
            stem,
            present & frame.present(stem, part.den, rule.minimum_per_mode),
            frame,
        )
        for mode, (stem, part) in zip(metric.modes, parts.items(), strict=True)
    }
    result = _average_of_modes(list(modes.values()))
    return replace(whole.columns(rule, metric.id, present, frame, result), modes=modes)


def _stem_columns(
    part: "_Parts", rule: MetricRule, stem: str, present: Flags, frame: Frame
) -> MetricColumns:
    """A metric, or one trade mode of it, scored among the shops in ``present``."""
    ranked = np.where(present, part.value(rule), np.nan)
    result = scored(
        ranked,
        rule.anchors[stem],
        rule.metric.better,
        frame.rules,
        frame.tables.get(stem),
        frame.others(stem),
    )
    return part.columns(rule, stem, present, frame, result)


@dataclass(frozen=True)
class _Parts:
    """The sums of one stem: the raw material of a :class:`MetricColumns`."""

    num: Integers
    den: Integers
    excl: Integers
    wnum: Floats
    wden: Floats

    @classmethod
    def read(cls, sums: WindowSums, stem: str) -> "_Parts":
        """The sums stored under ``stem``."""
        num, den = f"{stem}_num", f"{stem}_den"
        return cls(
            num=sums.plain[num],
            den=sums.plain[den],
            excl=sums.plain[f"{stem}_excl"],
            wnum=sums.weighted[num],
            wden=sums.weighted[den],
        )

    @classmethod
    def added(cls, parts: list["_Parts"]) -> "_Parts":
        """Several stems as one."""
        return cls(
            num=sum((part.num for part in parts[1:]), parts[0].num),
            den=sum((part.den for part in parts[1:]), parts[0].den),
            excl=sum((part.excl for part in parts[1:]), parts[0].excl),
            wnum=sum((part.wnum for part in parts[1:]), parts[0].wnum),
            wden=sum((part.wden for part in parts[1:]), parts[0].wden),
        )

    def value(self, rule: MetricRule) -> Floats:
        """The weighted value in the shown unit; NaN where nothing counts."""
        known = self.den > 0
        weight = np.where(known, self.wden, 1)
        return np.where(known, self.wnum / weight / rule.metric.scale, np.nan)

    def columns(
        self, rule: MetricRule, name: str, present: Flags, frame: Frame, result: Scored
    ) -> MetricColumns:
        """The sums of ``name`` with their value, scores and the marks of the present shops.

        Against a field there are no marks, as it leaves the shop itself out.
        """
        value, others = self.value(rule), frame.others(name)
        ranked = np.where(present, value, np.nan)
        marks = (np.nan, np.nan)
        if others is None:
            marks = peer_marks(ranked, rule.metric.better, frame.rules)
        return MetricColumns(
            value=value,
            num=self.num,
            den=self.den,
            excl=self.excl,
            wnum=self.wnum,
            wden=self.wden,
            present=present,
            result=result,
            peers=int(present.sum()) if others is None else len(others) + 1,
            peer_mid=marks[0],
            peer_top=marks[1],
            benchmark=frame.tables.get(name),
        )


def _average_of_modes(modes: list[MetricColumns]) -> Scored:
    """The present modes' scores and percentiles averaged by their weighted denominators."""
    weights = np.array([np.where(mode.present, mode.wden, 0) for mode in modes])
    total = weights.sum(axis=0)
    share = weights / np.where(total > 0, total, 1)

    def average(values: list[Floats]) -> Floats:
        products = [np.where(s > 0, s * v, 0) for s, v in zip(share, values, strict=True)]
        return np.where(total > 0, np.sum(products, axis=0), np.nan)

    return Scored(
        percentile=average([mode.result.percentile for mode in modes]),
        score=average([mode.result.score for mode in modes]),
        estimate=np.any([mode.result.estimate for mode in modes], axis=0),
    )


def _mean_of_present(scores: list[Floats]) -> Floats:
    stacked = np.array(scores)
    present = ~np.isnan(stacked)
    count = present.sum(axis=0)
    added = np.where(present, stacked, 0).sum(axis=0)
    return np.where(count > 0, added / np.where(count > 0, count, 1), np.nan)


def totals_of(dimensions: Mapping[str, Floats], rules: ScoreRules) -> Floats:
    """The dimensions that are present, by their weights; NaN where none is. Rounded as stored."""
    scores = np.array([dimensions[dimension.id] for dimension in rules.dimensions])
    weights = np.array([[dimension.weight] for dimension in rules.dimensions])
    present = ~np.isnan(scores)
    weight = (present * weights).sum(axis=0)
    added = (np.where(present, scores, 0) * weights).sum(axis=0)
    known = weight > 0
    total: Floats = np.where(known, added / np.where(known, weight, 1), np.nan)
    return total.round(rules.decimals)


def states_of(
    dimensions: Mapping[str, Floats], signed_orders: Integers, rules: ScoreRules, counts: bool
) -> NDArray[np.object_]:
    """Whether each shop has a total, or the first reason why not; ``counts`` is the industry's."""
    present = np.sum([~np.isnan(score) for score in dimensions.values()], axis=0)
    conditions = [
        np.full(signed_orders.shape, not counts),
        signed_orders < rules.signed_orders,
        present < rules.present_dimensions,
    ]
    reasons = [INDUSTRY_NOT_SCORED, TOO_FEW_ORDERS, TOO_FEW_DIMENSIONS]
    return np.select(conditions, reasons, default=SCORED).astype(object)
