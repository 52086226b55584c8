"""The sliders of the what-if page: one metric each, with what it would do to the total."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from servicescore.calc.declaration import DIMENSIONS
from servicescore.calc.moving import misses, value_by_records
from servicescore.calc.standpoint import Standpoint
from servicescore.calc.what_if import Outcome
from servicescore.selectors import metric_words
from servicescore.selectors.scores import MetricScore, ScoreView
from servicescore.selectors.what_if_asked import Scale, factor_of
from shopguard.lib import formats

# Shares of the misses, or of the way to the best, that are one click away.
SHARES = (0.15, 0.3, 0.5)
SLIDER_STEPS = 1000
PLACES = 3
FEWER: Mapping[str, Promise] = {
    "ship_on_time_rate": ngettext_lazy("少 %(n)s 件晚发", "少 %(n)s 件晚发", "n"),
    "collect_on_time_rate": ngettext_lazy("少 %(n)s 件晚揽收", "少 %(n)s 件晚揽收", "n"),
    "quality_refund_rate": ngettext_lazy("少 %(n)s 单品质退款", "少 %(n)s 单品质退款", "n"),
    "reply_3min_rate": ngettext_lazy("多 %(n)s 条及时回复", "多 %(n)s 条及时回复", "n"),
    "dispute_rate": ngettext_lazy("少 %(n)s 起投诉", "少 %(n)s 起投诉", "n"),
}
UNITS: Mapping[str, str] = {"stars": "", "fraction": "%"}


@dataclass(frozen=True)
class Chip:
    """A change one click away; ``query`` is the page with it."""

    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class SliderRow:
    """One metric. Figures are texts in the unit shown; ``x`` and ``peer_x`` are percentages."""

    metric: str
    label: str
    dimension: str
    weight: str
    basis: str
    field: str
    unit: str
    worst: str
    best: str
    step: str
    position: int
    now_x: str
    peer_x: str
    is_moved: bool
    points: float
    score_before: float | None
    score_after: float | None
    chips: tuple[Chip, ...]

    @property
    def low(self) -> str:
        """The smaller end, for the field."""
        return min(self.worst, self.best, key=float)

    @property
    def high(self) -> str:
        """The larger end."""
        return max(self.worst, self.best, key=float)

    @property
    def points_text(self) -> str:
        """What the metric adds to the total."""
        return formats.signed(self.points, PLACES) if self.is_moved else "0"

    @property
    def tone(self) -> str:
        """``better``, ``worse`` or empty."""
        shown = formats.rounded(self.points, PLACES)
        return "" if not shown else "better" if shown > 0 else "worse"


def slider_rows(
    view: ScoreView,
    stand: Standpoint,
    scales: Mapping[str, Scale],
    values: Mapping[str, float],
    outcome: Outcome,
    fixed: Mapping[str, str],
) -> list[SliderRow]:
    """A row for every metric that can be moved. ``values`` are where they stand after the moves,
    ``fixed`` what else belongs into the address.
    """
    moved = {
        name: scale.text(values[name])
        for name, scale in scales.items()
        if scale.text(values[name]) != scale.text(_current(view, name))
    }
    return [
        _row(score, stand, scales[score.metric.id], values[score.metric.id], outcome, moved, fixed)
        for score in view.metrics
        if score.metric.id in scales
    ]


def _current(view: ScoreView, name: str) -> float:
    return next(score.value or 0.0 for score in view.metrics if score.metric.id == name)


def _row(
    score: MetricScore,
    stand: Standpoint,
    scale: Scale,
    value: float,
    outcome: Outcome,
    moved: Mapping[str, str],
    fixed: Mapping[str, str],
) -> SliderRow:
    metric, name = score.metric, score.metric.id
    after = outcome.metrics[name].score
    points = ((after or 0.0) - (score.score or 0.0)) * score.weight
    dimension = next(one for one in DIMENSIONS if one.id == metric.dimension)
    peer = "" if score.peer_mid is None else f"{scale.share(score.peer_mid) * 100:.2f}%"
    return SliderRow(
        metric=name,
        label=metric_words.label(metric),
        dimension=metric_words.short_label(dimension),
        weight=formats.percent(score.weight, 0),
        basis=_basis(score),
        field=scale.text(value),
        unit=_("小时") if metric.unit == "hours" else UNITS[metric.unit],
        worst=f"{scale.worst:.{scale.places}f}",
        best=f"{scale.best:.{scale.places}f}",
        step=f"{10.0**-scale.places:.{scale.places}f}",
        position=round(scale.share(value) * SLIDER_STEPS),
        now_x=f"{scale.share(score.value or 0.0) * 100:.2f}%",
        peer_x=peer,
        is_moved=name in moved,
        points=points,
        score_before=score.score,
        score_after=after,
        chips=tuple(_chips(score, stand, scale, moved, fixed)),
    )


def _basis(score: MetricScore) -> str:
    told = {
        "value": metric_words.value_text(score.metric, score.value),
        "num": metric_words.numerator_text(score.metric, score.num),
        "den": formats.number(score.den),
    }
    return _("现在 %(value)s，未加权 %(num)s / %(den)s") % told


def _chips(
    score: MetricScore,
    stand: Standpoint,
    scale: Scale,
    moved: Mapping[str, str],
    fixed: Mapping[str, str],
) -> list[Chip]:
    """Three changes: fewer misses of a rate, or part of the way to the best."""
    name = score.metric.id
    chips = []
    for label, text in _steps(score, stand, scale).items():
        query = urlencode({**fixed, **moved, name: text})
        chips.append(Chip(label, query, moved.get(name) == text))
    return chips


def _steps(score: MetricScore, stand: Standpoint, scale: Scale) -> dict[str, str]:
    """The words of each change and the figure it leads to."""
    rule, now = stand.rules.metrics[score.metric.id], score.value or 0.0
    if score.metric.unit != "fraction":
        span = scale.best / factor_of(score.metric) - now
        texts = [scale.text(now + span * share) for share in SHARES]
        told = (text for text in texts if text != scale.text(now))
        return {_("到 %(value)s") % {"value": text}: text for text in told}
    count = misses(stand.sums, rule).count
    turned = dict.fromkeys(n for share in SHARES if (n := round(count * share)))
    return {
        str(FEWER[score.metric.id] % {"n": n}): scale.towards_best(
            value_by_records(stand.sums, rule, n)
        )
        for n in turned
    }
