"""What moved a total since the night before, metric by metric."""

from dataclasses import dataclass

from servicescore.selectors import metric_words
from servicescore.selectors.scores import MetricScore, ScoreView
from shopguard.lib import drawing, formats

# Rows drawn at most; the metrics that moved least are one row together.
ROWS = 5
PLACES = 3


@dataclass(frozen=True)
class Part:
    """What one metric added to the total or took from it, in points.

    ``x`` and ``width`` place its bar on a scale with zero in the middle, as percentages.
    """

    metric: str
    label: str
    points: float
    values: str
    num: str
    den: int
    peer_mid: str
    x: str
    width: str

    @property
    def text(self) -> str:
        """The points with their sign."""
        return formats.signed(self.points, PLACES)

    @property
    def tone(self) -> str:
        """``better``, ``worse``, or empty where nothing is left at the precision shown."""
        shown = formats.rounded(self.points, PLACES)
        return "" if shown == 0 else "better" if shown > 0 else "worse"


@dataclass(frozen=True)
class Movement:
    """The change of a total. ``parts`` are the metrics that moved visibly, the strongest first, and
    ``others`` what the rest add up to. Where metrics or rules differ nothing adds up, and
    ``is_split`` is false.
    """

    before: float
    now: float
    parts: tuple[Part, ...]
    others: float
    others_count: int
    is_split: bool = True

    @property
    def change(self) -> float:
        """Points since the night before."""
        return self.now - self.before

    @property
    def main(self) -> Part | None:
        """The metric that moved it most in the direction it went."""
        return next((part for part in self.parts if part.points * self.change > 0), None)


def movement(view: ScoreView, before: ScoreView | None) -> Movement | None:
    """The change from ``before`` to ``view``; None where either has no total.

    With the same metrics present the total is a fixed weighting of their scores, so that what each
    changed, times its weight, adds up to the change.
    """
    if before is None or view.total is None or before.total is None:
        return None
    pairs = _pairs(view, before)
    if pairs is None:
        return Movement(before.total, view.total, (), 0.0, 0, is_split=False)
    ranked = sorted(pairs, key=lambda pair: -abs(_points(*pair)))
    parts = [pair for pair in ranked[:ROWS] if formats.rounded(_points(*pair), PLACES)]
    rest = ranked[len(parts) :]
    reach = abs(_points(*ranked[0])) if ranked else 0.0
    return Movement(
        before=before.total,
        now=view.total,
        parts=tuple(_part(now, was, reach) for now, was in parts),
        others=sum(_points(*pair) for pair in rest),
        others_count=len(rest),
    )


def _pairs(view: ScoreView, before: ScoreView) -> list[tuple[MetricScore, MetricScore]] | None:
    """Each scored metric with that of the night before; None where the two do not correspond."""
    now = {m.metric.id: m for m in view.metrics if m.score is not None}
    was = {m.metric.id: m for m in before.metrics if m.score is not None}
    if view.rule_hash != before.rule_hash or now.keys() != was.keys():
        return None
    return [(score, was[name]) for name, score in now.items()]


def _points(now: MetricScore, was: MetricScore) -> float:
    return ((now.score or 0.0) - (was.score or 0.0)) * now.weight


def _part(now: MetricScore, was: MetricScore, reach: float) -> Part:
    points = _points(now, was)
    share = points / reach if reach else 0.0
    return Part(
        metric=now.metric.id,
        label=metric_words.label(now.metric),
        points=points,
        values=_values(now, was),
        num=metric_words.numerator_text(now.metric, now.num),
        den=now.den,
        peer_mid=metric_words.value_text(now.metric, now.peer_mid) if now.peer_mid else "",
        x=drawing.share(min(share, 0.0), -1, 1),
        width=drawing.share(abs(share), 0, 2),
    )


def _values(now: MetricScore, was: MetricScore) -> str:
    """The value before and now, in words; empty where it reads the same."""
    texts = [metric_words.value_text(one.metric, one.value) for one in (was, now)]
    return "" if texts[0] == texts[1] else f"{texts[0]} → {texts[1]}"
