"""The parts of the score page: levels, dimension cards and metric rows, ready to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.calc.declaration import DIMENSIONS
from servicescore.selectors import metric_words
from servicescore.selectors.advice import level_meanings
from servicescore.selectors.headline import NEAR, gates_of, margin_text
from servicescore.selectors.level_words import level_label
from servicescore.selectors.scores import DimensionScore, MetricScore, ScoreSeries, ScoreView
from servicescore.selectors.standing import levels
from shopguard.lib import formats
from shopguard.lib.changes import Change, change_between, usual_movement

SPARK_NIGHTS = 30


@dataclass(frozen=True)
class LevelRow:
    """A bound of the total, what it means, and where the shop stands to it.

    ``meaning`` is what it opens or puts at risk.
    """

    bound: str
    label: str
    meaning: str
    state: str
    text: str
    is_at_stake: bool


@dataclass(frozen=True)
class Pair:
    """A label and its value; ``key`` is what it is about: a metric, a trade mode."""

    label: str
    text: str
    key: str


@dataclass(frozen=True)
class DimensionCard:
    """One dimension: score, change, place among the peers, weight, and its metrics."""

    label: str
    icon: str
    state: str
    score: float | None
    change: Change | None
    percentile: float | None
    peer_mid: float | None
    weight: float
    metrics: tuple[Pair, ...]

    @property
    def bar_tone(self) -> str:
        """The tone of its bar: the state, unless all is well."""
        return "" if self.state == "good" else self.state


@dataclass(frozen=True)
class MetricRow:
    """One metric of the table; texts carry their units."""

    score: MetricScore
    label: str
    dimension: str
    value: str
    change: Change | None
    change_text: str
    numerator: str
    nights: tuple[float | None, ...]
    least_span: float
    peer_mid: str
    peer_top: str
    cutoff: str
    tone: str
    is_zero_assumed: bool
    anchor: str
    counted: Sequence[str]
    not_counted: Sequence[str]
    modes: tuple[Pair, ...]

    @property
    def id(self) -> str:
        """The metric's id, for anchors and links."""
        return self.score.metric.id

    @property
    def unweighted(self) -> str:
        """What the numerator and the denominator make without weights."""
        score = self.score
        plain = score.num / score.metric.scale / score.den if score.den else None
        return metric_words.value_text(score.metric, plain)

    @property
    def numerator_show(self) -> str:
        """The records that make the numerator: some of a rate's, all of a sum's."""
        return "numerator" if self.score.metric.unit == "fraction" else "counted"

    @property
    def missing_file(self) -> str:
        """The file that would have to come before the metric is more than an assumed zero."""
        return metric_words.file_behind(self.score.metric)

    @property
    def weight_text(self) -> str:
        """Its share in the total of this shop; — while it has no score."""
        weight = self.score.weight
        if not weight:
            return formats.UNKNOWN
        return formats.percent(weight, 0 if round(weight * 100, 6).is_integer() else 1)

    @property
    def spark_label(self) -> str:
        """What the sparkline shows, for those who do not see it."""
        return _("%(metric)s近 30 天，现在 %(value)s") % {"metric": self.label, "value": self.value}


def level_rows(view: ScoreView) -> list[LevelRow]:
    """Every privilege and risk against the total, highest first; none without a total."""
    total = view.total
    if total is None:
        return []
    found = levels(view.rule_set)
    unlocking = [level.bound for level in found if not level.is_risk]
    at_stake = min(unlocking, key=lambda bound: abs(bound - total))
    meanings = {one.level.id: one.text for one in level_meanings(view.rule_set)}
    rows = []
    for level in found:
        state, text = _standing(total, level.bound, is_risk=level.is_risk)
        sign = "<" if level.is_risk else "≥"
        rows.append(
            LevelRow(
                bound=f"{sign} {formats.score(level.bound)}",
                label=level_label(level.id),
                meaning=meanings[level.id],
                state=state,
                text=text,
                is_at_stake=not level.is_risk and level.bound == at_stake,
            )
        )
    return rows


def _standing(total: float, bound: float, *, is_risk: bool) -> tuple[str, str]:
    if is_risk:
        return ("urgent", _("已触发")) if total < bound else ("none", _("未触发"))
    margin = margin_text(total, bound)
    if total < bound:
        return "", pgettext("margin", "差 %(n)s") % {"n": margin}
    state = "watch" if total - bound < NEAR else "good"
    return state, pgettext("margin", "余 %(n)s") % {"n": margin}


def dimension_cards(
    view: ScoreView, series: ScoreSeries, middles: Mapping[str, float]
) -> list[DimensionCard]:
    """The dimensions in the order of the rule set; ``middles`` are those of the peers."""
    return [
        _dimension_card(view, part, series, middles.get(part.dimension.id))
        for part in view.dimensions
    ]


