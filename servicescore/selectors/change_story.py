"""A change of a total told in one sentence, and the two days behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from servicescore.calc.changes import ChangeParts, Turn
from servicescore.calc.declaration import Metric
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.change_words import LABELS, DayOfMetric, day_words
from servicescore.selectors.scores import ScoreView
from shopguard.lib import formats

PLACES = 3
# So many causes fit into one sentence; each at least this share of all that moved.
MOST_CAUSES = 2
LEAST_SHARE = 0.15


@dataclass(frozen=True)
class TurnDays:
    """The day that entered the window of a score and the one that left it, by metric."""

    entered: Mapping[str, DayOfMetric]
    left: Mapping[str, DayOfMetric]


@dataclass(frozen=True)
class Cause:
    """One cause of a change: what it is called and the points it made."""

    text: str
    points: float


def turn_days(turn: Turn, view: ScoreView) -> TurnDays:
    """The two days by which the window of a score differs from the one before, by metric."""
    entered = view.date - timedelta(days=1)
    left = entered - timedelta(days=view.rules.window_days)
    declared = [rule.metric for rule in view.rules.metrics.values()]
    return TurnDays(
        {metric.id: _of_metric(turn.entering, metric, entered) for metric in declared},
        {metric.id: _of_metric(turn.leaving, metric, left) for metric in declared},
    )


def _of_metric(row: Mapping[str, int], metric: Metric, day: date) -> DayOfMetric:
    num, den = (sum(row[f"{stem}_{part}"] for stem in metric.stems) for part in ("num", "den"))
    return DayOfMetric(day, num, den)


def story(change: ChangeParts, days: TurnDays) -> str:
    """``−0.04：11月26日的 2 件晚发计入；同行变了``; empty without parts."""
    if not change.parts or change.total is None or change.previous_total is None:
        return ""
    moved = change.total - change.previous_total
    amount = formats.signed(moved, 2 if formats.rounded(moved, 2) else PLACES)
    if not formats.rounded(moved, PLACES):
        return _("与昨天持平")
    causes = main_causes(change, days)
    told = _("；").join(cause.text for cause in causes) or _("几件小事加起来")
    return _("%(amount)s：%(told)s") % {"amount": amount, "told": told}


def main_causes(change: ChangeParts, days: TurnDays) -> list[Cause]:
    """The strongest causes in the direction the total went, at most :data:`MOST_CAUSES`."""
    moved = (change.total or 0.0) - (change.previous_total or 0.0)
    found = sorted(_causes(change, days), key=lambda cause: -abs(cause.points))
    every = sum(abs(cause.points) for cause in found)
    return [
        cause
        for cause in found
        if cause.points * moved > 0 and abs(cause.points) >= LEAST_SHARE * every
    ][:MOST_CAUSES]


def _causes(change: ChangeParts, days: TurnDays) -> Iterator[Cause]:
    """Every cause, the days and corrections metric by metric, the rest as a part."""
    for name, points in change.parts.items():
        by_metric = change.by_metric.get(name, {})
        if name in ("corrections", "aged_out", "ageing_and_new"):
            for metric_id, amount in by_metric.items():
                if amount:
                    yield Cause(_told(name, metrics()[metric_id], amount, days), amount)
        elif name == "presence" and points:
            yield Cause(_presence(change), points)
        elif name == "peers" and points:
            yield Cause(_peers(by_metric, points), points)
        elif points:
            yield Cause(str(LABELS[name]), points)


def _told(part: str, metric: Metric, points: float, days: TurnDays) -> str:
    if part == "corrections":
        return _("补录或更正了%(label)s") % {"label": metric_words.label(metric)}
    entered = part == "ageing_and_new"
    found = (days.entered if entered else days.left)[metric.id]
    if not found.den:
        return _("%(label)s的旧记录变轻") % {"label": metric_words.label(metric)}
    return day_words(metric, found, is_worse=points < 0, entered=entered)


def _peers(by_metric: Mapping[str, float], points: float) -> str:
    """The peers with the metrics whose ranks they moved most."""
    strongest = sorted(by_metric, key=lambda name: by_metric[name] * points, reverse=True)
    names = _("、").join(
        metric_words.label(metrics()[name])
        for name in strongest[:MOST_CAUSES]
        if by_metric[name] / points >= LEAST_SHARE
    )
    if not names:
        return str(LABELS["peers"])
    if points < 0:
        return _("同行变好，%(names)s的名次往后") % {"names": names}
    return _("同行变差，%(names)s的名次往前") % {"names": names}


def _presence(change: ChangeParts) -> str:
    joined, left = (
        _("、").join(dict.fromkeys(_label_of(stem) for stem in stems))
        for stems in (change.joined, change.left)
    )
    if joined and left:
        return _("%(joined)s够数了，%(left)s不够数了") % {"joined": joined, "left": left}
    if joined or left:
        told = _("%(names)s够数了") if joined else _("%(names)s不够数了")
        return told % {"names": joined or left}
    return str(LABELS["presence"])


def _label_of(stem: str) -> str:
    metric = next(metric for metric in metrics().values() if stem in (metric.id, *metric.stems))
    return metric_words.label(metric)