def _dimension_card(
    view: ScoreView, part: DimensionScore, series: ScoreSeries, peer_mid: float | None
) -> DimensionCard:
    nights = series.dimensions.get(part.dimension.id, ())
    return DimensionCard(
        label=metric_words.short_label(part.dimension),
        icon=metric_words.ICONS[part.dimension.id],
        state=_dimension_state(view, part),
        score=part.score,
        change=change_between(
            nights[-2] if len(nights) > 1 else None,
            part.score,
            places=2,
            higher_is_better=True,
            usual=usual_movement(nights[:-1]),
        ),
        percentile=part.percentile,
        peer_mid=peer_mid,
        weight=part.weight,
        metrics=tuple(
            Pair(
                metric_words.label(m.metric),
                metric_words.value_text(m.metric, m.value),
                m.metric.id,
            )
            for m in part.metrics
        ),
    )


def _dimension_state(view: ScoreView, part: DimensionScore) -> str:
    """Below the lowest risk: urgent. Below the middle gate or the middle of the peers: watch."""
    if part.score is None:
        return "none"
    if part.score < min(level.bound for level in levels(view.rule_set)):
        return "urgent"
    gates = gates_of(view.rule_set)
    below_peers = part.percentile is not None and part.percentile < view.rules.peer_middle
    return "watch" if below_peers or part.score < gates[len(gates) // 2].value else "good"


def metric_rows(
    view: ScoreView, series: ScoreSeries, zero_assumed: frozenset[str]
) -> list[MetricRow]:
    """Every metric, the lowest score first, those without a score last."""
    rows = [
        metric_row(view, score, series.metrics.get(score.metric.id, ()), zero_assumed)
        for score in view.metrics
    ]
    return sorted(rows, key=lambda row: (row.score.score is None, row.score.score or 0.0))


def metric_row(
    view: ScoreView,
    score: MetricScore,
    nights: Sequence[float | None],
    zero_assumed: frozenset[str],
) -> MetricRow:
    """One metric of a score with its values of the nights up to it, oldest first."""
    metric = score.metric
    dimension = next(one for one in DIMENSIONS if one.id == metric.dimension)
    decimals = metric_words.places(metric, score.value)
    shown = [metric_words.shown(metric, value) for value in nights]
    change = change_between(
        shown[-2] if len(shown) > 1 else None,
        metric_words.shown(metric, score.value),
        places=decimals,
        higher_is_better=metric.better == "high",
        usual=usual_movement(shown[:-1]),
    )
    return MetricRow(
        score=score,
        label=metric_words.label(metric),
        dimension=metric_words.short_label(dimension),
        value=metric_words.value_text(metric, score.value),
        change=change,
        change_text=""
        if change is None
        else metric_words.amount_text(metric, change.size, decimals),
        numerator=metric_words.numerator_text(metric, score.num),
        nights=tuple(nights[-SPARK_NIGHTS:]),
        least_span=_least_span(score),
        peer_mid=metric_words.value_text(metric, score.peer_mid),
        peer_top=metric_words.value_text(metric, score.peer_top),
        cutoff=_cutoff_text(score),
        tone=_tone(view, score),
        is_zero_assumed=metric.id in zero_assumed,
        anchor=metric_words.anchor(metric),
        counted=metric_words.counted(metric),
        not_counted=metric_words.not_counted(metric),
        modes=_mode_pairs(score),
    )


def _least_span(score: MetricScore) -> float:
    """A sparkline shows at least a fiftieth of the value, so that rest looks like rest."""
    return abs(score.value or 0.0) / 50


def _cutoff_text(score: MetricScore) -> str:
    if score.score is None:
        return formats.UNKNOWN
    if score.cutoff is None:
        return _("已在最高档")
    value = metric_words.value_text(score.metric, score.cutoff.value)
    return _("%(value)s → %(score)s 分") % {"value": value, "score": f"{score.cutoff.score:.1f}"}


def _tone(view: ScoreView, score: MetricScore) -> str:
    if score.score is None:
        return "none"
    if score.score < min(level.bound for level in levels(view.rule_set)):
        return "urgent"
    gates = gates_of(view.rule_set)
    return "watch" if score.score < gates[len(gates) // 2].value else ""


def _mode_pairs(score: MetricScore) -> tuple[Pair, ...]:
    pairs = []
    for code, receipt in score.modes.items():
        if not receipt["n"]:
            continue
        value = metric_words.value_text(score.metric, receipt["value"])
        text = _("%(value)s，%(n)s 单") % {"value": value, "n": formats.number(receipt["n"])}
        pairs.append(Pair(str(metric_words.MODES.get(code, code)), text, code))
    return tuple(pairs)
